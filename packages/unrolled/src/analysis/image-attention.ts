// What a captioner attends to at each of its words: the image once as it is, and once for every word, dark but for the regions of the attention
// map. An SVG as a string that holds the image, and a small image of each map: SVG's own blur costs a renderer on the CPU 0.2 s a map.

import { requireKinds, shown as inWords, requireOneEach } from '../checks.ts';
import type { RawImage } from '../data/images.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { grayAlphaUrl, imageUrl } from './png.ts';
import { escapeXml } from './svg.ts';

/** One caption with an attention map for each word. */
export interface ImageAttentionInput {
  /** The image's bytes, or its URL and size in pixels. */
  readonly image: RawImage | { readonly href: string; readonly width: number; readonly height: number };
  /** Predicted words, the end token included if it has weights. */
  readonly words: readonly string[];
  /** For each word, its attention weights over the regions, row by row. */
  readonly weights: readonly ArrayLike<number>[];
  /** Rows and columns of regions. Default: a square grid. */
  readonly map?: readonly [rows: number, columns: number];
}

/** Options of `imageAttention`. */
export interface ImageAttentionOptions {
  /** Title above the figure. Default: none. */
  readonly title?: string;
  /** Width of one image in pixels. Default 112. */
  readonly size?: number;
  /** Images in a row of the figure. Default 6. */
  readonly columns?: number;
}

const line = 24; // the height of a word
const gap = 8;

/**
 *     const [best] = model.caption(images, { beams: 5 })[0];
 *     const words = [...best.ids].map((id) => tokenizer.token(id)).concat('</s>');
 *     const svg = imageAttention({ image, words, weights: best.attention });
 */
export function imageAttention(imageAttentionOf: ImageAttentionInput, options: ImageAttentionOptions = {}): string {
  const { title, columns, size, height, source, tiles } = prepared('imageAttention', imageAttentionOf, options);
  const top = title ? line + 4 : 4;
  const place = (k: number) =>
    `translate(${4 + (k % columns) * (size + gap)} ${top + Math.floor(k / columns) * (height + line + gap)})`;
  const width = 8 + Math.min(tiles.length, columns) * (size + gap) - gap;
  const total = top + Math.ceil(tiles.length / columns) * (height + line + gap);
  const name = title || imageAttentionOf.words.join(' ');
  return `${openSvg(width, total, name)}
${style}
<defs>
${source}
</defs>
${title ? `<text class="title" x="4" y="17">${escapeXml(title)}</text>\n` : ''}${tiles.map(({ svg }, k) => `<g transform="${place(k)}">${svg}</g>`).join('\n')}
</svg>
`;
}

/**
 * The same figure in pieces, for a page that lets them flow into as many columns as there is room for: an SVG for the image as it is, and one for each
 * word. They belong into one HTML page, inline and in this order: the first holds the image that all of them show.
 */
export function imageAttentionTiles(
  imageAttentionOf: ImageAttentionInput,
  options: Pick<ImageAttentionOptions, 'size'> = {},
): string[] {
  const { size, height, source, tiles } = prepared('imageAttentionTiles', imageAttentionOf, options);
  return tiles.map(({ name, svg }, k) => {
    const defs = k === 0 ? `${style}<defs>${source}</defs>` : '';
    return `${openSvg(size, height + line, name)}${defs}${svg}</svg>`;
  });
}

const style = `<style>
text { font: 13px system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif; fill: #1f2328 } .title { font-weight: 600 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
</style>`;

const openSvg = (width: number, height: number, name: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(name)}">`;

/** The parts of a figure: the image, and a tile for it and for each word. */
function prepared(who: string, imageAttentionOf: ImageAttentionInput, options: ImageAttentionOptions) {
  requireKinds(
    who,
    { imageAttentionOf, options },
    {
      imageAttentionOf: {
        image: { width: 'number', height: 'number', href: 'text?' },
        words: 'texts',
        weights: ['numbers'],
        map: 'numbers?',
      },
      options: { title: 'text?' },
    },
  );
  const { image, words, weights, map } = imageAttentionOf;
  checkOptions(who, options, ['title', 'size', 'columns']);
  const { title = '', size = 112, columns = 6 } = options;
  if (!(typeof size === 'number' && size >= 16))
    throw new OptionError(who, 'size', `expected at least 16 pixels, got ${inWords(size)}`);
  if (!(Number.isInteger(columns) && columns > 0))
    throw new OptionError(who, 'columns', `expected a whole number from 1, got ${inWords(columns)}`);
  requireOneEach(who, 'weights', weights, `${words.length} words`, words.length);
  const R = weights[0]?.length ?? 0;
  const [rows, across] = map ?? [Math.round(Math.sqrt(R)), Math.round(Math.sqrt(R))];
  for (const [t, row] of weights.entries())
    requireOneEach(who, 'weights', row, `${rows} × ${across} regions`, rows * across, `row ${t}: `);
  const height = Math.round((size * image.height) / image.width);
  const href = 'href' in image ? image.href : imageUrl(image);
  const whole = '<use href="#image"/>';
  const attended = words.map((word, t) => {
    const most = Math.max(1e-12, ...Array.from(weights[t]));
    const peak = `${word}: at most ${most.toFixed(2)} in one region`;
    const shaded = `<image width="${size}" height="${height}" preserveAspectRatio="none" href="${shade(weights[t], rows, across, most)}"/>`;
    const under = `<text x="${size / 2}" y="${height + 17}" text-anchor="middle">${escapeXml(shorten(word, size))}</text>`;
    return { name: peak, svg: `<title>${escapeXml(peak)}</title>${whole}${shaded}${under}` };
  });
  return {
    title,
    columns,
    size,
    height,
    source: `<image id="image" width="${size}" height="${height}" preserveAspectRatio="none" href="${href}"/>`,
    tiles: [{ name: 'the image', svg: whole }, ...attended],
  };
}

const perRegion = 4; // samples of a shade along each side of a region

/** How dark the image is where a word attends little: black pixels, whose opacity is interpolated between the centers of the regions. */
function shade(weights: ArrayLike<number>, rows: number, columns: number, most: number): string {
  const [height, width] = [rows * perRegion, columns * perRegion];
  const data = new Uint8Array(height * width * 2);
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = between(y, rows);
    for (let x = 0; x < width; x++) {
      const [left, right, along] = between(x, columns);
      const at = (r: number, c: number): number => Math.max(0, weights[r * columns + c]);
      const upper = at(top, left) * (1 - along) + at(top, right) * along;
      const lower = at(bottom, left) * (1 - along) + at(bottom, right) * along;
      const weight = upper * (1 - down) + lower * down;
      data[2 * (y * width + x) + 1] = Math.round(255 * 0.82 * (1 - weight / most));
    }
  }
  return grayAlphaUrl({ width, height, data });
}

/** The two regions whose centers a sample lies between, and how far it is from the first to the second. At the border they are the same. */
function between(sample: number, regions: number): [first: number, second: number, fraction: number] {
  const position = Math.min(regions - 1, Math.max(0, (sample + 0.5) / perRegion - 0.5));
  const first = Math.floor(position);
  return [first, Math.min(first + 1, regions - 1), position - first];
}

/** About as many characters as fit. */
function shorten(word: string, size: number): string {
  const most = Math.max(3, Math.floor(size / 7.2));
  const letters = Array.from(word);
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : word;
}
