// `npm run bench:defaults`: every task with the options that it has when nobody chooses any, and with the best settings that are known, on data that are not part
// of this project (UNROLLED_DATA, see docs/results.md). Writes the table of docs/results.md. `npm run bench:defaults -- sst2 etth1` measures some of them and keeps the
// other rows.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { budgetOf, type Case, cases, shellForm } from './defaults/cases.ts';

const page = new URL('../docs/results.md', import.meta.url);
const [begin, end] = ['<!-- npm run bench:defaults -->', '<!-- end -->'];
const command = new URL('../packages/cli/bin/unrolled.js', import.meta.url).pathname;
const data = process.env.UNROLLED_DATA ?? new URL('../../shared/data', import.meta.url).pathname;
const threads = ['--threads', '1'];

interface Result {
  readonly metrics?: Readonly<Record<string, number>>;
  readonly bestValidationLoss: number;
  readonly steps: number;
  readonly seconds: number;
}

/** What the options of a case come to: its metric of the best validation. */
function measure(one: Case, options: readonly string[], folder: string): { value: number; text: string } {
  const args = ['train', one.task, ...one.data(data, folder), ...budgetOf(one), ...options];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [command, ...args, ...threads, '--json', '--fresh', '--out', join(folder, 'run')],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`${args.join(' ')}\n${stderr.slice(-2000)}${stdout}`);
  const result = JSON.parse(stdout) as Result;
  const value = result.metrics?.[one.metric] ?? result.bestValidationLoss;
  process.stderr.write(`${one.name} ${options.join(' ') || '(defaults)'}: ${one.metric} ${value}\n`);
  return {
    value,
    text: `${value.toFixed(4)} (${result.steps.toLocaleString('en')} steps, ${(result.seconds / 60).toFixed(1)} min)`,
  };
}

/** The error of a metric: what an accuracy lacks, or a loss itself. */
const errorOf = ({ higherIsBetter }: Case, value: number) => (higherIsBetter ? 1 - value : value);

function rowOf(one: Case, folder: string): string {
  const [chosen, tuned] = [measure(one, [], folder), measure(one, one.tuned, folder)];
  const gap = errorOf(one, chosen.value) / errorOf(one, tuned.value) - 1;
  return `| ${one.name} | ${one.what} | ${chosen.text} | ${tuned.text} | ${gap <= 0 ? '' : '+'}${(100 * gap).toFixed(0)} % | \`${shellForm(one)}\` | \`${one.tuned.join(' ')}\` |`;
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !cases.some((one) => one.name === name));
if (unknown !== undefined) {
  process.stderr.write(
    `bench:defaults: there is no ${unknown}; there are ${cases.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}
const measured = new Map<string, string>();
for (const one of cases) {
  const asked = wanted.length === 0 || wanted.includes(one.name);
  const there = existsSync(join(data, one.folder));
  if (asked && !there) process.stderr.write(`${one.name}: ${join(data, one.folder)} is not there; set UNROLLED_DATA\n`);
  const folder = mkdtempSync(join(tmpdir(), 'defaults-'));
  try {
    if (asked && there) measured.set(one.name, rowOf(one, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const old = readFileSync(page, 'utf8');
const lines = old.slice(old.indexOf(begin), old.indexOf(end)).split('\n');
const before = new Map(lines.filter((row) => row.startsWith('| ')).map((row) => [row.split('|')[1].trim(), row]));
const rows = cases.flatMap(({ name }) => measured.get(name) ?? before.get(name) ?? []);
const table = [
  `${cpus()[0]?.model.trim()}, Node ${process.version}, native kernels, one thread, on a machine with other work.`,
  '',
  '| data | measure on the validation part | defaults | tuned | error of the defaults against the tuned settings’ | command of the defaults | options of the tuned settings, after it |',
  '|---|---|---|---|---|---|---|',
  ...rows,
];
writeFileSync(
  page,
  `${old.slice(0, old.indexOf(begin) + begin.length)}\n\n${table.join('\n')}\n\n${old.slice(old.indexOf(end))}`,
);
