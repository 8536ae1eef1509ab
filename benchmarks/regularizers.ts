// `npm run bench:regularizers`: what averaged weights and smoothed labels are worth, each alone, next to the same run without it: the same data, steps and seed, two seeds each.
// Writes its table into docs/results.md. `npm run bench:regularizers -- sst2` measures some of the data sets and keeps the other rows.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cases } from './defaults/cases.ts';
import { dataFolder, measure } from './defaults/measure.ts';
import { keyOf, type Trial, trials } from './defaults/trials.ts';
import { writeRows } from './lib/page-table.ts';

const seeds = [1, 2];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The cells of every option of a trial, by the rows' first cells. */
function measureTrial(trial: Trial): [key: string, cells: readonly string[]][] {
  const one = cases.find(({ name }) => name === trial.data);
  if (!one) throw new Error(`the table of defaults has no ${trial.data}`);
  const valuesOf = (options: string) =>
    seeds.map((seed) => {
      const folder = mkdtempSync(join(tmpdir(), 'regularizers-'));
      try {
        return measure(one, `${trial.base} --seed ${seed} ${options}`.trim().split(' '), folder).value;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
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
  const folder = cases.find(({ name }) => name === trial.data)?.folder ?? '';
  if (!existsSync(join(dataFolder, folder))) {
    process.stderr.write(`${trial.data}: ${join(dataFolder, folder)} is not there; set UNROLLED_DATA\n`);
    continue;
  }
  for (const [key, cells] of measureTrial(trial)) measured.set(key, cells);
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
