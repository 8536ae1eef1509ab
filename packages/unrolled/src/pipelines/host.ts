// What pages, servers and Node give to a pipeline, declared here because the library compiles without the types of the DOM and of Node. A real
// File, URL, AbortSignal or FileSystemDirectoryHandle fits these types as it is.

/** A Blob: bytes that are read when they are asked for. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): BlobLike;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A File. `webkitRelativePath` is its path in a folder that was chosen or dropped. */
export interface FileLike extends BlobLike {
  readonly name: string;
  readonly webkitRelativePath?: string;
}

/** A FileSystemDirectoryHandle. */
export interface DirectoryHandleLike {
  readonly kind: 'directory';
  readonly name: string;
  getDirectoryHandle(name: string): Promise<DirectoryHandleLike>;
  getFileHandle(name: string): Promise<{ getFile(): Promise<FileLike> }>;
  keys(): AsyncIterable<string> | AsyncIterableIterator<string>;
}

/** A FileSystemEntry, as `item.webkitGetAsEntry()` gives it. */
export interface EntryLike {
  readonly isDirectory: boolean;
  readonly name: string;
  file?(done: (file: FileLike) => void, failed: (error: unknown) => void): void;
  createReader?(): { readEntries(done: (entries: EntryLike[]) => void, failed: (error: unknown) => void): void };
}

/** A DataTransferItem of a drop. */
export interface DropItemLike {
  readonly kind: string;
  webkitGetAsEntry(): EntryLike | null;
}

/** A URL. */
export interface UrlLike {
  readonly href: string;
}

interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: StreamLike | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A ReadableStream of bytes. */
export interface StreamLike {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

interface NodeFileSystem {
  readonly promises: {
    realpath(path: string): Promise<string>;
    readdir(path: string): Promise<string[]>;
    stat(path: string): Promise<{ readonly size: number; isFile(): boolean; isDirectory(): boolean }>;
    readFile(path: string): Promise<Uint8Array>;
    open(path: string): Promise<{
      read(to: Uint8Array, at: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
      close(): Promise<void>;
    }>;
  };
}

interface NodePath {
  readonly sep: string;
  join(...parts: string[]): string;
}

interface Host {
  readonly URL: new (path: string, base?: string) => UrlLike;
  readonly location?: UrlLike;
  readonly fetch?: (url: string, options?: object) => Promise<ResponseLike>;
  readonly crypto?: { readonly subtle?: { digest(name: string, bytes: Uint8Array): Promise<ArrayBuffer> } };
  readonly Blob?: new (parts: readonly Uint8Array[]) => { stream(): StreamLike };
  readonly createImageBitmap?: (source: unknown) => Promise<BitmapLike>;
  readonly OffscreenCanvas?: new (width: number, height: number) => CanvasLike;
  readonly document?: { createElement(name: 'canvas'): CanvasLike };
  readonly process?: { getBuiltinModule?(name: string): unknown; readonly versions?: { readonly node?: string } };
}

/** An ImageBitmap. */
export interface BitmapLike {
  readonly width: number;
  readonly height: number;
  close?(): void;
}

interface CanvasLike {
  width: number;
  height: number;
  getContext(
    kind: '2d',
    options?: object,
  ): {
    drawImage(image: unknown, x: number, y: number): void;
    getImageData(x: number, y: number, width: number, height: number): { readonly data: ArrayLike<number> };
  } | null;
}

export const host = globalThis as unknown as Host;

/** A module of Node's own, or undefined elsewhere. Never imported by name: bundlers for pages would stumble over it. */
export function nodeFiles(): { readonly fs: NodeFileSystem['promises']; readonly path: NodePath } | undefined {
  const fs = host.process?.getBuiltinModule?.('node:fs') as NodeFileSystem | undefined;
  const path = host.process?.getBuiltinModule?.('node:path') as NodePath | undefined;
  return fs && path ? { fs: fs.promises, path } : undefined;
}

export function fileUrlToPath(url: UrlLike): string {
  const module = host.process?.getBuiltinModule?.('node:url') as { fileURLToPath(url: string): string } | undefined;
  return module ? module.fileURLToPath(url.href) : url.href;
}
