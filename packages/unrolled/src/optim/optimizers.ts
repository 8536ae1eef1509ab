// The optimizers, with PyTorch's options and defaults. The equations are the seam's (backend.ts).

import type { Backend } from '../backend/backend.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { OptionError } from '../errors.ts';
import { type Before, inverse, type Reach } from './bounds.ts';
import { Optimizer, type ParameterGroup, type Updates } from './optimizer.ts';

type Parameters<H> = Iterable<Tensor | ParameterGroup<H & { lr: number }>>;
type Hyper<O> = Required<O> & { lr: number };

/** Options of `SGD`. */
export interface SGDOptions {
  /** Learning rate. Default 1e-3. */
  readonly lr?: number;
  /** Momentum factor μ. Default 0. */
  readonly momentum?: number;
  /** Whether to use Nesterov momentum. Default false. */
  readonly nesterov?: boolean;
  /** Weight decay (L2), added to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent: p ← p − lr·g; with momentum b ← μ·b + g, p ← p − lr·b (Nesterov: g + μ·b). */
export class SGD extends Optimizer<Required<SGDOptions>> {
  constructor(parameters: Parameters<Required<SGDOptions>>, options: SGDOptions = {}) {
    super(parameters, options, { lr: 1e-3, momentum: 0, nesterov: false, weightDecay: 0 });
    if (options.nesterov && !options.momentum) throw new OptionError('SGD', 'nesterov', 'needs a momentum above 0');
  }

  protected slots({ momentum }: Required<SGDOptions>): readonly string[] {
    return momentum > 0 ? ['momentum_buffer'] : [];
  }

  protected override bound(h: Hyper<SGDOptions>, _step: number, before: Before): Reach {
    const g = withDecay(h, before);
    if (h.momentum === 0) return { gradient: g, change: h.lr * g, slots: {} };
    const buffer = h.momentum * before.slot('momentum_buffer') + g;
    const used = g + h.momentum * buffer + buffer;
    return { gradient: used, change: h.lr * used, slots: { momentum_buffer: buffer } };
  }

  protected update(backend: Backend, u: Updates, h: Hyper<SGDOptions>, _step: number, gradScale: number): void {
    // With a buffer of zeros the first step's μ·b + g is the g that PyTorch starts with.
    const buffers = u.slot('momentum_buffer');
    backend.sgd(u.parameters, u.gradients, buffers, h.lr, h.momentum, h.nesterov, false, h.weightDecay, gradScale);
  }
}

/** Options of `Adagrad`. */
export interface AdagradOptions {
  /** Learning rate. Default 1e-2. */
  readonly lr?: number;
  /** Term added to the denominator. Default 1e-10. */
  readonly eps?: number;
  /** Weight decay (L2), added to the gradient. Default 0. */
  readonly weightDecay?: number;
  /** Initial value of the sums of squares. Default 0. */
  readonly initialAccumulatorValue?: number;
}

/** Duchi, Hazan and Singer 2011: s ← s + g², p ← p − lr·g / (√s + eps). */
export class Adagrad extends Optimizer<Required<AdagradOptions>> {
  readonly #start: number;

  constructor(parameters: Parameters<Required<AdagradOptions>>, options: AdagradOptions = {}) {
    super(parameters, options, { lr: 1e-2, eps: 1e-10, weightDecay: 0, initialAccumulatorValue: 0 });
    this.#start = options.initialAccumulatorValue ?? 0;
  }

  protected override initial(): number {
    return this.#start;
  }

  protected slots(): readonly string[] {
    return ['sum'];
  }

  protected override bound(h: Hyper<AdagradOptions>, _step: number, before: Before): Reach {
    const g = withDecay(h, before);
    return { gradient: g, change: h.lr * g * inverse(h.eps), slots: { sum: before.slot('sum') + g * g } };
  }

  protected update(backend: Backend, u: Updates, h: Hyper<AdagradOptions>, _step: number, gradScale: number): void {
    backend.adagrad(u.parameters, u.gradients, u.slot('sum'), h.lr, h.eps, h.weightDecay, gradScale);
  }
}

/** Options of `RMSprop`. */
export interface RMSpropOptions {
  /** Learning rate. Default 1e-2. */
  readonly lr?: number;
  /** Decay rate of the mean of squares. Default 0.99. */
  readonly alpha?: number;
  /** Term added to the denominator. Default 1e-8. */
  readonly eps?: number;
  /** Weight decay (L2), added to the gradient. Default 0. */
  readonly weightDecay?: number;
  /** Momentum factor. Default 0. */
  readonly momentum?: number;
}

/** Tieleman and Hinton 2012: s ← α·s + (1 − α)·g², p ← p − lr·g / (√s + eps). */
export class RMSprop extends Optimizer<Required<RMSpropOptions>> {
  constructor(parameters: Parameters<Required<RMSpropOptions>>, options: RMSpropOptions = {}) {
    super(parameters, options, { lr: 1e-2, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0 });
  }

