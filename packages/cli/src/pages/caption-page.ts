// A page of captions with their attention maps.

import { escapeXml, type ImageAttentionInput, imageAttentionTiles } from 'unrolled/analysis';
import { htmlPage } from './page.ts';
import { t } from '../language/index.ts';

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif }
body { max-width: 62rem; margin: 1rem auto; padding: 0 1rem; color: #1f2328; background: #fff; overflow-wrap: anywhere }
h1 { font-size: 1.5rem } h2 { font-size: 1.05rem; margin: 0 0 .3rem } .about, .name, summary { color: #59636e }
.name { margin: 0 0 .4rem; font-size: .85rem } article { border-top: 1px solid #d1d9e0; padding: 1rem 0 }
.reference { margin: 0 0 .4rem } .tiles { display: flex; flex-wrap: wrap; gap: .3rem } .tiles svg { display: block; max-width: 100%; height: auto } .right { color: #1a7f37 } .other { color: #9a6700 }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 } article { border-color: #3d444d } .about, .name, summary { color: #9198a1 } .right { color: #3fb950 } .other { color: #d29922 } }
`;

/** An image with its caption, for a page. */
export interface CaptionFigure {
  readonly caption: string;
  /** The image, and what each word attends to in it; no words for the image alone. */
  readonly drawing: ImageAttentionInput;
  /** Reference captions. Default: none are known. */
  readonly references?: readonly string[];
  /** Its name. Default: none. */
  readonly name?: string;
}

/** A page of images, each with its predicted caption, the references, and the attention map of each word. */
export function captionPage(title: string, figures: readonly CaptionFigure[], about = ''): string {
  const articles = figures.map(({ caption, drawing, references = [], name = '' }, n) => {
    const right = references.includes(caption);
    const mark =
      references.length === 0 ? '' : `<span class="${right ? 'right' : 'other'}">${right ? '✓' : '≠'}</span> `;
    // A wrong caption has a reference beneath it; the others, and all of a right one, are a click away.
    const others = right ? references : references.slice(1);
    const [first] = right ? [] : references;
    const target = first === undefined ? '' : `\n<p class="reference">${t`Reference: ${escapeXml(first)}`}</p>`;
    return `<article>
<h2>${mark}${escapeXml(caption || t('(empty)'))}</h2>${target}${name ? `\n<p class="name">${escapeXml(name)}</p>` : ''}
<div class="tiles">${ownNames(imageAttentionTiles(drawing).join(''), n)}</div>${others.length > 0 ? `\n${detailsOf(others, right)}` : ''}
</article>`;
  });
  const body = `<header><h1>${escapeXml(title)}</h1>
${about ? `<p class="about">${escapeXml(about)}</p>\n` : ''}</header>
<main>
${articles.join('\n')}
</main>`;
  return htmlPage({ title, style, body });
}

function detailsOf(references: readonly string[], right: boolean): string {
  const n = references.length;
  const count = right
    ? n === 1
      ? t('1 reference')
      : t`${n} references`
    : n === 1
      ? t('1 more reference')
      : t`${n} more references`;
  const list = references.map((text) => `<li>${escapeXml(text)}</li>`).join('');
  return `<details><summary>${count}</summary><ul>${list}</ul></details>`;
}

/** Names inside of a drawing are the page's: each drawing gets its own. */
function ownNames(svg: string, n: number): string {
  return svg.replace(/(id="|href="#)image/g, `$1image-${n}`);
}
