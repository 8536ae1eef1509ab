// Keras' cells where they are not PyTorch's: the gates may be a straight line with two corners, and the rest another function than tanh.
// They have no kernel and are stepped through; with the usual functions `LSTM` and `GRU` are the same and faster.

import { shown } from '../../checks.ts';
import { OptionError } from '../../errors.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type CellOptions, masked, requireState } from './cell.ts';
import { GRUCell } from './gru-cell.ts';
import { LSTMCell, type LSTMState } from './lstm-cell.ts';
import { RNNCell } from './rnn-cell.ts';
import { gate } from './observe.ts';

/** By Keras' names. 'hard_sigmoid' is Keras 1's and 2's, clip(0.2 x + 0.5, 0, 1); Keras 3's, clip(x / 6 + 0.5, 0, 1), is 'hard_sigmoid_3'. */
export const kerasActivations = {
  linear: (x: Tensor) => x,
  tanh: (x: Tensor) => x.tanh(),
  sigmoid: (x: Tensor) => x.sigmoid(),
  hard_sigmoid: (x: Tensor) => x.mul(0.2).add(0.5).clamp(0, 1),
  hard_sigmoid_3: (x: Tensor) => x.div(6).add(0.5).clamp(0, 1),
  relu: (x: Tensor) => x.relu(),
  softplus: (x: Tensor) => x.softplus(),
  softsign: (x: Tensor) => x.div(x.abs().add(1)),
} as const;

/** Activations of Keras' recurrent layers. */
export type KerasActivation = keyof typeof kerasActivations;

export interface KerasCellOptions extends CellOptions {
  /** Of the state. Default 'tanh'. */
  readonly activation?: KerasActivation;
  /** Of the gates. Default 'sigmoid'. */
  readonly recurrentActivation?: KerasActivation;
}

export function requireActivation(who: string, option: string, name: string): void {
  if (typeof name !== 'string' || !Object.hasOwn(kerasActivations, name)) {
    const known = Object.keys(kerasActivations).join(', ');
    throw new OptionError(who, option, `unknown activation ${shown(name)}; known are ${known}`);
  }
}

/** h' = f(W_ih x + b_ih + W_hh h + b_hh) for any activation f. */
export class KerasRNNCell extends RNNCell {
  readonly activation: KerasActivation;

  constructor(inputSize: number, hiddenSize: number, options: Omit<KerasCellOptions, 'recurrentActivation'> = {}) {
    const { activation = 'tanh', ...rest } = options;
    requireActivation('KerasRNNCell', 'activation', activation);
    super(inputSize, hiddenSize, rest);
    this.activation = activation;
  }

  override get fused(): null {
    return null;
  }

  override step(x: Tensor, h: Tensor, mask?: Tensor | null): [output: Tensor, state: Tensor] {
    const sum = linear(x, this.weightIh, this.biasIh).add(linear(masked(h, mask), this.weightHh, this.biasHh));
    const next = kerasActivations[this.activation](sum);
    return [next, next];
  }
}

/** As LSTMCell, with σ and tanh replaced: c' = f ⊙ c + i ⊙ act(g), h' = o ⊙ act(c'). */
export class KerasLSTMCell extends LSTMCell {
  readonly activation: KerasActivation;
  readonly recurrentActivation: KerasActivation;

  constructor(inputSize: number, hiddenSize: number, options: KerasCellOptions = {}) {
    const { activation = 'tanh', recurrentActivation = 'sigmoid', ...rest } = options;
    requireActivation('KerasLSTMCell', 'activation', activation);
    requireActivation('KerasLSTMCell', 'recurrentActivation', recurrentActivation);
    super(inputSize, hiddenSize, rest);
    this.activation = activation;
    this.recurrentActivation = recurrentActivation;
  }

  override get fused(): null {
    return null;
  }

  override step(x: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    requireState(this, state, ['h', 'c']);
    const { h, c } = state;
    const [open, act] = [kerasActivations[this.recurrentActivation], kerasActivations[this.activation]];
    const sums = linear(x, this.weightIh, this.biasIh).add(linear(masked(h, mask), this.weightHh, this.biasHh));
    const [ai, af, ag, ao] = sums.chunk(4); // each [B, H]
    const [i, f, g, o] = [gate('i', open(ai)), gate('f', open(af)), gate('g', act(ag)), gate('o', open(ao))];
    const nextC = f.mul(c).add(i.mul(g));
    const nextH = o.mul(act(nextC));
    return [nextH, { h: nextH, c: nextC }];
  }
}

/** As GRUCell, or with `resetAfter: false` as GRUResetBeforeCell, with σ and tanh replaced. Keras 2's own default was the form before. */
export class KerasGRUCell extends GRUCell {
  readonly activation: KerasActivation;
  readonly recurrentActivation: KerasActivation;
  readonly resetAfter: boolean;

  constructor(
    inputSize: number,
    hiddenSize: number,
    options: KerasCellOptions & { readonly resetAfter?: boolean } = {},
  ) {
    const { activation = 'tanh', recurrentActivation = 'sigmoid', resetAfter = true, ...rest } = options;
    requireActivation('KerasGRUCell', 'activation', activation);
    requireActivation('KerasGRUCell', 'recurrentActivation', recurrentActivation);
    super(inputSize, hiddenSize, rest);
    this.activation = activation;
    this.recurrentActivation = recurrentActivation;
    this.resetAfter = resetAfter;
  }

  override get fused(): null {
    return null;
  }

  override step(x: Tensor, h: Tensor, mask?: Tensor | null): [output: Tensor, state: Tensor] {
    const [open, act] = [kerasActivations[this.recurrentActivation], kerasActivations[this.activation]];
    const H = this.hiddenSize;
    const hm = masked(h, mask);
    const [xr, xz, xn] = linear(x, this.weightIh, this.biasIh).chunk(3); // each [B, H]
    const [weightRz, weightN] = this.weightHh.split([2 * H, H], 0);
    const [biasRz, biasN] = this.biasHh?.split([2 * H, H], 0) ?? [null, null];
    const [hr, hz] = linear(hm, weightRz, biasRz).chunk(2);
    const r = gate('r', open(xr.add(hr)));
    const z = gate('z', open(xz.add(hz)));
    const hn = this.resetAfter ? r.mul(linear(hm, weightN, biasN)) : linear(r.mul(hm), weightN, biasN);
    const n = gate('n', act(xn.add(hn)));
    const next = n.add(z.mul(h.sub(n)));
    return [next, next];
  }
}
