// A page of predictions for images and video: a card for each, in a grid.

import { deflateSync } from 'node:zlib';
import { escapeXml, imageUrl, timelineMargins } from 'unrolled/analysis';
import type { RawImage } from 'unrolled/data';
import { htmlPage } from './page.ts';

export interface Card {
  /** One image, or the frames of a clip. */
  readonly images: readonly RawImage[];
  /** In bold. */
  readonly title: string;
  readonly right: boolean;
  /** The most probable labels, as bars. */
  readonly predicted: readonly (readonly [what: string, probability: number])[];
  /** Below: the target where the prediction differs, what the question-only baseline answers. */
  readonly notes: readonly string[];
  /** A timeline to stand under the images, which are frames of even parts of its time. */
  readonly svg?: string;
}

export interface CardPage {
  readonly title: string;
  /** Under the title, a paragraph each. */
  readonly lines: readonly string[];
  readonly cards: readonly Card[];
  /** Height of the images on the page. Default 160. */
  readonly height?: number;
  /** An SVG with what the colors of all cards mean. */
  readonly legend?: string;
}

const { left, right } = timelineMargins;
const drawn = 440; // pixels of a timeline's width

const style = (height: number, wide: boolean) => `
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --line: #d0d7de; --bar: #1f63c6; --right: #1a7f37; --wrong: #cf222e; --soft: #59636e }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #3d444d; --bar: #79b0ff; --right: #3fb950; --wrong: #f85149; --soft: #9198a1 } }
* { box-sizing: border-box }
body { font: 15px/1.45 system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif; margin: 1rem auto; max-width: 76rem; padding: 0 1rem; color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
h1 { font-size: 1.4rem; margin: 0 0 .3rem } p { margin: .2rem 0; color: var(--soft) } svg { display: block; max-width: 100%; height: auto }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, ${wide ? 24 : 15}rem), 1fr)); gap: 1rem; margin-top: 1.2rem }
article { border: 1px solid var(--line); border-radius: 8px; padding: .8rem; min-width: 0 }
.images { display: flex; flex-wrap: wrap; gap: 2px } img { height: ${height}px; max-width: 100%; object-fit: contain; image-rendering: pixelated; border-radius: 4px; display: block }
.timed { display: flex; max-width: ${drawn}px; padding: 0 ${percent(right)} 0 ${percent(left)} } .timed img { flex: 1 1 0; min-width: 0; width: 0; height: auto; border-radius: 0 }
.timed + svg { width: 100%; max-width: ${drawn}px }
h2 { font-size: 1rem; margin: .6rem 0 .3rem } .right { color: var(--right) } .wrong { color: var(--wrong) }
.scores { display: grid; grid-template-columns: minmax(0, max-content) minmax(3rem, 1fr) 2.6rem; gap: .15rem .5rem; align-items: center; font-size: .85rem }
.scores i { display: block; height: .6rem; border-radius: 3px; background: var(--bar) } .scores b { font-weight: 400; text-align: right; color: var(--soft) }
article p { font-size: .85rem }
`;

/** Part of a timeline's width, as CSS has it. */
function percent(pixels: number): string {
  return `${((100 * pixels) / drawn).toFixed(3)}%`;
}

export function cardPage({ title, lines, cards, height = 160, legend = '' }: CardPage): string {
  const body = `<header><h1>${escapeXml(title)}</h1>
${lines.map((line) => `<p>${escapeXml(line)}</p>`).join('\n')}${legend}</header>
<main>
${cards.map(cardOf).join('\n')}
</main>`;
  const wide = cards.some((card) => card.images.length > 1);
  return htmlPage({ title, style: style(height, wide), body });
}

function cardOf({ images, title, right, predicted, notes, svg = '' }: Card): string {
  const bars = predicted.map(
    ([what, p]) =>
      `<span>${escapeXml(what)}</span><i style="width:${Math.max(1, Math.round(p * 100))}%"></i><b>${p.toFixed(2)}</b>`,
  );
  return `<article><div class="${svg ? 'timed' : 'images'}">${images.map((image) => `<img alt="" src="${imageUrl(image, deflateSync)}">`).join('')}</div>${svg}
<h2><span class="${right ? 'right' : 'wrong'}">${right ? '✓' : '✗'}</span> ${escapeXml(title)}</h2>
<div class="scores">${bars.join('')}</div>
${notes.map((note) => `<p>${escapeXml(note)}</p>`).join('')}</article>`;
}
