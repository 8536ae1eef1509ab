// A lesson as HTML: what stands between <body> and </body>. It needs no script, and no other file.

import { lineChart } from '../analysis/index.ts';
import { escapeXml } from '../analysis/svg.ts';
import { requireKinds } from '../checks.ts';
import { drawBars } from './draw/bars.ts';
import { drawGrids } from './draw/grids.ts';
import { drawImages } from './draw/images.ts';
import { drawTree } from './draw/tree.ts';
import { drawUnrolled } from './draw/unrolled.ts';
import type { LessonFigure, TableFigure } from './figures.ts';
import type { LessonReport } from './lesson.ts';
import { grouped } from './numbers.ts';
import { proseHtml, svgWithScripts } from './prose.ts';
import { lessonTerms } from './words/common.ts';

/** The style sheet of `lessonHtml`. */
export const lessonStyle = `:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --rule: #d1d9e0; --ground: #f6f8fa; --link: #0969da }
* { box-sizing: border-box } body { margin: 0 auto; max-width: 46rem; padding: 1rem; font: 1rem/1.6 system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif; background: #fff; color: var(--ink); word-break: keep-all; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.3; margin: .3rem 0 .8rem } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem }
p { margin: .5rem 0 } .series { color: var(--quiet); font-size: .9rem; margin: 0 } a { color: var(--link) } .predict ol { margin: .3rem 0 0; padding-left: 1.6rem } .predict p { margin: 0 } .predict { padding: .6rem .8rem; background: var(--ground); border-left: 3px solid var(--link); border-radius: 0 6px 6px 0 }
svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: 1rem 0 } .wide { overflow-x: auto; margin: .8rem 0 } .wide svg { margin: 0; max-width: 100% } sub, sup { line-height: 0 }
table { border-collapse: collapse } td, th { padding: .3rem .9rem .3rem 0; text-align: left; border-bottom: 1px solid var(--rule); white-space: nowrap } th { color: var(--quiet); font-weight: 500 } .long { white-space: normal; min-width: 10rem } th.long { min-width: 6.5rem } .number { font-variant-numeric: tabular-nums; text-align: right }
pre { overflow-x: auto; padding: .6rem; background: var(--ground); border-radius: 6px; font-size: .85rem; line-height: 1.45; margin: .4rem 0 } code { font-size: .9em }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; margin-top: 1.6rem; padding-top: .8rem; border-top: 1px solid var(--rule) } ol.lessons { padding-left: 1.6rem } ol.lessons p { margin: 0 0 .6rem; color: var(--quiet) }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9aa4af; --rule: #3d444d; --ground: #151b23; --link: #6cb6ff } body { background: #0d1117 } }`;

/** Options of `lessonHtml`. */
export interface LessonHtmlOptions {
  /** Address of another lesson's page. Default: the command that shows it. */
  readonly href?: (name: string) => string | null;
  /** The lessons before and after this one, by name and title. */
  readonly previous?: { readonly name: string; readonly title: string } | null;
  readonly next?: { readonly name: string; readonly title: string } | null;
}

/**
 * A lesson's question, figures and conclusions as HTML, in the language it was told in.
 *
 *     const lesson = lessons[1];
 *     page.innerHTML = lessonHtml(lesson.tell(await lesson.measure(), 'ko'));
 */
