// Labels of new clips: the most probable ones of each, or a timeline.

import { basename, join } from 'node:path';
import { OptionError } from 'unrolled';
import { segmentsOf, timeline } from 'unrolled/analysis';
import { videoClassification, type VideoClassificationPipeline } from 'unrolled/pipelines';
import { predictOptions } from '../command-line/tables.ts';
import { badInputsOf, isFolder, withoutAnswer } from '../images/inputs.ts';
import {
  clipFeaturesIn,
  clipsIn,
  linesOf,
  readClipFeatures,
  readClips,
  readWholeText,
  Skipped,
} from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { timelineText } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { scoreBars } from '../examples/label-table.ts';
import { type ClipAnswer, classifyClips, type FrameAnswer, tagClips } from './answers.ts';
import type { VideoConfig } from './config.ts';
import { checkFeatures, type ClipSource, decodeClips, type Video } from './data.ts';
import { spoken, t } from '../language/index.ts';

export async function* predictVideo(
  saved: SavedRun<VideoConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const pipeline = await saved.open(videoClassification);
  const { read } = saved.config.data;
  checkOptions(pipeline.per, values);
  checkFeatures('predict', read, values, values.file ?? 'these clips');
  if (values.features !== null) {
    yield* await predictionsOf(pipeline, fromFeatures(values.features, values.file, inputs), values, saved);
    return;
  }
  const asked = values.file === null ? fromArguments(inputs) : await fromTable(values.file, values, read);
  const bad = badInputsOf(values.badRows, asked.length);
  const skipped = new Skipped(bad, ['clip', 'clips']);
  for (const { name, problem } of asked)
    if (problem !== null) skipped.add({ file: name, row: 0, unit: 'file' }, problem);
  const usable = asked.filter(({ problem }) => problem === null);
  const decoded = await decodeClips(
    usable.map(({ file }) => file),
    read,
    skipped,
    warn,
  );
  const why = new Map(skipped.all.map((one) => [one.file, one.why]));
  const found = new Map(usable.map((one, n) => [one, decoded[n]]));
  const clips = asked.flatMap((one) => {
    const pixels = found.get(one);
    return pixels ? [{ name: one.name, pixels, features: null }] : [];
  });
  const predictions = (await predictionsOf(pipeline, clips, values, saved)).values();
  for (const one of asked) {
    if (found.get(one)) {
      yield predictions.next().value as Prediction;
      continue;
    }
    const error = one.problem ?? why.get(one.file) ?? 'cannot be used';
    warn(`${one.name}: ${error}`);
    yield withoutAnswer({ clip: one.name }, error);
  }
}

async function predictionsOf(
  pipeline: VideoClassificationPipeline,
  clips: readonly Pick<Video, 'name' | 'pixels' | 'features'>[],
  { topK, draw }: PredictValues,
  { path, config }: SavedRun<VideoConfig>,
): Promise<Prediction[]> {
  if (pipeline.per === 'frame') {
    const names = clips.map(({ name }) => name);
    const files = drawingsOf(names, path, draw);
    const answers = await tagClips(pipeline, clips);
    return answers.map((answer, n) =>
      framesOf(answer, files[n], config.data.read.rate, draw === null ? 'data' : 'person'),
    );
  }
  const answers = await classifyClips(pipeline, clips, topK);
  return answers.map((answer) => ({
    result: answer,
    lines: ({ style }) => (clips.length === 1 ? scoreBars(answer.probabilities, style) : [lineOf(answer)]),
  }));
}

/** The clips of a file of features: those that are named, in a list or one by one; without names the rows of one array, called by their number from 1. */
function fromFeatures(path: string, file: string | null, inputs: readonly string[]) {
  const names = file === null ? inputs : linesOf(readWholeText(file)).filter((line) => line !== '');
  const all = names.length > 0 ? { names, ...readClipFeatures(path, names) } : clipFeaturesIn(path);
  return all.names.map((name, n) => ({ name, pixels: new Uint8Array(0), features: all.values[n] }));
}

interface Request {
  readonly name: string;
  readonly file: string;
  /** Why there is no clip. */
  readonly problem: string | null;
}

/** Clips; a folder that is no clip itself stands for those in it. */
function fromArguments(inputs: readonly string[]): Request[] {
  const files = inputs.flatMap((input) => {
    const inIt = isFolder(input) ? clipsIn(input) : [];
    return inIt.length > 0 ? inIt : [input];
  });
  if (files.length > 0) return files.map((file) => ({ name: file, file, problem: null }));
  throw new OptionError('predict', 'clips', 'name a video, an animation, a folder of frames, or a folder of these');
}

/** The clips of a table, which needs no labels, or of a folder with a folder for each label. */
async function fromTable(path: string, { where, clips }: PredictValues, read: ClipSource): Promise<Request[]> {
  const { header, columns, groupPattern } = read;
  const of = { clips, where, header, groupPattern, unlabeled: true, badRows: 'skip', columns: { ...columns, split: null } } as const; // biome-ignore format: one line
  const { clips: all, skipped } = await readClips([path], of);
  return [
    ...all.map(({ name, clip }) => ({ name, file: clip, problem: null })),
    ...skipped.all.map(({ file, why }) => ({ name: file, file, problem: why })),
  ];
}

/** Frames are labeled one by one: nothing to rank; clips as a whole: nothing to draw. */
function checkOptions(per: 'clip' | 'frame', { topK, draw }: PredictValues): void {
  const byFrame = per === 'frame';
  if (byFrame && topK !== predictOptions.topK.default)
    throw new OptionError('predict', '--top-k', 'means nothing to a run by frame: each frame has its label');
  if (!byFrame && draw !== null)
    throw new OptionError('predict', '--draw', 'means nothing to a run by clip: timelines are of a run --per-frame');
  if (draw !== null && !draw.toLowerCase().endsWith('.svg'))
    throw new OptionError('predict', '--draw', `expected a file that ends in .svg, got ${draw}`);
}

/** A file for each clip's drawing: in the run's folder under the clip's name, or as `draw` says. Two clips never share one. */
export function drawingsOf(clips: readonly string[], run: string, draw: string | null): string[] {
  const taken = new Set<string>();
  return clips.map((clip, n) => {
    const stem = draw === null ? join(run, basename(clip).replace(/\.[^.]+$/, '')) : draw.replace(/\.svg$/i, '');
    const numbered = (k: number) => `${stem}${k === 1 ? '' : `-${k}`}.svg`;
    if (draw !== null && clips.length > 1) return `${stem}-${n + 1}.svg`;
    let k = 1;
    while (taken.has(numbered(k).toLowerCase())) k++;
    taken.add(numbered(k).toLowerCase());
    return numbered(k);
  });
}

/** Stretches of labels, and an image of them in `file`. */
function framesOf(answer: FrameAnswer, file: string, rate: number | null, named: 'person' | 'data'): Prediction {
  const { clip, labels, confidence } = answer;
  writeFile(file, timeline({ predicted: labels, confidence }, { title: basename(clip), rate, language: spoken() }), {
    named,
  });
  return {
    result: { clip, segments: segmentsOf(labels), labels, confidence, timeline: file },
    lines: ({ style, width }) => [
      clip,
      ...timelineText({ predicted: labels, confidence, rate }, style, width),
      '',
      t`drawn: ${file}`,
    ],
  };
}

function lineOf({ label, probability, clip }: ClipAnswer): string {
  return `${label}\t${probability.toFixed(3)}\t${clip}`;
}
