// `unrolled lesson <name>`: a question, a guess, an experiment of at most a minute, and what it shows.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { OptionError, suggest } from 'unrolled';
import { escapeXml, lineChart } from 'unrolled/analysis';
import {
  type Lesson,
  lessonHtml,
  type LessonLanguage,
  type LessonReport,
  lessons,
  lessonStyle,
  lessonTerms,
} from 'unrolled/lessons';
import type { CommandSpec } from '../command-line/program.ts';
import { lessonOptions } from '../command-line/tables.ts';
import { findingLines, introductionLines } from '../lessons/lines.ts';
import { htmlPage } from '../pages/page.ts';
import { invoked } from '../installed.ts';
import { languageOf } from '../language/index.ts';
import { type SafeOutput, stderr, stdout, styleFor, table } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { chooseBackend } from './compute.ts';

const names = lessons.map(({ name }) => name);

export const lesson: CommandSpec<typeof lessonOptions> = {
  name: 'lesson',
  summary: 'a course on recurrent networks in experiments of at most a minute each',
  args: [['[name]', `${names.join(', ')} (default: a list)`]],
  options: lessonOptions,
  examples: [
    'unrolled lesson vanish',
    'unrolled lesson unrolled --out unrolled.html --lang ko',
    'unrolled lesson --all --out course/',
  ],
  async run(values, [name]) {
    const language: LessonLanguage = values.lang ?? languageOf(process.env);
    if (values.all) {
      if (name !== undefined) throw new OptionError('lesson', '--all', `runs every lesson; leave out ${name}`);
      if (values.out === null || /\.(html|svg)$/.test(values.out))
        throw new OptionError('lesson', '--all', 'writes a page for each lesson; give its folder with --out');
      await chooseBackend(values);
      return writeCourse(values.out, language, values.quiet);
    }
    if (name === undefined) return list(language, values.json);
    const found = lessons.find((l) => l.name === name);
    if (!found) throw new OptionError('lesson', name, `there is no such lesson; ${suggest(name, names)}`);
    if (values.out !== null && !/\.(html|svg)$/.test(values.out))
      throw new OptionError('lesson', '--out', `expected a file that ends in .html or .svg, got ${values.out}`);
    await chooseBackend(values);
    const screen = { style: styleFor(process.stdout), width: Math.min(100, process.stdout.columns ?? 80) };
    const print = (lines: readonly string[]) => {
      if (!values.json) for (const line of lines) stdout.write(`${line}\n`);
    };
    print(introductionLines(found.introduction(language), screen));
    const begun = performance.now();
    const measured = await found.measure({
      onProgress: progressOn(stderr, values.quiet, found.introduction(language).title),
    });
    const seconds = (performance.now() - begun) / 1000;
    const report = found.tell(measured, language);
    print(findingLines(report, screen));
    print([screen.style.dim(`${lessonTerms[language].measuredIn(seconds)}${nextLine(found, language)}`)]);
    if (values.out !== null)
      writeFile(values.out, values.out.endsWith('.svg') ? imageOf(report) : pageOf(report, found, () => null));
    return { lesson: found.name, seconds, ...measured };
  },
};

function list(language: LessonLanguage, json: boolean): object {
  const rows = lessons.map((l, k) => ({ name: l.name, title: l.introduction(language).title, number: k + 1 }));
  if (!json) {
    stdout.write(`${styleFor(process.stdout).bold(lessonTerms[language].series)}\n\n`);
    for (const line of table(rows.map(({ name, title, number }) => [number, name, title]))) stdout.write(`${line}\n`);
    stdout.write(`\n${styleFor(process.stdout).dim(`${invoked()} lesson ${rows[0].name}`)}\n`);
  }
  return { lessons: rows };
}

const titled = (of: Lesson | undefined, language: LessonLanguage) =>
  of ? { name: of.name, title: of.introduction(language).title } : null;

function nextLine(current: Lesson, language: LessonLanguage): string {
  const next = titled(lessons[lessons.indexOf(current) + 1], language);
  return next ? ` · ${lessonTerms[language].next}: ${invoked()} lesson ${next.name} (${next.title})` : '';
}

function pageOf(report: LessonReport, current: Lesson, href: (name: string) => string | null): string {
  const at = lessons.indexOf(current);
  const body = lessonHtml(report, {
    href,
    previous: titled(lessons[at - 1], report.language),
    next: titled(lessons[at + 1], report.language),
  });
  return htmlPage({ title: report.title, lang: report.language, style: lessonStyle, body: `<main>${body}</main>` });
}

/** A page for every lesson, linked to each other, and a page with the list. */
async function writeCourse(folder: string, language: LessonLanguage, quiet: boolean): Promise<object> {
  mkdirSync(folder, { recursive: true });
  const href = (name: string) => `${name}.html`;
  const written: { name: string; seconds: number }[] = [];
  for (const one of lessons) {
    const begun = performance.now();
    const { title } = one.introduction(language);
    const report = one.tell(await one.measure({ onProgress: progressOn(stderr, quiet, title) }), language);
    writeFile(join(folder, href(one.name)), pageOf(report, one, href));
    written.push({ name: one.name, seconds: (performance.now() - begun) / 1000 });
    if (!quiet)
      stderr.write(
        `${join(folder, href(one.name))}  ${lessonTerms[language].measuredIn(written[written.length - 1].seconds)}\n`,
      );
  }
  const entries = lessons.map((one) => {
    const { title, question } = one.introduction(language);
    return `<li><a href="${href(one.name)}">${escapeXml(title)}</a><p>${escapeXml(question)}</p></li>`;
  });
  const { series } = lessonTerms[language];
  const body = `<main><h1>${escapeXml(series)}</h1>\n<ol class="lessons">${entries.join('\n')}</ol></main>`;
  writeFile(join(folder, 'index.html'), htmlPage({ title: series, lang: language, style: lessonStyle, body }));
  return { folder, lessons: written };
}

function imageOf({ figures }: LessonReport): string {
  const chart = figures.find((f) => f.kind === 'chart');
  if (chart?.kind !== 'chart') throw new OptionError('lesson', '--out', 'this lesson has no chart; ask for .html');
  return lineChart(chart.chart);
}

/** How far it is, on a terminal only. */
function progressOn(output: SafeOutput, quiet: boolean, title: string): (part: number) => Promise<void> {
  let last = 0;
  return async (part) => {
    const now = performance.now();
    if (!quiet && output.isTTY && now - last > 100) {
      last = now;
      output.rewrite(part < 1 ? `${title} … ${Math.round(part * 100)} %` : '');
    }
    if (!quiet && output.isTTY && part >= 1) output.rewrite('');
    await new Promise((resolve) => setImmediate(resolve));
  };
}
