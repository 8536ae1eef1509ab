// Converts Keras' recurrent layers. The values are the same; their layout is not:
//
//              kernel               gates       bias
//   Keras      [I, G·H], x W + b    LSTM i f c o, GRU z r h   one [G·H]; GRU with reset_after two, [2, 3H]
//   here       [G·H, I], W x + b    LSTM i f g o, GRU r z n   two, biasIh and biasHh
//
// A layer with Keras' weights is an ordinary layer: it trains, runs fused where its activations are the usual ones, and saves under
// PyTorch's names. For `go_backwards` flip the input yourself.

import { requireKinds, requireSizes } from '../checks.ts';
import { checkOptions, OptionError, ShapeError } from '../errors.ts';
import { Embedding } from '../nn/embedding.ts';
import { Linear } from '../nn/linear.ts';
import type { Parameter } from '../nn/module.ts';
import type { GatedCell } from '../nn/recurrent/cell.ts';
import { type KerasActivation, KerasGRUCell, KerasLSTMCell, KerasRNNCell } from '../nn/recurrent/keras-cells.ts';
import { GRU, LSTM, RNN } from '../nn/recurrent/layers.ts';
import type { LSTMState } from '../nn/recurrent/lstm-cell.ts';
import { Recurrent } from '../nn/recurrent/recurrent.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** One array of `layer.get_weights()`. */
export interface KerasArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Kernel, recurrent kernel and, if there is one, bias; for `Bidirectional` the forward layer's and then the backward layer's. */
export type KerasWeights = readonly KerasArray[];

/** Options of `fromKerasLSTM`. */
export interface KerasLSTMOptions {
  /** Activation of the candidate and the output. Default 'tanh'. */
  readonly activation?: KerasActivation;
  /** Activation of the gates. Default 'sigmoid'. Keras before TensorFlow 2 had 'hard_sigmoid'. */
  readonly recurrentActivation?: KerasActivation;
}

/**
 *     const layer = fromKerasLSTM(weights, { recurrentActivation: 'hard_sigmoid' });
 *     const [output, { h }] = layer.forward(x);             // x [T, B, I]; h is what return_sequences=False gives
 */
export function fromKerasLSTM(weights: KerasWeights, options: KerasLSTMOptions = {}): Recurrent<LSTMState> {
  requireKinds('fromKerasLSTM', { weights, options }, { weights: [kerasKind], options: 'object' });
  checkOptions('fromKerasLSTM', options, ['activation', 'recurrentActivation']);
  const { activation = 'tanh', recurrentActivation = 'sigmoid' } = options;
  const form = read('fromKerasLSTM', weights, 4);
  const layer =
    activation === 'tanh' && recurrentActivation === 'sigmoid'
      ? new LSTM(form.I, form.H, { bias: form.bias, bidirectional: form.bidirectional })
      : unrolled(form, (i) => new KerasLSTMCell(i, form.H, { bias: form.bias, activation, recurrentActivation }));
  return fill(layer, form, [0, 1, 2, 3]);
}

/** Options of `fromKerasGRU`. */
export interface KerasGRUOptions extends KerasLSTMOptions {
  /** Whether the reset gate acts after the product. Default: inferred from the bias; for a layer without bias true, Keras' default now. */
  readonly resetAfter?: boolean;
}

/** As `fromKerasLSTM`. A bias of shape [2, 3H] means reset_after=True, one of shape [3H] reset_after=False. */
export function fromKerasGRU(weights: KerasWeights, options: KerasGRUOptions = {}): Recurrent<Tensor> {
  requireKinds('fromKerasGRU', { weights, options }, { weights: [kerasKind], options: 'object' });
  const who = 'fromKerasGRU';
  checkOptions(who, options, ['activation', 'recurrentActivation', 'resetAfter']);
  const { activation = 'tanh', recurrentActivation = 'sigmoid' } = options;
  const form = read(who, weights, 3);
  const [, , bias] = form.directions[0];
  const resetAfter = options.resetAfter ?? (bias ? bias.shape.length === 2 : true);
  if (bias && resetAfter !== (bias.shape.length === 2)) {
    throw new OptionError(
      who,
      'resetAfter',
      `is ${resetAfter}, but a bias of shape [${bias.shape.join(', ')}] is that of reset_after=${resetAfter ? 'False' : 'True'}`,
    );
  }
  const layer =
    activation === 'tanh' && recurrentActivation === 'sigmoid'
      ? new GRU(form.I, form.H, { bias: form.bias, bidirectional: form.bidirectional, resetAfter })
      : unrolled(
          form,
          (i) => new KerasGRUCell(i, form.H, { bias: form.bias, activation, recurrentActivation, resetAfter }),
        );
  return fill(layer, form, [1, 0, 2]);
}

/** As `fromKerasLSTM`. */
export function fromKerasSimpleRNN(
  weights: KerasWeights,
  options: Omit<KerasLSTMOptions, 'recurrentActivation'> = {},
): Recurrent<Tensor> {
  requireKinds('fromKerasSimpleRNN', { weights, options }, { weights: [kerasKind], options: 'object' });
  checkOptions('fromKerasSimpleRNN', options, ['activation']);
  const { activation = 'tanh' } = options;
  const form = read('fromKerasSimpleRNN', weights, 1);
  const layer =
    activation === 'tanh' || activation === 'relu'
      ? new RNN(form.I, form.H, { bias: form.bias, bidirectional: form.bidirectional, nonlinearity: activation })
      : unrolled(form, (i) => new KerasRNNCell(i, form.H, { bias: form.bias, activation }));
  return fill(layer, form, [0]);
}

