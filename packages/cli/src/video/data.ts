// Clips and their labels: from a folder, a table, or synthetic.

import { createHash } from 'node:crypto';
import { FormatError, type LabeledSequences, OptionError, type TaggedSequences } from 'unrolled';
import { exchangeWords, type ImageSymmetry, makeClips, mirrorImages } from 'unrolled/data';
import type { VideoClassificationInput } from 'unrolled/pipelines';
import { imageContract, settingsOf, type SquareImages } from '../images/contract.ts';
import { nothingNamed, runName } from '../examples/read.ts';
import {
  type BadRows,
  type VideoExample,
  labelsOfFrames,
  openClips,
  PixelCache,
  readClipFeatures,
  readClips,
  sampling,
  Skipped,
  splitClips,
} from '../readers/index.ts';
import { grouped } from '../terminal/index.ts';
import { videoDemos } from './options.ts';
import { t } from '../language/index.ts';

/** Where clips are and how to read them: kept in config.json. */
export interface ClipSource extends SquareImages {
  readonly paths: readonly string[];
  readonly demo: string | null;
  readonly perFrame: boolean;
  readonly frames: number | null;
  readonly rate: number | null;
  readonly clips: string | null;
  readonly columns: Readonly<Record<'clip' | 'label' | 'group' | 'frameLabels', string | null>>;
  readonly groupPattern: string | null;
  readonly split: string;
  readonly where: string | null;
  readonly header: boolean;
  readonly badRows: string;
  readonly validation: string | null;
  readonly valFrac: number;
  readonly seed: number;
  /** Files with features of the frames; in runs of before there were any, missing. */
  readonly features?: string | null;
  readonly validationFeatures?: string | null;
}

/** A clip as it is learned from. */
export interface Video {
  readonly name: string;
  /** Its file; null where it is in none. */
  readonly file: string | null;
  /** Frames one after the other, [T, size, size, 3]; empty where there are features alone. */
  readonly pixels: Uint8Array;
  /** What another network made of the frames, [T, D], where the model reads that. */
  readonly features: Float32Array | null;
  /** T */
  readonly frames: number;
  readonly label: string;
  /** One for each frame; empty where only the clip is labeled. */
  readonly frameLabels: readonly string[];
}

export interface ClipData {
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  readonly train: readonly Video[];
  readonly validation: readonly Video[];
  readonly warnings: readonly string[];
}

const demoClips = 3000;
const usualFrames = 20;

/** Reads and splits; the same source gives the same parts. */
export async function clipData(source: ClipSource, say: (text: string) => void): Promise<ClipData> {
  if (source.demo) return demoData(source);
  if (source.paths.length === 0)
    throw nothingNamed('video', 'a folder with a folder of clips for each label', videoDemos);
  const all = await readVideos(source.paths, source, say);
  const name = runName(source.paths, 'video');
  const about = { name, source: all.source };
  if (source.validation !== null) {
    const features = source.validationFeatures ?? null;
    const other = await readVideos([source.validation], { ...source, features }, say);
    return finish({ ...about, warnings: [...all.warnings, ...other.warnings] }, all.videos, other.videos);
  }
  const { train, validation } = splitClips(all.videoExample, {
    validation: source.valFrac,
    seed: source.seed,
    by: source.split as 'random' | 'position',
  });
  const pick = (numbers: Int32Array) => Array.from(numbers, (n) => all.videos[n]);
  return finish({ ...about, warnings: [...all.warnings, ...leaks(all.videoExample)] }, pick(train), pick(validation));
}

/** Clips of these folders and tables, decoded. */
export async function readVideos(paths: readonly string[], source: ClipSource, say: (text: string) => void) {
  const { perFrame, badRows, clips, where, header, columns, groupPattern, features = null } = source;
  const read = await readClips(paths, {
    clips,
    where,
    header,
    groupPattern,
    badRows: badRows as BadRows,
    columns: { ...columns, split: null },
    namesOnly: features !== null,
  });
  const labeled = read.clips.find((clip) => (perFrame ? clip.frameLabels === null : clip.label === null));
  if (labeled && perFrame)
    throw new FormatError(
      read.source,
      `${labeled.name} has no labels of its frames; --per-frame needs a column of them, frame_labels`,
    );
  if (labeled) throw new FormatError(read.source, `${labeled.name} has labels of its frames only; say --per-frame`);
  const skipped = read.skipped.report(read.source, read.clips.length + read.skipped.count);
  if (features !== null)
    return { ...featuresOf(read.clips, features, perFrame), source: read.source, warnings: skipped };
  const damaged = new Skipped(badRows as BadRows, ['clip', 'clips']);
  const files = read.clips.map(({ clip }) => clip);
  const decoded = await decodeClips(files, source, damaged, say);
  const warnings = [...skipped, ...damaged.report(read.source, files.length)];
  const videos: Video[] = [];
  const videoExample: VideoExample[] = [];
  for (const [n, one] of read.clips.entries()) {
    const pixels = decoded[n];
    if (!pixels) continue;
    const frames = pixels.length / (source.size * source.size * 3);
    const frameLabels = perFrame ? labelsOfFrames(one, frames, samplingOf(source)) : [];
    videos.push({
      name: one.name,
      file: one.clip,
      pixels,
      features: null,
      frames,
      label: one.label ?? '',
      frameLabels,
    });
    videoExample.push(one);
  }
  return { source: read.source, videos, videoExample, warnings };
}

