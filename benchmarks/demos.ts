// `npm run bench:demos`: every `unrolled demo` on one thread of WebAssembly, as a person runs it; writes what they reached into the table of docs/demos.md.
// `npm run bench:demos -- vqa translate/sums` runs some of them and keeps the other rows. Seconds are processor seconds of the whole command, which a busy
// machine does not change; on one that is idle they are those of the clock.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Demo, demos } from '../packages/cli/src/demos.ts';
import { formatMetric } from '../packages/cli/src/runs/metrics.ts';

const page = new URL('../docs/demos.md', import.meta.url);
const [begin, end] = ['<!-- npm run bench:demos -->', '<!-- end -->'];
const command = new URL('../packages/cli/bin/unrolled.js', import.meta.url).pathname;
/** Writes the processor time of a process at its end, in microseconds. */
const clock = `data:text/javascript,${encodeURIComponent("process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('cpu ' + (user + system) + '\\n'); });")}`;

interface Outcome {
  readonly steps: number;
  readonly goal: { readonly value: number; readonly reached: boolean };
}

function run(task: string, name: string, folder: string): { readonly outcome: Outcome; readonly seconds: number } {
  const args = ['demo', task, name, '--threads', '1', '--backend', 'wasm', '--json', '--out', join(folder, name)];
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', clock, command, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`demo ${task} ${name} ended with ${status}\n${stderr.slice(-2000)}${stdout}`);
  return { outcome: JSON.parse(stdout) as Outcome, seconds: Number(/cpu (\d+)\n$/.exec(stderr)?.[1]) / 1e6 };
}

function rowOf(task: string, name: string, { goal }: Demo, { outcome, seconds }: ReturnType<typeof run>): string {
  const bound = goal.least === undefined ? `≤ ${goal.most}` : `≥ ${goal.least}`;
  const { value, reached } = outcome.goal;
  const shown = `${formatMetric(value)}${reached ? '' : ' NOT REACHED'}`;
  return `| \`${commandOf(task, name)}\` | ${goal.what} (\`${goal.metric}\`) | ${bound} | ${shown} | ${outcome.steps} | ${seconds.toFixed(0)} |`;
}

const commandOf = (task: string, name: string) => `unrolled demo ${task === name ? task : `${task} ${name}`}`;
const keyOf = (row: string) => row.split('|')[1].trim();

/** The rows of the page, by their command. */
function rowsOf(text: string): Map<string, string> {
  const rows = text.slice(text.indexOf(begin), text.indexOf(end)).split('\n');
  return new Map(rows.filter((row) => row.startsWith('| `')).map((row) => [keyOf(row), row]));
}

const wanted = process.argv.slice(2);
const all = Object.entries(demos).flatMap(([task, of]) =>
  Object.entries(of).map(([name, demo]) => ({ task, name, demo })),
);
const known = new Set(all.flatMap(({ task, name }) => [task, `${task}/${name}`]));
const unknown = wanted.find((one) => !known.has(one));
if (unknown !== undefined) {
  process.stderr.write(`bench:demos: there is no ${unknown}; there are ${[...known].join(', ')}\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'demos-'));
const measured = new Map<string, string>();
try {
  for (const { task, name, demo } of all) {
    if (wanted.length > 0 && !wanted.includes(task) && !wanted.includes(`${task}/${name}`)) continue;
    const row = rowOf(task, name, demo, run(task, name, folder));
    process.stdout.write(`${row}\n`);
    measured.set(keyOf(row), row);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const old = readFileSync(page, 'utf8');
const before = rowsOf(old);
const rows = all.flatMap(({ task, name }) => {
  const key = `\`${commandOf(task, name)}\``;
  return measured.get(key) ?? before.get(key) ?? [];
});
const table = [
  `Measured on ${cpus()[0]?.model.trim()}, Node ${process.version}, WebAssembly, one thread.`,
  '',
  '| command | measure | goal | reached | steps | seconds |',
  '|---|---|---|---|---|---|',
  ...rows,
];
writeFileSync(
  page,
  `${old.slice(0, old.indexOf(begin) + begin.length)}\n\n${table.join('\n')}\n\n${old.slice(old.indexOf(end))}`,
);