export function lessonHtml(report: LessonReport, options: LessonHtmlOptions = {}): string {
  requireKinds(
    'lessonHtml',
    { report, options },
    { report: { title: 'text', question: 'text', language: 'text' }, options: 'object' },
  );
  const t = lessonTerms[report.language];
  const { href = () => null, previous = null, next = null } = options;
  const paragraphs = (lines: readonly string[]) => lines.map((line) => `<p>${proseHtml(line)}</p>`).join('\n');
  const link = (to: { readonly name: string; readonly title: string }, label: string) => {
    const address = href(to.name);
    const title = `${label}: ${to.title}`;
    return address === null
      ? `<span>${escapeXml(title)} <code>npx unrolled lesson ${escapeXml(to.name)}</code></span>`
      : `<a href="${escapeXml(address)}">${escapeXml(title)}</a>`;
  };
  const home = href('index');
  return `<p class="series">${home === null ? escapeXml(t.series) : `<a href="${escapeXml(home)}">${escapeXml(t.series)}</a>`}</p>
<h1>${escapeXml(report.title)}</h1>
<p>${proseHtml(report.question)}</p>
<div class="predict"><p><strong>${escapeXml(t.prediction)}</strong> ${proseHtml(report.prediction)}</p>
<ol type="a">${report.choices.map((choice) => `<li>${proseHtml(choice)}</li>`).join('')}</ol></div>
<h2>${escapeXml(t.experiment)}</h2>
<p>${proseHtml(report.experiment)}</p>
${report.figures.map(figureHtml).join('\n')}
<h2>${escapeXml(t.shows)}</h2>
<p><strong>${escapeXml(t.answer)}</strong> ${proseHtml(report.choices[report.answer] ?? '')}</p>
${paragraphs(report.shows)}
<h2>${escapeXml(t.limits)}</h2>
${paragraphs(report.limits)}
${report.commands.length > 0 ? `<h2>${escapeXml(t.commands)}</h2>\n<pre tabindex="0">${escapeXml(report.commands.join('\n'))}</pre>` : ''}
<nav>${[previous && link(previous, t.previous), next && link(next, t.next)].filter(Boolean).join('\n')}</nav>`;
}

/** One figure as SVG or HTML. */
function figureHtml(figure: LessonFigure): string {
  switch (figure.kind) {
    case 'table':
      return tableHtml(figure);
    case 'chart':
      return svgWithScripts(lineChart(figure.chart));
    case 'text':
      return `${headingOf(figure.title)}<pre tabindex="0">${escapeXml(figure.lines.join('\n'))}</pre>`;
    case 'bars':
      return svgWithScripts(drawBars(figure));
    case 'grids':
      return svgWithScripts(drawGrids(figure));
    case 'unrolled':
      return wide(svgWithScripts(drawUnrolled(figure)));
    case 'tree':
      return wide(drawTree(figure));
    case 'images':
      return drawImages(figure);
    default:
      return figure satisfies never;
  }
}

const headingOf = (title: string | undefined) => (title ? `<h3>${proseHtml(title)}</h3>` : '');

/** An image that may be wider than a telephone keeps letters that can be read, and is moved sideways. */
function wide(svg: string): string {
  const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
  return `<div class="wide" tabindex="0">${svg.replace('<svg ', `<svg style="width:${Math.round(width * 1.15)}px;min-width:${Math.round(width * 0.75)}px" `)}</div>`;
}

const numeric = /^[−-]?[\d.,]+(×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(\s%)?$/;

/** Letters from which on a cell may break into lines. */
const longCell = 24;

const longHeading = 12;

const classOf = (names: readonly (string | false)[]) => {
  const given = names.filter(Boolean).join(' ');
  return given === '' ? '' : ` class="${given}"`;
};

function tableHtml({ title, header, rows }: TableFigure): string {
  const textOf = (value: string | number) => (typeof value === 'number' ? grouped(value) : value);
  const cell = (value: string | number) => {
    const text = textOf(value);
    const kind = numeric.test(text) ? ' class="number"' : text.length > longCell ? ' class="long"' : '';
    return `<td${kind}>${proseHtml(text)}</td>`;
  };
  const isNumber = (column: number) => rows.every((row) => numeric.test(textOf(row[column])));
  const head = header
    .map((text, k) =>
      text === ''
        ? '<td></td>'
        : `<th scope="col"${classOf([isNumber(k) && 'number', text.length > longHeading && 'long'])}>${proseHtml(text)}</th>`,
    )
    .join('');
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `${headingOf(title)}<div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead>\n<tbody>${body}</tbody></table></div>`;
}