/** Clips that are features alone. */
function featuresOf(clips: readonly VideoExample[], file: string, perFrame: boolean) {
  const names = clips.map(({ name }) => name);
  const { size, values } = readClipFeatures(file, names);
  const videos = clips.map((one, n): Video => {
    const frames = values[n].length / size;
    const frameLabels = perFrame ? (one.frameLabels ?? []) : [];
    if (perFrame && frameLabels.length !== frames)
      throw new FormatError(
        one.name,
        `has ${frameLabels.length} frame labels for features of ${frames} frames; expected one for each`,
      );
    const pixels = new Uint8Array(0);
    return { name: one.name, file: null, pixels, features: values[n], frames, label: one.label ?? '', frameLabels };
  });
  return { videos, videoExample: clips };
}

/** The frames of each file, null where it cannot be used. */
export async function decodeClips(
  files: readonly string[],
  source: ClipSource,
  skipped: Skipped,
  say: (text: string) => void,
): Promise<(Uint8Array | null)[]> {
  let told = performance.now();
  const progress = (done: number, total: number) => {
    if (performance.now() - told < 2000) return;
    told = performance.now();
    say(t`reading clips: ${grouped(done)} of ${grouped(total)}`);
  };
  const options = { cache: new PixelCache(), skipped, progress };
  const set = await openClips(files, settingsOf(source), samplingOf(source), options);
  const clips: (Uint8Array | null)[] = [];
  for (const n of set.numbers) clips.push(n < 0 ? null : await set.read([n]));
  return clips;
}

function samplingOf({ perFrame, frames, rate }: ClipSource) {
  return sampling({ rate, frames: frames ?? (perFrame || rate !== null ? null : usualFrames) });
}

function demoData(source: ClipSource): ClipData {
  const videos = makeClips(demoClips, 1, { size: source.size }).map(({ clip, label, frameLabels }, n): Video => {
    return {
      name: `clip ${n + 1}`,
      file: null,
      pixels: clip.data,
      features: null,
      frames: frameLabels.length,
      label,
      frameLabels: frameLabels as readonly string[],
    };
  });
  const from = Math.round(videos.length * (1 - source.valFrac));
  const about = { name: 'clips', source: 'drawn clips of moving shapes', warnings: [] };
  return finish(about, videos.slice(0, from), videos.slice(from));
}

/** UCF101's names and their like tell which clips were cut from one video: those on both sides make a validation too easy. */
function leaks(clips: readonly VideoExample[]): string[] {
  if (clips.some(({ group }) => group !== null)) return [];
  const alike = clips.filter(({ name }) => /_g\d+[_.]/.test(name)).length;
  if (alike < clips.length / 2) return [];
  return [
    t`names such as ${clips[0].name} say which clips were cut from one video; with such clips on both sides validation is too easy. Keep them together: --group-pattern "_(g\\d+)"`,
  ];
}

function finish(
  about: Pick<ClipData, 'name' | 'source' | 'warnings'>,
  train: readonly Video[],
  validation: readonly Video[],
): ClipData {
  if (train.length === 0) throw new FormatError(about.source, 'holds no clips to learn from');
  const hash = createHash('sha256');
  for (const part of [train, validation]) {
    for (const { pixels, features, label, frameLabels } of part) {
      hash.update(features ? new Uint8Array(features.buffer, features.byteOffset, features.byteLength) : pixels);
      hash.update(JSON.stringify([label, frameLabels]));
    }
    hash.update('\0');
  }
  return { ...about, sha256: hash.digest('hex'), train, validation };
}

/** The clips in every view, labels with its words exchanged; without those that get a label which no clip has. */
export function viewsOf(
  videos: readonly Video[],
  size: number,
  symmetries: readonly ImageSymmetry[],
): { readonly videos: readonly Video[]; readonly left: number } {
  const there = new Set(videos.flatMap(({ label, frameLabels }) => [label, ...frameLabels]));
  const all = symmetries.flatMap(({ horizontal, vertical, words }) => {
    if (!horizontal && !vertical) return videos;
    return videos.map((video) => ({
      ...video,
      pixels: mirrorImages(video.pixels, [video.frames, size, size, 3], {
        horizontal,
        vertical,
      }),
      label: exchangeWords(video.label, words),
      frameLabels: video.frameLabels.map((label) => exchangeWords(label, words)),
    }));
  });
  const kept = all.filter(({ label, frameLabels }) => [label, ...frameLabels].every((one) => there.has(one)));
  return { videos: kept, left: all.length - kept.length };
}

/** What a model that learned from these clips must be fed. */
export function videoInput(source: ClipSource): VideoClassificationInput {
  const { frames, rate, maxFrames } = samplingOf(source);
  const per = source.perFrame ? 'frame' : 'clip';
  const image = source.features ? null : imageContract(source, 'bytes');
  return { kind: 'video-classification', per, image, frames, rate, maxFrames };
}

/** What a model reads of a clip. */
export const sequenceOf = ({ pixels, features }: Pick<Video, 'pixels' | 'features'>) => features ?? pixels;

export function labeledClips(videos: readonly Video[], labels: readonly string[]): LabeledSequences {
  return { sequences: videos.map(sequenceOf), labels: videos.map(({ label }) => labels.indexOf(label)) };
}

export function taggedClips(videos: readonly Video[], labels: readonly string[]): TaggedSequences {
  return {
    sequences: videos.map(sequenceOf),
    labels: videos.map(({ frameLabels }) => frameLabels.map((label) => labels.indexOf(label))),
  };
}

/** Throws unless features are named for a run that learned from features, and for no other. */
export function checkFeatures(
  who: string,
  { features: learned = null }: ClipSource,
  { features }: { readonly features: string | null },
  of: string | null,
): void {
  if (learned !== null && features === null && of !== null)
    throw new OptionError(
      who,
      '--features',
      `this run learned from features of frames; name those of the clips of ${of}`,
    );
  if (learned === null && features !== null)
    throw new OptionError(who, '--features', 'this run learned from frames; it reads clips');
}
