// `unrolled lesson <name>`: an experiment of at most a minute, with figures at the end.

import { OptionError, suggest } from 'unrolled';
import { lineChart } from 'unrolled/analysis';
import type { CommandSpec } from '../command-line/program.ts';
import { lessonOptions } from '../command-line/tables.ts';
import { lessons } from '../lessons/index.ts';
import type { Told } from '../lessons/lesson.ts';
import { pageOf } from '../lessons/page.ts';
import { linesOf } from '../lessons/show.ts';
import { en } from '../lessons/texts/en.ts';
import { ko } from '../lessons/texts/ko.ts';
import { type SafeOutput, stderr, stdout, styleFor, table } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { chooseBackend } from './compute.ts';

const texts = { en, ko } as const;

/** What the terminal's locale asks for. */
export function languageOf(environment: NodeJS.ProcessEnv): 'en' | 'ko' {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^ko/i.test(locale) ? 'ko' : 'en';
}

export const lesson: CommandSpec<typeof lessonOptions> = {
  name: 'lesson',
  summary: 'run a short experiment on why recurrent networks are hard to train and what helps',
  args: [['[name]', `${lessons.map(({ name }) => name).join(', ')} (default: a list)`]],
  options: lessonOptions,
  examples: ['unrolled lesson vanish', 'unrolled lesson clip --out clip.html', 'unrolled lesson hello --lang ko'],
  async run(values, [name]) {
    const lang = (values.lang ?? languageOf(process.env)) as 'en' | 'ko';
    const words = texts[lang];
    const style = styleFor(process.stdout);
    if (name === undefined) {
      const list = lessons.map((l) => [l.name, words.lessons[l.name].title] as const);
      if (!values.json) for (const line of table(list)) stdout.write(`${line}\n`);
      return { lessons: list.map(([known, title]) => ({ name: known, title })) };
    }
    const found = lessons.find((l) => l.name === name);
    if (!found)
      throw new OptionError(
        'lesson',
        name,
        `there is no such lesson; ${suggest(
          name,
          lessons.map((l) => l.name),
        )}`,
      );
    if (values.out !== null && !/\.(html|svg)$/.test(values.out))
      throw new OptionError('lesson', '--out', `expected a file that ends in .html or .svg, got ${values.out}`);
    await chooseBackend(values);
    const begun = performance.now();
    const told = await found.run(words, progressOn(stderr, values.quiet, words.lessons[found.name].title));
    if (values.out !== null)
      writeFile(values.out, values.out.endsWith('.svg') ? imageOf(told) : pageOf(told, words, lang));
    if (!values.json) {
      const width = Math.min(100, process.stdout.columns ?? 80);
      for (const line of linesOf(told, words, { style, width })) stdout.write(`${line}\n`);
      stdout.write(`${style.dim(words.common.measuredIn((performance.now() - begun) / 1000))}\n`);
    }
    return { lesson: found.name, ...told.values };
  },
};

function imageOf({ figures }: Told): string {
  const chart = figures.find((f) => f.kind === 'chart');
  if (chart?.kind !== 'chart') throw new OptionError('lesson', '--out', 'this lesson has no image; ask for .html');
  return lineChart(chart.chart);
}

/** How far it is, on a terminal only: a lesson says nothing else until its end. */
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
