// `npm run bench:defaults`: every task with the options that it has when nobody chooses any, and with the best settings that are known, for as long, on data that are not part
// of this project (UNROLLED_DATA, see docs/results.md). Writes the table of docs/results.md. `npm run bench:defaults -- sst2 etth1` measures some of them and keeps the
// other rows.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, cases, shellForm } from './defaults/cases.ts';
import { dataFolder, measure } from './defaults/measure.ts';
import { writeRows } from './lib/page-table.ts';

/** The error of a metric: what an accuracy lacks, or a loss itself. */
const errorOf = ({ higherIsBetter }: Case, value: number) => (higherIsBetter ? 1 - value : value);

function cellsOf(one: Case, folder: string): string[] {
  const [chosen, tuned] = [[], one.tuned].map((options) => measure(one, [...(one.length ?? []), ...options], folder));
  const gap = errorOf(one, chosen.value) / errorOf(one, tuned.value) - 1;
  const texts = [chosen, tuned].map(({ value, steps }) => `${value.toFixed(4)} (${steps.toLocaleString('en')} steps)`);
  const percent = `${gap <= 0 ? '' : '+'}${(100 * gap).toFixed(0)} %`;
  return [one.what, ...texts, percent, `\`${shellForm(one)}\``, `\`${one.tuned.join(' ')}\``];
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
  if (!existsSync(join(dataFolder, one.folder))) {
    process.stderr.write(`${one.name}: ${join(dataFolder, one.folder)} is not there; set UNROLLED_DATA\n`);
    continue;
  }
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
