// `npm run bench:regularizers`: what averaged weights, smoothed labels and augmentation are worth, each alone, next to the same run without it: the same data, steps and seed, two seeds each.
// Writes its table into docs/results.md. `npm run bench:regularizers -- sst2` measures some of the data sets and keeps the other rows.

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, cases } from './defaults/cases.ts';
import { isThere, measure } from './defaults/measure.ts';
import { keyOf, type Trial, trials } from './defaults/trials.ts';
import { writeRows } from './lib/page-table.ts';

const seeds = [1, 2];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function caseOf({ data }: Trial): Case {
  const one = cases.find(({ name }) => name === data);
  if (!one) throw new Error(`the table of defaults has no ${data}`);
  return one;
}

/** The cells of every option of a trial, by the rows' first cells. */
function measureTrial(one: Case, trial: Trial, folder: string): [key: string, cells: readonly string[]][] {
  const valuesOf = (options: string) =>
    seeds.map((seed) => measure(one, `${trial.base} --seed ${seed} ${options}`.trim().split(' '), folder).value);
  const errorOf = (values: readonly number[]) => (one.higherIsBetter ? 1 - mean(values) : mean(values));
  const without = valuesOf('');
  return trial.options.map((options) => {
    const having = valuesOf(options);
    const change = 100 * (errorOf(having) / errorOf(without) - 1);
    const better = seeds.map((_, k) => (one.higherIsBetter ? having[k] > without[k] : having[k] < without[k]));
    const all = better.every(Boolean) ? 'better' : better.some(Boolean) ? 'one of two better' : 'not better';
    const texts = [without, having].map((values) => values.map((value) => value.toFixed(4)).join(', '));
    return [keyOf(trial, options), [one.what, ...texts, `${change > 0 ? '+' : ''}${change.toFixed(1)} %, ${all}`]];
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !trials.some(({ data }) => data === name));
if (unknown !== undefined) {
  process.stderr.write(
    `bench:regularizers: there is no ${unknown}; there are ${trials.map(({ data }) => data).join(', ')}\n`,
  );
  process.exit(2);
}
const measured = new Map<string, readonly string[]>();
for (const trial of trials) {
  if (wanted.length > 0 && !wanted.includes(trial.data)) continue;
  const one = caseOf(trial);
  if (!isThere(one)) continue;
  const folder = mkdtempSync(join(tmpdir(), 'regularizers-'));
  try {
    for (const [key, cells] of measureTrial(one, trial, folder)) measured.set(key, cells);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
writeRows(
  {
    page: 'results.md',
    command: 'npm run bench:regularizers',
    machine: `${cpus()[0]?.model.trim()}, Node ${process.version}, native kernels, one thread; seeds ${seeds.join(' and ')}.`,
    header: ['data, what both have: the option', 'measure on the validation part', 'without', 'with', 'error'],
    keys: trials.flatMap((trial) => trial.options.map((options) => keyOf(trial, options))),
  },
  measured,
);
