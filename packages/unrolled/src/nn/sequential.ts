// Layers one after the other, and the small ones that stand between them.

import { requireTensor } from '../tensor/ops/operands.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { BatchNorm2d } from './norm.ts';
import { Module } from './module.ts';

/** A module that makes one tensor of one. */
export interface SequentialLayer extends Module {
  forward(x: Tensor): Tensor;
}

/**
 * Each layer on what the one before gave. Saved as PyTorch saves it: `0.weight`, `1.running_mean`.
 *
 *     const net = new Sequential(new Conv2d(3, 8, 3), new BatchNorm2d(8), new ReLU(), new Flatten(), new Linear(8 * 30 * 30, 10));
 */
export class Sequential extends Module {
  readonly layers: readonly SequentialLayer[];

  constructor(...layers: readonly SequentialLayer[]) {
    super();
    this.layers = layers;
  }

  override *children(): Generator<[name: string, module: Module]> {
    for (const [i, layer] of this.layers.entries()) yield [String(i), layer];
  }

  forward(x: Tensor): Tensor {
    let y = x;
    for (let i = 0; i < this.layers.length; i++) {
      const layer = this.layers[i];
      // exactly these two: what a class of somebody else makes of them is its own
      const relu = layer.constructor === BatchNorm2d && this.layers[i + 1]?.constructor === ReLU;
      y = relu ? (layer as BatchNorm2d).forward(y, { relu }) : layer.forward(y);
      if (relu) i++; // that was both
    }
    return y;
  }
}

/** max(0, x). */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    requireTensor('ReLU', x);
    return x.relu();
  }
}

/** [B, …] → [B, everything else]. */
export class Flatten extends Module {
  forward(x: Tensor): Tensor {
    requireTensor('Flatten', x);
    return x.reshape(
      x.shape[0],
      x.shape.slice(1).reduce((a, b) => a * b, 1),
    );
  }
}
