// What a saved model says of new clips: the likeliest labels of each, or a timeline.

import { basename, join } from 'node:path';
import { OptionError, segmentsOf, timeline, VideoTagger } from 'unrolled';
import { Skipped } from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { bar, padEnd, stderr, styleFor, table, timelineText } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { decodeClips, readFilms } from './data.ts';
import { type ClipAnswer, classifyClips, type FrameAnswer, restoreVideo, tagClips } from './model.ts';

const say = (text: string) => void stderr.write(`${text}\n`);

export async function* predictVideo(
  saved: SavedRun,
  values: PredictValues,
  inputs: readonly string[],
): AsyncGenerator<Prediction, void> {
  const { model, labels, config } = restoreVideo(saved);
  const { read } = config.data;
  const clips =
    values.file === null
      ? await fromArguments(inputs)
      : (await readFilms([values.file], { ...read, where: values.where }, say)).films;
  if (model instanceof VideoTagger) {
    for (const answer of await tagClips({ model, labels }, clips)) yield framesOf(answer, saved.path, read.rate);
    return;
  }
  for (const answer of await classifyClips({ model, labels }, clips, values.top))
    yield { result: answer, lines: clips.length === 1 ? bars(answer) : [lineOf(answer)] };

  async function fromArguments(files: readonly string[]) {
    if (files.length === 0)
      throw new OptionError('predict', 'clips', 'name a film, an animation or a folder of frames');
    const decoded = await decodeClips(files, read, new Skipped('stop', ['clip', 'clips']), say);
    return decoded.map((pixels, n) => ({ name: files[n], pixels: pixels as Uint8Array }));
  }
}

/** Stretches of labels, and a picture of them beside the run. */
function framesOf(answer: FrameAnswer, run: string, rate: number | null): Prediction {
  const { clip, labels, confidence } = answer;
  const file = join(run, `${basename(clip).replace(/\.[^.]+$/, '')}.svg`);
  writeFile(file, timeline({ said: labels, confidence }, { title: basename(clip), rate }));
  const width = process.stdout.columns || 80;
  return {
    result: { clip, segments: segmentsOf(labels), labels, confidence, timeline: file },
    lines: [
      clip,
      ...timelineText({ said: labels, confidence, rate }, styleFor(process.stdout), width),
      '',
      `drawn: ${file}`,
    ],
  };
}

function bars({ probabilities }: ClipAnswer): string[] {
  const style = styleFor(process.stdout);
  const shown = Object.entries(probabilities).slice(0, 10);
  const rows = table(shown.map(([label]) => [label]));
  const width = Math.max(...rows.map((row) => row.length));
  return shown.map(([, p], n) => `${padEnd(rows[n], width)}  ${bar(p, 24, style)}  ${p.toFixed(3)}`);
}

function lineOf({ label, probability, clip }: ClipAnswer): string {
  return `${label}\t${probability.toFixed(3)}\t${clip}`;
}
