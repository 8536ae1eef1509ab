// From the encoder's last state to the decoder's first. Where both have the same size and the encoder has one direction, it is the same state;
// else s_0 = tanh(W [→h; ←h] + b), layer by layer (Bahdanau et al. 2015, A.2.2, where the backward state alone is taken). An LSTM's c goes
// through a layer of its own, without the tanh.

import { Linear } from '../../nn/linear.ts';
import { Module } from '../../nn/module.ts';
import { combine, tensorsOf } from '../../nn/recurrent/state.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export class Bridge extends Module {
  /** For each layer, one a tensor of the state. */
  readonly linear: readonly Linear[];
  readonly #layers: number;
  readonly #directions: number;

  /** `tensors`: of each that a state has, how often its width is the layer's size: once, or twice for complex numbers. */
  constructor(
    layers: number,
    directions: number,
    tensors: readonly number[],
    encoderSize: number,
    decoderSize: number,
  ) {
    super();
    this.#layers = layers;
    this.#directions = directions;
    const same = directions === 1 && encoderSize === decoderSize;
    this.linear = same
      ? []
      : Array.from({ length: layers }, () =>
          tensors.map((n) => new Linear(directions * n * encoderSize, n * decoderSize)),
        ).flat();
  }

  /** Tensors [L·D, B, H] → L states of [B, H]. */
  forward(state: unknown): unknown[] {
    const D = this.#directions;
    const count = tensorsOf(state).length;
    return Array.from({ length: this.#layers }, (_, layer) => {
      let k = 0;
      return combine([state], ([t]: readonly Tensor[]) => {
        const directions = Array.from({ length: D }, (__, d) => t.select(0, layer * D + d));
        const both = D === 1 ? directions[0] : cat(directions, 1);
        const linear = this.linear[layer * count + k];
        const isHidden = k++ === 0;
        if (!linear) return both;
        return isHidden ? linear.forward(both).tanh() : linear.forward(both);
      });
    });
  }
}
