// Answers to questions about images against PyTorch: Antol et al.'s network, forward and every gradient, from features and from pixels.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Backend,
  type CellName,
  currentBackend,
  indices,
  ReferenceBackend,
  setDefaultDtype,
  useBackend,
  VisualQA,
} from 'unrolled';
import { expectClose, goldenCases, wave, waveValues } from './golden.ts';

interface QuestionCase {
  joint: boolean;
  cell: CellName;
  hiddenSize: number;
  embeddingDim: number;
  vocabulary: number;
  commonSize: number;
  answers: number;
  question: number[];
  lengths: number[];
  which: number[];
  answer: number[];
  images: number[];
  parameters: [name: string, shape: number[]][];
  logits: number[];
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

const cases = goldenCases<QuestionCase>('questions').map(
  (c) => [`${c.cell}, ${c.joint ? 'convolutions trained with it' : 'features'}`, c] as const,
);

test.each(cases)('%s', (_name, c) => {
  const { cell, hiddenSize, embeddingDim, commonSize, answers, images } = c;
  const model = new VisualQA({
    vocabularySize: c.vocabulary,
    answers,
    cell,
    hiddenSize,
    embeddingDim,
    commonSize,
    numLayers: 2,
    mlp: [3],
    ...(c.joint
      ? { convNet: { inChannels: 2, inputSize: [images[2], images[3]], channels: [3] } }
      : { featureSize: images[1] }),
  });
  expect([...model.namedParameters()].map(([name, p]) => [name, p.shape])).toEqual(c.parameters);
  for (const [n, p] of model.parameters().entries()) p.set(waveValues(10 + n, p.size, 0.6));
  const batch = {
    question: indices(c.question, [c.question.length / c.lengths.length, c.lengths.length]),
    lengths: c.lengths,
    images: wave(1, images),
    which: c.which,
  };
  expectClose('logits', model.forward(batch), c.logits);
  const loss = model.loss(batch, indices(c.answer));
  expectClose('loss', loss, [c.loss]);
  loss.backward();
  for (const [name, p] of model.namedParameters()) expectClose(name, p.grad, c.gradients[name]);
});
