// What all optimizers share: which parameters, at which rate, and the memory kept for each. The arithmetic is one call of the seam over all
// parameters of a group; a file for each optimizer says which.

import type { Storage } from '../backend/backend.ts';
import { checkOptions, FormatError, NonFiniteError, OptionError } from '../errors.ts';
import type { SavedTensor, StateDict } from '../nn/module.ts';
import { zerosLike } from '../tensor/ops/shaping.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gradNorm } from './clip.ts';

/** Parameters with hyperparameters of their own; what is not said is the optimizer's. */
export type ParameterGroup<H> = Partial<H> & { readonly params: Iterable<Tensor> };

export interface StepOptions {
  /** Every gradient counts this much: how clipping by norm costs nothing. Default 1. */
  readonly gradScale?: number;
  /** The norm of all gradients, where the caller has it: it must be finite. Default: computed. */
  readonly gradNorm?: number;
}

interface Group<H> {
  readonly hyper: H & { lr: number };
  readonly parameters: readonly Tensor[];
}

/** Storages of one step, in step: parameter k, its gradient, and each slot's memory for it. */
export interface Updates {
  readonly parameters: Storage[];
  readonly gradients: Storage[];
  slot(name: string): Storage[];
}

export interface OptimizerState {
  /** Plain JSON: steps done and the rates. */
  readonly hyper: { readonly steps: number; readonly lrs: readonly number[] };
  readonly tensors: StateDict;
}

/**
 * `step()` changes every parameter that has a gradient; `zeroGrad()` forgets the gradients. Neither is recorded.
 *
 * A step with a gradient that is not finite throws a NonFiniteError and changes nothing.
 */
export abstract class Optimizer<H extends object = object> {
  readonly parameters: readonly Tensor[];
  readonly #groups: readonly Group<H>[];
  readonly #memory = new Map<Tensor, Map<string, Tensor>>();
  #steps = 0;

  constructor(parameters: Iterable<Tensor | ParameterGroup<H & { lr: number }>>, options: object, defaults: H & { readonly lr: number }) {
    const who = new.target.name;
    const known = Object.keys(defaults);
    checkOptions(who, options, known);
    const items = [...parameters];
    const plain = items.filter((item): item is Tensor => !('params' in item));
    const groups = items.filter((item): item is ParameterGroup<H & { lr: number }> => 'params' in item);
    const base = { ...defaults, ...definedOnly(options) };
    this.#groups = [
      ...(plain.length > 0 ? [{ hyper: { ...base }, parameters: plain }] : []),
      ...groups.map(({ params, ...own }) => {
        checkOptions(who, own, known);
        return { hyper: { ...base, ...definedOnly(own) } as H & { lr: number }, parameters: [...params] };
      }),
    ];
    this.parameters = this.#groups.flatMap((g) => g.parameters);
    if (this.parameters.length === 0) throw new OptionError(who, 'parameters', 'expected at least one');
    if (new Set(this.parameters).size !== this.parameters.length) throw new OptionError(who, 'parameters', 'one is there twice');
    for (const { hyper } of this.#groups) checkNumbers(who, hyper);
  }

  /** The rate of the first group. Setting it scales those of the others alike. */
  get lr(): number {
    return this.#groups[0].hyper.lr;
  }

  set lr(lr: number) {
    const before = this.lr;
    for (const { hyper } of this.#groups) hyper.lr = before > 0 ? (hyper.lr / before) * lr : lr;
    this.#groups[0].hyper.lr = lr;
  }

  /** Steps done. */
  get steps(): number {
    return this.#steps;
  }

  step(options: StepOptions = {}): void {
    checkOptions(`${this.constructor.name}.step`, options, ['gradScale', 'gradNorm']);
    const { gradScale = 1, gradNorm: norm = gradNorm(this.parameters) } = options;
    if (!Number.isFinite(norm * gradScale)) {
      const k = this.parameters.findIndex((p) => p.grad && !Number.isFinite(gradNorm([p])));
      throw new NonFiniteError(`the gradient of parameter ${k} ${this.parameters[k] ?? ''}`, 'a gradient is not finite');
    }
    this.#steps++;
    for (const { hyper, parameters } of this.#groups) {
      const byBackend = groupBy(parameters, (p) => p.backend);
      for (const [backend, all] of byBackend) {
        const some = all.filter((p) => p.grad);
        if (some.length === 0) continue;
        const updates: Updates = {
          parameters: some.map((p) => p.storage),
          gradients: some.map((p) => (p.grad as Tensor).storage),
          slot: (name) => some.map((p) => this.#slot(p, name).storage),
        };
        this.update(backend, updates, hyper, this.#steps, gradScale);
      }
    }
  }

  zeroGrad(): void {
    for (const p of this.parameters) p.zeroGrad();
  }

  /** One call of the seam. `step` counts from 1. */
  protected abstract update(backend: Tensor['backend'], updates: Updates, hyper: H & { lr: number }, step: number, gradScale: number): void;

  /** What a new slot is filled with. */
  protected initial(_slot: string): number {
    return 0;
  }

  #slot(p: Tensor, name: string): Tensor {
    let slots = this.#memory.get(p);
    if (!slots) this.#memory.set(p, (slots = new Map()));
    let slot = slots.get(name);
    if (!slot) {
      slot = zerosLike(p, p.shape).keep();
      const value = this.initial(name);
      if (value !== 0) p.backend.fill(slot.storage, value);
      slots.set(name, slot);
    }
    return slot;
  }

  /** All that the next step depends on but for the parameters: `loadStateDict` goes on from it to the last bit. */
  stateDict(): OptimizerState {
    const tensors: StateDict = new Map();
    for (const [k, p] of this.parameters.entries()) {
      for (const [name, slot] of this.#memory.get(p) ?? []) {
        tensors.set(`${k}.${name}`, { dtype: slot.dtype, shape: slot.shape, data: slot.dataSync() });
      }
    }
    return { hyper: { steps: this.#steps, lrs: this.#groups.map((g) => g.hyper.lr) }, tensors };
  }

  loadStateDict({ hyper, tensors }: { readonly hyper: unknown; readonly tensors: ReadonlyMap<string, SavedTensor> }): void {
    const { steps, lrs } = hyper as OptimizerState['hyper'];
    if (!Number.isInteger(steps) || lrs?.length !== this.#groups.length) {
      throw new FormatError('optimizer state', `expected steps and ${this.#groups.length} learning rates, got ${JSON.stringify(hyper)}`);
    }
    for (const [key, saved] of tensors) {
      const [, k, name] = /^(\d+)\.(.+)$/.exec(key) ?? [];
      const p = this.parameters[Number(k)];
      if (!p || saved.data.length !== p.size) throw new FormatError('optimizer state', `${key} belongs to no parameter of this ${this.constructor.name}`);
      this.#slot(p, name).set(saved.data);
    }
    this.#steps = steps;
    this.#groups.forEach((g, i) => (g.hyper.lr = lrs[i]));
  }
}

function definedOnly(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Numbers that no optimizer can use: negative or not finite. */
function checkNumbers(who: string, hyper: object): void {
  for (const [name, value] of Object.entries(hyper)) {
    for (const n of Array.isArray(value) ? value : [value]) {
      if (typeof n === 'number' && !(n >= 0 && n < Infinity)) throw new OptionError(who, name, `expected a number from 0, got ${n}`);
    }
  }
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
