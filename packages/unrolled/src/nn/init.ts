// Initial values. Each function overwrites a tensor in place, draws from the generator that `manualSeed` seeds, and returns its tensor.

import { requireTensor } from '../tensor/ops/operands.ts';
import { requireFunction, requireNumber, shown } from '../checks.ts';
import { ContextVariable } from '../context-variable.ts';
import { OptionError, ShapeError } from '../errors.ts';
import { globalRandom } from '../tensor/random-state.ts';
import type { TensorShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { empty } from '../tensor/create.ts';
import { writeEach } from '../tensor/host-values.ts';
import { Parameter } from './module.ts';

function generate<T extends Tensor>(x: T, next: (i: number) => number): T {
  requireTensor('init', x);
  writeEach(x, next);
  return x;
}

const skipping = new ContextVariable(false);

/**
 * Runs `body`, which makes modules whose weights are loaded at once: random initial values are not drawn, and the tensors that would hold them hold
 * anything. Drawing them takes longer than reading them.
 */
export function skippingInit<R>(body: () => R): R {
  requireFunction('skippingInit', 'body', body);
  return skipping.run(true, body);
}

/** Sets every element to `value`. */
export function constant<T extends Tensor>(x: T, value: number): T {
  requireNumber('constant', 'value', value);
  return generate(x, () => value);
}

/** Uniform in [low, high). */
export function uniform<T extends Tensor>(x: T, low: number, high: number): T {
  for (const [name, n] of Object.entries({ low, high })) requireNumber('uniform', name, n);
  if (skipping.value) return x;
  const random = globalRandom();
  return generate(x, () => low + (high - low) * random.uniform());
}

/** Normally distributed with this mean and standard deviation, by default N(0, 1). */
export function normal<T extends Tensor>(x: T, mean = 0, deviation = 1): T {
  for (const [name, n] of Object.entries({ mean, deviation })) requireNumber('normal', name, n);
  if (skipping.value) return x;
  const random = globalRandom();
  return generate(x, () => mean + deviation * random.normal());
}

/** Uniform in ±gain·√(6 / (fan in + fan out)) (Glorot and Bengio 2010). x [fan out, fan in]. */
export function xavierUniform<T extends Tensor>(x: T, gain = 1): T {
  requireNumber('xavierUniform', 'gain', gain);
  const bound = gain * Math.sqrt(6 / fans('xavierUniform', x));
  return uniform(x, -bound, bound);
}

/** Normal with deviation gain·√(2 / (fan in + fan out)). */
export function xavierNormal<T extends Tensor>(x: T, gain = 1): T {
  requireNumber('xavierNormal', 'gain', gain);
  return normal(x, 0, gain * Math.sqrt(2 / fans('xavierNormal', x)));
}

function fans(who: string, x: Tensor): number {
  requireTensor(who, x);
  if (x.rank < 2) throw new ShapeError(who, 'a weight', ['fan out', 'fan in'], x.shape);
  return x.shape[0] + x.shape[1];
}

/** 1 on the diagonal (times gain), 0 elsewhere: IRNN's recurrent weight (Le, Jaitly and Hinton 2015). A weight of G·H rows is G blocks. */
export function identity<T extends Tensor>(x: T, gain = 1): T {
  requireNumber('identity', 'gain', gain);
  const [rows, cols] = matrix('identity', x);
  const block = rows % cols === 0 ? cols : rows;
  return generate(x, (i) => (Math.floor(i / cols) % block === i % cols ? gain : 0));
}

/**
 * Orthonormal columns or rows, whichever are shorter (Saxe et al. 2014), times gain: every singular value is `gain`, so that neither the
 * signal nor its gradient grows or fades in a product of such matrices. A recurrent weight [G·H, H] becomes G orthogonal blocks.
 */
export function orthogonal<T extends Tensor>(x: T, gain = 1): T {
  requireNumber('orthogonal', 'gain', gain);
  const [rows, cols] = matrix('orthogonal', x);
  if (skipping.value) return x;
  const block = cols > 0 && rows > cols && rows % cols === 0 ? cols : rows;
  const values = new Float64Array(x.storage.length); // a freed tensor is refused here, before a number is drawn
  for (let start = 0; start < rows; start += block) values.set(orthonormal(block, cols, gain), start * cols);
  x.set(values);
  return x;
}

/** Row by row: a random [rows, cols] with orthonormal rows (or columns, when there are fewer of them). Gram–Schmidt, twice, in float64. */
function orthonormal(rows: number, cols: number, gain: number): Float64Array {
  const [count, length] = rows <= cols ? [rows, cols] : [cols, rows];
  const random = globalRandom();
  const q = Float64Array.from({ length: count * length }, () => random.normal());
  for (let i = 0; i < count; i++) {
    const row = q.subarray(i * length, (i + 1) * length);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = q.subarray(j * length, (j + 1) * length);
        let dot = 0;
        for (let k = 0; k < length; k++) dot += row[k] * other[k];
        for (let k = 0; k < length; k++) row[k] -= dot * other[k];
      }
      let square = 0;
      for (let k = 0; k < length; k++) square += row[k] * row[k];
      const scale = 1 / Math.sqrt(square);
      for (let k = 0; k < length; k++) row[k] *= scale;
    }
  }
  if (rows <= cols) return q.map((v) => v * gain);
  return Float64Array.from({ length: rows * cols }, (_, i) => gain * q[(i % cols) * length + Math.floor(i / cols)]);
}