/** Takes the embedding matrix [V, E] as it is. For Keras' mask_zero pass lengths. */
export function fromKerasEmbedding(weights: KerasWeights): Embedding {
  requireKinds('fromKerasEmbedding', { weights }, { weights: [kerasKind] });
  const [table] = weights;
  if (weights.length !== 1 || table.shape.length !== 2)
    throw new ShapeError('fromKerasEmbedding', 'one weight', ['V', 'E'], weights[0]?.shape ?? []);
  expectShape('fromKerasEmbedding', 'the table', table, [table.shape]);
  const layer = new Embedding(table.shape[0], table.shape[1]);
  layer.weight.set(table.data);
  return layer;
}

/** Takes the kernel [I, O] and, if there is one, the bias [O]. Apply its activation yourself. */
export function fromKerasDense(weights: KerasWeights): Linear {
  requireKinds('fromKerasDense', { weights }, { weights: [kerasKind] });
  const [kernel, bias] = weights;
  if (!(weights.length === 1 || weights.length === 2) || kernel.shape.length !== 2)
    throw new ShapeError('fromKerasDense', 'a kernel and a bias,', ['I', 'O'], kernel?.shape ?? []);
  const [I, O] = kernel.shape;
  expectShape('fromKerasDense', 'the kernel', kernel, [[I, O]]);
  if (bias) expectShape('fromKerasDense', 'the bias', bias, [[O]]);
  const layer = new Linear(I, O, { bias: bias !== undefined });
  layer.weight.set(transposed(kernel, [0], O));
  layer.bias?.set(bias.data);
  return layer;
}

const kerasKind = { shape: 'numbers', data: 'numbers' } as const;

interface Form {
  readonly I: number;
  readonly H: number;
  readonly bias: boolean;
  readonly bidirectional: boolean;
  /** Kernel, recurrent kernel, bias of each direction. */
  readonly directions: readonly KerasWeights[];
}

/** Infers sizes from the shapes of the weights. Throws where they do not match each other. */
function read(who: string, weights: KerasWeights, gates: number): Form {
  if (![2, 3, 4, 6].includes(weights.length)) {
    throw new OptionError(
      who,
      'weights',
      `expected kernel, recurrent kernel and perhaps bias, of one layer or of two, got ${weights.length} arrays`,
    );
  }
  const bidirectional = weights.length > 3;
  const each = weights.length / (bidirectional ? 2 : 1);
  const directions = bidirectional ? [weights.slice(0, each), weights.slice(each)] : [weights];
  const [I, H] = [weights[0].shape[0], weights[1].shape[0]];
  requireSizes(who, { I, H });
  const GH = gates * H;
  for (const [kernel, recurrent, bias] of directions) {
    expectShape(who, 'kernel', kernel, [[I, GH]]);
    expectShape(who, 'recurrent kernel', recurrent, [[H, GH]]);
    if (bias) expectShape(who, 'bias', bias, gates === 3 ? [[GH], [2, GH]] : [[GH]]);
  }
  return { I, H, bias: each === 3, bidirectional, directions };
}

function expectShape(who: string, what: string, array: KerasArray, allowed: readonly (readonly number[])[]): void {
  const fits = allowed.some(
    (shape) => shape.length === array.shape.length && shape.every((n, d) => n === array.shape[d]),
  );
  if (!fits || array.data.length !== array.shape.reduce((a, b) => a * b, 1))
    throw new ShapeError(who, what, [...allowed[0]], array.shape);
}

function unrolled<S>({ I, bidirectional }: Form, make: (inputSize: number) => GatedCell<S>): Recurrent<S> {
  return new Recurrent<S>(make, { inputSize: I, bidirectional });
}

/** Sets the weights of each direction. Our block k is block `order[k]` of Keras. */
function fill<S>(layer: Recurrent<S>, { H, directions }: Form, order: readonly number[]): Recurrent<S> {
  for (const [d, [kernel, recurrent, bias]] of directions.entries()) {
    const cell = layer.cells[d] as GatedCell<S>;
    cell.weightIh.set(transposed(kernel, order, H));
    cell.weightHh.set(transposed(recurrent, order, H));
    if (!bias) continue;
    const GH = order.length * H;
    const two = bias.shape.length === 2;
    (cell.biasIh as Parameter).set(reordered(Array.from(bias.data).slice(0, GH), order, H));
    (cell.biasHh as Parameter).set(two ? reordered(Array.from(bias.data).slice(GH), order, H) : new Float32Array(GH));
  }
  return layer;
}

/** [I, G·H] → [G·H, I], with the gates in our order. */
function transposed({ shape: [I, GH], data }: KerasArray, order: readonly number[], H: number): Float64Array {
  const out = new Float64Array(GH * I);
  for (const [k, from] of order.entries())
    for (let j = 0; j < H; j++) for (let i = 0; i < I; i++) out[(k * H + j) * I + i] = data[i * GH + from * H + j];
  return out;
}

function reordered(values: readonly number[], order: readonly number[], H: number): number[] {
  return order.flatMap((from) => values.slice(from * H, (from + 1) * H));
}
