// The bars that are tests: exact numbers, golden values, gradient checks, invariants. Run here so that the table is whole.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BarResult, type Bars, progress } from './bar.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const suites: readonly { bar: string; files: readonly string[]; required: string }[] = [
  {
    bar: 'exact numbers of the lecture and the courses',
    files: ['test/exact-values.test.ts'],
    required: 'relative error ≤ 1e-7, float64',
  },
  {
    bar: 'gradient checks of every op, cell, layer option and loss',
    files: ['test/gradients.test.ts', 'packages/unrolled/src/backend/reference'],
    required: '≤ 1e-6, float64',
  },
  {
    bar: 'fused = composed, split = whole, padded = cut (0 bits), state none = zeros',
    files: ['test/invariants.test.ts'],
    required: 'all',
  },
  {
    bar: 'gradients through time: ρ^T to 1e-9, the bound never exceeded, the carousel exactly I, whole window = no truncation',
    files: [
      'packages/unrolled/src/analysis/spectrum.test.ts',
      'packages/unrolled/src/analysis/truncation.test.ts',
      'packages/unrolled/src/analysis/live.test.ts',
      'packages/unrolled/src/lessons',
    ],
    required: 'all',
  },
  { bar: 'golden values from PyTorch, gradients included', files: ['test/golden.test.ts'], required: 'all' },
  {
    bar: 'attention of Bahdanau and Luong: translators against PyTorch, steps by hand',
    files: ['test/golden-translators.test.ts', 'test/seq2seq.test.ts'],
    required: 'all',
  },
  { bar: 'recurrent layers from Keras, from their weights', files: ['test/keras-layers.test.ts'], required: '1e-5' },
];

export const exact: Bars = async () => suites.map(run);

function run({ bar, files, required }: (typeof suites)[number]): BarResult {
  progress(`${bar}: running its tests`);
  const start = performance.now();
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const { stdout } = spawnSync(process.execPath, [vitest, 'run', '--reporter=json', ...files], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  return {
    bar,
    settings: files.join(', '),
    measured: `${passed} tests passed, ${failed} failed`,
    required,
    met: failed === 0 && passed > 0,
    seconds: (performance.now() - start) / 1000,
  };
}
