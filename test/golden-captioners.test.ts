// Show, Attend and Tell's soft attention against PyTorch: what it gives, and what its gradients are.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Backend,
  Captioner,
  type CaptionerOptions,
  currentBackend,
  indices,
  ReferenceBackend,
  setDefaultDtype,
  useBackend,
} from 'unrolled';
import { expectClose, goldenCases, waveLeaf, waveValues } from './golden.ts';

type CaptionerCase = Required<
  Pick<
    CaptionerOptions,
    | 'cell'
    | 'deepOutput'
    | 'gate'
    | 'coverage'
    | 'hiddenSize'
    | 'embeddingDim'
    | 'attentionSize'
    | 'featureSize'
    | 'vocabularySize'
  >
> & {
  shape: number[];
  input: number[];
  target: number[];
  parameters: [name: string, shape: number[]][];
  logits: number[];
  weights: number[];
  words: number;
  loss: number;
  regions: number[];
  gradients: Record<string, number[]>;
};

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

const cases = goldenCases<CaptionerCase>('captioners').map(
  (c) =>
    [`${c.cell}${c.deepOutput ? ', deep output' : ''}${c.gate ? ', gated' : ''}, coverage ${c.coverage}`, c] as const,
);

test.each(cases)('%s', (_name, c) => {
  const { shape, input, target, parameters, logits, weights, words, loss, regions, gradients, ...options } = c;
  const model = new Captioner({ ...options, encoder: null });
  expect([...model.namedParameters()].map(([name, p]) => [name, p.shape])).toEqual(parameters);
  for (const [n, p] of model.parameters().entries()) p.set(waveValues(10 + n, p.size, 0.6));
  const images = waveLeaf(1, shape);
  const B = shape[0];
  const rows = (ids: number[]) => indices(ids, [ids.length / B, B]);
  const targets = target.filter((id) => id >= 0).length;
  const batch = { images, owners: null, input: rows(input), target: rows(target), targets };
  const predicted = model.forward(batch);
  expectClose('logits', predicted.logits, logits);
  expectClose('weights', predicted.weights, weights);
  expectClose('words', model.loss(batch, { reduction: 'sum', terms: false }), [words]);
  expectClose('mean', model.loss(batch), [loss / targets]);
  const total = model.loss(batch, { reduction: 'sum' });
  expectClose('loss', total, [loss]);
  total.backward();
  expectClose('regions', images.grad, regions);
  for (const [name, p] of model.namedParameters()) expectClose(name, p.grad, gradients[name]);
});
