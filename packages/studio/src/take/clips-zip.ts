// Clips as a zip of a folder for each class, with a folder of frames for each clip: `unrolled train video` reads it, and the studio does.
//
//   gestures/wave/0001/0001.png

import { type Zippable, zipSync } from 'fflate';
import { pngOf } from '../data/picture.ts';
import type { DatasetOf } from '../data/dataset.ts';
import { clipImage, framesOf } from '../data/frames.ts';
import type { TakenFile } from './taken.ts';

const numbered = (n: number) => String(n).padStart(4, '0');

/** See the top of this file. */
export async function clipsZip(root: string, { rows, size }: DatasetOf<'clips'>): Promise<TakenFile> {
  const entries: Zippable = {};
  const counts = new Map<string, number>();
  for (const { label, data } of rows) {
    const clip = (counts.get(label) ?? 0) + 1;
    counts.set(label, clip);
    for (const [t, frame] of framesOf(clipImage(data, size)).entries())
      entries[`${root}/${label}/${numbered(clip)}/${numbered(t + 1)}.png`] = [
        await pngOf(frame),
        { level: 0, mtime: '1980-01-01T00:00:00' }, // images do not get smaller
      ];
  }
  return { name: `${root}.zip`, bytes: zipSync(entries), type: 'application/zip' };
}
