// Output layers for large vocabularies, recurrent dropout, presets and the cache as a person meets them on the command line.

import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const few = ['--hidden', '8', '--steps', '6', '--batch', '4', '--threads', '1', '--no-check'];
const at = workFolder('large-vocabulary');

beforeAll(() => {
  writeFileSync(at('text.txt'), 'the cat sat on the mat, and the dog sat on the cat. '.repeat(60));
  const pairs = Array.from({ length: 60 }, (_, n) => `${['a', 'b', 'c'][n % 3]} ${n % 7}\t${n % 7} ${n % 3}`);
  writeFileSync(at('pairs.tsv'), `from\tto\n${pairs.join('\n')}\n`);
});

const config = (run: string) =>
  (JSON.parse(readFileSync(at(`${run}/config.json`), 'utf8')) as { model: Record<string, unknown> }).model;

describe('--output', () => {
  test.each([
    ['sampled', 'sampled softmax (1024 samples)', { output: 'sampled', samples: 1024 }],
    ['nce', 'noise-contrastive estimation (1024 samples)', { output: 'nce', samples: 1024 }],
    ['adaptive', 'adaptive softmax (cutoffs 2, 6)', { output: 'adaptive', cutoffs: [2, 6] }],
  ])('%s trains, is shown and kept, and is evaluated over the whole vocabulary', async (name, shown, kept) => {
    const { code, err } = await unrolled('train', 'text', 'text.txt', '--out', name, '--output', name, ...few);
    expect([code, err]).toEqual([0, expect.stringContaining(shown)]);
    expect(config(name)).toMatchObject(kept);
    const measured = await unrolled('eval', name, '--json');
    const { perplexity } = JSON.parse(measured.out) as { perplexity: number };
    expect(perplexity).toBeGreaterThan(1);
    expect(perplexity).toBeLessThan(20); // of 14 characters, after six steps
    expect((await unrolled('sample', name, '--max-tokens', '5', '--seed', '1')).code).toBe(0);
  });

  test('of a translator, and what belongs to another form is refused', async () => {
    const columns = ['--source', 'from', '--target', 'to', '--translate', '3', '--embedding', '4'];
    const train = (...more: string[]) =>
      unrolled('train', 'translate', 'pairs.tsv', ...columns, '--out', 'pairs', ...few, ...more);
    const { code, err } = await train('--output', 'sampled', '--samples', '5', '--recurrent-dropout', '0.2');
    expect([code, err]).toEqual([0, expect.stringContaining('sampled softmax (5 samples)')]);
    expect(config('pairs')).toMatchObject({ output: 'sampled', samples: 5, recurrentDropout: 0.2 });
    expect((await train('--output', 'nce', '--label-smoothing', '0.1')).err).toContain(
      '--label-smoothing: is for --output full; here it is nce',
    );
    expect((await train('--samples', '5')).err).toContain('--samples: is for --output sampled or nce; here it is full');
    expect((await train('--output', 'adaptive', '--cutoffs', '3;4')).err).toContain(
      '--cutoffs: expected whole numbers with commas between',
    );
    expect((await train('--output', 'adaptive', '--tie-weights')).err).toContain('has weights of its own');
  });

  test('a run without it has no trace of it, as before', async () => {
    await unrolled('train', 'text', 'text.txt', '--out', 'full', ...few);
    for (const key of ['output', 'samples', 'cutoffs', 'zoneout']) expect(config('full')).not.toHaveProperty(key);
  });
});

test('zoneout is trained, resumed and evaluated, and not exported', async () => {
  const train = (...more: string[]) =>
    unrolled('train', 'text', 'text.txt', '--out', 'zoned', ...few, '--zoneout', '0.1', ...more);
  expect((await train()).code).toBe(0);
  expect((await train('--steps', '8')).err).toContain('8');
  expect(config('zoned')).toMatchObject({ zoneout: 0.1 });
  expect((await unrolled('eval', 'zoned')).code).toBe(0);
  const { code, err } = await unrolled('export', 'zoned', '--to', 'onnx', '--out', at('zoned.onnx'));
  expect([code, err]).toEqual([1, expect.stringContaining('got zoneout 0.1, which mixes them with those before')]);
});

test('a cell without a recurrent product refuses recurrent dropout before anything is written', async () => {
  const { code, err } = await unrolled(
    'train',
    'text',
    'text.txt',
    '--out',
    'none',
    ...few,
    '--cell',
    'mingru',
    '--recurrent-dropout',
    '0.2',
  );
  expect([code, err]).toEqual([2, expect.stringContaining('does not take a mask')]);
});

test('eval --cache says what the cache changes, as text and as JSON', async () => {
  await unrolled('train', 'text', 'text.txt', '--out', 'cached', ...few);
  const { out } = await unrolled('eval', 'cached', '--cache', '100', '--cache-weight', '0.2');
  expect(out).toMatch(/with a cache of 100 {2}\d\.\d{4} nats, perplexity \d+\.\d{3} \([+−]\d+\.\d %; θ 0\.3, λ 0\.2\)/);
  const { cache } = JSON.parse((await unrolled('eval', 'cached', '--cache', '100', '--json')).out) as {
    cache: Record<string, number>;
  };
  expect(cache).toMatchObject({ size: 100, theta: 0.3, weight: 0.1 });
  expect(cache.loss).toBeLessThan(cache.plain); // the text repeats itself
  expect((await unrolled('eval', 'cached', '--cache-theta', '1')).err).toContain('means nothing without --cache');
});

test('--preset is printed, kept and overridden', async () => {
  const { code, err } = await unrolled(
    'train',
    'text',
    'text.txt',
    '--preset',
    'min-char-rnn',
    '--out',
    'preset',
    '--steps',
    '3',
    '--hidden',
    '9',
  );
  expect(code).toBe(0);
  expect(err).toContain('preset min-char-rnn: Karpathy, min-char-rnn');
  expect(err).toContain('overridden: --hidden 9 instead of 100');
  expect(config('preset')).toMatchObject({ cell: 'rnn', hiddenSize: 9, numLayers: 1, embeddingDim: 0 });
});
