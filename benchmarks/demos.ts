// `npm run bench:demos`: every `unrolled demo` on one thread of WebAssembly, as a person runs it; writes what they reached into the tables of
// docs/demos.md and docs/ko/demos.md. `npm run bench:demos -- vqa translate/sums` runs some of them and keeps the other rows. Seconds are processor
// seconds of the whole command, which a busy machine does not change; on one that is idle they are those of the clock.

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Demo, demos } from '../packages/cli/src/demos.ts';
import { korean } from '../packages/cli/src/language/ko/index.ts';
import { formatMetric } from '../packages/cli/src/runs/metrics.ts';
import { unrolled } from './lib/command.ts';
import { writeRows } from './lib/page-table.ts';

interface Outcome {
  readonly steps: number;
  readonly goal: { readonly value: number; readonly reached: boolean };
}

function run(task: string, name: string, folder: string) {
  return unrolled<Outcome>(['demo', task, name, '--backend', 'wasm', '--out', join(folder, name)]);
}

/** The pages that have the table, with their words. */
const pages = {
  'demos.md': {
    on: 'Measured on',
    setup: 'WebAssembly, one thread.',
    header: ['command', 'measure', 'goal', 'reached', 'steps', 'seconds'],
    missed: 'NOT REACHED',
    say: (what: string) => what,
  },
  'ko/demos.md': {
    on: '측정:',
    setup: 'WebAssembly, 스레드 하나.',
    header: ['명령', '재는 것', '목표', '달성한 값', '단계', '초'],
    missed: '미달',
    say: (what: string) => korean.text(what),
  },
} as const;

type Words = (typeof pages)[keyof typeof pages];

function cellsOf({ goal }: Demo, { result, seconds }: ReturnType<typeof run>, { say, missed }: Words): string[] {
  const bound = goal.least === undefined ? `≤ ${goal.most}` : `≥ ${goal.least}`;
  const { value, reached } = result.goal;
  const shown = `${formatMetric(value)}${reached ? '' : ` ${missed}`}`;
  return [`${say(goal.what)} (\`${goal.metric}\`)`, bound, shown, String(result.steps), seconds.toFixed(0)];
}

const commandOf = (task: string, name: string) => `\`unrolled demo ${task === name ? task : `${task} ${name}`}\``;

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
const measured = new Map<string, { demo: Demo; outcome: ReturnType<typeof run> }>();
try {
  for (const { task, name, demo } of all) {
    if (wanted.length > 0 && !wanted.includes(task) && !wanted.includes(`${task}/${name}`)) continue;
    const outcome = run(task, name, folder);
    process.stdout.write(`${commandOf(task, name)}: ${cellsOf(demo, outcome, pages['demos.md']).join(', ')}\n`);
    measured.set(commandOf(task, name), { demo, outcome });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const [page, words] of Object.entries(pages))
  writeRows(
    {
      page,
      command: 'npm run bench:demos',
      machine: `${words.on} ${cpus()[0]?.model.trim()}, Node ${process.version}, ${words.setup}`,
      header: words.header,
      keys: all.map(({ task, name }) => commandOf(task, name)),
    },
    new Map(Array.from(measured, ([command, { demo, outcome }]) => [command, cellsOf(demo, outcome, words)])),
  );
