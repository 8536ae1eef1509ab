// Standardization of channels: (x − mean) / deviation and back, in float64 for plain numbers. Tensors are scaled in their own dtype, with a
// gradient, which is enough for series whose level is not far above their deviation.

import { full } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';

export class Scaling {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** The same as tensors [C]. */
  readonly #mean: Tensor;
  readonly #deviation: Tensor;

  /** Mean 0 and deviation 1: values stay as they are. */
  constructor(channels: number) {
    this.mean = new Float64Array(channels);
    this.deviation = new Float64Array(channels).fill(1);
    this.#mean = full([channels], 0).keep();
    this.#deviation = full([channels], 1).keep();
  }

  set({ mean, deviation }: { readonly mean: ArrayLike<number>; readonly deviation: ArrayLike<number> }): void {
    this.mean.set(mean);
    this.deviation.set(deviation);
    this.#mean.set(this.mean);
    this.#deviation.set(this.deviation);
  }

  /** x [.., C] */
  apply(x: Tensor): Tensor {
    return x.sub(this.#mean).div(this.#deviation);
  }

  invert(y: Tensor): Tensor {
    return y.mul(this.#deviation).add(this.#mean);
  }

  /** values [.., C] */
  applyTo(values: ArrayLike<number>): Float64Array {
    const [{ mean, deviation }, C] = [this, this.mean.length];
    const out = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = (values[i] - mean[i % C]) / deviation[i % C];
    return out;
  }

  /** values [.., C, Q] */
  invertTo(values: ArrayLike<number>, Q = 1): Float64Array {
    const [{ mean, deviation }, C] = [this, this.mean.length];
    const out = new Float64Array(values.length);
    for (let i = 0; i < out.length; i++) {
      const c = Math.floor(i / Q) % C;
      out[i] = values[i] * deviation[c] + mean[c];
    }
    return out;
  }
}
