// The second oracle: PyTorch. Gradient checks can't see a layer that is consistently another function; these numbers can.

import { afterAll, beforeAll, describe, test } from 'vitest';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import {
  AdaptiveLogSoftmaxWithLoss,
  CoupledLSTMCell,
  LayerNormGRUCell,
  LayerNormLSTMCell,
  SkipRNNCell,
} from '../packages/unrolled/src/layers/index.ts';
import {
  type Cell,
  Embedding,
  GRU,
  Linear,
  LRUCell,
  LSTM,
  type LSTMState,
  mapState,
  MinGRUCell,
  MinLSTMCell,
  Module,
  Recurrent,
  RNN,
  SLSTMCell,
} from '../packages/unrolled/src/nn/index.ts';
import {
  crossEntropy,
  embedding,
  indices,
  setDefaultDtype,
  type Tensor,
} from '../packages/unrolled/src/tensor/index.ts';
import { expectClose, goldenCases, wave, waveLeaf, waveValues } from './golden.ts';

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

/** Overwrites the n-th parameter named with wave(10 + n). */
function fill(module: Module, parameters: readonly [name: string, shape: number[]][], scale: number): void {
  const values = parameters.map(([name, shape], n) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return [name, { shape, data: Float64Array.from(waveValues(10 + n, size, scale)) }] as const;
  });
  module.loadStateDict(new Map(values));
}

interface RecurrentCase {
  cell: 'RNN' | 'LSTM' | 'GRU';
  inputSize: number;
  hiddenSize: number;
  options: {
    numLayers: number;
    bidirectional: boolean;
    batchFirst: boolean;
    bias: boolean;
    projSize?: number;
    nonlinearity?: 'tanh' | 'relu';
  };
  T: number;
  B: number;
  lengths: number[] | null;
  state: boolean;
  parameters: [name: string, shape: number[]][];
  output: number[];
  hn: number[];
  cn?: number[];
  gradients: Record<string, number[]>;
}

const layers = { RNN, LSTM, GRU };

function title({ options, lengths, state }: RecurrentCase): string {
  const { numLayers, bidirectional, batchFirst, bias, projSize, nonlinearity } = options;
  const parts = [
    nonlinearity,
    projSize && `projected to ${projSize}`,
    `${numLayers} ${numLayers === 1 ? 'layer' : 'layers'}`,
    bidirectional && 'both directions',
    lengths && 'lengths',
    state && 'an initial state',
    batchFirst && 'batch first',
    !bias && 'no bias',
  ];
  return parts.filter(Boolean).join(', ');
}

function checkRecurrent(golden: RecurrentCase): void {
  const { inputSize, hiddenSize, options, T, B, lengths } = golden;
  const layer = new layers[golden.cell](inputSize, hiddenSize, options) as Recurrent<Tensor | LSTMState>;
  fill(layer, golden.parameters, 0.6);
  const x = waveLeaf(1, options.batchFirst ? [B, T, inputSize] : [T, B, inputSize]);
  const LD = options.numLayers * (options.bidirectional ? 2 : 1);
  const h0 = waveLeaf(2, [LD, B, options.projSize ?? hiddenSize], 0.5);
  const c0 = waveLeaf(3, [LD, B, hiddenSize], 0.5);
  const given = golden.cell === 'LSTM' ? { h: h0, c: c0 } : h0;

  const [y, state] = layer.forward(x, golden.state ? given : null, { lengths });
  const h = 'h' in state ? state.h : state;
  const c = 'c' in state ? state.c : null;
  expectClose('output', y, golden.output);
  expectClose('hn', h, golden.hn);
  if (c) expectClose('cn', c, golden.cn ?? []);

  let loss = y
    .mul(wave(4, y.shape))
    .sum()
    .add(h.mul(wave(5, h.shape)).sum());
  if (c) loss = loss.add(c.mul(wave(6, c.shape)).sum());
  loss.backward();
  const leaves = new Map<string, Tensor>([['input', x], ['h0', h0], ['c0', c0], ...layer.namedParameters()]);
  for (const [name, expected] of Object.entries(golden.gradients)) {
    expectClose(`gradient of ${name}`, leaves.get(name)?.grad, expected);
  }
}

