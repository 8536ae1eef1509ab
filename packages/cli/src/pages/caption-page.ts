// A page of captions with their attention maps.

import { escapeXml } from 'unrolled/analysis';
import { htmlPage } from './page.ts';

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1f2328; background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.05rem; margin: 0 0 .3rem } .about, .name, summary { color: #59636e }
.name { margin: 0 0 .4rem; font-size: .85rem } article { border-top: 1px solid #d1d9e0; padding: 1rem 0 }
.tiles { overflow-x: auto } .right { color: #1a7f37 } .other { color: #9a6700 }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 } article { border-color: #3d444d } .about, .name, summary { color: #9198a1 } .right { color: #3fb950 } .other { color: #d29922 } }
`;

/** An image with its caption, for a page. */
export interface CaptionFigure {
  readonly caption: string;
  /** The drawing: `imageAttention`, or the image alone. */
  readonly svg: string;
  /** Reference captions. Default: none are known. */
  readonly references?: readonly string[];
  /** Its name. Default: none. */
  readonly name?: string;
}

/** A page of images, each with its predicted caption, the references, and the attention map of each word. */
export function captionPage(title: string, figures: readonly CaptionFigure[], about = ''): string {
  const articles = figures.map(({ caption, svg, references = [], name = '' }, n) => {
    const right = references.includes(caption);
    const mark =
      references.length === 0 ? '' : `<span class="${right ? 'right' : 'other'}">${right ? '✓' : '≠'}</span> `;
    const wanted = references.map((text) => `<li>${escapeXml(text)}</li>`).join('');
    return `<article>
<h2>${mark}${escapeXml(caption || '(empty)')}</h2>${name ? `\n<p class="name">${escapeXml(name)}</p>` : ''}
<div class="tiles">${ownNames(svg, n)}</div>${wanted ? `\n<details><summary>${references.length} references</summary><ul>${wanted}</ul></details>` : ''}
</article>`;
  });
  const body = `<h1>${escapeXml(title)}</h1>
${about ? `<p class="about">${escapeXml(about)}</p>\n` : ''}${articles.join('\n')}`;
  return htmlPage({ title, style, body });
}

/** Names inside of a drawing are the page's: each drawing gets its own. */
function ownNames(svg: string, n: number): string {
  return svg.replace(/(id="|href="#)image/g, `$1image-${n}`);
}
