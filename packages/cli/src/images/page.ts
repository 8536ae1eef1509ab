// A page that shows what a model said of images and video: a card for each, in a grid, without any other file.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFile } from '../write-file.ts';

export interface Card {
  /** `dataUri` of each image: one, or the frames of a clip. */
  readonly images: readonly string[];
  /** In bold. */
  readonly title: string;
  readonly right: boolean;
  /** What was said, and how surely: bars. */
  readonly predicted: readonly (readonly [what: string, probability: number])[];
  /** Below: the truth where it was missed, what would have been said without looking. */
  readonly notes: readonly string[];
  /** An SVG to stand under the images. */
  readonly svg?: string;
}

export interface Page {
  readonly title: string;
  /** Under the title, a paragraph each. */
  readonly lines: readonly string[];
  readonly cards: readonly Card[];
  /** Height of the images on the page. Default 160. */
  readonly height?: number;
}

/** Writes it into a run's folder, which is made if need be, and returns its path. */
export function writePage(path: string, page: Page): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFile(path, pageOf(page), { named: 'data' }); // a run's own page
  return path;
}

export function pageOf({ title, lines, cards, height = 160 }: Page): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; --line: #d0d7de; --bar: #1f63c6; --right: #1a7f37; --wrong: #cf222e; --soft: #59636e }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --bar: #79b0ff; --right: #3fb950; --wrong: #f85149; --soft: #9198a1 } }
body { font: 15px/1.45 system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }
h1 { font-size: 1.4rem; margin: 0 0 .3rem } p { margin: .2rem 0; color: var(--soft) }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(${cards.some((c) => c.images.length > 1) ? 24 : 15}rem, 1fr)); gap: 1rem; margin-top: 1.2rem }
article { border: 1px solid var(--line); border-radius: 8px; padding: .8rem; overflow: hidden }
.video { display: flex; gap: 2px; overflow-x: auto } img { height: ${height}px; image-rendering: pixelated; border-radius: 4px; display: block }
h2 { font-size: 1rem; margin: .6rem 0 .3rem } .right { color: var(--right) } .wrong { color: var(--wrong) }
.said { display: grid; grid-template-columns: minmax(4.5rem, max-content) 1fr 2.6rem; gap: .15rem .5rem; align-items: center; font-size: .85rem }
.said i { display: block; height: .6rem; border-radius: 3px; background: var(--bar) } .said b { font-weight: 400; text-align: right; color: var(--soft) }
article p { font-size: .85rem } svg { max-width: 100%; height: auto }
</style></head><body>
<h1>${escape(title)}</h1>
${lines.map((line) => `<p>${escape(line)}</p>`).join('\n')}
<main>
${cards.map(cardOf).join('\n')}
</main></body></html>
`;
}

function cardOf({ images, title, right, predicted, notes, svg = '' }: Card): string {
  const bars = predicted.map(
    ([what, p]) =>
      `<span>${escape(what)}</span><i style="width:${Math.max(1, Math.round(p * 100))}%"></i><b>${p.toFixed(2)}</b>`,
  );
  return `<article><div class="video">${images.map((src) => `<img alt="" src="${src}">`).join('')}</div>${svg}
<h2><span class="${right ? 'right' : 'wrong'}">${right ? '✓' : '✗'}</span> ${escape(title)}</h2>
<div class="said">${bars.join('')}</div>
${notes.map((note) => `<p>${escape(note)}</p>`).join('')}</article>`;
}

export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