describe.each(['rnn', 'lstm', 'gru'])('%s equals PyTorch, every gradient included, with', (file) => {
  test.each(goldenCases<RecurrentCase>(file).map((golden) => [title(golden), golden] as const))(
    '%s',
    (_title, golden) => {
      checkRecurrent(golden);
    },
  );
});

interface ModernCase {
  cell: keyof typeof modernCells;
  inputSize: number;
  hiddenSize: number;
  T: number;
  B: number;
  positive: boolean;
  parameters: [name: string, shape: number[]][];
  output: number[];
  state: number[][];
  gradients: Record<string, number[]>;
  stateGradients: number[][];
}

const modernCells = {
  CoupledLSTMCell,
  LayerNormGRUCell,
  LayerNormLSTMCell,
  LRUCell,
  MinGRUCell,
  MinLSTMCell,
  SkipRNNCell: class extends SkipRNNCell {
    constructor(inputSize: number, hiddenSize: number) {
      super(inputSize, hiddenSize, { skip: 2 });
    }
  },
  SLSTMCell,
};

test.each(goldenCases<ModernCase>('modern-cells').map((golden) => [golden.cell, golden] as const))(
  "%s equals its paper's equations in PyTorch, every gradient included",
  (_name, golden) => {
    const { inputSize, hiddenSize, T, B } = golden;
    const cell = new modernCells[golden.cell](inputSize, hiddenSize) as Cell<object>;
    fill(cell, golden.parameters, 0.9);
    const layer = new Recurrent(cell);
    const x = waveLeaf(1, [T, B, inputSize], 1.5);
    let k = 0;
    const leaves: Tensor[] = [];
    const state = mapState(layer.initialState(B), (like) => {
      const values = wave(2 + k++, like.shape, 0.8);
      const leaf = golden.positive ? values.exp() : values;
      leaf.requiresGrad = true;
      leaves.push(leaf);
      return leaf;
    });
    const [y, after] = layer.forward(x, state);
    expectClose('output', y, golden.output);
    const last: Tensor[] = [];
    mapState(after, (t) => (last.push(t), t));
    last.forEach((t, n) => expectClose(`state ${n}`, t, golden.state[n]));
    const parts = [y.mul(wave(5, y.shape)), ...last.map((t, n) => t.mul(wave(6 + n, t.shape)))].map((t) => t.sum());
    parts.reduce((a, b) => a.add(b)).backward();
    const named = new Map<string, Tensor>([['input', x], ...cell.namedParameters()]);
    for (const [name, expected] of Object.entries(golden.gradients))
      expectClose(`gradient of ${name}`, named.get(name)?.grad, expected);
    leaves.forEach((leaf, n) => {
      const none = new Array<number>(leaf.size).fill(0);
      expectClose(`gradient of state ${n}`, leaf.grad ?? none, golden.stateGradients[n]);
    });
  },
);

type LossCase = { output: number[]; gradients: Record<string, number[]> } & (
  | { op: 'crossEntropy'; target: number[]; ignoreIndex: number; reduction: 'sum' | 'mean' | 'none' }
  | { op: 'softmax' | 'logSoftmax'; shift: number }
  | { op: 'embedding'; index: number[][]; paddingIdx: number | null }
);

function checkLoss(golden: LossCase): void {
  let leaf: Tensor;
  let y: Tensor;
  if (golden.op === 'crossEntropy') {
    const { ignoreIndex, reduction } = golden;
    leaf = waveLeaf(1, [6, 5], 3);
    y = crossEntropy(leaf, indices(golden.target), { ignoreIndex, reduction });
  } else if (golden.op === 'embedding') {
    leaf = waveLeaf(1, [5, 3]);
    y = embedding(indices(golden.index), leaf, golden.paddingIdx ?? undefined);
  } else {
    leaf = wave(1, [3, 5], 3).add(golden.shift).detach();
    leaf.requiresGrad = true;
    y = golden.op === 'softmax' ? leaf.softmax() : leaf.logSoftmax();
  }
  expectClose('output', y, golden.output);
  y.mul(wave(2, y.shape)).sum().backward();
  const [expected] = Object.values(golden.gradients);
  expectClose('gradient', leaf.grad, expected);
}

