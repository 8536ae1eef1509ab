// Digits read row by row: 28 steps of 28 numbers, the class after the last one. 12,000 training images, 2,000 validation images.

import type { Bars } from './bar.ts';
import { classifyBar, notMeasured } from './classify.ts';
import { howToGetData, imagesByRows } from './data.ts';

const bar = 'digits by rows (MNIST, 12,000)';
const required = 0.97;
const settings = 'biGRU 128, last state, dropout .2, AdamW 3e-3 cosine, B=64, 8 epochs, seed 1';

export const seqMnist: Bars = async () => {
  const part = (name: string) =>
    imagesByRows(`seq-mnist/${name}-images-idx3-ubyte.gz`, `seq-mnist/${name}-labels-idx1-ubyte.gz`);
  const [train, validation] = [part('train-12k'), part('valid-2k')];
  if (!train || !validation) return [notMeasured(bar, required, settings, howToGetData('seq-mnist'))];
  return [
    await classifyBar({
      bar,
      required,
      settings,
      train,
      validation,
      model: { inputSize: 28, classes: 10, cell: 'gru', hiddenSize: 128, bidirectional: true, dropout: 0.2 },
      epochs: 8,
      batchSize: 64,
      lr: 3e-3,
    }),
  ];
};