/** The forget gate's block of an LSTM bias [4·H] (gates i f g o) at `value`, so that the cell remembers from the start (Jozefowicz 2015). */
export function forgetGateBias<T extends Tensor>(bias: T, value = 1): T {
  requireNumber('forgetGateBias', 'value', value);
  const H = gateSize('forgetGateBias', bias);
  bias.backend.fill(bias.storage.slice(H, H), value);
  return bias;
}

/**
 * Chrono initialization (Tallec and Ollivier 2018) of an LSTM bias [4·H]: forget bias ln u with u uniform in [1, tMax − 1], input bias −ln u, so
 * that the units' time constants spread up to tMax steps. The other gates' biases become 0.
 */
export function chrono<T extends Tensor>(bias: T, tMax: number): T {
  if (!(typeof tMax === 'number' && tMax > 2))
    throw new OptionError('chrono', 'tMax', `expected a number of steps above 2, got ${shown(tMax)}`);
  const H = gateSize('chrono', bias);
  const values = new Float64Array(bias.size);
  for (let j = 0; j < H; j++) {
    const log = Math.log(1 + (tMax - 2) * globalRandom().uniform());
    values[H + j] = log;
    values[j] = -log;
  }
  bias.set(values);
  return bias;
}

function gateSize(who: string, bias: Tensor): number {
  requireTensor(who, bias);
  if (bias.rank !== 1 || bias.size % 4 !== 0) throw new ShapeError(who, 'an LSTM bias', ['4·H'], bias.shape);
  return bias.size / 4;
}

function matrix(who: string, x: Tensor): [rows: number, cols: number] {
  requireTensor(who, x);
  if (x.rank !== 2) throw new ShapeError(who, 'a weight', ['rows', 'columns'], x.shape);
  return [x.shape[0], x.shape[1]];
}

/** A new parameter, uniform in ±bound: PyTorch's default for recurrent (1/√H) and linear (1/√fan in) layers. */
export function uniformParameter(shape: TensorShape, bound: number): Parameter {
  return uniform(Parameter.of(empty(shape)), -bound, bound);
}

/** 1/√n, and 0 for n = 0. */
export function inverseSqrt(n: number): number {
  if (typeof n !== 'number') throw new OptionError('inverseSqrt', 'n', `expected a number, got ${shown(n)}`);
  return n > 0 ? 1 / Math.sqrt(n) : 0;
}