describe('losses equal PyTorch:', () => {
  const named = goldenCases<LossCase>('losses').map((golden) => {
    const { output: _output, gradients: _gradients, op, ...options } = golden;
    return [`${op} ${JSON.stringify(options)}`, golden] as const;
  });
  test.each(named)('%s', (_title, golden) => {
    checkLoss(golden);
  });
});

interface AdaptiveCase {
  inFeatures: number;
  numClasses: number;
  cutoffs: number[];
  divValue: number;
  headBias: boolean;
  target: number[];
  parameters: [name: string, shape: number[]][];
  logProbabilities: number[];
  output: number[];
  loss: number;
  gradients: Record<string, number[]>;
}

test.each(goldenCases<AdaptiveCase>('adaptive-softmax').map((golden) => [golden.cutoffs.join(', '), golden] as const))(
  'adaptive softmax with cutoffs %s equals PyTorch, every gradient included',
  (_name, golden) => {
    const { inFeatures, numClasses, cutoffs, divValue, headBias, target } = golden;
    const layer = new AdaptiveLogSoftmaxWithLoss(inFeatures, numClasses, cutoffs, { divValue, headBias });
    fill(layer, golden.parameters, 0.7);
    const x = waveLeaf(1, [target.length, inFeatures], 1.2);
    expectClose('log-probabilities', layer.forward(x), golden.logProbabilities);
    expectClose(
      'those of the targets',
      target.map((y, n) => layer.forward(x).select(0, n).dataSync()[y]),
      golden.output,
    );
    const loss = layer.loss(x, indices(target));
    expectClose('loss', loss, [golden.loss]);
    loss.backward();
    const named = new Map<string, Tensor>([['input', x], ...layer.namedParameters()]);
    for (const [name, expected] of Object.entries(golden.gradients))
      expectClose(`gradient of ${name}`, named.get(name)?.grad, expected);
  },
);

interface CurveCase {
  V: number;
  E: number;
  H: number;
  T: number;
  B: number;
  numLayers: number;
  lr: number;
  parameters: [name: string, shape: number[]][];
  losses: number[];
  final: Record<string, number[]>;
}

class CurveModel extends Module {
  readonly embedding: Embedding;
  readonly lstm: LSTM;
  readonly decoder: Linear;

  constructor({ V, E, H, numLayers }: CurveCase) {
    super();
    this.embedding = new Embedding(V, E);
    this.lstm = new LSTM(E, H, { numLayers });
    this.decoder = new Linear(H, V);
  }

  forward(input: Tensor): Tensor {
    return this.decoder.forward(this.lstm.forward(this.embedding.forward(input))[0]);
  }
}

test("two hundred steps of gradient descent on a small LSTM follow PyTorch's losses and end in its weights", () => {
  const [golden] = goldenCases<CurveCase>('curve');
  const { V, T, B, lr } = golden;
  const model = new CurveModel(golden);
  fill(model, golden.parameters, 0.5);
  const token = (t: number, b: number): number => (t * t + 2 * b + t * b) % V;
  const tokens = Array.from({ length: T + 1 }, (_, t) => Array.from({ length: B }, (_, b) => token(t, b)));
  const losses = golden.losses.map(() => {
    model.zeroGrad();
    const loss = crossEntropy(model.forward(indices(tokens.slice(0, -1))), indices(tokens.slice(1)));
    loss.backward();
    for (const p of model.parameters()) p.set(p.detach().sub((p.grad as Tensor).mul(lr)));
    return loss.itemSync();
  });
  expectClose('losses', losses, golden.losses);
  for (const [name, p] of model.namedParameters()) expectClose(name, p, golden.final[name], 1e-8);
});
