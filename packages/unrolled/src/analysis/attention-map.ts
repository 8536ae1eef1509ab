// Where a model looked, as a picture: a column for every position of the source, a row for every symbol that was written, and the deeper the
// colour, the more of the row's attention. An SVG as a string: it needs no page to be made, follows the reader's light or dark scheme, and names
// each cell's number under the pointer.

import { checkOptions, OptionError } from '../errors.ts';

export interface AttentionMapOptions {
  /** Above the picture. Default: none. */
  readonly title?: string;
  /** Height and width of a cell in pixels. Default 26. */
  readonly cell?: number;
  /** Writes the numbers, in hundredths, into the cells that have room for them. Default false. */
  readonly numbers?: boolean;
}

/** Tokens that were read and written, and for each that was written the weights over those that were read. */
export interface AttentionOf {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly ArrayLike<number>[];
}

const fontSize = 13;
const gap = 8;

/**
 *     const [best] = model.translate([source.encode('ein Hund')])[0];
 *     const svg = attentionMap({ source: ['ein', 'Hund'], target: ['a', 'dog', '</s>'], weights: best.attention });
 */
export function attentionMap({ source, target, weights }: AttentionOf, options: AttentionMapOptions = {}): string {
  const who = 'attentionMap';
  checkOptions(who, options, ['title', 'cell', 'numbers']);
  const { title = '', cell = 26, numbers = false } = options;
  if (!(cell >= 4)) throw new OptionError(who, 'cell', `expected at least 4 pixels, got ${cell}`);
  if (weights.length !== target.length)
    throw new OptionError(
      who,
      'weights',
      `expected a row for each of ${target.length} target tokens, got ${weights.length}`,
    );
  for (const [t, row] of weights.entries()) {
    if (row.length !== source.length)
      throw new OptionError(
        who,
        'weights',
        `row ${t}: expected one for each of ${source.length} source tokens, got ${row.length}`,
      );
  }
  const [columns, rows] = [source.map(visible), target.map(visible)];
  const [widest, longest] = [Math.max(0, ...rows.map(textWidth)), Math.max(0, ...columns.map(textWidth))];
  const slanted = longest > cell - 4;
  const left = Math.ceil(widest) + gap + 8;
  const head = title ? fontSize + 18 : 8;
  const top = head + (slanted ? Math.ceil(longest * Math.SQRT1_2) + fontSize : fontSize + gap);
  const [width, height] = [source.length * cell, target.length * cell];
  // A slanted label leans out over the columns to its right.
  const lean = columns.map((label, s) => (s + 0.5) * cell + textWidth(label) * Math.SQRT1_2 + 4);
  const right = Math.max(width + 12, slanted ? Math.max(...lean) : 0, title ? textWidth(title) * 1.1 - left + 12 : 0);
  const [totalWidth, totalHeight] = [Math.ceil(left + right), top + height + 40];

  const cells = rows.flatMap((said, t) =>
    columns.map((read, s) => {
      const weight = weights[t][s];
      const depth = Math.min(1, Math.max(0, weight));
      const at = `x="${left + s * cell}" y="${top + t * cell}" width="${cell}" height="${cell}"`;
      const written =
        numbers && cell >= 20 && depth >= 0.005 ? number(left + (s + 0.5) * cell, top + (t + 0.5) * cell, depth) : '';
      return `<rect class="w" ${at} fill-opacity="${round(depth)}"><title>${escape(`${read} → ${said}: ${weight.toFixed(3)}`)}</title></rect>${written}`;
    }),
  );
  const grid = [
    ...Array.from({ length: target.length + 1 }, (_, t) => `M${left} ${top + t * cell}h${width}`),
    ...Array.from({ length: source.length + 1 }, (_, s) => `M${left + s * cell} ${top}v${height}`),
  ].join('');
  const columnLabels = columns.map((label, s) => {
    const [x, y] = [left + (s + 0.5) * cell, top - gap];
    return slanted
      ? `<text transform="translate(${x + 4} ${y}) rotate(-45)">${escape(label)}</text>`
      : `<text x="${x}" y="${y}" text-anchor="middle">${escape(label)}</text>`;
  });
  const rowLabels = rows.map(
    (label, t) =>
      `<text x="${left - gap}" y="${top + (t + 0.5) * cell}" text-anchor="end" dominant-baseline="central">${escape(label)}</text>`,
  );
  const name = title || `Attention: ${source.length} tokens read, ${target.length} written`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${totalWidth}" height="${totalHeight}" viewBox="0 0 ${totalWidth} ${totalHeight}" role="img" aria-label="${escape(name)}">
<style>
text { font: ${fontSize}px system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif; fill: #1f2328 }
.title { font-weight: 600 } .small { font-size: 10px } .on { fill: #fff }
.w { fill: #1f63c6 } .grid { fill: none; stroke: #1f2328; stroke-opacity: .14 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .on { fill: #0d1117 } .w { fill: #79b0ff } .grid { stroke: #e6edf3 } }
</style>
${title ? `<text class="title" x="8" y="${fontSize + 5}">${escape(title)}</text>\n` : ''}${cells.join('\n')}
<path class="grid" d="${grid}"/>
${[...columnLabels, ...rowLabels].join('\n')}
${legend(left, top + height + 14, Math.max(60, Math.min(width, 120)))}
</svg>
`;
}

/** From nothing to all, under the picture. */
function legend(x: number, y: number, width: number): string {
  const steps = 12;
  const step = width / steps;
  const boxes = Array.from(
    { length: steps },
    (_, i) =>
      `<rect class="w" x="${round(x + i * step)}" y="${y}" width="${round(step)}" height="8" fill-opacity="${round((i + 0.5) / steps)}"/>`,
  );
  const ends = `<text class="small" x="${x}" y="${y + 20}">0</text><text class="small" x="${x + width}" y="${y + 20}" text-anchor="end">1</text>`;
  return `${boxes.join('')}<rect class="grid" x="${x}" y="${y}" width="${width}" height="8"/>${ends}`;
}

function number(x: number, y: number, depth: number): string {
  const text = Math.round(depth * 100);
  return `<text class="small${depth > 0.62 ? ' on' : ''}" x="${x}" y="${y}" text-anchor="middle" dominant-baseline="central" pointer-events="none">${text}</text>`;
}

const round = (v: number): string => `${Math.round(v * 1000) / 1000}`;

/** What cannot be seen gets a sign. */
function visible(token: string): string {
  if (token === '') return '∅';
  return token.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

const wide = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Extended_Pictographic}]/u;

/** About how many pixels a label takes. */
function textWidth(text: string): number {
  return Array.from(text).reduce(
    (sum, c) => sum + fontSize * (wide.test(c) ? 1 : /[A-Zmw@%]/.test(c) ? 0.78 : 0.58),
    0,
  );
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
