// Keras' recurrent layers, whole: batch first, with masks of any form, both directions and their merge. They are the library's layers; what Keras does
// differently is around them. A mask may have holes: the steps that count are moved together, run as a sequence with lengths, and put back. A step that
// does not count repeats the output before it (zeros before the first), and leaves the state as it is.

import type { GatedCell } from '../../nn/recurrent/cell.ts';
import {
  type KerasActivation,
  kerasActivations,
  KerasGRUCell,
  KerasLSTMCell,
  KerasRNNCell,
} from '../../nn/recurrent/keras-cells.ts';
import { GRU, LSTM, RNN } from '../../nn/recurrent/layers.ts';
import type { LSTMState } from '../../nn/recurrent/lstm-cell.ts';
import { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { indices, zeros } from '../../tensor/create.ts';
import { embedding } from '../../tensor/ops/embedding.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, NodeContext, RunContext } from '../op.ts';
import type { GraphValue, HostArray } from '../value.ts';
import { givenMask } from './keras-masks.ts';

const common = ['inputSize', 'hiddenSize', 'bias', 'bidirectional', 'goBackwards', 'returnSequences', 'merge'];
const attributes = [...common, 'zeroOutputForMask', 'activation', 'recurrentActivation'];

/** x [B, T, I], mask [B, T], states [D, B, H] → y, the states at each row's end [D, B, H], and with merge 'none' the backward direction's y. */
const inputs = ['x', 'mask?', 'h0?'];

export const kerasRecurrentOps: Readonly<Record<string, GraphOp>> = {
  KerasLSTM: {
    inputs: [...inputs, 'c0?'],
    attributes,
    layer(node) {
      const [activation, recurrentActivation] = activationsOf(node);
      const [I, H, bias] = sizesOf(node);
      const bidirectional = node.flag('bidirectional', false);
      if (activation === 'tanh' && recurrentActivation === 'sigmoid') return new LSTM(I, H, { bias, bidirectional });
      return stepped(node, (i) => new KerasLSTMCell(i, H, { bias, activation, recurrentActivation }));
    },
    run(node) {
      if (node.given(2) !== node.given(3)) node.fail('expected both initial states, h0 and c0, or neither');
      const before = node.given(2) ? { h: node.tensor(2), c: node.tensor(3) } : null;
      const { y, state, backward } = overTime<LSTMState>(node, before);
      return outputs(y, state.h, state.c, backward);
    },
  },

  KerasGRU: {
    inputs,
    attributes: [...attributes, 'resetAfter'],
    layer(node) {
      const [activation, recurrentActivation] = activationsOf(node);
      const [I, H, bias] = sizesOf(node);
      const options = { bias, resetAfter: node.flag('resetAfter', true) };
      const bidirectional = node.flag('bidirectional', false);
      if (activation === 'tanh' && recurrentActivation === 'sigmoid')
        return new GRU(I, H, { ...options, bidirectional });
      return stepped(node, (i) => new KerasGRUCell(i, H, { ...options, activation, recurrentActivation }));
    },
    run(node) {
      const { y, state, backward } = overTime<Tensor>(node, node.given(2) ? node.tensor(2) : null);
      return outputs(y, state, null, backward);
    },
  },

  KerasSimpleRNN: {
    inputs,
    attributes,
    layer(node) {
      const [activation] = activationsOf(node);
      const [I, H, bias] = sizesOf(node);
      const bidirectional = node.flag('bidirectional', false);
      if (activation === 'tanh' || activation === 'relu')
        return new RNN(I, H, { bias, bidirectional, nonlinearity: activation });
      return stepped(node, (i) => new KerasRNNCell(i, H, { bias, activation }));
    },
    run(node) {
      const { y, state, backward } = overTime<Tensor>(node, node.given(2) ? node.tensor(2) : null);
      return outputs(y, state, null, backward);
    },
  },
};

function outputs(y: Tensor, h: Tensor, c: Tensor | null, backward: Tensor | null): GraphValue[] {
  return [y, h, c ?? h, backward ?? y];
}

function sizesOf(node: NodeContext): [inputSize: number, hiddenSize: number, bias: boolean] {
  return [node.whole('inputSize'), node.whole('hiddenSize'), node.flag('bias', true)];
}

function activationsOf(node: NodeContext): [activation: KerasActivation, recurrentActivation: KerasActivation] {
  const known = Object.keys(kerasActivations) as KerasActivation[];
  return [node.oneOf('activation', known, 'tanh'), node.oneOf('recurrentActivation', known, 'sigmoid')];
}

function stepped<S>(node: NodeContext, cell: (inputSize: number) => GatedCell<S>): Recurrent<S> {
  return new Recurrent<S>(cell, {
    inputSize: node.whole('inputSize'),
    bidirectional: node.flag('bidirectional', false),
  });
}

interface Run<S> {
  readonly y: Tensor;
  readonly state: S;
  /** The backward direction's output, where the two are not merged. */
  readonly backward: Tensor | null;
}

function overTime<S>(node: RunContext, before: S | null): Run<S> {
  const layer = node.layer as Recurrent<S>;
  const given = node.tensor(0);
  if (given.rank !== 3)
    node.fail(`expected an input [batch, time, ${layer.inputSize}], got [${given.shape.join(', ')}]`);
  const backwards = node.flag('goBackwards', false);
  const x = backwards ? given.flip(1) : given;
  const [B, T] = x.shape;
  if (T === 0) node.fail('the sequence has no steps');
  node.requireIterations(T);
  const steps = stepsOf(givenMask(node, 1, given), B, T, backwards);
  const [y, state] = layer.forward(
    steps ? rowsAt(x.transpose(0, 1), steps.together) : x.transpose(0, 1),
    before,
    steps ? { lengths: steps.lengths } : {},
  );
  const zero = node.flag('zeroOutputForMask', false);
  const [forward, backward] = Array.from({ length: layer.numDirections }, (_, d) => {
    const H = y.shape[2] / layer.numDirections;
    const own = layer.numDirections === 1 ? y : y.slice(2, d * H, (d + 1) * H);
    if (!node.flag('returnSequences', false)) {
      const last = d === 0 ? T - 1 : 0;
      return steps ? rowsAt(own, [steps.back(d, zero)[last]]).select(0, 0) : own.select(0, last);
    }
    return (steps ? rowsAt(own, steps.back(d, zero)) : own).transpose(0, 1);
  });
  const merge = node.oneOf('merge', ['concat', 'sum', 'mul', 'ave', 'none'], 'concat');
  if (!backward || merge === 'none') return { y: forward, state, backward: backward ?? null };
  return { y: merged(forward, backward, merge), state, backward: null };
}

function merged(forward: Tensor, backward: Tensor, merge: 'concat' | 'sum' | 'mul' | 'ave'): Tensor {
  switch (merge) {
    case 'concat':
      return cat([forward, backward], -1);
    case 'sum':
      return forward.add(backward);
    case 'mul':
      return forward.mul(backward);
    case 'ave':
      return forward.add(backward).mul(0.5);
    default:
      throw merge satisfies never;
  }
}

/** Which step of each row stands at which place: [T][B], −1 for zeros. */
type Places = readonly (readonly number[])[];

interface Steps {
  readonly lengths: readonly number[];
  /** The steps that count, moved to the front. */
  readonly together: Places;
  /** Where direction d finds its output at each step. */
  back(direction: number, zero: boolean): Places;
}

/** How the steps that count move; null where all do. */
function stepsOf(mask: HostArray | null, B: number, T: number, backwards: boolean): Steps | null {
  if (!mask) return null;
  const counts = (t: number, b: number) => mask.values[b * T + (backwards ? T - 1 - t : t)] !== 0;
  const table = (at: (t: number, b: number) => number): number[][] =>
    Array.from({ length: T }, (_, t) => Array.from({ length: B }, (_none, b) => at(t, b)));
  const rows = Array.from({ length: B }, (_, b) =>
    Array.from({ length: T }, (_none, t) => t).filter((t) => counts(t, b)),
  );
  const upTo = rows.map((_, b) => {
    let n = 0;
    return Array.from({ length: T }, (_none, t) => (counts(t, b) ? ++n : n));
  });
  return {
    lengths: rows.map(({ length }) => length),
    together: table((k, b) => rows[b][k] ?? -1),
    back: (direction, zero) =>
      table((t, b) => {
        if (zero && !counts(t, b)) return -1;
        if (direction === 0) return upTo[b][t] - 1;
        const before = upTo[b][t] - (counts(t, b) ? 1 : 0);
        return before < rows[b].length ? before : -1;
      }),
  };
}

/** Rows of x [T, B, n] by step: [places, B, n]. The gradient of a row is the sum over the places that it went to. */
function rowsAt(x: Tensor, places: Places): Tensor {
  const [T, B, n] = x.shape;
  const { backend, dtype } = x;
  const table = cat([x.reshape(T * B, n), zeros([1, n], { backend, dtype })], 0);
  const at = places.flatMap((row) => row.map((t, b) => (t < 0 ? T * B : t * B + b)));
  return embedding(indices(at, [places.length, B], { backend }), table);
}
