// The lecture's example: a vocabulary of four, a hidden state of three numbers, and the word "hello".

import { Adam, indices, LanguageModel, manualSeed, scope, stepperOf } from 'unrolled';
import { type Bars, progress, timed } from './bar.ts';

const symbols = ['h', 'e', 'l', 'o'];
const numbers = (word: string) => Array.from(word, (c) => symbols.indexOf(c));

/** Trains on "hell" → "ello" until the summed loss is below `target`; returns the loss, the steps and what greedy decoding predicts after 'h'. */
export function learnHello(
  seed: number,
  target = 0.05,
  mostSteps = 3000,
): { loss: number; steps: number; decoded: string } {
  manualSeed(seed);
  const model = new LanguageModel(4, { cell: 'rnn', hiddenSize: 3, numLayers: 1, embeddingDim: 0 });
  const optimizer = new Adam(model.parameters(), { lr: 0.03 });
  let [loss, steps] = [Infinity, 0];
  for (; steps < mostSteps && loss >= target; steps++) {
    loss = scope(() => {
      const { loss } = model.loss(indices(numbers('hell'), [4, 1]), indices(numbers('ello'), [4, 1]), null, 'sum');
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.itemSync();
    });
  }
  const stepper = stepperOf(model);
  let decoded = '';
  for (let symbol = 0; decoded.length < 4; ) {
    const logits = stepper.step(symbol);
    symbol = logits.indexOf(Math.max(...logits));
    decoded += symbols[symbol];
  }
  return { loss, steps, decoded };
}

export const hello: Bars = async () => {
  progress('hello: training three numbers of state');
  const { value: runs, seconds } = await timed(() => [1, 2, 3].map((seed) => learnHello(seed)));
  return [
    {
      bar: 'hidden size 3 learns "hello": from h, greedy decoding',
      settings: 'tanh RNN H=3, one-hot, Adam lr 0.03, until the summed loss < 0.05; seeds 1 to 3',
      measured: runs.map((r) => `“${r.decoded}” after ${r.steps}`).join(', '),
      required: '“ello”',
      met: runs.every((r) => r.decoded === 'ello'),
      seconds,
    },
  ];
};
