// Predictions for video: in the terminal, and as a page with the frames.

import { timeline, timelineLegend } from 'unrolled/analysis';
import type { RawImage } from 'unrolled/data';
import { type Card, cardPage } from '../pages/cards.ts';
import { writePage } from '../pages/page.ts';
import type { Screen, Shown } from '../runs/shown.ts';
import { table, timelineText } from '../terminal/index.ts';
import type { Video } from './data.ts';
import type { ClipAnswer, FrameAnswer } from './answers.ts';
import { spoken, t } from '../language/index.ts';

/** Predictions with their targets, and the page where more of them were written with their frames. */
export interface VideoShowcase<A> {
  readonly title: string;
  readonly answers: readonly A[];
  readonly videos: readonly Video[];
  readonly page: string;
}

const mostLines = 8;

export function showClips({ title, answers, videos, page }: VideoShowcase<ClipAnswer>): Shown {
  return {
    data: { title, page, clips: answers.map((one, n) => ({ ...one, target: videos[n].label })) },
    lines: (screen) => [
      `${title}:`,
      '',
      ...clipRows(answers.slice(0, mostLines), videos, screen),
      '',
      t`with their frames: ${page}`,
    ],
  };
}

export function showFrames({ title, answers, videos, page }: VideoShowcase<FrameAnswer>): Shown {
  return {
    data: { title, page, clips: answers.map((one, n) => ({ ...one, target: videos[n].frameLabels })) },
    lines: (screen) => [
      t`${title}, the first of them:`,
      '',
      ...frameRows(answers[0], videos[0], screen),
      '',
      t`more of them, with their frames: ${page}`,
    ],
  };
}

/** A line for each clip: whether it is right, the predicted label with its probability, and its name. */
function clipRows(
  predicted: readonly ClipAnswer[],
  videos: readonly Video[],
  { width, style: { green, red, dim } }: Screen,
): string[] {
  const rows = predicted.map(({ label, probability, clip }, n) => [
    label === videos[n].label ? '✓' : '✗',
    label,
    probability.toFixed(2),
    clip,
  ]);
  return table(rows, { width: width - 6 }).map((line, n) => {
    const [mark, rest] = [line.slice(0, 1), line.slice(1)];
    const { label } = videos[n];
    return predicted[n].label === label ? green(mark) + rest : `${red(mark)}${rest}  ${dim(t`target ${label}`)}`;
  });
}

function frameRows({ clip, labels, confidence }: FrameAnswer, { frameLabels }: Video, screen: Screen): string[] {
  const target = frameLabels.length > 0 ? frameLabels : null;
  return [clip, ...timelineText({ predicted: labels, confidence, target }, screen.style, screen.width - 4)];
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
      notes: right ? [] : [t`Target: ${videos[n].label}.`],
    };
  });
  return writePage(path, cardPage({ title: t('Video, by clip'), lines: [line], cards, height: 44 }));
}

export function framePage(
  path: string,
  line: string,
  predicted: readonly FrameAnswer[],
  videos: readonly Video[],
  size: number,
): string {
  const names = [...new Set(predicted.flatMap(({ labels }, n) => [...labels, ...videos[n].frameLabels]))].sort();
  const cards = predicted.map(({ clip, labels, confidence }, n): Card => {
    const target = videos[n].frameLabels;
    const right = labels.filter((label, t) => label === target[t]).length;
    return {
      images: strip(videos[n], size),
      title: t`${clip}: ${right} of ${labels.length} frames right`,
      right: right === labels.length,
      predicted: [],
      notes: [],
      svg: timeline({ predicted: labels, confidence, target }, { labels: names, language: spoken() }),
    };
  });
  const legend = timelineLegend(names, { title: t('Labels') });
  return writePage(path, cardPage({ title: t('Video, by frame'), lines: [line], cards, legend }));
}

const mostShown = 14; // frames of a clip

function strip({ pixels }: Video, size: number): RawImage[] {
  const bytes = size * size * 3;
  const count = pixels.length / bytes;
  // Each stands for an even part of the clip: the frame in the middle of it.
  const shown = Math.min(count, mostShown);
  const frames = Array.from({ length: shown }, (_, k) => Math.floor(((k + 0.5) * count) / shown));
  return frames.map((t) => ({
    height: size,
    width: size,
    data: pixels.subarray(t * bytes, (t + 1) * bytes),
  }));
}
