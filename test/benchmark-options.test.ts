// Benchmarks of the command line measure options that there are, and their pages show what was measured with the options of today.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cases, shellForm } from '../benchmarks/defaults/cases.ts';
import { keyOf, trials } from '../benchmarks/defaults/trials.ts';
import { settle } from '../packages/cli/src/command-line/options.ts';
import { kinds } from '../packages/cli/src/tasks.ts';

const page = readFileSync(new URL('../docs/results.md', import.meta.url), 'utf8');

/** Cells of the table that a command writes, by the first of each row. */
function tableOf(command: string): Map<string, string[]> {
  const begin = `<!-- ${command} -->`;
  expect(page).toContain(begin);
  const lines = page.slice(page.indexOf(begin), page.indexOf('<!-- end -->', page.indexOf(begin))).split('\n');
  const rows = lines.filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | '));
  return new Map(rows.slice(1).map(([key, ...cells]) => [key, cells]));
}

/** `--lr 0.1 --fresh` → { lr: '0.1', fresh: true } */
function flagsOf(options: readonly string[]): Record<string, string | boolean> {
  const flags: Record<string, string | boolean> = {};
  for (const [n, text] of options.entries()) {
    if (!text.startsWith('--')) continue;
    const value = options[n + 1];
    flags[text.slice(2)] = value === undefined || value.startsWith('--') ? true : value;
  }
  return flags;
}

function accepts(task: string, options: readonly string[]): void {
  const kind = kinds.find(({ name }) => name === task);
  expect(kind, task).toBeDefined();
  settle(`train ${task}`, kind?.options ?? {}, flagsOf(options), {});
}

describe('defaults', () => {
  test.each(cases)('$name: its options are options of the command', ({ task, length = [], tuned }) => {
    accepts(task, length);
    accepts(task, tuned);
  });

  test('every row of the page is of a case, and has its commands', () => {
    const rows = tableOf('npm run bench:defaults');
    expect(rows.size).toBeGreaterThan(0);
    for (const [name, cells] of rows) {
      const one = cases.find((of) => of.name === name);
      expect(one, name).toBeDefined();
      if (one) expect([name, ...cells.slice(-2)]).toEqual([name, `\`${shellForm(one)}\``, `\`${one.tuned.join(' ')}\``]); // biome-ignore format: one line
    }
  });
});

describe('averages and smoothed labels', () => {
  test.each(trials)('$data $base: their options are options of the command', ({ data, base, options }) => {
    const task = cases.find(({ name }) => name === data)?.task ?? '';
    for (const option of options) accepts(task, `${base} ${option}`.split(' '));
  });

  test('every row of the page is of a trial', () => {
    const keys = trials.flatMap((trial) => trial.options.map((options) => keyOf(trial, options)));
    const rows = tableOf('npm run bench:regularizers');
    expect(rows.size).toBeGreaterThan(0);
    for (const key of rows.keys()) expect(keys).toContain(key);
  });
});
