// A model that is one recurrent layer, for what can be measured without an output.

import { type Cell, init, Module, Recurrent, RNNCell, tensor, type Tensor } from '../index.ts';
import { type LayerSpectrum, singularValues, spectrum } from '../analysis/index.ts';

export class OneLayer extends Module {
  readonly recurrent: Recurrent<unknown>;

  constructor(cell: object) {
    super();
    this.recurrent = new Recurrent(cell as Cell<unknown>);
  }
}

/** [T, 1, I], waves of this height. */
export function waves(T: number, I: number, height = 1): Tensor {
  return tensor(
    Array.from({ length: T * I }, (_, i) => height * Math.sin(1 + 1.3 * i)),
    [T, 1, I],
  );
}

/** What the cell multiplies a gradient by, over the steps of `x`. */
export function measure(cell: object, x: Tensor): LayerSpectrum {
  const model = new OneLayer(cell);
  return spectrum(model, () => model.recurrent.forward(x), { steps: x.shape[0] }).layers[0];
}

/** What is left of a gradient 0, 1, 2 … steps back, as points. */
export const curve = (product: readonly number[]) => [1, ...product].map((v, k) => [k, v] as const);

/** A tanh network with a random W_hh whose largest singular value is `sigma`. */
export function tanhCell(inputSize: number, hiddenSize: number, sigma: number): RNNCell {
  const cell = new RNNCell(inputSize, hiddenSize, { bias: false });
  init.normal(cell.weightHh);
  const scale = sigma / singularValues(cell.weightHh.dataSync(), hiddenSize, hiddenSize)[0];
  cell.weightHh.set(cell.weightHh.dataSync().map((w) => w * scale));
  return cell;
}
