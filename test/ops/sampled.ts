import { type ClassSamples, nceLoss, sampledSoftmaxLoss } from '../../packages/unrolled/src/layers/index.ts';
import type { Sample } from '../ops.ts';
import { ints, wave } from './inputs.ts';

const [N, I, V] = [4, 3, 6];
const Q = [0.3, 0.25, 0.2, 0.1, 0.1, 0.05];
/** Seven draws, of five classes; 4 is the target of the first row, 2 that of the third. */
const samples: ClassSamples = {
  classes: Int32Array.of(4, 0, 2, 5, 1),
  counts: Int32Array.of(1, 3, 1, 1, 1),
  total: 7,
  logProbabilities: Float64Array.from(Q, Math.log),
};
const target = [4, 3, 2, 1];
const ignoring = [4, -100, 2, -100];
const inputs = [wave([N, I], 0, 1.5), wave([V, I], 2), wave([V], 5)];

/** s_v of row n. */
const score = (x: readonly number[], w: readonly number[], b: readonly number[], n: number, v: number): number =>
  (b[v] ?? 0) + [0, 1, 2].reduce((sum, i) => sum + x[n * I + i] * w[v * I + i], 0);

type Plain = (s: (v: number) => number, y: number) => number;

const softmaxLoss: Plain = (s, y) => {
  const others = [...samples.classes].map((v, k) =>
    v === y ? 0 : (samples.counts[k] * Math.exp(s(v))) / (samples.total * Q[v]),
  );
  return Math.log(Math.exp(s(y)) + others.reduce((a, b) => a + b, 0)) - s(y);
};

/** −ln σ(Δ_y) − Σ c_v ln σ(−Δ_v), with Z as given. */
const noiseLoss =
  (Z: number): Plain =>
  (s, y) => {
    const odds = (v: number) => Math.exp(s(v)) / (Z * samples.total * Q[v]);
    const noise = [...samples.classes].map((v, k) => samples.counts[k] * Math.log1p(odds(v)));
    return Math.log1p(1 / odds(y)) + noise.reduce((a, b) => a + b, 0);
  };

const plain =
  (loss: Plain, targets: readonly number[], mean: boolean) =>
  (x: readonly number[], w: readonly number[], b: readonly number[] = []): number[] => {
    const losses = targets.flatMap((y, n) => (y < 0 ? [] : [loss((v) => score(x, w, b, n, v), y)]));
    return [losses.reduce((p, q) => p + q, 0) / (mean ? Math.max(1, losses.length) : 1)];
  };

export const sampledOps: Record<string, Record<string, Sample>> = {
  sampledSoftmaxLoss: {
    mean: {
      inputs,
      run: (x, w, b) => sampledSoftmaxLoss(x, w, b, ints(x, target), samples),
      plain: plain(softmaxLoss, target, true),
    },
    'sum, without a bias': {
      inputs: inputs.slice(0, 2),
      run: (x, w) => sampledSoftmaxLoss(x, w, null, ints(x, target), samples, { reduction: 'sum' }),
      plain: plain(softmaxLoss, target, false),
    },
    'some targets ignored': {
      inputs,
      run: (x, w, b) => sampledSoftmaxLoss(x, w, b, ints(x, ignoring), samples),
      plain: plain(softmaxLoss, ignoring, true),
    },
    'time and batch': {
      inputs: [wave([2, 2, I], 0, 1.5), ...inputs.slice(1)],
      run: (x, w, b) => sampledSoftmaxLoss(x, w, b, ints(x, target, [2, 2]), samples),
      plain: plain(softmaxLoss, target, true),
    },
    'none that counts': {
      inputs,
      run: (x, w, b) => sampledSoftmaxLoss(x, w, b, ints(x, [-100, -100, -100, -100]), samples),
      plain: () => [0],
    },
  },
  nceLoss: {
    mean: {
      inputs,
      run: (x, w, b) => nceLoss(x, w, b, ints(x, target), samples),
      plain: plain(noiseLoss(V), target, true),
    },
    'sum, without a bias, a normalizer of its own': {
      inputs: inputs.slice(0, 2),
      run: (x, w) => nceLoss(x, w, null, ints(x, target), samples, { reduction: 'sum', logNormalizer: Math.log(9) }),
      plain: plain(noiseLoss(9), target, false),
    },
    'some targets ignored': {
      inputs,
      run: (x, w, b) => nceLoss(x, w, b, ints(x, ignoring), samples),
      plain: plain(noiseLoss(V), ignoring, true),
    },
    'none that counts': {
      inputs,
      run: (x, w, b) => nceLoss(x, w, b, ints(x, [-100, -100, -100, -100]), samples),
      plain: () => [0],
    },
  },
};
