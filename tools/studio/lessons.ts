// Every lesson in the studio's page to its end, guessed wrong and guessed right: the sentences on the page are those of the library on the same experiment in
// Node, nothing goes wrong in the console, and nothing is wider than a phone.
//
//   npm run lessons:studio -- [lesson …]

import type { Page } from 'playwright-core';
import { useBackend } from 'unrolled';
import { type LessonReport, lessons } from 'unrolled/lessons';
import { missing, pageAt, Site, violations } from '../../test/studio/site.ts';

/** Text without the marks of subscripts and code, what keeps formulas together, and what a clock measured. */
const plain = (text: string) =>
  text
    .replaceAll('\u2060', '')
    .replaceAll(/[_^](\{([^}]*)\}|([\p{L}\p{N}]+))/gu, '$2$3')
    .replaceAll('`', '')
    .replaceAll(/[\d.,]+(×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?( |\u00a0)(ms|s|µs|times as fast)(?![\p{L}])/gu, '… $3')
    .replace(/(as fast, at [\d,]+ words) [\d.,]+ times/, '$1 … times');

const textsOf = async (page: Page, selector: string) =>
  (await page.locator(selector).allTextContents()).map((text) => plain(text.trim()));

interface Shown {
  readonly problems: readonly string[];
  /** From the button to the sentences. */
  readonly seconds: number;
}

/** A lesson whose guess is `choice`, and what is wrong with it. */
async function shown(site: Site, expected: LessonReport, name: string, choice: number): Promise<Shown> {
  const { page, problems } = await pageAt(await site.profile(), `${site.plain}#v=1&view=lessons&lesson=${name}`);
  const found: string[] = [];
  const same = (what: string, got: unknown, want: unknown) => {
    if (JSON.stringify(got) !== JSON.stringify(want))
      found.push(`${what}: ${JSON.stringify(got)}\n      expected ${JSON.stringify(want)}`);
  };
  await page.locator('.guess input').nth(choice).check();
  const start = performance.now();
  await page.getByRole('button', { name: 'Run the experiment' }).click();
  await page.locator('.sentences').first().waitFor({ timeout: 600_000 });
  const seconds = (performance.now() - start) / 1000;
  const verdict = choice === expected.answer ? 'That is what the experiment shows.' : 'another answer';
  const verdictShown = (await page.locator('.guess .say').textContent()) ?? '';
  if (!verdictShown.includes(verdict)) found.push(`the guess: ${verdictShown}`);
  same('sentences', await textsOf(page, '.sentences p'), [...expected.shows, ...expected.limits].map(plain));
  same('figures', await page.locator('.lesson > .lesson-figures > .card').count(), expected.figures.length);
  found.push(...(await violations(page)));
  await page.setViewportSize({ width: 360, height: 740 });
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
  if (width > 360) found.push(`it is ${width} pixels wide on a phone`);
  await page.context().close();
  return { problems: [...found, ...problems], seconds };
}

if (missing !== null) console.log(`lessons:studio: ${missing}`);
else {
  const asked = process.argv.slice(2);
  await useBackend('wasm', { threads: 1 });
  const site = await Site.open();
  try {
    for (const lesson of lessons.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
      const expected = lesson.tell(await lesson.measure(), 'en');
      for (const choice of [(expected.answer + 1) % expected.choices.length, expected.answer]) {
        const { problems, seconds } = await shown(site, expected, lesson.name, choice);
        const sign = problems.length === 0 ? '✓' : '✗';
        console.log(
          `${sign} ${lesson.name}, choice ${choice + 1} of ${expected.choices.length}, ${seconds.toFixed(1)} s`,
        );
        for (const problem of problems) console.log(`    ${problem}`);
        if (problems.length > 0) process.exitCode = 1;
      }
    }
  } finally {
    await site.close();
  }
}
