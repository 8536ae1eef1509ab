// Images of files as one block of bytes, which is what a task reads its batches from.

import { availableParallelism } from 'node:os';
import type { Images } from 'unrolled/data';
import { openImages, PixelCache, type Skipped } from '../readers/index.ts';
import { type SquareImages, settingsOf } from './contract.ts';
import { grouped } from '../terminal/index.ts';

export interface Held {
  readonly images: Images;
  /** For each of the files asked for the number of its image; −1 where it cannot be used. */
  readonly numbers: Int32Array;
}

const together = 64; // images

/** Decodes these files to `size` × `size` pixels, with what was decoded before out of the cache. */
export async function holdImages(
  files: readonly string[],
  source: SquareImages,
  skipped: Skipped,
  say: (text: string) => void,
): Promise<Held> {
  let told = performance.now();
  const progress = (done: number, total: number) => {
    if (performance.now() - told < 2000) return;
    told = performance.now();
    say(`reading images: ${grouped(done)} of ${grouped(total)}`);
  };
  const { size } = source;
  const atOnce = Math.max(4, 2 * availableParallelism());
  const set = await openImages(files, settingsOf(source), { cache: new PixelCache(), skipped, progress, atOnce });
  const data = new Uint8Array(set.count * size * size * 3);
  for (let from = 0; from < set.count; from += together) {
    const which = Array.from({ length: Math.min(together, set.count - from) }, (_, k) => from + k);
    data.set(await set.read(which), from * size * size * 3);
  }
  return { images: { shape: [set.count, size, size, 3], data }, numbers: set.numbers };
}
