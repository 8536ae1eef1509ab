// How much each input changes an output: the norm of the derivative by what the recurrent layers read at every step.

import type { Module, Tensor } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import { type ObservedStep, observeSteps, preservingState } from 'unrolled/analysis';

/** ‖v‖ of any number of values: as arguments of a function they would be too many. */
export function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] * values[k];
  return Math.sqrt(sum);
}

/**
 * ‖∂ output / ∂x‖ of every step of the cells that `placeOf` gives a place, NaN where none was read. `width` are the numbers of x that count: those of the
 * symbol, where more is read beside it. The model itself is left unchanged.
 */
export function inputGradients(
  model: Module,
  places: number,
  placeOf: (step: ObservedStep) => { readonly place: number; readonly width: number } | null,
  output: () => Tensor,
): number[] {
  return preservingState(model, () => {
    model.eval();
    const read: { readonly x: Tensor; readonly place: number; readonly width: number }[] = [];
    const value = observeSteps((step) => {
      const found = placeOf(step);
      if (!found || read.some(({ x }) => x === step.x)) return; // both directions read the same
      step.x.retainGrad();
      read.push({ x: step.x, ...found });
    }, output);
    value.backward();
    const norms = new Array<number>(places).fill(0);
    for (const { x, place, width } of read) {
      const grad = x.grad?.dataSync().subarray(0, width) ?? [];
      if (place >= 0 && place < places) norms[place] = Math.hypot(norms[place], normOf(grad));
      x.zeroGrad();
    }
    return norms;
  });
}

/** ∂ output / ∂ leaf of each leaf, for what a model is given itself. The model is left unchanged. */
export function leafGradients(model: Module, leaves: readonly Tensor[], output: () => Tensor): Float32Array[] {
  return preservingState(model, () => {
    model.eval();
    for (const leaf of leaves) leaf.requiresGrad = true;
    output().backward();
    return leaves.map((leaf) => Float32Array.from(leaf.grad?.dataSync() ?? new Float32Array(leaf.size)));
  });
}

/** The same of one leaf. */
export const leafGradient = (model: Module, leaf: Tensor, output: () => Tensor): Float32Array =>
  leafGradients(model, [leaf], output)[0];

/** The norm of each pixel's channels, row by row. `planes`: channel after channel, else a pixel's channels side by side. */
export function byPixel(
  gradient: ArrayLike<number>,
  { height, width }: Pick<RawImage, 'height' | 'width'>,
  planes = false,
): readonly (readonly number[])[] {
  const channels = Math.max(1, gradient.length / (height * width));
  const at = (k: number, c: number) => gradient[planes ? c * height * width + k : k * channels + c];
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => normOf(Array.from({ length: channels }, (_, c) => at(y * width + x, c)))),
  );
}
