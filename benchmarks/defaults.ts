// `npm run bench:defaults`: every task with the options that it has when nobody chooses any, and with the best settings that are known, for as long, on data that are not part
// of this project (UNROLLED_DATA, see docs/results.md). Writes the table of docs/results.md. `npm run bench:defaults -- sst2 etth1` measures some of them and keeps the
// other rows.

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, cases, shellForm } from './defaults/cases.ts';
import { isThere, measure } from './defaults/measure.ts';
import { writeRows } from './lib/page-table.ts';

/** The error of a metric: what an accuracy lacks, or a loss itself. */
const errorOf = ({ higherIsBetter }: Case, value: number) => (higherIsBetter ? 1 - value : value);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What these options come to: the mean over the seeds, each of them where there are several, and how long one took. */
function outcome(one: Case, options: readonly string[], folder: string) {
  const { seeds = [1], length = [] } = one;
  const runs = seeds.map((seed) => measure(one, [...length, ...options, '--seed', String(seed)], folder));
  const values = runs.map(({ value }) => value);
  const minutes = mean(runs.map(({ seconds }) => seconds)) / 60;
  const each = seeds.length > 1 ? `${values.map((value) => value.toFixed(4)).join(', ')}; ` : '';
  const cost = `${runs[0].steps.toLocaleString('en')} steps, ${minutes.toFixed(1)} min`;
  return { value: mean(values), text: `${mean(values).toFixed(4)} (${each}${cost})` };
}

function cellsOf(one: Case, folder: string): string[] {
  const [chosen, tuned] = [[], one.tuned].map((options) => outcome(one, options, folder));
  const gap = errorOf(one, chosen.value) / errorOf(one, tuned.value) - 1;
  const percent = `${gap <= 0 ? '' : '+'}${(100 * gap).toFixed(0)} %`;
  return [one.what, chosen.text, tuned.text, percent, `\`${shellForm(one)}\``, `\`${one.tuned.join(' ')}\``];
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !cases.some((one) => one.name === name));
if (unknown !== undefined) {
  process.stderr.write(
    `bench:defaults: there is no ${unknown}; there are ${cases.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}
const measured = new Map<string, readonly string[]>();
for (const one of cases) {
  if (wanted.length > 0 && !wanted.includes(one.name)) continue;
  if (!isThere(one)) continue;
  const folder = mkdtempSync(join(tmpdir(), 'defaults-'));
  try {
    measured.set(one.name, cellsOf(one, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
writeRows(
  {
    page: 'results.md',
    command: 'npm run bench:defaults',
    machine: `${cpus()[0]?.model.trim()}, Node ${process.version}, native kernels, one thread.`,
    header: [
      'data',
      'measure on the validation part',
      'defaults',
      'tuned',
      'error of the defaults against the tuned settings’',
      'command of the defaults',
      'options of the tuned settings, after it',
    ],
    keys: cases.map(({ name }) => name),
  },
  measured,
);
