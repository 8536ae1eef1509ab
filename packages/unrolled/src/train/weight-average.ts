// An exponential moving average of the weights (Polyak and Juditsky 1992; Tarvainen and Valpola 2017): after step t
//
//   average = d · average + (1 − d) · weight,    d = min(decay, (1 + t) / (10 + t))
//
// The smaller decay of the first steps lets the average leave the random weights that it began with, as in TensorFlow's ExponentialMovingAverage.
// Validation and checkpoints have the averages; training goes on with the weights. Buffers (a batch norm's means) are averages already.

import { FormatError } from '../errors.ts';
import { type Module, Parameter, type SavedTensor, type StateDict } from '../nn/module.ts';
import { checkSavedValues } from '../nn/saved-tensor.ts';
import { noGrad } from '../tensor/autograd.ts';
import { clone } from '../tensor/ops/accumulate.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

const prefix = 'weights.'; // of the weights themselves, in a checkpoint

interface Averaged {
  readonly weight: Parameter;
  /** Outlives every scope. */
  readonly average: Tensor;
}

export class WeightAverage {
  readonly #decay: number;
  /** Each parameter once, also where it is tied to another name. */
  readonly #all: readonly Averaged[];
  /** By the names of the model's state. */
  readonly #named: ReadonlyMap<string, Averaged>;

  constructor(model: Module, decay: number) {
    this.#decay = decay;
    const own = new Map(model.parameters().map((weight) => [weight, { weight, average: clone(weight).keep() }]));
    this.#all = [...own.values()];
    this.#named = new Map(
      Array.from(model.namedState()).flatMap(([name, tensor]) => {
        const averaged = tensor instanceof Parameter ? own.get(tensor) : undefined;
        return averaged ? [[name, averaged] as const] : [];
      }),
    );
  }

  /** Takes the weights after step `t`, counted from 1, into the average. */
  update(t: number): void {
    const d = Math.min(this.#decay, (1 + t) / (10 + t));
    noGrad(() =>
      scope(() => {
        for (const { weight, average } of this.#all) average.set(average.mul(d).add(weight.mul(1 - d)));
      }),
    );
  }

  /** Exchanges weights and averages: once for the model to have the averages, once more for it to go on. */
  exchange(): void {
    scope(() => {
      for (const { weight, average } of this.#all) {
        const kept = clone(weight);
        weight.set(average);
        average.set(kept);
      }
    });
  }

  /** The model's state with the averages in place of the weights, and the weights for a checkpoint's training part. */
  state(model: Module): { readonly model: StateDict; readonly weights: StateDict } {
    const own = model.stateDict();
    const weights: StateDict = new Map();
    for (const [name, { average }] of this.#named) {
      const weight = own.get(name) as SavedTensor;
      weights.set(prefix + name, weight);
      own.set(name, { ...weight, data: average.dataSync() });
    }
    return { model: own, weights };
  }

  /** Goes back to what `state` gave: the model holds the averages, `training` the weights. Throws a FormatError where it has none. */
  restore(training: StateDict): void {
    const saved = Array.from(this.#named, ([name, pair]) => {
      const weight = training.get(prefix + name);
      if (!weight)
        throw new FormatError(
          'checkpoint',
          `lacks ${prefix}${name}: the run that saved it did not average its weights`,
        );
      checkSavedValues('checkpoint', name, weight, pair.weight);
      return { ...pair, data: weight.data };
    });
    for (const { weight, average, data } of saved) {
      average.set(weight);
      weight.set(data);
    }
  }
}
