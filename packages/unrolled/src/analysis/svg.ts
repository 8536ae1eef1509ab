// What all plots share. An SVG is text, so that it works in Node, in a page and in a test; it needs no other file, follows the reader's light or
// dark scheme, and is narrow enough (440 units) that its labels can be read when a telephone shows it 360 pixels wide.

import { requireKinds } from '../checks.ts';

/** The font size of labels, in units of the image. */
export const fontSize = 13;

/** Number of series colors: classes s0, s1, … for lines, f0, f1, … for areas and dots. */
export const colorCount = 6;

// Okabe and Ito's color-blind safe palette, and lighter colors for dark pages.
const light = ['#0072b2', '#d55e00', '#009e73', '#aa4499', '#9a6b00', '#555555'];
const dark = ['#6cb6ff', '#ff9a5c', '#3fd6a8', '#e6a3d2', '#f0c04a', '#b8c0c8'];

const colored = (colors: readonly string[]) =>
  colors.map((c, k) => `.s${k} { stroke: ${c} } .f${k} { fill: ${c} }`).join(' ');

const style = `<style>
text { font: ${fontSize}px system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px } .small { font-size: 11px } .quiet { fill: #59636e } .on { fill: #fff } .halo { paint-order: stroke; stroke: #fff; stroke-width: 3px; stroke-linejoin: round }
.page { fill: #fff } .line { fill: none; stroke-width: 2; stroke-linejoin: round } .dashes { stroke-dasharray: 6 4 } .area { fill-opacity: .18 }
.w { fill: #1f63c6 } .warm { fill: #c2410c } .grid { fill: none; stroke: #1f2328; stroke-opacity: .14 } .mark { fill: none; stroke: #1f2328; stroke-opacity: .5; stroke-dasharray: 3 3 }
${colored(light)}
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .quiet { fill: #9aa4af } .on { fill: #0d1117 } .page { fill: #0d1117 } .halo { stroke: #0d1117 } .w { fill: #79b0ff } .warm { fill: #ff9a5c } .grid, .mark { stroke: #e6edf3 } ${colored(dark)} }
</style>`;

/** An SVG of these parts; `label` is its description for screen readers. */
export function image(
  { width, height, label }: { readonly width: number; readonly height: number; readonly label: string },
  parts: readonly (string | false | null | undefined)[],
): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${escapeXml(label)}">
${style}
<rect class="page" width="${w}" height="${h}"/>
${parts.filter(Boolean).join('\n')}
</svg>
`;
}

/** Text as XML or HTML: in elements and in quoted attributes. */
export function escapeXml(text: string): string {
  requireKinds('escapeXml', { text }, { text: 'text' });
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function round(v: number, digits = 2): number {
  const scale = 10 ** digits;
  return Math.round(v * scale) / scale;
}

/** Makes invisible characters visible. */
export function visible(token: string): string {
  if (token === '') return '∅';
  return token.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

const wide = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Extended_Pictographic}]/u;

/** Estimates the width of a text. */
export function textWidth(text: string, size = fontSize): number {
  return Array.from(text).reduce((sum, c) => sum + size * (wide.test(c) ? 1 : /[A-Zmw@%]/.test(c) ? 0.78 : 0.58), 0);
}

/** Wraps a text into lines about `width` wide. */
export function wrapText(text: string, width: number, size = fontSize): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A title, wrapped if needed, and the y at which the plot begins. */
export function titleOf(title: string, width: number): { readonly svg: string; readonly bottom: number } {
  if (!title) return { svg: '', bottom: 8 };
  const lines = wrapText(title, width - 24, 15);
  const svg = lines.map((l, k) => `<text class="title" x="12" y="${22 + 19 * k}">${escapeXml(l)}</text>`).join('\n');
  return { svg, bottom: 10 + 19 * lines.length + 6 };
}

/** A path through points; one that is not finite interrupts the line. */
export function path(points: readonly (readonly [x: number, y: number])[]): string {
  let d = '';
  let down = false;
  for (const [px, py] of points) {
    const finite = Number.isFinite(px) && Number.isFinite(py);
    if (finite) d += `${down ? 'L' : 'M'}${px} ${py}`;
    down = finite;
  }
  return d;
}

/** About `count` round numbers that reach from below `low` to above `high`: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count: number): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const [from, to] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: Math.max(2, to - from + 1) }, (_, k) => (from + k) * step);
}

/** Formats a tick with as many digits as the step between ticks needs. */
export function tickLabel(value: number, step: number): string {
  return value.toFixed(Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9))));
}

/** Formats 10⁻³ and the like, for logarithmic axes. */
export function powerLabel(exponent: number): string {
  if (exponent === 0) return '1';
  if (exponent === 1) return '10';
  const digits = Array.from(String(exponent), (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('');
  return `10${digits}`;
}

export interface LegendEntry {
  readonly name: string;
  /** Class of a palette color. */
  readonly color: number;
  readonly kind: 'line' | 'dashes' | 'area' | 'dots';
}

/** A legend: entries side by side from `left`, in as many rows as they need before `right`; the first stands at height `y`. */
export function legend(
  entries: readonly LegendEntry[],
  left: number,
  right: number,
  y: number,
): { readonly svg: string; readonly bottom: number } {
  let [x, row] = [left, y];
  const parts = entries.map(({ name, color, kind }) => {
    const width = 38 + textWidth(name);
    if (x > left && x + width - 14 > right) [x, row] = [left, row + 18];
    const at = round(x);
    const mark = {
      line: `<line class="line s${color}" x1="${at}" x2="${at + 18}" y1="${row - 4}" y2="${row - 4}"/>`,
      dashes: `<line class="line dashes s${color}" x1="${at}" x2="${at + 18}" y1="${row - 4}" y2="${row - 4}"/>`,
      area: `<rect class="area f${color}" x="${at}" y="${row - 9}" width="18" height="10"/>`,
      dots: `<circle class="f${color}" cx="${at + 9}" cy="${row - 4}" r="3.5"/>`,
    }[kind];
    x += width;
    return `${mark}<text x="${round(at + 23)}" y="${row}">${escapeXml(name)}</text>`;
  });
  return { svg: parts.join('\n'), bottom: entries.length > 0 ? row + 6 : y - 12 };
}

/** The plot area of an image. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A value axis on the left with a grid line at each tick. */
export function valueAxis(
  box: Box,
  at: readonly (readonly [value: number, label: string])[],
  y: (v: number) => number,
) {
  return at
    .map(
      ([v, label]) =>
        `<line class="grid" x1="${box.left}" x2="${box.right}" y1="${y(v)}" y2="${y(v)}"/><text class="quiet" x="${box.left - 8}" y="${y(v) + 4}" text-anchor="end">${escapeXml(label)}</text>`,
    )
    .join('\n');
}

/** Labels below the plot area. */
export function stepAxis(box: Box, at: readonly (readonly [value: number, label: string])[], x: (v: number) => number) {
  return at
    .map(
      ([v, label]) =>
        `<text class="quiet" x="${x(v)}" y="${box.bottom + 17}" text-anchor="middle">${escapeXml(label)}</text>`,
    )
    .join('\n');
}
