// An attention map: a column for every source position, a row for every output token, and the deeper the
// color, the more attention the row pays. An SVG as a string: it needs no page, follows the reader's light or dark scheme, and shows
// each cell's value under the pointer.

import { requireKinds, requireOneEach, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { escapeXml, fontSize, image, round, textWidth, visible } from './svg.ts';

/** Options of `attentionMap`. */
export interface AttentionMapOptions {
  /** Title above the map. Default: none. */
  readonly title?: string;
  /** Height and width of a cell in pixels. Default 26. */
  readonly cell?: number;
  /** Whether to write the weights, in hundredths, into the cells that have room for them. Default false. */
  readonly numbers?: boolean;
}

/** Source tokens, output tokens, and for each output token its attention weights over the source. */
export interface AttentionMapInput {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly ArrayLike<number>[];
}

const gap = 8;

/**
 *     const [best] = model.translate([source.encode('ein Hund')])[0];
 *     const svg = attentionMap({ source: ['ein', 'Hund'], target: ['a', 'dog', '</s>'], weights: best.attention });
 */
export function attentionMap(attentionOf: AttentionMapInput, options: AttentionMapOptions = {}): string {
  requireKinds(
    'attentionMap',
    { attentionOf, options },
    {
      attentionOf: { source: 'texts', target: 'texts', weights: ['numbers'] },
      options: { title: 'text?', numbers: 'flag?' },
    },
  );
  const { source, target, weights } = attentionOf;
  const who = 'attentionMap';
  checkOptions(who, options, ['title', 'cell', 'numbers']);
  const { title = '', cell = 26, numbers = false } = options;
  if (!(typeof cell === 'number' && cell >= 4))
    throw new OptionError(who, 'cell', `expected at least 4 pixels, got ${shown(cell)}`);
  requireOneEach(who, 'weights', weights, `${target.length} target tokens`, target.length);
  for (const [t, row] of weights.entries())
    requireOneEach(who, 'weights', row, `${source.length} source tokens`, source.length, `row ${t}: `);
  const [columns, rows] = [source.map(visible), target.map(visible)];
  const [widest, longest] = [
    Math.max(0, ...rows.map((l) => textWidth(l))),
    Math.max(0, ...columns.map((l) => textWidth(l))),
  ];
  const slanted = longest > cell - 4;
  const left = Math.ceil(widest) + gap + 8;
  const head = title ? fontSize + 18 : 8;
  const top = head + (slanted ? Math.ceil(longest * Math.SQRT1_2) + fontSize : fontSize + gap);
  const [width, height] = [source.length * cell, target.length * cell];
  // A slanted label leans out over the columns to its right.
  const lean = columns.map((label, s) => (s + 0.5) * cell + textWidth(label) * Math.SQRT1_2 + 4);
  const right = Math.max(
    width + 12,
    slanted ? Math.max(...lean) : 0,
    title ? textWidth(title, 15) * 1.05 - left + 12 : 0,
  );
  const [totalWidth, totalHeight] = [Math.ceil(left + right), top + height + 40];

  const cells = rows.flatMap((predicted, t) =>
    columns.map((read, s) => {
      const weight = weights[t][s];
      const depth = Math.min(1, Math.max(0, weight));
      const at = `x="${left + s * cell}" y="${top + t * cell}" width="${cell}" height="${cell}"`;
      const written =
        numbers && cell >= 20 && depth >= 0.005 ? number(left + (s + 0.5) * cell, top + (t + 0.5) * cell, depth) : '';
      return `<rect class="w" ${at} fill-opacity="${round(depth, 3)}"><title>${escapeXml(`${read} → ${predicted}: ${weight.toFixed(3)}`)}</title></rect>${written}`;
    }),
  );
  const grid = [
    ...Array.from({ length: target.length + 1 }, (_, t) => `M${left} ${top + t * cell}h${width}`),
    ...Array.from({ length: source.length + 1 }, (_, s) => `M${left + s * cell} ${top}v${height}`),
  ].join('');
  const columnLabels = columns.map((label, s) => {
    const [x, y] = [left + (s + 0.5) * cell, top - gap];
    return slanted
      ? `<text transform="translate(${x + 4} ${y}) rotate(-45)">${escapeXml(label)}</text>`
      : `<text x="${x}" y="${y}" text-anchor="middle">${escapeXml(label)}</text>`;
  });
  const rowLabels = rows.map(
    (label, t) =>
      `<text x="${left - gap}" y="${top + (t + 0.5) * cell}" text-anchor="end" dominant-baseline="central">${escapeXml(label)}</text>`,
  );
  const name = title || `Attention: ${source.length} tokens read, ${target.length} written`;
  return image({ width: totalWidth, height: totalHeight, label: name }, [
    title && `<text class="title" x="8" y="${fontSize + 5}">${escapeXml(title)}</text>`,
    ...cells,
    `<path class="grid" d="${grid}"/>`,
    ...columnLabels,
    ...rowLabels,
    legend(left, top + height + 14, Math.max(60, Math.min(width, 120))),
  ]);
}

/** Color scale from 0 to 1, under the map. */
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
