// Attention maps of a caption: the image once as it is, and once for every word, darkened except for the regions that the word
// attends to. An SVG as a string that embeds the image, and a page of such with predicted captions and references.

import { requireKinds, shown as inWords } from '../checks.ts';
import type { RawImage } from '../data/images.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { imageUrl } from './png.ts';

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
  requireKinds(
    'imageAttention',
    { imageAttentionOf, options },
    { imageAttentionOf: { words: 'texts', weights: 'lists', map: 'list?' }, options: 'object' },
  );
  const { image, words, weights, map } = imageAttentionOf;
  const who = 'imageAttention';
  checkOptions(who, options, ['title', 'size', 'columns']);
  const { title = '', size = 112, columns = 6 } = options;
  if (!(typeof size === 'number' && size >= 16))
    throw new OptionError(who, 'size', `expected at least 16 pixels, got ${size}`);
  if (!(Number.isInteger(columns) && columns > 0))
    throw new OptionError(who, 'columns', `expected a whole number from 1, got ${inWords(columns)}`);
  if (weights.length !== words.length)
    throw new OptionError(who, 'weights', `expected a row for each of ${words.length} words, got ${weights.length}`);
  const R = weights[0]?.length ?? 0;
  const [rows, across] = map ?? [Math.round(Math.sqrt(R)), Math.round(Math.sqrt(R))];
  for (const [t, row] of weights.entries())
    if (row.length !== rows * across)
      throw new OptionError(
        who,
        'weights',
        `row ${t}: expected one for each of ${rows} × ${across} regions, got ${row.length}`,
      );
  const height = Math.round((size * image.height) / image.width);
  const href = 'href' in image ? image.href : imageUrl(image);
  const top = title ? line + 4 : 4;
  const place = (k: number) => [
    4 + (k % columns) * (size + gap),
    top + Math.floor(k / columns) * (height + line + gap),
  ];
  const tiles = words.map((word, t) => {
    const [x, y] = place(t + 1);
    const most = Math.max(1e-12, ...Array.from(weights[t]));
    const shades = Array.from(weights[t], (weight, i) => {
      const [r, c] = [Math.floor(i / across), i % across];
      // Half a region over the edge, so that the blur does not lighten it.
      const [x0, y0] = [c === 0 ? -0.5 : c, r === 0 ? -0.5 : r];
      const [x1, y1] = [c === across - 1 ? c + 1.5 : c + 1, r === rows - 1 ? r + 1.5 : r + 1];
      const at = `x="${round((x0 * size) / across)}" y="${round((y0 * height) / rows)}" width="${round(((x1 - x0) * size) / across)}" height="${round(((y1 - y0) * height) / rows)}"`;
      return `<rect ${at} fill-opacity="${round(0.82 * (1 - Math.max(0, weight) / most))}"/>`;
    });
    const peak = `${word}: at most ${most.toFixed(2)} in one region`;
    return `<g transform="translate(${x} ${y})"><title>${escape(peak)}</title><use href="#image"/><g clip-path="url(#frame)"><g filter="url(#soft)">${shades.join('')}</g></g><text x="${size / 2}" y="${height + 17}" text-anchor="middle">${escape(shorten(word, size))}</text></g>`;
  });
  const shown = words.length + 1;
  const width = 8 + Math.min(shown, columns) * (size + gap) - gap;
  const total = top + Math.ceil(shown / columns) * (height + line + gap);
  const [x, y] = place(0);
  const name = title || words.join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" aria-label="${escape(name)}">
<style>
text { font: 13px system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif; fill: #1f2328 } .title { font-weight: 600 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
</style>
<defs>
<image id="image" width="${size}" height="${height}" preserveAspectRatio="none" href="${href}"/>
<clipPath id="frame"><rect width="${size}" height="${height}"/></clipPath>
<filter id="soft" x="-0.5" y="-0.5" width="2" height="2"><feGaussianBlur stdDeviation="${round(size / across / 4)}"/></filter>
</defs>
${title ? `<text class="title" x="4" y="17">${escape(title)}</text>\n` : ''}<use href="#image" transform="translate(${x} ${y})"/>
${tiles.join('\n')}
</svg>
`;
}

/** A captioned image for a page. */
export interface CaptionFigure {
  readonly caption: string;
  /** The figure: `imageAttention`, or the image alone. */
  readonly svg: string;
  /** Reference captions. Default: none. */
  readonly references?: readonly string[];
  /** Name of the image. Default: none. */
  readonly name?: string;
}

/** A self-contained page: every image with its predicted caption, its references, and the attention maps of its words. */
export function captionPage(title: string, figures: readonly CaptionFigure[], about = ''): string {
  requireKinds('captionPage', { title, figures, about }, { title: 'text', figures: 'objects', about: 'text' });
  const articles = figures.map(({ caption, svg, references = [], name = '' }, n) => {
    const right = references.includes(caption);
    const mark =
      references.length === 0 ? '' : `<span class="${right ? 'right' : 'other'}">${right ? '✓' : '≠'}</span> `;
    const list = references.map((text) => `<li>${escape(text)}</li>`).join('');
    return `<article>
<h2>${mark}${escape(caption || '(nothing)')}</h2>${name ? `\n<p class="name">${escape(name)}</p>` : ''}
<div class="tiles">${ownNames(svg, n)}</div>${list ? `\n<details><summary>${references.length} written by people</summary><ul>${list}</ul></details>` : ''}
</article>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1f2328; background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.05rem; margin: 0 0 .3rem } .about, .name, summary { color: #59636e }
.name { margin: 0 0 .4rem; font-size: .85rem } article { border-top: 1px solid #d1d9e0; padding: 1rem 0 }
.tiles { overflow-x: auto } .right { color: #1a7f37 } .other { color: #9a6700 }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 } article { border-color: #3d444d } .about, .name, summary { color: #9198a1 } .right { color: #3fb950 } .other { color: #d29922 } }
</style>
<h1>${escape(title)}</h1>
${about ? `<p class="about">${escape(about)}</p>\n` : ''}${articles.join('\n')}
</html>
`;
}

/** Ids inside an SVG are global to the page: each figure gets its own. */
function ownNames(svg: string, n: number): string {
  return svg.replace(/(id="|href="#|url\(#)(image|frame|soft)/g, `$1$2-${n}`);
}

const round = (v: number): string => `${Math.round(v * 1000) / 1000}`;

/** About as many characters as fit. */
function shorten(word: string, size: number): string {
  const most = Math.max(3, Math.floor(size / 7.2));
  const letters = Array.from(word);
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : word;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
