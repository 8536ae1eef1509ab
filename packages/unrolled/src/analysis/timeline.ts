// A timeline of frame labels: the predicted ones, the target labels below, and the confidence above.
//
//   1 ┤ ▁▃▇██▇▃▁▂▇███▇▂
//   predicted  ███▒▒▒▒░░░████
//   target     ████▒▒▒░░░░███

import { optional, requireKinds, requireOneEach } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { escapeXml, path, image, round, textWidth, titleOf } from './svg.ts';
import { type ReportLanguage, requireLanguage } from './language.ts';

/** A stretch of steps with one label. */
export interface TimelineSegment {
  readonly label: string;
  /** First frame, and the one after the last. */
  readonly start: number;
  readonly end: number;
}

/** What `timeline` draws: predicted and target labels frame by frame. */
export interface Timeline {
  /** Predicted label of each frame. */
  readonly predicted: readonly string[];
  /** Probability of each predicted label. Default: not drawn. */
  readonly confidence?: ArrayLike<number> | null;
  /** Target label of each frame; null where it is unknown. Default: not drawn. */
  readonly target?: readonly (string | null)[] | null;
}

/** Options of `timeline`. */
export interface TimelineOptions {
  readonly title?: string;
  /** Frames per second: the axis is then in seconds. Default: frames. */
  readonly rate?: number | null;
  /** Width in pixels. Default 440. */
  readonly width?: number;
  /** Labels in the order of their colors: the same list gives several timelines of a page one palette. Default: in order of appearance. */
  readonly labels?: readonly string[];
  /** Of the names of the rows and of the axis. Default 'en'. */
  readonly language?: ReportLanguage;
}

/** Where the frames of a timeline lie, in pixels from its left and right edge: for images of the frames above it. */
export const timelineMargins = { left: 72, right: 12 } as const;

/** Finds runs of equal labels; frames without a label (null) are in none. */
export function segmentsOf(labels: readonly (string | null)[]): TimelineSegment[] {
  requireKinds('segmentsOf', { labels }, { labels: ['text|null'] });
  const segments: TimelineSegment[] = [];
  for (let start = 0; start < labels.length; ) {
    let end = start + 1;
    while (end < labels.length && labels[end] === labels[start]) end++;
    const label = labels[start];
    if (label !== null) segments.push({ label, start, end });
    start = end;
  }
  return segments;
}

const texts = {
  en: {
    predicted: 'predicted',
    target: 'target',
    confidence: 'confidence',
    seconds: 'seconds',
    frames: 'frames',
    at: (value: string, moment: string) => `${value} at ${moment}`,
    labelsOfSeconds: (n: number) => `Labels of ${n} seconds`,
    labelsOfFrames: (n: number) => `Labels of ${n} frames`,
  },
  ko: {
    predicted: '예측',
    target: '목표',
    confidence: '확신',
    seconds: '초',
    frames: '프레임',
    at: (value: string, moment: string) => `${moment}: ${value}`,
    labelsOfSeconds: (n: number) => `${n}초의 레이블`,
    labelsOfFrames: (n: number) => `프레임 ${n}개의 레이블`,
  },
} as const;

const rowHeight = 30;
const curveHeight = 44;

/**
 *     const [{ labels, scores }] = model.predict(frames);
 *     const svg = timeline({ predicted: Array.from(labels, (k) => names[k]), target }, { title: 'a clip', rate: 25 });
 *
 * Labels get colors in the order of their first frames; a segment with room for it bears its name, and every one shows it under the pointer.
 */
export function timeline(given: Timeline, options: TimelineOptions = {}): string {
  requireKinds(
    'timeline',
    { given, options },
    {
      given: { predicted: 'texts', confidence: 'numbers?|null', target: optional(['text|null']) },
      options: {
        title: 'text?',
        rate: 'number?|null',
        width: 'number?',
        labels: optional(['text']),
        language: 'text?',
      },
    },
  );
  const { predicted, confidence = null, target = null } = given;
  const who = 'timeline';
  checkOptions(who, options, ['title', 'rate', 'width', 'labels', 'language']);
  const { title = '', rate = null, width = 440, labels = [], language = 'en' } = options;
  requireLanguage(who, language);
  const text = texts[language];
  if (predicted.length === 0)
    throw new OptionError(who, 'predicted', 'expected a label for one frame or more, got none');
  for (const [name, list] of Object.entries({ confidence, target })) {
    if (list) requireOneEach(who, name, list, `${predicted.length} frames`, predicted.length);
  }
  const rows = [
    { name: text.predicted, labels: predicted as readonly (string | null)[] },
    ...(target ? [{ name: text.target, labels: target }] : []),
  ];
  const shades = shadesOf([labels, ...rows.map((row) => row.labels)]);
  const head = titleOf(title, width);
  const [left, right] = [timelineMargins.left, width - timelineMargins.right];
  const x = (t: number) => round(left + ((right - left) * t) / predicted.length);
  let y = head.bottom + 6;
  const parts: string[] = [];
  if (confidence) {
    const height = (p: number) => round(y + curveHeight * (1 - p));
    const points = Array.from(predicted, (_, t) => [round((x(t) + x(t + 1)) / 2), height(confidence[t])] as const);
    parts.push(
      `<path class="grid" d="M${left} ${height(0)}H${right}M${left} ${height(1)}H${right}"/>`,
      `<text class="small quiet" x="${left - 6}" y="${height(1) + 8}" text-anchor="end">${text.confidence}</text>`,
      `<path class="line s0" d="${path(points)}"/>`,
      ...Array.from(predicted, (name, t) => {
        const value = `${name} ${confidence[t].toFixed(2)}`;
        return `<rect x="${x(t)}" y="${y}" width="${round(x(t + 1) - x(t))}" height="${curveHeight}" fill-opacity="0"><title>${escapeXml(text.at(value, moment(t, rate)))}</title></rect>`;
      }),
    );
    y += curveHeight + 10;
  }
  for (const { name, labels } of rows) {
    parts.push(`<text class="quiet" x="${left - 6}" y="${y + 19}" text-anchor="end">${name}</text>`);
    for (const segment of segmentsOf(labels))
      parts.push(stretch(segment, shades.get(segment.label) as Shade, x, y, rate));
    y += rowHeight + 2;
  }
  parts.push(axis(predicted.length, rate, x, y + 13, rate ? text.seconds : text.frames));
  return image(
    {
      width,
      height: y + 22,
      label:
        title ||
        (rate ? text.labelsOfSeconds(round(predicted.length / rate, 1)) : text.labelsOfFrames(predicted.length)),
    },
    [head.svg, ...parts],
  );
}

