// What was computed from images once, on disk, so that it is not computed again in every run. An entry is named by the SHA-256 of all that it depends on, so
// that nothing is ever out of date, and data sets share what they have in common.
//
//   4 bytes   what it is
//   3 × 4     sizes, little-endian
//   32 bytes  SHA-256 of what comes before and after
//   the rest  the values
//
// Entries are written under a temporary name and renamed. They are not synced: after a power cut one may be damaged, which its hash shows, and then
// it is computed again. A cache that cannot be written to is skipped, with one warning.

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const head = 48;
const unfinished = '.tmp';

/** `UNROLLED_CACHE`, or the system's cache folder. */
export function cacheFolder(): string {
  const { UNROLLED_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  return UNROLLED_CACHE || join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache'), 'unrolled');
}

/** What a cache holds. */
export interface CacheKind {
  /** Its folder in the cache's folder. */
  readonly name: string;
  /** What its files begin with, four letters. */
  readonly magic: string;
  /** Bytes of an entry for each element of its sizes. */
  readonly unit: number;
  /** What is not kept where nothing can be written: `decoded images are not kept`. */
  readonly what: string;
  /** Bytes of all entries: the ones that were not used for longest make room. Null: any number. */
  readonly most: number | null;
}

export type Sizes = readonly [number, number, number];

export class DiskCache {
  readonly folder: string;
  /** Why nothing is cached, once that is known. */
  problem: string | null = null;
  /** Numbers of entries found, created, found damaged, and removed to make room. */
  hits = 0;
  made = 0;
  damaged = 0;
  removed = 0;
  readonly #kind: CacheKind;
  readonly #prepared = new Set<string>();
  /** Bytes of all entries, once they were counted. */
  #total: number | null = null;

  constructor(folder: string, kind: CacheKind) {
    this.folder = folder;
    this.#kind = kind;
  }

  /** Null where there is none, or a damaged one. With `sizes`, one of other sizes is damaged, and is not read. */
  protected async read(key: string, sizes: Sizes | null = null): Promise<{ sizes: Sizes; data: Uint8Array } | null> {
    const path = this.#path(key);
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) return null;
    const expected = sizes && head + this.#bytes(sizes);
    const bytes = expected === null || found.size === expected ? await readFile(path).catch(() => null) : null;
    const entry = bytes && this.#parse(bytes);
    if (!entry || (sizes && entry.sizes.join() !== sizes.join())) {
      this.damaged++;
      return null;
    }
    this.hits++;
    if (this.#kind.most !== null) await utimes(path, new Date(), found.mtime).catch(() => {}); // used: it goes last
    return entry;
  }

  protected async write(key: string, sizes: Sizes, data: Uint8Array): Promise<void> {
    if (this.problem !== null) return;
    const start = Buffer.alloc(head - 32);
    start.write(this.#kind.magic, 'latin1');
    for (const [i, n] of sizes.entries()) start.writeUInt32LE(n, 4 + 4 * i);
    const path = this.#path(key);
    const temporary = `${path}.${randomUUID()}${unfinished}`;
    try {
      await this.#prepare(dirname(path));
      await this.#makeRoom(head + data.length);
      await writeFile(temporary, Buffer.concat([start, sum(start, data), data]));
      await rename(temporary, path);
      this.made++;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      this.problem = `${this.#kind.what} are not kept: ${(error as Error).message}`;
    }
  }

  /** Creates the folder, and removes what a run killed an hour ago or more left unfinished. */
  async #prepare(folder: string): Promise<void> {
    if (this.#prepared.has(folder)) return;
    this.#prepared.add(folder);
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (
        name.endsWith(unfinished) &&
        (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < Date.now() - 3_600_000
      )
        await rm(path, { force: true });
    }
  }

  /** Removes entries until so many more bytes and a tenth of the room are free. */
  async #makeRoom(bytes: number): Promise<void> {
    const { most } = this.#kind;
    if (most === null) return;
    this.#total ??= this.#entries().reduce((total, entry) => total + entry.size, 0);
    this.#total += bytes;
    if (this.#total <= most) return;
    const entries = this.#entries();
    entries.sort((a, b) => a.used - b.used);
    this.#total = entries.reduce((total, entry) => total + entry.size, bytes);
    for (const { path, size } of entries) {
      if (this.#total <= 0.9 * most) break;
      await rm(path, { force: true });
      this.#total -= size;
      this.removed++;
    }
  }

  /** Only what a cache has put there: where its folder is one of the user's, other files in it are not its own to remove. */
  #entries() {
    const root = join(this.folder, this.#kind.name);
    return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !/^[0-9a-f]{2}[/\\][0-9a-f]{62}$/.test(relative(root, path))) return [];
      const { size = 0, atimeMs: used = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
      return [{ path, size, used }];
    });
  }

  #bytes(sizes: Sizes): number {
    return sizes.reduce((product, n) => product * n, this.#kind.unit);
  }

  #parse(bytes: Buffer): { sizes: Sizes; data: Uint8Array } | null {
    if (bytes.length < head || bytes.toString('latin1', 0, 4) !== this.#kind.magic) return null;
    const sizes = [bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12)] as const;
    const data = new Uint8Array(bytes.buffer, bytes.byteOffset + head, bytes.length - head);
    if (data.length !== this.#bytes(sizes)) return null;
    const same = sum(bytes.subarray(0, head - 32), data).equals(bytes.subarray(head - 32, head));
    return same ? { sizes, data } : null;
  }

  #path(key: string): string {
    return join(this.folder, this.#kind.name, key.slice(0, 2), key.slice(2));
  }
}

function sum(start: Uint8Array, data: Uint8Array): Buffer {
  return createHash('sha256').update(start).update(data).digest();
}
