// What all optimizers share: which parameters, at which rate, and the memory kept for each. The arithmetic is one call of the seam over all
// parameters of a group; a file for each optimizer says which.

import { requireKinds, shown } from '../checks.ts';
import type { Storage } from '../backend/backend.ts';
import { checkOptions, FormatError, NonFiniteError, OptionError } from '../errors.ts';
import type { SavedTensor, StateDict } from '../nn/module.ts';
import { zerosLike } from '../tensor/ops/shaping.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gradNorm, requireParameters } from './clip.ts';

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
  /** Plain JSON: steps done, those of each parameter, and the rate of each group. */
  readonly hyper: { readonly steps: number; readonly taken: readonly number[]; readonly lrs: readonly number[] };
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
  /** The rate of each group as a part of the first one's: schedules set that one. */
  readonly #rates: readonly number[];
  readonly #memory = new Map<Tensor, Map<string, Tensor>>();
  /** Steps that each parameter took: those without a gradient are left out, and their first step comes later. */
  readonly #taken = new Map<Tensor, number>();
  #steps = 0;

  constructor(
    parameters: Iterable<Tensor | ParameterGroup<H & { lr: number }>>,
    options: object,
    defaults: H & { readonly lr: number },
  ) {
    const who = new.target.name;
    requireKinds(who, { options, defaults }, { options: 'object', defaults: 'object' });
    const known = Object.keys(defaults);
    checkOptions(who, options, known);
    requireParameters(who, parameters);
    const items = [...parameters];
    for (const [k, item] of items.entries()) requireItem(who, k, item);
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
    if (new Set(this.parameters).size !== this.parameters.length)
      throw new OptionError(who, 'parameters', 'one is there twice');
    for (const { hyper } of this.#groups) checkNumbers(who, hyper);
    this.#rates = this.#groups.map(({ hyper }) => (this.lr > 0 ? hyper.lr / this.lr : 1));
  }

  /** The rate of the first group. Setting it keeps the proportions that the groups were made with. */
  get lr(): number {
    return this.#groups[0].hyper.lr;
  }

  set lr(lr: number) {
    if (!(typeof lr === 'number' && lr >= 0 && lr < Infinity))
      throw new OptionError(this.constructor.name, 'lr', `expected a number from 0, got ${shown(lr)}`);
    this.#groups.forEach(({ hyper }, i) => (hyper.lr = this.#rates[i] * lr));
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
      throw new NonFiniteError(
        `the gradient of parameter ${k} ${this.parameters[k] ?? ''}`,
        'a gradient is not finite',
      );
    }
    this.#steps++;
    for (const { hyper, parameters } of this.#groups) {
      const withGrad = parameters.filter((p) => p.grad);
      for (const p of withGrad) this.#taken.set(p, (this.#taken.get(p) ?? 0) + 1);
      // One call for those on one backend that took equally many steps: as a rule, for all.
      for (const some of groupBy(
        withGrad,
        (p) => p.backend,
        (p) => this.#taken.get(p),
      )) {
        const updates: Updates = {
          parameters: some.map((p) => p.storage),
          gradients: some.map((p) => (p.grad as Tensor).storage),
          slot: (name) => some.map((p) => this.#slot(p, name).storage),
        };
        this.update(some[0].backend, updates, hyper, this.#taken.get(some[0]) as number, gradScale);
      }
    }
  }

  zeroGrad(): void {
    for (const p of this.parameters) p.zeroGrad();
  }

  /** One call of the seam. `step` is these parameters' own, from 1. */
  protected abstract update(
    backend: Tensor['backend'],
    updates: Updates,
    hyper: H & { lr: number },
    step: number,
    gradScale: number,
  ): void;

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
    const taken = this.parameters.map((p) => this.#taken.get(p) ?? 0);
    return { hyper: { steps: this.#steps, taken, lrs: this.#groups.map((g) => g.hyper.lr) }, tensors };
  }

  loadStateDict(saved: { readonly hyper: unknown; readonly tensors: ReadonlyMap<string, SavedTensor> }): void {
    requireKinds(`${this.constructor.name}.loadStateDict`, { saved }, { saved: 'object' });
    const { hyper, tensors } = saved;
    const { steps, taken, lrs } = Object(hyper) as OptimizerState['hyper'];
    const counts = [steps, ...numbers(taken, this.parameters.length), ...numbers(lrs, this.#groups.length)];
    if (counts.length !== 1 + this.parameters.length + this.#groups.length || !counts.every((n) => n >= 0)) {
      const expected = `steps, those of ${this.parameters.length} parameters and ${this.#groups.length} learning rates`;
      throw new FormatError('optimizer state', `expected ${expected}, got ${JSON.stringify(hyper)}`);
    }
    if (!(tensors instanceof Map))
      throw new FormatError('optimizer state', `expected a Map of tensors, got ${shown(tensors)}`);
    const slots: [p: Tensor, name: string, saved: SavedTensor][] = [];
    for (const [key, saved] of tensors) {
      const [, k, name] = /^(\d+)\.(.+)$/.exec(key) ?? [];
      const p = this.parameters[Number(k)];
      if (!p || saved.data.length !== p.size)
        throw new FormatError('optimizer state', `${key} belongs to no parameter of this ${this.constructor.name}`);
      slots.push([p, name, saved]);
    }
    this.#memory.clear();
    for (const [p, name, saved] of slots) this.#slot(p, name).set(saved.data);
    this.#steps = steps;
    this.parameters.forEach((p, k) => this.#taken.set(p, taken[k]));
    this.#groups.forEach((g, i) => (g.hyper.lr = lrs[i]));
  }
}

/** `list` when it is one of `count` numbers, otherwise nothing. */
function numbers(list: unknown, count: number): number[] {
  return Array.isArray(list) && list.length === count ? (list as number[]) : [];
}

function definedOnly(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Numbers that no optimizer can use: negative or not finite. */
function checkNumbers(who: string, hyper: object): void {
  for (const [name, value] of Object.entries(hyper)) {
    for (const n of Array.isArray(value) ? value : [value]) {
      if (typeof n !== 'number') continue;
      if (!(typeof n === 'number' && n >= 0 && n < Infinity))
        throw new OptionError(who, name, `expected a number from 0, got ${shown(n)}`);
      if (name === 'betas' && n >= 1)
        throw new OptionError(who, name, `expected two numbers from 0 and below 1, got ${shown(n)}`);
    }
  }
}

/** Parts of `items` that agree in all of `keys`. */
function groupBy<T>(items: readonly T[], ...keys: readonly ((item: T) => unknown)[]): T[][] {
  const groups: T[][] = [];
  for (const item of items) {
    const group = groups.find(([first]) => keys.every((key) => key(first) === key(item)));
    if (group) group.push(item);
    else groups.push([item]);
  }
  return groups;
}

/** A tensor, or a group with `params`. */
function requireItem(who: string, k: number, item: unknown): void {
  if (typeof item === 'object' && item !== null && 'params' in item) {
    const { params } = item as { readonly params: Iterable<unknown> };
    requireParameters(who, params);
    for (const p of params)
      requireKinds(who, { [`parameter of group ${k}`]: p }, { [`parameter of group ${k}`]: 'tensor' });
  } else requireKinds(who, { [`parameter ${k}`]: item }, { [`parameter ${k}`]: 'tensor' });
}
