// The translators against PyTorch: what the attention steps of Bahdanau and Luong, and the others, give and what their gradients are.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Backend,
  currentBackend,
  indices,
  ReferenceBackend,
  Seq2Seq,
  setDefaultDtype,
  useBackend,
} from 'unrolled';
import type { DecoderKind } from 'unrolled';
import { expectClose, goldenCases, waveValues } from './golden.ts';

interface TranslatorCase {
  decoder: DecoderKind;
  cell: 'rnn' | 'gru' | 'lstm';
  bidirectional: boolean;
  inputFeeding: boolean;
  hiddenSize: number;
  decoderSize: number;
  embeddingDim: number;
  vocabulary: number;
  sourceLengths: number[];
  source: number[];
  input: number[];
  target: number[];
  parameters: [name: string, shape: number[]][];
  logits: number[];
  weights: number[] | null;
  loss: number;
  gradients: Record<string, number[]>;
}

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

const cases = goldenCases<TranslatorCase>('translators').map(
  (c) =>
    [
      `${c.decoder}, ${c.cell}${c.bidirectional ? ', both ways' : ''}${c.inputFeeding ? ', input feeding' : ''}`,
      c,
    ] as const,
);

test.each(cases)('%s', (_name, c) => {
  const { decoder, cell, bidirectional, inputFeeding, hiddenSize, decoderSize, embeddingDim } = c;
  const model = new Seq2Seq({
    sourceVocabulary: c.vocabulary,
    targetVocabulary: c.vocabulary,
    attentionSize: hiddenSize,
    decoder,
    cell,
    bidirectional,
    inputFeeding,
    hiddenSize,
    decoderSize,
    embeddingDim,
  });
  expect([...model.namedParameters()].map(([name, p]) => [name, p.shape])).toEqual(c.parameters);
  for (const [n, p] of model.parameters().entries()) p.set(waveValues(10 + n, p.size, 0.6));
  const B = c.sourceLengths.length;
  const rows = (ids: number[]) => indices(ids, [ids.length / B, B]);
  const batch = {
    source: rows(c.source),
    sourceLengths: indices(c.sourceLengths),
    input: rows(c.input),
    target: rows(c.target),
    targets: c.target.filter((id) => id >= 0).length,
  };
  const { logits, weights } = model.forward(batch);
  expectClose('logits', logits, c.logits);
  if (c.weights) expectClose('weights', weights, c.weights);
  const loss = model.loss(batch);
  expectClose('loss', loss, [c.loss]);
  loss.backward();
  for (const [name, p] of model.namedParameters()) expectClose(name, p.grad, c.gradients[name]);
});
