// `demo` and `train memory` as a person meets them: nothing to download.

import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { memoryNames } from 'unrolled/data';
import { demos } from '../packages/cli/src/demos.ts';
import { kinds } from '../packages/cli/src/tasks.ts';
import { inProcess as unrolled, workFolder } from './in-process.ts';

workFolder('demo');

test('demo alone lists what there is, and nothing that is not', async () => {
  const { code, out } = await unrolled('demo');
  expect(code).toBe(0);
  for (const name of ['text', 'classify', 'sentiment', 'forecast', 'sines', 'memory', ...memoryNames])
    expect(out).toContain(name);
  const all = JSON.parse((await unrolled('demo', '--json')).out) as Record<string, string[]>;
  expect(all).toEqual(Object.fromEntries(kinds.map(({ name }) => [name, Object.keys(demos[name])])));
  expect(all.memory).toEqual([...memoryNames]);
});

test('every choice of --demo is a demonstration', () => {
  for (const { name, options } of kinds) {
    const { demo } = options;
    if (demo?.kind === 'choice') expect(Object.keys(demos[name]), name).toEqual([...demo.choices]);
  }
});

const tableOf = (page: string) =>
  readFileSync(new URL(`../docs/${page}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `unrolled demo'));

test('both pages of demonstrations have the same measurements', () => {
  const values = (page: string) => tableOf(page).map((line) => line.split(' | ').filter((_, column) => column !== 1));
  expect(values('demos.md').length).toBeGreaterThan(20);
  expect(values('ko/demos.md')).toEqual(values('demos.md'));
});

test('what the page of demonstrations has reached the goal in a minute, with the settings of today', () => {
  const rows = new Map(
    tableOf('demos.md').map((line) => {
      const [, command, , , reached, steps, seconds] = line.split('|').map((cell) => cell.trim());
      return [command, { reached: Number(reached), steps: Number(steps), seconds: Number(seconds) }] as const;
    }),
  );
  for (const [task, of] of Object.entries(demos)) {
    for (const [name, { goal, values }] of Object.entries(of)) {
      const command = `\`unrolled demo ${task === name ? task : `${task} ${name}`}\``;
      const row = rows.get(command);
      rows.delete(command);
      if (row === undefined) continue;
      expect(row.reached, command).toBeGreaterThanOrEqual(goal.least ?? -Infinity);
      expect(row.reached, command).toBeLessThanOrEqual(goal.most ?? Infinity);
      expect(row, command).toMatchObject({ steps: values.steps });
      expect(row.seconds, command).toBeLessThanOrEqual(60);
    }
  }
  expect([...rows.keys()]).toEqual([]); // and no other
});

test.each([
  ['memory', 'embedded-reber'],
  ['memory', 'parity'],
  ['classify', 'sentiment-ko'],
])('demo %s %s reaches its goal, and says so', async (task, which) => {
  const { code, out, err } = await unrolled(
    'demo',
    task,
    which,
    '--threads',
    '1',
    '--json',
    '--out',
    `solved-${which}`,
  );
  expect(code, err).toBe(0);
  const { goal } = JSON.parse(out) as { goal: { reached: boolean; value: number; what: string } };
  expect(goal).toMatchObject({ reached: true, what: demos[task][which].goal.what });
  expect(err).toContain(`✓ ${goal.what}`);
});

test('a demonstration says which command it is, trains, shows what was learned, and suggests the next command', async () => {
  const { code, err } = await unrolled('demo', 'memory', 'parity', '--steps', '40', '--threads', '1');
  expect(code).toBe(0);
  expect(err).toMatch(
    /^the same as: npx unrolled train memory parity --cell lstm .*--every-step --steps 40 --threads 1\n/,
  );
  expect(err).toContain('solved  accuracy ≥ 0.99; without a memory the loss is 0.6931');
  expect(err).toContain('sequences that training did not have:');
  expect(err).toContain('on 1,000 fresh sequences');
  expect(err).toContain('npx unrolled eval runs/parity');
  expect(err).toMatch(/– longer rows whose parity is right: accuracy 0\.\d+; with its own number of steps/);
  expect((await unrolled('demo', 'memory', 'parity', '--steps', '40')).err).toContain('this run is already finished');
});

test('what does not exist is refused with what does', async () => {
  expect((await unrolled('demo', 'clasify')).err).toContain('there is no demonstration of it; did you mean classify?');
  expect((await unrolled('demo', 'vaq')).err).toContain('did you mean vqa?'); // two letters exchanged are one slip
  expect((await unrolled('demo', 'memory', 'party')).err).toContain(
    'there is no such demonstration; did you mean parity?',
  );
  expect((await unrolled('train', 'memory', 'party')).err).toContain('there is no party; did you mean parity?');
  expect((await unrolled('train', 'memory', 'copy', '--every-step')).err).toContain('belongs to parity');
  expect((await unrolled('train', 'memory', 'adding', '--cell', 'gru', '--forget-bias', '1')).err).toContain(
    'only an LSTM has a forget gate',
  );
});

test('a test of memory is solved by a network with gates, measured anew by eval, and goes on where it was stopped', async () => {
  const args = [
    'train',
    'memory',
    'temporal-order',
    '--length',
    '20',
    '--hidden',
    '16',
    '--lr',
    '0.02',
    '--threads',
    '1',
    '--out',
    'order',
    '--steps',
    '500',
  ];
  const { metrics } = JSON.parse((await unrolled(...args, '--json')).out);
  expect(metrics.accuracy).toBe(1);
  const { out } = await unrolled('eval', 'order', '--json');
  expect(JSON.parse(out)).toMatchObject({ problem: 'temporal-order', length: 20, solved: true, sequences: 1000 });
  const other = await unrolled(...args.slice(0, -1), '500', '--length', '21');
  expect(other.err).toContain('holds another run');
});

test('a grammar task counts every permitted successor as right', async () => {
  const { err } = await unrolled('demo', 'memory', 'embedded-reber', '--steps', '300', '--threads', '1');
  expect(err).toMatch(/✓ +\d+ steps +predicted [BTPSXVE]+ +target [BTPSXVE]+/);
});
