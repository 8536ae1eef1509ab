// Where runs are kept: a folder for each in the origin's private file system, which no other site and no server can read. What a run needs to go on
// lies in two files that are written in turn, each with its own SHA-256 behind it: whenever the browser dies, one of them is whole.

/** A file system of the little that a store needs. */
export interface Folder {
  /** Names of the folders in it. */
  folders(): Promise<string[]>;
  read(folder: string, file: string): Promise<Uint8Array | null>;
  /** Replaces a file, durably. Rejects with a QuotaExceededError when there is no space. */
  write(folder: string, file: string, bytes: Uint8Array): Promise<void>;
  remove(folder: string): Promise<void>;
}

/** Files that end with the tab. */
export function memoryFolder(): Folder {
  const all = new Map<string, Map<string, Uint8Array>>();
  return {
    folders: async () => [...all.keys()],
    read: async (folder, file) => all.get(folder)?.get(file) ?? null,
    write: async (folder, file, bytes) => {
      if (!all.has(folder)) all.set(folder, new Map());
      all.get(folder)?.set(file, bytes.slice());
    },
    remove: async (folder) => {
      all.delete(folder);
    },
  };
}

/** The origin's private file system; null where there is none, as in a private window or an insecure context. */
export async function privateFolder(): Promise<Folder | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return inDirectory(await root.getDirectoryHandle('unrolled-runs', { create: true }));
  } catch {
    return null;
  }
}

/** A file as workers may write it; the types of a page do not have it. */
interface WorkerFile {
  createSyncAccessHandle(): Promise<{
    truncate(size: number): void;
    write(bytes: Uint8Array, options: { at: number }): number;
    flush(): void;
    close(): void;
  }>;
}

function inDirectory(root: FileSystemDirectoryHandle): Folder {
  const file = async (folder: string, name: string, create: boolean) =>
    (await root.getDirectoryHandle(folder, { create })).getFileHandle(name, { create });
  return {
    async folders() {
      const names: string[] = [];
      for await (const [name, handle] of root.entries()) if (handle.kind === 'directory') names.push(name);
      return names;
    },
    async read(folder, name) {
      try {
        return new Uint8Array(await (await (await file(folder, name, false)).getFile()).arrayBuffer());
      } catch (error) {
        if ((error as DOMException).name === 'NotFoundError') return null;
        throw error;
      }
    },
    async write(folder, name, bytes) {
      const out = await ((await file(folder, name, true)) as unknown as WorkerFile).createSyncAccessHandle();
      try {
        out.truncate(0);
        const written = out.write(bytes, { at: 0 });
        if (written < bytes.length) throw new DOMException('no space left', 'QuotaExceededError');
        out.flush();
      } finally {
        out.close();
      }
    },
    remove: (folder) => root.removeEntry(folder, { recursive: true }),
  };
}

const hashLength = 32;

/** Bytes with their SHA-256 behind them. */
export async function sealed(bytes: Uint8Array): Promise<Uint8Array> {
  const all = new Uint8Array(bytes.length + hashLength);
  all.set(bytes);
  all.set(await sha256(bytes), bytes.length);
  return all;
}

/** The bytes of `sealed`; null for what is cut off or was altered. */
export async function unsealed(all: Uint8Array | null): Promise<Uint8Array | null> {
  if (!all || all.length < hashLength) return null;
  const bytes = all.slice(0, all.length - hashLength);
  const wanted = all.subarray(bytes.length);
  return (await sha256(bytes)).every((byte, k) => byte === wanted[k]) ? bytes : null;
}

/** Of a page in an insecure context, which has no WebCrypto, by a library. */
async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (subtle) return new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return (await import('@noble/hashes/sha2.js')).sha256(bytes);
}

/** SHA-256 in hexadecimal. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return Array.from(await sha256(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
