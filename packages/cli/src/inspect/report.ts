// A report as one file: what was found in words on top, then a figure and a sentence for each. No other file, no network, light and dark, and
// narrow enough for a telephone.

import { cellViewerScript } from './cell-viewer.ts';
import { escapeHtml } from './html.ts';
import { pageStyle } from './page-style.ts';
import type { Figure, InspectSource, Section } from './source.ts';

export function htmlReport(source: InspectSource, sections: readonly Section[]): string {
  const title = `Inspection of ${source.path}`;
  const figure = ({ html, caption, wide }: Figure) =>
    `<figure${wide ? ' class="whole"' : ''}>${html}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
  const summary = sections.flatMap(({ id, title: name, headline }) =>
    headline ? [`<li><a href="#${id}">${escapeHtml(name)}</a> ${escapeHtml(headline)}</li>`] : [],
  );
  const body = sections.map(
    ({ id, title: name, sentences, figures }) => `<section id="${id}"><h2>${escapeHtml(name)}</h2>
<ul class="says">${sentences.map((s) => `<li>${escapeHtml(s)}</li>`).join('')}</ul>
<div class="figures">${figures.map(figure).join('\n')}</div></section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="unrolled">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
<header><h1>${escapeHtml(title)}</h1>
<dl>${source.about.map(([what, text]) => `<div><dt>${escapeHtml(what)}</dt><dd>${escapeHtml(text)}</dd></div>`).join('')}</dl></header>
<main>
<section id="summary"><h2>Summary</h2><ul class="summary">${summary.join('\n')}</ul></section>
${body.join('\n')}
</main>
<script>${cellViewerScript}</script>
</html>
`;
}
