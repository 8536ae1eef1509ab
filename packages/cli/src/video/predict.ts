// Labels of new clips: the most probable ones of each, or a timeline.

import { basename, join } from 'node:path';
import { OptionError } from 'unrolled';
import { segmentsOf, timeline } from 'unrolled/analysis';
import { videoClassification } from 'unrolled/pipelines';
import { predictOptions } from '../command-line/tables.ts';
import { Skipped } from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { timelineText } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { scoreBars } from '../examples/label-table.ts';
import { type ClipAnswer, classifyClips, type FrameAnswer, tagClips } from './answers.ts';
import type { VideoConfig } from './config.ts';
import { decodeClips, readVideos } from './data.ts';

export async function* predictVideo(
  saved: SavedRun<VideoConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const pipeline = await saved.open(videoClassification);
  const { read } = saved.config.data;
  checkOptions(pipeline.per, values);
  const clips =
    values.file === null
      ? await fromArguments(inputs)
      : (await readVideos([values.file], { ...read, where: values.where, clips: values.clips }, warn)).videos;
  if (pipeline.per === 'frame') {
    const files = drawingsOf(
      clips.map(({ name }) => name),
      saved.path,
      values.draw,
    );
    for (const [n, answer] of (await tagClips(pipeline, clips)).entries())
      yield framesOf(answer, files[n], read.rate, values.draw === null ? 'data' : 'person');
    return;
  }
  for (const answer of await classifyClips(pipeline, clips, values.topK))
    yield {
      result: answer,
      lines: ({ style }) => (clips.length === 1 ? scoreBars(answer.probabilities, style) : [lineOf(answer)]),
    };

  async function fromArguments(files: readonly string[]) {
    if (files.length === 0)
      throw new OptionError('predict', 'clips', 'name a video, an animation or a folder of frames');
    const decoded = await decodeClips(files, read, new Skipped('stop', ['clip', 'clips']), warn);
    return decoded.map((pixels, n) => ({ name: files[n], pixels: pixels as Uint8Array }));
  }
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
  writeFile(file, timeline({ predicted: labels, confidence }, { title: basename(clip), rate }), { named });
  return {
    result: { clip, segments: segmentsOf(labels), labels, confidence, timeline: file },
    lines: ({ style, width }) => [
      clip,
      ...timelineText({ predicted: labels, confidence, rate }, style, width),
      '',
      `drawn: ${file}`,
    ],
  };
}

function lineOf({ label, probability, clip }: ClipAnswer): string {
  return `${label}\t${probability.toFixed(3)}\t${clip}`;
}
