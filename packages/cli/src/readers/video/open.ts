// Opens videos, folders of frames and animated images as a `ClipSet`.
//
//     const skipped = new Skipped('few', ['clip', 'clips']);
//     const clips = await openClips(files, imageSettings({ height: 32, width: 32 }), sampling({ frames: 16 }), { cache, skipped });
//     clips.numbers[i];                              // the clip of files[i], −1 for none
//     const bytes = await clips.read([0, 5]);        // [2, T, 32, 32, 3], zeros behind the end of the shorter one

import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Clip, type ClipSet, sampleAtRate, sampleEvenly } from 'unrolled/data';
import { folderOf, isFolderGiven, noteFound, openPlain, RefusedFile, statGiven } from '../../files/index.ts';
import {
  animation,
  decodeAnimation,
  decodeImage,
  fileBytes,
  type Item,
  load,
  type LoadOptions,
  ImageError,
  imageRefused,
  imageFile,
  type ImageSettings,
  PixelCache,
} from '../images/index.ts';
import { findFfmpeg, readVideo } from './ffmpeg.ts';
import { type Sampling, Thinned } from './sampling.ts';

export interface OpenedClips extends ClipSet {
  /** Path of each clip. */
  readonly files: readonly string[];
  /** For each requested file its clip's index; −1 where it cannot be used. */
  readonly numbers: Int32Array;
}

/** Opens clips. Throws an OptionError where there are videos and FFmpeg is not installed. */
export async function openClips(
  files: readonly string[],
  settings: ImageSettings,
  sampling: Sampling,
  options: LoadOptions,
): Promise<OpenedClips> {
  const distinct = [...new Set(files)];
  const items = distinct.map((file) => clipItem(file, settings, sampling));
  if (items.some(({ video }) => video)) findFfmpeg();
  const loaded = await load(items, options);
  const place = new Map(distinct.map((file, i) => [file, loaded.numbers[i]]));
  const { lengths } = loaded;
  const { height, width } = settings;
  const size = height * width * 3;
  return {
    count: loaded.files.length,
    height,
    width,
    lengths,
    files: loaded.files,
    numbers: Int32Array.from(files, (file) => place.get(file) as number),
    read: async (which) => {
      const longest = Array.from(which).reduce((most, n) => Math.max(most, lengths[n]), 0);
      const batch = new Uint8Array(which.length * longest * size);
      const clips = await Promise.all(Array.from(which, (n) => loaded.get(n)));
      for (const [b, { data }] of clips.entries()) batch.set(data, b * longest * size);
      return batch;
    },
  };
}

function clipItem(file: string, settings: ImageSettings, sampling: Sampling): Item & { readonly video: boolean } {
  const found = look(file);
  const video = found === 'file' && !imageFile.test(file);
  const open = async () => {
    if (found === 'folder') return openFolder(file, settings, sampling);
    if (found === 'empty') throw new ImageError(file, 'empty');
    if (found !== 'file') throw found;
    if (animation.test(file)) return openAnimation(file, settings, sampling);
    if (!video) throw new ImageError(file, 'a still image where a clip is expected');
    return openVideo(file, settings, sampling);
  };
  return { file, video, open };
}

function look(path: string): 'file' | 'folder' | 'empty' | ImageError {
  try {
    if (isFolderGiven(path)) return 'folder';
    return statGiven(path).bytes === 0 ? 'empty' : 'file';
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return imageRefused(path, gone ? new RefusedFile(path, 'missing', 'is not there') : error);
  }
}

async function openVideo(file: string, settings: ImageSettings, sampling: Sampling) {
  const { frames, rate, maxFrames } = sampling;
  const hash = createHash('sha256');
  try {
    const { fd, bytes } = openPlain(file, { below: folderOf(file), limit: Infinity });
    await pipeline(createReadStream('', { fd, end: bytes - 1 }), hash);
  } catch (cause) {
    throw imageRefused(file, cause);
  }
  const decode = async () => {
    const thinned = new Thinned(frames ?? maxFrames);
    await readVideo(file, settings, rate, (frame) => thinned.add(frame));
    return together(thinned.take(), settings);
  };
  return { key: PixelCache.key(hash.digest(), { settings, frames, rate, maxFrames }), decode };
}

async function openAnimation(file: string, settings: ImageSettings, sampling: Sampling) {
  const bytes = await fileBytes(file);
  const { frames, rate, maxFrames } = sampling;
  const decode = async () => {
    const { clip, delays } = await decodeAnimation(bytes, file, settings);
    const size = settings.height * settings.width * 3;
    const all = rate === null ? delays.map((_, t) => t) : sampleAtRate(delays, rate);
    const chosen = sampleEvenly(all.length, frames ?? maxFrames).map((k) => all[k]);
    return together(
      chosen.map((t) => clip.data.subarray(t * size, (t + 1) * size)),
      settings,
    );
  };
  return { key: PixelCache.key(bytes, { settings, frames, rate, maxFrames }), decode };
}

/** Images of a folder, in the order of the numbers in their names. */
async function openFolder(folder: string, settings: ImageSettings, sampling: Sampling) {
  const names = frameNames(folder);
  if (names.length === 0) throw new ImageError(folder, 'without frames');
  const { frames, rate, maxFrames, folderRate } = sampling;
  const all =
    rate === null
      ? names.map((_, t) => t)
      : sampleAtRate(new Array<number>(names.length).fill(1000 / folderRate), rate);
  const chosen = sampleEvenly(all.length, frames ?? maxFrames).map((k) => names[all[k]]);
  const contents: Uint8Array[] = [];
  const hash = createHash('sha256');
  for (const name of chosen) {
    const bytes = await fileBytes(noteFound(folder, join(folder, name)));
    contents.push(bytes);
    hash.update(createHash('sha256').update(bytes).digest());
  }
  const decode = async () => {
    const images: Uint8Array[] = [];
    for (const [t, bytes] of contents.entries()) {
      try {
        images.push((await decodeImage(bytes, join(folder, chosen[t]), settings)).data);
      } catch (cause) {
        if (!(cause instanceof ImageError)) throw cause;
        throw new ImageError(folder, 'with a frame that cannot be used', `${chosen[t]}: ${cause.problem}`, { cause });
      }
    }
    return together(images, settings);
  };
  return { key: PixelCache.key(hash.digest(), { settings }), decode };
}

/** frame2.png before frame10.png. */
export function frameNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && imageFile.test(name))
    .sort(new Intl.Collator('en', { numeric: true }).compare);
}

function together(frames: readonly Uint8Array[], { height, width }: ImageSettings): Clip {
  const data = new Uint8Array(frames.length * height * width * 3);
  for (const [t, frame] of frames.entries()) data.set(frame, t * height * width * 3);
  return { frames: frames.length, height, width, data };
}
