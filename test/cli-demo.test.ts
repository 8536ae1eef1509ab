// `demo` and `train memory` as a person meets them: real processes, nothing to download.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syntheticNames, memoryNames } from 'unrolled/data';

const command = fileURLToPath(new URL('../packages/cli/bin/unrolled.js', import.meta.url));

let folder: string;

function unrolled(...args: string[]) {
  const options = { cwd: folder, encoding: 'utf8' as const, env: { ...process.env, NO_COLOR: '1' } };
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], options);
  return { code: status, out: stdout, err: stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-demo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('demo alone lists what there is, and nothing that is not', () => {
  const { code, out } = unrolled('demo');
  expect(code).toBe(0);
  for (const name of ['text', 'classify', 'sentiment', 'forecast', 'sines', 'memory', ...memoryNames])
    expect(out).toContain(name);
  const all = JSON.parse(unrolled('demo', '--json').out) as Record<string, string[]>;
  const known: readonly string[] = [...syntheticNames, ...memoryNames];
  for (const name of [...all.classify, ...all.forecast, ...all.memory]) expect(known).toContain(name);
});

test('a demonstration says which command it is, trains, shows what was learnt, and says what to type next', () => {
  const { code, err } = unrolled('demo', 'memory', 'parity', '--steps', '40', '--threads', '1');
  expect(code).toBe(0);
  expect(err).toMatch(
    /^the same as: npx unrolled train memory parity --cell lstm .*--every-step --steps 40 --threads 1\n/,
  );
  expect(err).toContain('solved  accuracy ≥ 0.99; without a memory the loss is 0.6931');
  expect(err).toContain('sequences that training did not have:');
  expect(err).toContain('on 1,000 fresh sequences');
  expect(err).toContain('npx unrolled eval runs/parity');
  expect(unrolled('demo', 'memory', 'parity', '--steps', '40').err).toContain('this run is already finished');
});

test('what does not exist is refused with what does', () => {
  expect(unrolled('demo', 'clasify').err).toContain('there is no demonstration of it; did you mean classify?');
  expect(unrolled('demo', 'memory', 'party').err).toContain('there is no such demonstration; did you mean parity?');
  expect(unrolled('train', 'memory', 'party').err).toContain('there is no party; did you mean parity?');
  expect(unrolled('train', 'memory', 'copy', '--every-step').err).toContain('belongs to parity');
  expect(unrolled('train', 'memory', 'adding', '--cell', 'gru', '--forget-bias', '1').err).toContain(
    'only an LSTM has a forget gate',
  );
});

test('a test of memory is solved by a network with gates, measured anew by eval, and goes on where it was stopped', () => {
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
  const { metrics } = JSON.parse(unrolled(...args, '--json').out);
  expect(metrics.accuracy).toBe(1);
  const { out } = unrolled('eval', 'order', '--json');
  expect(JSON.parse(out)).toMatchObject({ problem: 'temporal-order', length: 20, solved: true, sequences: 1000 });
  const other = unrolled(...args.slice(0, -1), '500', '--length', '21');
  expect(other.err).toContain('holds another run');
});

test('the grammar is right where what is said may follow', () => {
  const { err } = unrolled('demo', 'memory', 'embedded-reber', '--steps', '300', '--threads', '1');
  expect(err).toMatch(/✓ +\d+ steps +predicted [BTPSXVE]+ +target [BTPSXVE]+/);
});
