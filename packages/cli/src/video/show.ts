// What a model said of film: in the terminal, and as a page with the frames.

import { timeline } from 'unrolled';
import { type Card, writePage } from '../pictures/page.ts';
import { dataUri } from '../pictures/png.ts';
import { styleFor, table, timelineText } from '../terminal/index.ts';
import { spread } from '../vqa/kind.ts';
import type { Film } from './data.ts';
import type { ClipAnswer, FrameAnswer } from './model.ts';

/** A line for each clip: whether it is right, what it was called and how surely, and its name. */
export function clipRows(said: readonly ClipAnswer[], films: readonly Film[]): string[] {
  const { green, red, dim } = styleFor(process.stderr);
  const rows = said.map(({ label, probability, clip }, n) => [
    label === films[n].label ? '✓' : '✗',
    label,
    probability.toFixed(2),
    clip,
  ]);
  return table(rows, { width: (process.stderr.columns || 80) - 6 }).map((line, n) => {
    const [mark, rest] = [line.slice(0, 1), line.slice(1)];
    const { label } = films[n];
    return said[n].label === label ? green(mark) + rest : `${red(mark)}${rest}  ${dim(`is ${label}`)}`;
  });
}

export function frameRows({ clip, labels, confidence }: FrameAnswer, { frameLabels }: Film): string[] {
  const truth = frameLabels.length > 0 ? frameLabels : null;
  const width = (process.stderr.columns || 80) - 4;
  return [clip, ...timelineText({ said: labels, confidence, truth }, styleFor(process.stderr), width)];
}

export function clipPage(
  path: string,
  line: string,
  said: readonly ClipAnswer[],
  films: readonly Film[],
  size: number,
): string {
  const cards = said.map(({ clip, label, probabilities }, n): Card => {
    const right = label === films[n].label;
    return {
      pictures: strip(films[n], size),
      title: `${clip}: ${label}`,
      right,
      said: probabilities.map(({ label: what, score }) => [what, score] as const),
      notes: right ? [] : [`It is ${films[n].label}.`],
    };
  });
  return writePage(path, { title: 'Film, by clip', lines: [line], cards, height: 44 });
}

export function framePage(
  path: string,
  line: string,
  said: readonly FrameAnswer[],
  films: readonly Film[],
  size: number,
): string {
  const cards = said.map(({ clip, labels, confidence }, n): Card => {
    const truth = films[n].frameLabels;
    const right = labels.filter((label, t) => label === truth[t]).length;
    return {
      pictures: strip(films[n], size),
      title: `${clip}: ${right} of ${labels.length} frames right`,
      right: right === labels.length,
      said: [],
      notes: [],
      svg: timeline({ said: labels, confidence, truth }),
    };
  });
  return writePage(path, { title: 'Film, by frame', lines: [line], cards, height: 44 });
}

const mostShown = 10; // frames of a clip

function strip({ pixels }: Film, size: number): string[] {
  const bytes = size * size * 3;
  const frames = Array.from({ length: pixels.length / bytes }, (_, t) => t);
  return spread(frames, mostShown).map((t) =>
    dataUri({ height: size, width: size, data: pixels.subarray(t * bytes, (t + 1) * bytes) }),
  );
}
