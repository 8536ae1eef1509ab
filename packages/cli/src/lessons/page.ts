// A lesson as a file that needs no other: its text, its tables, its images.

import { escapeXml, lineChart } from 'unrolled/analysis';
import { htmlPage } from '../pages/page.ts';
import type { Figure, Told } from './lesson.ts';
import type { Texts } from './texts/en.ts';

const style = `:root { color-scheme: light dark }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; font: 1rem/1.55 system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif; background: #fff; color: #1f2328 }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem }
svg { display: block; width: 100%; height: auto; margin: 1rem 0 }
.wide { overflow-x: auto } table { border-collapse: collapse } td, th { padding: .25rem .8rem .25rem 0; text-align: left; border-bottom: 1px solid #d1d9e0; word-break: keep-all } .number { white-space: nowrap; font-variant-numeric: tabular-nums }
@media (max-width: 30rem) { table { font-size: .85rem } td, th { padding-right: .5rem } }
pre { overflow-x: auto; padding: .6rem; background: #f6f8fa; border-radius: 6px; font-size: .85rem }
@media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3 } td, th { border-color: #3d444d } pre { background: #151b23 } }`;

export function pageOf(told: Told, texts: Texts, lang: 'en' | 'ko'): string {
  const body = `<main>
<h1>${escapeXml(told.title)}</h1>
<p>${escapeXml(told.question)}</p>
${told.figures.map(figure).join('\n')}
<h2>${escapeXml(texts.common.conclusion)}</h2>
${told.conclusion.map((line) => `<p>${escapeXml(line)}</p>`).join('\n')}
</main>`;
  return htmlPage({ title: told.title, lang, style, body });
}

function figure(f: Figure): string {
  switch (f.kind) {
    case 'chart':
      return lineChart(f.chart);
    case 'text':
      return `<pre>${escapeXml(f.lines.join('\n'))}</pre>`;
    case 'table': {
      const row = (cells: readonly (string | number)[], kind: 'th' | 'td') =>
        `<tr>${cells.map((one) => cell(one, one === '' ? 'td' : kind)).join('')}</tr>`;
      return `<div class="wide" role="group" tabindex="0" aria-label="${escapeXml(f.table.header.filter(Boolean).join(', '))}"><table>${row(f.table.header, 'th')}${f.table.rows.map((r) => row(r, 'td')).join('')}</table></div>`;
    }
    default:
      return f satisfies never;
  }
}

const cell = (content: string | number, tag: 'th' | 'td') =>
  `<${tag}${isNumber(content) ? ' class="number"' : ''}>${escapeXml(String(content))}</${tag}>`;

/** One number, or an arrow between two signs: what is not broken over lines. */
const isNumber = (cell: string | number): boolean => /^[-+−]?[\d.,]+(e[-+]?\d+)?( %)?$|^\S+ → \S+$/i.test(String(cell));