const moment = (t: number, rate: number | null) => (rate ? `${round(t / rate)} s` : `${t}`);

/**
 * The colors of a page's labels, for timelines that are drawn with the same `labels`.
 *
 *     const labels = ['still', 'left', 'right'];
 *     const page = timelineLegend(labels) + clips.map((clip) => timeline(clip, { labels })).join('');
 */
export function timelineLegend(
  labels: readonly string[],
  options: Pick<TimelineOptions, 'title' | 'width'> = {},
): string {
  requireKinds(
    'timelineLegend',
    { labels, options },
    { labels: 'texts', options: { title: 'text?', width: 'number?' } },
  );
  checkOptions('timelineLegend', options, ['title', 'width']);
  const { title = 'Labels', width = 440 } = options;
  const shades = shadesOf([labels]);
  let [x, y] = [12, 8];
  const parts = [...shades].map(([label, { color, opacity }]) => {
    const room = 34 + textWidth(label);
    if (x > 12 && x + room - 14 > width) [x, y] = [12, y + 20];
    const [at, left] = [round(x), round(x + 20)];
    x += room;
    return `<rect class="f${color}" x="${at}" y="${y}" width="14" height="12" rx="2" fill-opacity="${opacity}"/><text x="${left}" y="${y + 11}">${escapeXml(label)}</text>`;
  });
  return image({ width, height: y + 20, label: `${title}: ${[...shades.keys()].join(', ')}` }, parts);
}

interface Shade {
  readonly color: number;
  readonly opacity: number;
}

/** Six colors, then the same ones fainter: labels that follow each other are never alike. */
function shadesOf(rows: readonly (readonly (string | null)[])[]): Map<string, Shade> {
  const names = [...new Set(rows.flat())].filter((label): label is string => label !== null);
  return new Map(names.map((label, k) => [label, { color: k % 6, opacity: [0.8, 0.45, 0.25][Math.floor(k / 6) % 3] }]));
}

function stretch(
  { label, start, end }: TimelineSegment,
  shade: Shade,
  x: (t: number) => number,
  y: number,
  rate: number | null,
) {
  const at = (t: number) => moment(t, rate);
  const [from, width] = [x(start), round(x(end) - x(start))];
  const name = escapeXml(label);
  const room = textWidth(label, 11) + 4 <= width;
  const text = room
    ? `<text class="small${shade.opacity > 0.7 ? ' on' : ''}" x="${round(from + width / 2)}" y="${y + 19}" text-anchor="middle" pointer-events="none">${name}</text>`
    : '';
  return `<rect class="f${shade.color}" x="${from}" y="${y}" width="${Math.max(0.5, round(width - 0.5))}" height="${rowHeight - 2}" rx="2" fill-opacity="${shade.opacity}"><title>${name}: ${at(start)} – ${at(end)}</title></rect>${text}`;
}

function axis(frames: number, rate: number | null, x: (t: number) => number, y: number, unit: string): string {
  const total = rate ? frames / rate : frames;
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((s) => total / s <= 8) ?? total;
  const marks = [`<text class="small quiet" x="${x(0) - 6}" y="${y}" text-anchor="end">${unit}</text>`];
  for (let v = 0; v <= total + 1e-9; v += step) {
    const at = x(rate ? v * rate : v);
    const end = total - v < step / 4 ? 'end' : 'middle';
    marks.push(
      `<text class="small quiet" x="${at}" y="${y}" text-anchor="${v === 0 ? 'start' : end}">${round(v, 1)}</text>`,
    );
  }
  return marks.join('');
}
