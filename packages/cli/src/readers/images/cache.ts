// A cache of decoded images on disk, so that they are decoded once and not in every run. An entry is named by the SHA-256 of the file's
// bytes and of the settings. A changed image has another name, so nothing is ever out of date; and data sets share what they have in common.
//
//   4 bytes   "UNRC"
//   3 × 4     frames, height, width, little-endian
//   32 bytes  SHA-256 of what comes before and after
//   the rest  the pixels, [frames, height, width, 3]
//
// Entries are written under a temporary name and renamed. They are not synced: after a power cut one may be damaged, which its hash shows, and then
// it is decoded again. A cache that cannot be written to is skipped, with one warning.

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clip } from 'unrolled/data';

const head = 48;
const unfinished = '.tmp';
const magic = 'UNRC';
/** Version, part of every name: raised when the same file and settings give other pixels. */
const version = 1;

/** `UNROLLED_CACHE`, or the system's cache folder. */
export function cacheFolder(): string {
  const { UNROLLED_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  return UNROLLED_CACHE || join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache'), 'unrolled');
}

export class PixelCache {
  readonly folder: string;
  /** Why nothing is cached, once that is known. */
  problem: string | null = null;
  /** Numbers of entries found, created, and found damaged. */
  hits = 0;
  made = 0;
  damaged = 0;
  readonly #prepared = new Set<string>();

  constructor(folder: string = cacheFolder()) {
    this.folder = folder;
  }

  /** Name of the entry for these bytes and `settings`. */
  static key(bytes: Uint8Array, settings: object): string {
    const hash = createHash('sha256').update(`${version} ${JSON.stringify(settings)}\n`);
    return hash.update(createHash('sha256').update(bytes).digest()).digest('hex');
  }

  /** Null where there is none, or a damaged one. */
  async get(key: string): Promise<Clip | null> {
    const bytes = await readFile(this.#path(key)).catch(() => null);
    if (!bytes) return null;
    const clip = parse(bytes);
    if (clip) this.hits++;
    else this.damaged++;
    return clip;
  }

  async put(key: string, { frames, height, width, data }: Clip): Promise<void> {
    if (this.problem !== null) return;
    const start = Buffer.alloc(head - 32);
    start.write(magic, 'latin1');
    [frames, height, width].forEach((n, i) => start.writeUInt32LE(n, 4 + 4 * i));
    const path = this.#path(key);
    const temporary = `${path}.${randomUUID()}${unfinished}`;
    try {
      await this.#prepare(dirname(path));
      await writeFile(temporary, Buffer.concat([start, sum(start, data), data]));
      await rename(temporary, path);
      this.made++;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      this.problem = `decoded images are not kept: ${(error as Error).message}`;
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

  #path(key: string): string {
    return join(this.folder, 'images', key.slice(0, 2), key.slice(2));
  }
}

function parse(bytes: Buffer): Clip | null {
  if (bytes.length < head || bytes.toString('latin1', 0, 4) !== magic) return null;
  const [frames, height, width] = [4, 8, 12].map((at) => bytes.readUInt32LE(at));
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + head, bytes.length - head);
  if (data.length !== frames * height * width * 3) return null;
  const same = sum(bytes.subarray(0, head - 32), data).equals(bytes.subarray(head - 32, head));
  return same ? { frames, height, width, data } : null;
}

function sum(start: Uint8Array, data: Uint8Array): Buffer {
  return createHash('sha256').update(start).update(data).digest();
}
