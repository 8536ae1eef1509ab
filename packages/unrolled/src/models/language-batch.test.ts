// A step of many rows gives each row the bits that it gets alone, whoever else is there, on every backend.

import { describe, expect, test } from 'vitest';
import { compiledBackends } from '../../../../test/backends.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { withBackend } from '../backend/load.ts';
import { init } from '../nn/index.ts';
import { Random } from '../random.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { cellNames } from './cells.ts';
import { batchStepperOf } from './language-batch.ts';
import { LanguageModel, type LanguageModelOptions } from './language-model.ts';
import { steppersOf } from './language-stepper.ts';

const V = 7;

function make(options: LanguageModelOptions): LanguageModel {
  manualSeed(11);
  const model = new LanguageModel(V, { hiddenSize: 18, numLayers: 2, ...options });
  for (const p of model.parameters()) init.uniform(p, -0.4, 0.4);
  return model.eval();
}

const forms: Record<string, LanguageModelOptions> = {
  ...Object.fromEntries(cellNames.map((cell) => [cell, { cell }])),
  'one-hot lstm': { cell: 'lstm', embeddingDim: 0 },
  'tied gru': { cell: 'gru', tieWeights: true },
  'wide lstm': { cell: 'lstm', hiddenSize: 130, numLayers: 1 },
  'mingru in blocks': { cell: 'mingru', block: 'residual', convolution: 4 },
  'lstm in blocks': { cell: 'lstm', block: 'residual' },
};

const bits = (values: Float32Array): string => Buffer.from(values.slice().buffer).toString('hex');

/** Rows that join, leave, change places and read in two parts, each beside a stepper of its own. */
function compare(model: LanguageModel, most: number, steps: number, format: 'float32' | 'int8' = 'float32'): void {
  const random = new Random(3);
  const batch = batchStepperOf(model, format);
  const single = steppersOf(model, format);
  const alone: ReturnType<typeof single>[] = [];
  const join = () => {
    batch.load(alone.length, null);
    const stepper = single();
    stepper.reset();
    alone.push(stepper);
  };
  for (let n = 0; n < most; n++) join();
  for (let t = 0; t < steps; t++) {
    const from = random.integer(alone.length);
    const count = t % 3 === 0 ? alone.length : 1 + random.integer(alone.length - from);
    const start = count === alone.length ? 0 : from;
    const symbols = Int32Array.from({ length: count }, () => random.integer(V));
    const expected = Array.from(symbols, (id, i) => bits(alone[start + i].step(id)));
    if (t % 4 === 3) batch.read(symbols, start);
    else {
      const logits = batch.step(symbols, start);
      expect(logits.length).toBe(count * V);
      expect(Array.from(symbols, (_, i) => bits(logits.subarray(i * V, (i + 1) * V)))).toEqual(expected);
    }
    const [a, b] = [random.integer(alone.length), random.integer(alone.length)];
    batch.swap(a, b);
    [alone[a], alone[b]] = [alone[b], alone[a]];
    const state = alone[a].state();
    expect(batch.save(a).map(bits)).toEqual(state.map(bits));
    if (t % 5 === 4) {
      alone.pop()?.dispose(); // the last row leaves, and another comes to its slot
      join();
    }
    if (t % 5 === 2) {
      batch.load(b, state); // a branch
      alone[b].setState(state);
    }
  }
  for (const stepper of alone) stepper.dispose();
  batch.dispose();
}

describe.each(await compiledBackends())('$title', ({ backend }) => {
  test.skipIf(!backend).each(Object.entries(forms))('%s: many rows have the bits of one', (_name, options) => {
    if (!backend) return;
    withBackend(backend, () => {
      const model = make(options);
      for (const rows of [1, 2, 5, 19]) compare(model, rows, rows === 19 ? 12 : 8);
    });
  });

  test.skipIf(!backend)('so it is for weights in int8', () => {
    if (backend) withBackend(backend, () => compare(make({ cell: 'lstm' }), 3, 8, 'int8'));
  });
});

test('the reference backend: rows are computed apart', () => {
  withBackend(new ReferenceBackend(), () => compare(make({ cell: 'lstm', hiddenSize: 5 }), 3, 8));
});

test('a symbol that the model does not have is refused, and a state of another size', () => {
  const batch = batchStepperOf(make({ cell: 'gru' }));
  batch.load(0, null);
  batch.load(1, null);
  expect(() => batch.step(Int32Array.of(1, V), 0)).toThrow(`expected one from 0 to ${V - 1}, got ${V}`);
  expect(() => batch.step(Int32Array.of(-1), 0)).toThrow('got -1');
  expect(() => batch.load(0, [new Float32Array(18)])).toThrow('expected 2 tensors, got 1');
  batch.dispose();
});
