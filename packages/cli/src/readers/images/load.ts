// Decodes many files ahead of training: a bounded number at once, in the order of the list, from the cache
// where possible. All are decoded before training starts, so that a damaged one is reported then, and not in the middle of
// an epoch. What fits stays in memory; the rest is read again batch by batch, from the cache or from the files.

import { availableParallelism } from 'node:os';
import { FormatError } from 'unrolled';
import { type Clip, prefetch } from 'unrolled/data';
import type { Skipped } from '../skipped.ts';
import type { PixelCache } from './cache.ts';
import { ImageError } from './decode.ts';

/** An image, a video or a folder of frames. */
export interface Item {
  /** Name for messages. */
  readonly file: string;
  /** Reads what its cache key depends on. Throws an ImageError for an unusable file. */
  open(): Promise<Opened>;
}

export interface Opened {
  /** Key of its content and settings. */
  readonly key: string;
  decode(): Promise<Clip>;
}

export interface LoadOptions {
  /** The cache; null for none. */
  readonly cache: PixelCache | null;
  /** Collects the files that cannot be used. */
  readonly skipped: Skipped;
  /** Bytes of pixels to hold in memory. Default 1 GiB. */
  readonly memory?: number;
  /** Files decoded at once. Default: two for each processor, at least 4. */
  readonly atOnce?: number;
  /** Called after every file. */
  readonly progress?: (done: number, total: number) => void;
}

/** Usable files, by index from 0. */
export interface Loaded {
  /** The item of each index. */
  readonly files: readonly string[];
  /** The index of each item, −1 where it cannot be used. */
  readonly numbers: Int32Array;
  /** Number of frames of each index. */
  readonly lengths: Int32Array;
  get(number: number): Promise<Clip>;
}

/** Decodes all items, or finds them in the cache. */
export async function load(items: readonly Item[], options: LoadOptions): Promise<Loaded> {
  const { cache, skipped, memory = 2 ** 30, atOnce = Math.max(4, 2 * availableParallelism()), progress } = options;
  const numbers = new Int32Array(items.length).fill(-1);
  const good: Held[] = [];
  let free = memory;
  let done = 0;
  function* work(): Generator<Promise<Pixels | ImageError>> {
    for (const item of items) yield pixelsOf(item, cache).catch(bad);
  }
  for await (const found of prefetch(work(), atOnce)) {
    const item = items[done];
    if (found instanceof ImageError) {
      skipped.add({ file: item.file, row: 0, unit: 'file' }, found.problem);
    } else {
      const { key, clip } = found;
      free -= clip.data.length;
      numbers[done] = good.length;
      good.push({ item, key, frames: clip.frames, clip: free >= 0 ? clip : null });
    }
    done++;
    progress?.(done, items.length);
  }
  return {
    files: good.map(({ item }) => item.file),
    numbers,
    lengths: Int32Array.from(good, ({ frames }) => frames),
    get: async (number) => good[number].clip ?? again(good[number], cache),
  };
}

interface Pixels {
  readonly key: string;
  readonly clip: Clip;
}

interface Held {
  readonly item: Item;
  readonly key: string;
  readonly frames: number;
  /** Null where the memory was full. */
  readonly clip: Clip | null;
}

async function pixelsOf(item: Item, cache: PixelCache | null): Promise<Pixels> {
  const { key, decode } = await item.open();
  const kept = await cache?.get(key);
  if (kept) return { key, clip: kept };
  const clip = await decode();
  await cache?.put(key, clip);
  return { key, clip };
}

function bad(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  throw error;
}

/** Reads the same pixels once more. */
async function again({ item, key }: Held, cache: PixelCache | null): Promise<Clip> {
  const kept = await cache?.get(key);
  if (kept) return kept;
  const found = await pixelsOf(item, cache);
  if (found.key === key) return found.clip;
  throw new FormatError(item.file, 'was changed during training; start again when nothing writes to it');
}
