// Updates of all parameters in one call, as PyTorch defines them. Each rule handles one element at a time, in doubles.

import type { Storage } from '../storage.ts';

export function sumSquares(gradients: readonly Storage[]): number {
  let sum = 0;
  for (const { array } of gradients) {
    for (let i = 0; i < array.length; i++) sum += array[i] * array[i];
  }
  return sum;
}

export function clipValues(gradients: readonly Storage[], limit: number): void {
  for (const { array } of gradients) {
    for (let i = 0; i < array.length; i++) array[i] = Math.min(Math.max(array[i], -limit), limit);
  }
}

export function scaleAll(values: readonly Storage[], factor: number): void {
  for (const { array } of values) {
    for (let i = 0; i < array.length; i++) array[i] *= factor;
  }
}

export function sgd(
  parameters: readonly Storage[],
  gradients: readonly Storage[],
  buffers: readonly Storage[],
  lr: number,
  momentum: number,
  nesterov: boolean,
  first: boolean,
  weightDecay: number,
  gradScale: number,
): void {
  for (let k = 0; k < parameters.length; k++) {
    const p = parameters[k].array;
    const buffer = buffers.length > 0 ? buffers[k].array : null;
    for (let i = 0; i < p.length; i++) {
      const g = gradScale * gradients[k].array[i] + weightDecay * p[i];
      if (buffer) {
        const next = first ? g : momentum * buffer[i] + g;
        buffer[i] = next;
        p[i] -= lr * (nesterov ? g + momentum * next : next);
      } else {
        p[i] -= lr * g;
      }
    }
  }
}

export function adagrad(
  parameters: readonly Storage[],
  gradients: readonly Storage[],
  sums: readonly Storage[],
  lr: number,
  eps: number,
  weightDecay: number,
  gradScale: number,
): void {
  for (let k = 0; k < parameters.length; k++) {
    const [p, sum] = [parameters[k].array, sums[k].array];
    for (let i = 0; i < p.length; i++) {
      const g = gradScale * gradients[k].array[i] + weightDecay * p[i];
      const next = sum[i] + g * g;
      sum[i] = next;
      p[i] -= (lr * g) / (Math.sqrt(next) + eps);
    }
  }
}

export function rmsprop(
  parameters: readonly Storage[],
  gradients: readonly Storage[],
  squares: readonly Storage[],
  buffers: readonly Storage[],
  lr: number,
  alpha: number,
  eps: number,
  momentum: number,
  weightDecay: number,
  gradScale: number,
): void {
  for (let k = 0; k < parameters.length; k++) {
    const [p, square] = [parameters[k].array, squares[k].array];
    const buffer = buffers.length > 0 ? buffers[k].array : null;
    for (let i = 0; i < p.length; i++) {
      const g = gradScale * gradients[k].array[i] + weightDecay * p[i];
      const next = alpha * square[i] + (1 - alpha) * g * g;
      square[i] = next;
      let step = g / (Math.sqrt(next) + eps);
      if (buffer) {
        step += momentum * buffer[i];
        buffer[i] = step;
      }
      p[i] -= lr * step;
    }
  }
}

export function adam(
  parameters: readonly Storage[],
  gradients: readonly Storage[],
  m: readonly Storage[],
  v: readonly Storage[],
  lr: number,
  beta1: number,
  beta2: number,
  eps: number,
  step: number,
  weightDecay: number,
  decoupled: boolean,
  gradScale: number,
): void {
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let k = 0; k < parameters.length; k++) {
    const [p, ms, vs] = [parameters[k].array, m[k].array, v[k].array];
    for (let i = 0; i < p.length; i++) {
      const decayed = decoupled ? p[i] - lr * weightDecay * p[i] : p[i];
      const g = gradScale * gradients[k].array[i] + (decoupled ? 0 : weightDecay * p[i]);
      const mean = beta1 * ms[i] + (1 - beta1) * g;
      const square = beta2 * vs[i] + (1 - beta2) * g * g;
      ms[i] = mean;
      vs[i] = square;
      p[i] = decayed - ((lr / correction1) * mean) / (Math.sqrt(square / correction2) + eps);
    }
  }
}
