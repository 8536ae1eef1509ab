// What was read as elements, an `<i>` for every step: tokens of a text, words beside their image, frames of a clip, or the cells of a strip below the
// curves of a series. They are made by hand, as they are colored: thousands of them change at once.

import type { RawImage } from 'unrolled/data';
import { rangeOf } from '../../charts/scales.ts';
import type { Opened, Passage } from '../../reading/protocol.ts';
import { brief, minus } from '../../words/numbers.ts';
import { words } from './words.ts';

/** How steps are laid out. */
export type Layout = 'text' | 'tokens' | 'frames' | 'series';

export const layoutOf = ({ kind, frames, series }: Opened): Layout =>
  frames ? 'frames' : series ? 'series' : kind === 'text' ? 'text' : 'tokens';

/** Writes what was read, passage by passage, and returns the elements of the steps. */
export function fill(box: HTMLElement | null, open: Opened): readonly HTMLElement[] {
  const { kind, symbols, passages } = open;
  const layout = layoutOf(open);
  const steps = symbols.map((symbol, n) => {
    const step = document.createElement('i');
    step.dataset.n = String(n);
    if (layout === 'frames' && open.frames) step.append(canvasOf(open.frames[n]));
    else if (layout !== 'series') step.textContent = kind === 'text' && symbol === '\n' ? '↵\n' : symbol;
    return step;
  });
  if (layout === 'text') box?.replaceChildren(...steps);
  else box?.replaceChildren(...passages.map((passage) => lineOf(open, passage, steps.slice(passage.from, passage.to))));
  return steps;
}

function lineOf(open: Opened, passage: Passage, steps: readonly HTMLElement[]): HTMLElement {
  const line = document.createElement('div');
  const verdict = document.createElement('small');
  verdict.textContent = verdictOf(open.kind, passage);
  if (open.series) {
    line.className = 'series';
    const strip = document.createElement('div');
    strip.className = 'strip';
    strip.append(...steps);
    line.append(...curvesOf(open, passage), strip, verdict);
  } else if (passage.image) {
    line.className = 'with-image';
    const text = document.createElement('span');
    text.append(...steps, verdict);
    line.append(canvasOf(passage.image), text);
  } else line.append(...steps, verdict);
  return line;
}

/** What the network made of a passage: `✓ yes`, or `✗ yes (no)` where it should be no. What it writes stands in the passage itself. */
function verdictOf(kind: Opened['kind'], { target, output }: Passage): string {
  const shown = kind === 'translation' || kind === 'caption' ? '' : (output ?? '');
  if (target === null) return shown;
  return target === output ? `✓ ${shown}` : `✗ ${shown} (${target})`;
}

/** Pixels as they are; the page enlarges them. */
function canvasOf({ width, height, data }: RawImage): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  const pixels = context?.createImageData(width, height);
  if (context && pixels) {
    for (let k = 0; k < width * height; k++)
      pixels.data.set([data[3 * k], data[3 * k + 1], data[3 * k + 2], 255], 4 * k);
    context.putImageData(pixels, 0, 0);
  }
  return canvas;
}

const [shownColumns, shownKnown, height] = [4, 2, 100];
const svg = 'http://www.w3.org/2000/svg';

/** The curves of a passage over its strip, and what they are: those of a forecast over common units, all other columns each over its own. */
function curvesOf({ series }: Opened, { from, to }: Passage): Element[] {
  const w = words.value;
  if (!series) return [];
  const part = (values: readonly number[]) => values.slice(from, to);
  const { forecast, names, columns, known } = series;
  const own = (from: number, count: number): Curve[] =>
    names.slice(from, from + count).map((name, c) => ({
      name,
      values: part(columns[from + c]),
      look: forecast ? 'series-4 key-dashes' : `series-${c + 1} ${c % 2 === 1 ? 'key-dashes' : 'key-line'}`,
    }));
  const common: Curve[] = forecast
    ? [
        { name: names[0], values: part(columns[0]), look: 'series-5 key-line' },
        { name: w.forecast.values, values: part(forecast.values), look: 'series-2 key-line' },
        { name: w.forecast.low, values: part(forecast.low), look: 'series-1 key-dashes' },
        { name: w.forecast.high, values: part(forecast.high), look: 'series-1 key-dashes' },
      ]
    : [];
  const others = forecast ? own(names.length - known, Math.min(known, shownKnown)) : own(0, shownColumns);
  const finite = (curves: readonly Curve[]) => curves.flatMap(({ values }) => values).filter((v) => Number.isFinite(v));
  const units = finite(common);
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', `0 0 ${to - from} ${height}`);
  picture.setAttribute('preserveAspectRatio', 'none');
  picture.setAttribute('class', 'curves');
  picture.setAttribute('aria-hidden', 'true'); // the card's table has its numbers
  const legend = document.createElement('div');
  legend.className = 'legend';
  for (const line of [...common, ...others]) {
    const shared = common.includes(line);
    const all = shared ? units : finite([line]);
    const [low, high] = rangeOf(all);
    const path = document.createElementNS(svg, 'path');
    path.setAttribute('class', line.look);
    path.setAttribute('d', pathOf(line.values, low, high));
    picture.append(path);
    const name = document.createElement('span');
    name.className = `key ${line.look}`;
    name.textContent = shared ? line.name : `${line.name} ${minus(brief(low))} … ${minus(brief(high))}`;
    if (line.name !== w.forecast.high) legend.append(name);
  }
  if (units.length > 0) {
    const range = document.createElement('span');
    range.textContent = rangeOf(units).map(brief).join(' … ');
    legend.append(range);
  }
  return [picture, legend];
}

interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  readonly look: string;
}

/** A line through the middles of the steps; it begins anew behind what is not known. */
function pathOf(values: readonly number[], low: number, high: number): string {
  let path = '';
  let drawing = false;
  for (const [t, value] of values.entries()) {
    const there = Number.isFinite(value);
    const y = high > low ? 4 + (height - 8) * (1 - (value - low) / (high - low)) : height / 2;
    if (there) path += `${drawing ? 'L' : 'M'}${t + 0.5} ${y.toFixed(2)}`;
    drawing = there;
  }
  return path;
}
