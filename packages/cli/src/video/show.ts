// What a model said of video: in the terminal, and as a page with the frames.

import { type RawImage, timeline } from 'unrolled';
import { type Card, cardPage } from '../pages/cards.ts';
import { writePage } from '../pages/page.ts';
import { styleFor, table, timelineText } from '../terminal/index.ts';
import { spread } from '../vqa/kind.ts';
import type { Video } from './data.ts';
import type { ClipAnswer, FrameAnswer } from './model.ts';

/** A line for each clip: whether it is right, what it was called and how surely, and its name. */
export function clipRows(predicted: readonly ClipAnswer[], videos: readonly Video[]): string[] {
  const { green, red, dim } = styleFor(process.stderr);
  const rows = predicted.map(({ label, probability, clip }, n) => [
    label === videos[n].label ? '✓' : '✗',
    label,
    probability.toFixed(2),
    clip,
  ]);
  return table(rows, { width: (process.stderr.columns || 80) - 6 }).map((line, n) => {
    const [mark, rest] = [line.slice(0, 1), line.slice(1)];
    const { label } = videos[n];
    return predicted[n].label === label ? green(mark) + rest : `${red(mark)}${rest}  ${dim(`is ${label}`)}`;
  });
}

export function frameRows({ clip, labels, confidence }: FrameAnswer, { frameLabels }: Video): string[] {
  const target = frameLabels.length > 0 ? frameLabels : null;
  const width = (process.stderr.columns || 80) - 4;
  return [clip, ...timelineText({ predicted: labels, confidence, target }, styleFor(process.stderr), width)];
}

export function clipPage(
  path: string,
  line: string,
  predicted: readonly ClipAnswer[],
  videos: readonly Video[],
  size: number,
): string {
  const cards = predicted.map(({ clip, label, probabilities }, n): Card => {
    const right = label === videos[n].label;
    return {
      images: strip(videos[n], size),
      title: `${clip}: ${label}`,
      right,
      predicted: probabilities.map(({ label: what, score }) => [what, score] as const),
      notes: right ? [] : [`It is ${videos[n].label}.`],
    };
  });
  return writePage(path, cardPage({ title: 'Video, by clip', lines: [line], cards, height: 44 }));
}

export function framePage(
  path: string,
  line: string,
  predicted: readonly FrameAnswer[],
  videos: readonly Video[],
  size: number,
): string {
  const cards = predicted.map(({ clip, labels, confidence }, n): Card => {
    const target = videos[n].frameLabels;
    const right = labels.filter((label, t) => label === target[t]).length;
    return {
      images: strip(videos[n], size),
      title: `${clip}: ${right} of ${labels.length} frames right`,
      right: right === labels.length,
      predicted: [],
      notes: [],
      svg: timeline({ predicted: labels, confidence, target }),
    };
  });
  return writePage(path, cardPage({ title: 'Video, by frame', lines: [line], cards, height: 44 }));
}

const mostShown = 10; // frames of a clip

function strip({ pixels }: Video, size: number): RawImage[] {
  const bytes = size * size * 3;
  const frames = Array.from({ length: pixels.length / bytes }, (_, t) => t);
  return spread(frames, mostShown).map((t) => ({
    height: size,
    width: size,
    data: pixels.subarray(t * bytes, (t + 1) * bytes),
  }));
}
