// `demo` and `train memory` as a person meets them: nothing to download.

import { expect, test } from 'vitest';
import { syntheticNames, memoryNames } from 'unrolled/data';
import { inProcess as unrolled, workFolder } from './in-process.ts';

workFolder('demo');

test('demo alone lists what there is, and nothing that is not', async () => {
  const { code, out } = await unrolled('demo');
  expect(code).toBe(0);
  for (const name of ['text', 'classify', 'sentiment', 'forecast', 'sines', 'memory', ...memoryNames])
    expect(out).toContain(name);
  const all = JSON.parse((await unrolled('demo', '--json')).out) as Record<string, string[]>;
  const known: readonly string[] = [...syntheticNames, ...memoryNames];
  for (const name of [...all.classify, ...all.forecast, ...all.memory]) expect(known).toContain(name);
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
  expect((await unrolled('demo', 'memory', 'parity', '--steps', '40')).err).toContain('this run is already finished');
});

test('what does not exist is refused with what does', async () => {
  expect((await unrolled('demo', 'clasify')).err).toContain('there is no demonstration of it; did you mean classify?');
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
