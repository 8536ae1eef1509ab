// A report as one page: what was found in words on top, then a figure and a sentence for each.

import { escapeXml } from 'unrolled/analysis';
import { htmlPage } from '../pages/page.ts';
import { cellViewerScript } from './cell-viewer.ts';
import { pageStyle } from './page-style.ts';
import type { Figure, InspectSource, Section } from './source.ts';
import { t } from '../language/index.ts';

export function htmlReport(source: InspectSource, sections: readonly Section[]): string {
  const title = t`Inspection of ${source.path}`;
  const figure = ({ html, caption, wide }: Figure) =>
    `<figure${wide ? ' class="whole"' : ''}>${html}<figcaption>${escapeXml(caption)}</figcaption></figure>`;
  const summary = sections.flatMap(({ id, title: name, headline }) =>
    headline ? [`<li><a href="#${id}">${escapeXml(name)}</a> ${escapeXml(headline)}</li>`] : [],
  );
  const body = sections.map(
    ({ id, title: name, sentences, figures }) => `<section id="${id}"><h2>${escapeXml(name)}</h2>
<ul class="says">${sentences.map((s) => `<li>${escapeXml(s)}</li>`).join('')}</ul>
<div class="figures">${figures().map(figure).join('\n')}</div></section>`,
  );
  const html = `<header><h1>${escapeXml(title)}</h1>
<dl>${source.about.map(([what, text]) => `<div><dt>${escapeXml(what)}</dt><dd>${escapeXml(text)}</dd></div>`).join('')}</dl></header>
<main>
<section id="summary"><h2>${t('Summary')}</h2><ul class="summary">${summary.join('\n')}</ul></section>
${body.join('\n')}
</main>
<script>${cellViewerScript}</script>`;
  return htmlPage({ title, style: pageStyle, body: html });
}