  protected slots({ momentum }: Required<RMSpropOptions>): readonly string[] {
    return momentum > 0 ? ['square_avg', 'momentum_buffer'] : ['square_avg'];
  }

  protected override bound(h: Hyper<RMSpropOptions>, _step: number, before: Before): Reach {
    const g = withDecay(h, before);
    const square = Math.max(before.slot('square_avg'), g * g);
    const step = g * inverse(h.eps);
    if (h.momentum === 0) return { gradient: step, change: h.lr * step, slots: { square_avg: square } };
    const buffer = h.momentum * before.slot('momentum_buffer') + step;
    return { gradient: step, change: h.lr * buffer, slots: { square_avg: square, momentum_buffer: buffer } };
  }

  protected update(backend: Backend, u: Updates, h: Hyper<RMSpropOptions>, _step: number, gradScale: number): void {
    backend.rmsprop(
      u.parameters,
      u.gradients,
      u.slot('square_avg'),
      u.slot('momentum_buffer'),
      h.lr,
      h.alpha,
      h.eps,
      h.momentum,
      h.weightDecay,
      gradScale,
    );
  }
}

/** Options of `Adam` and `AdamW`. */
export interface AdamOptions {
  /** Learning rate. Default 1e-3. */
  readonly lr?: number;
  /** Decay rates of the means of g and g². Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Term added to the denominator. Default 1e-8. */
  readonly eps?: number;
  /** Weight decay, added to the gradient (Adam, default 0) or subtracted from the weights directly (AdamW, default 0.01). */
  readonly weightDecay?: number;
}

/** Kingma and Ba 2015: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², p ← p − lr·m̂ / (√v̂ + eps), with m̂, v̂ corrected for their start at 0. */
export class Adam extends Optimizer<Required<AdamOptions>> {
  constructor(parameters: Parameters<Required<AdamOptions>>, options: AdamOptions = {}) {
    super(parameters, options, { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 });
  }

  protected slots(): readonly string[] {
    return adamSlots;
  }

  protected override bound(h: Hyper<AdamOptions>, step: number, before: Before): Reach {
    return adamBound(h, step, before, false);
  }

  protected update(backend: Backend, u: Updates, h: Hyper<AdamOptions>, step: number, gradScale: number): void {
    adam(backend, u, h, step, false, gradScale);
  }
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019): p ← p − lr·decay·p before Adam's step. */
export class AdamW extends Optimizer<Required<AdamOptions>> {
  constructor(parameters: Parameters<Required<AdamOptions>>, options: AdamOptions = {}) {
    super(parameters, options, { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0.01 });
  }

  protected slots(): readonly string[] {
    return adamSlots;
  }

  protected override bound(h: Hyper<AdamOptions>, step: number, before: Before): Reach {
    return adamBound(h, step, before, true);
  }

  protected update(backend: Backend, u: Updates, h: Hyper<AdamOptions>, step: number, gradScale: number): void {
    adam(backend, u, h, step, true, gradScale);
  }
}

const adamSlots = ['exp_avg', 'exp_avg_sq'];

/** Means are bounded by the largest of their values. */
function adamBound(h: Hyper<AdamOptions>, step: number, before: Before, decoupled: boolean): Reach {
  const g = decoupled ? before.g : withDecay(h, before);
  const [mean, square] = [Math.max(before.slot('exp_avg'), g), Math.max(before.slot('exp_avg_sq'), g * g)];
  const [correction1, correction2] = h.betas.map((beta) => 1 - beta ** step);
  return {
    // The bias-corrected mean of squares must stay finite too: the step would be 0.
    gradient: Math.max(g, square / correction2, h.lr / correction1),
    change: (h.lr / correction1) * mean * inverse(h.eps),
    decay: decoupled ? h.lr * h.weightDecay : 0,
    slots: { exp_avg: mean, exp_avg_sq: square },
  };
}

/** Bound of the gradient with the weight decay added. */
function withDecay({ weightDecay }: { readonly weightDecay: number }, { g, largestWeight }: Before): number {
  return weightDecay > 0 ? g + weightDecay * largestWeight() : g;
}

function adam(
  backend: Backend,
  u: Updates,
  h: Hyper<AdamOptions>,
  step: number,
  decoupled: boolean,
  gradScale: number,
): void {
  const [beta1, beta2] = h.betas;
  backend.adam(
    u.parameters,
    u.gradients,
    u.slot('exp_avg'),
    u.slot('exp_avg_sq'),
    h.lr,
    beta1,
    beta2,
    h.eps,
    step,
    h.weightDecay,
    decoupled,
    gradScale,
  );
}
