// Karpathy's min-char-rnn, setting by setting (gist d4dee566867f8291f086): H = 100, windows of 25 characters, batch 1, one-hot input, Adagrad with
// rate 0.1, each gradient clamped to ±5, the loss summed over the window, its exponential mean with weight 0.999 on the past.

import {
  Adagrad,
  CarriedState,
  clipGradValue,
  indices,
  init,
  LanguageModel,
  manualSeed,
  type Parameter,
  scope,
} from 'unrolled';
import { type BarResult, type Bars, progress, timed } from './bar.ts';
import { howToGetIt, tinyShakespeare } from './data.ts';

const T = 25;
const checkpoints = { 0: 104.36, 5000: 60.5, 10000: 57 };
const settings = 'tanh RNN H=100, T=25, B=1, Adagrad lr 0.1, clip ±5, loss summed; seeds 1 to 3, worst';

/** The smooth loss at each of `steps`. */
export function trajectory(
  text: string,
  seed: number,
  steps: readonly number[],
  onStep?: (n: number, smooth: number) => void,
): number[] {
  const symbols = [...new Set(text)].sort();
  const number = new Map(symbols.map((c, i) => [c, i]));
  const data = Int32Array.from(text, (c) => number.get(c) as number);
  const V = symbols.length;

  manualSeed(seed);
  const model = new LanguageModel(V, { cell: 'rnn', hiddenSize: 100, numLayers: 1, embeddingDim: 0 });
  const trained: Parameter[] = [];
  for (const [name, p] of model.namedParameters()) {
    if (p.rank === 2) init.normal(p, 0, 0.01);
    else init.constant(p, 0);
    if (name !== 'recurrent.bias_ih_l0') trained.push(p); // the gist has one bias
  }
  const optimizer = new Adagrad(trained, { lr: 0.1, eps: 1e-8 });

  const carried = new CarriedState<unknown>();
  let smooth = Math.log(V) * T;
  let p = 0;
  const result: number[] = [];
  for (let n = 0; n <= Math.max(...steps); n++) {
    if (p + T + 1 >= data.length) {
      p = 0;
      carried.replace(null);
    }
    const loss = scope(() => {
      const input = indices(data.subarray(p, p + T), [T, 1]);
      const target = indices(data.subarray(p + 1, p + T + 1), [T, 1]);
      const { loss, state } = model.loss(input, target, carried.value, 'sum');
      optimizer.zeroGrad();
      loss.backward();
      clipGradValue(trained, 5);
      optimizer.step();
      carried.replace(state);
      return loss.itemSync();
    });
    smooth = 0.999 * smooth + 0.001 * loss;
    if (steps.includes(n)) result.push(smooth);
    if (n % 1000 === 0) onStep?.(n, smooth);
    p += T;
  }
  return result;
}

export const minCharRnn: Bars = async () => {
  const text = tinyShakespeare();
  const steps = Object.keys(checkpoints).map(Number);
  if (!text) return steps.map((n) => bar(n, null, 0));
  const { value: curves, seconds } = await timed(() =>
    [1, 2, 3].map((seed) =>
      trajectory(text, seed, steps, (n, s) =>
        progress(`min-char-rnn seed ${seed}: iteration ${n}, smooth loss ${s.toFixed(2)}`),
      ),
    ),
  );
  return steps.map((n, k) =>
    bar(
      n,
      curves.map((c) => c[k]),
      seconds,
    ),
  );
};

function bar(n: number, losses: number[] | null, seconds: number): BarResult {
  const limit = checkpoints[n as keyof typeof checkpoints];
  const worst = losses && Math.max(...losses);
  return {
    bar: `min-char-rnn, smooth loss at iteration ${n.toLocaleString('en')}`,
    settings,
    measured: losses ? `${(worst as number).toFixed(2)} (${losses.map((l) => l.toFixed(2)).join(', ')})` : howToGetIt,
    required: n === 0 ? '104.36 ± 0.01' : `≤ ${limit}`,
    met:
      worst === null ? null : n === 0 ? (losses as number[]).every((l) => Math.abs(l - limit) <= 0.01) : worst <= limit,
    seconds,
  };
}
