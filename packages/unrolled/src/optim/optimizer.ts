// The base of all optimizers: parameters, learning rates, and the state of each parameter. The arithmetic is one call of the seam over all
// parameters of a group; each optimizer's file says which.

import { requireKinds, shown } from '../checks.ts';
import type { Storage } from '../backend/backend.ts';
import { checkOptions, NonFiniteError, OptionError, TensorError } from '../errors.ts';
import type { SavedTensor, StateDict } from '../nn/module.ts';
import { isFinite } from '../tensor/ops/accumulate.ts';
import { zerosLike } from '../tensor/ops/shaping.ts';
import { remember, type Remembered } from '../tensor/remembered.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Before, firstNonFinite, largestOf, type Reach, safeLimit, withinReach } from './bounds.ts';
import { gradNorm } from './clip.ts';
import { checkHyper, definedOnly, parametersOf } from './hyper.ts';
import { readOptimizerState } from './saved.ts';

/** Parameters with their own hyperparameters; missing ones are the optimizer's. */
export type ParameterGroup<H> = Partial<H> & { readonly params: Iterable<Tensor> };

/** Options of `Optimizer.step`. */
export interface StepOptions {
  /** Factor on every gradient: clipping by norm uses it at no cost. Default 1. */
  readonly gradScale?: number;
  /** Global gradient norm, where the caller has it: it must be finite, and no gradient larger. Default: computed. */
  readonly gradNorm?: number;
  /** Names of the parameters, for error messages. */
  readonly names?: ReadonlyMap<Tensor, string>;
}

interface Group<H> {
  readonly hyper: H & { lr: number };
  readonly parameters: readonly Tensor[];
}

/** Storages of one step: parameter k, its gradient, and its state in each slot. */
export interface Updates {
  readonly parameters: Storage[];
  readonly gradients: Storage[];
  slot(name: string): Storage[];
}

/** The saved state of an optimizer. */
export interface OptimizerState {
  /** Plain JSON: number of steps, those of each parameter, and the learning rate of each group. */
  readonly hyper: { readonly steps: number; readonly taken: readonly number[]; readonly lrs: readonly number[] };
  readonly tensors: StateDict;
}

/** One call of the seam. */
interface Call<H> {
  readonly parameters: Tensor[];
  readonly hyper: H & { lr: number };
  /** Step number for these parameters, from 1. */
  readonly step: number;
}

/**
 * `step()` updates every parameter that has a gradient; `zeroGrad()` clears the gradients. Neither is recorded for gradients.
 *
 * A step with a gradient that is not finite, or one that would make a parameter or the optimizer state infinite, throws a NonFiniteError and
 * changes nothing. Whether a step can do that is known from bounds (bounds.ts), at no cost; where they leave it open, it is computed with a copy
 * of the previous values at hand.
 */
export abstract class Optimizer<H extends object = object> {
  readonly parameters: readonly Tensor[];
  readonly #groups: readonly Group<H>[];
  /** Learning rate of each group relative to the first one's: schedules set that one. */
  readonly #rates: readonly number[];
  readonly #memory = new Map<Tensor, Map<string, Tensor>>();
  /** Steps that each parameter took: parameters without a gradient are skipped. */
  readonly #taken = new Map<Tensor, number>();
  /** Bounds of the elements of each slot, by name. */
  readonly #bounds = new Map<string, number>();
  #steps = 0;

  constructor(
    parameters: Iterable<Tensor | ParameterGroup<H & { lr: number }>>,
    options: object,
    defaults: H & { readonly lr: number },
  ) {
    const who = new.target.name;
    requireKinds(who, { options, defaults }, { options: 'object', defaults: 'object' });
    const known = Object.keys(defaults);
    checkOptions(who, Object(options), known);
    const items = parametersOf(who, parameters) as (Tensor | ParameterGroup<H & { lr: number }>)[];
    const plain = items.filter((item): item is Tensor => item instanceof Tensor);
    const groups = items.filter((item) => !(item instanceof Tensor)) as ParameterGroup<H & { lr: number }>[];
    const base = { ...defaults, ...definedOnly(options) };
    this.#groups = [
      ...(plain.length > 0 ? [{ hyper: { ...base }, parameters: plain }] : []),
      ...groups.map(({ params, ...own }) => {
        checkOptions(who, own, known);
        const hyper = { ...base, ...definedOnly(own) } as H & { lr: number };
        return { hyper, parameters: parametersOf(who, params) as Tensor[] };
      }),
    ];
    this.parameters = this.#groups.flatMap((g) => g.parameters);
    if (this.parameters.length === 0) throw new OptionError(who, 'parameters', 'expected at least one');
    const wrong = this.parameters.find((p) => !(p instanceof Tensor) || p.dtype === 'int32');
    if (wrong)
      throw new OptionError(
        who,
        'parameters',
        `expected tensors of floats, got ${wrong instanceof Tensor ? String(wrong) : shown(wrong)}`,
      );
    if (new Set(this.parameters).size !== this.parameters.length)
      throw new OptionError(who, 'parameters', 'one occurs twice');
    for (const { hyper } of this.#groups) checkHyper(who, hyper, defaults);
    this.#rates = this.#groups.map(({ hyper }) => (this.lr > 0 ? hyper.lr / this.lr : 1));
  }

  /** Learning rate of the first group. Setting it keeps the ratios between the groups. */
  get lr(): number {
    return this.#groups[0].hyper.lr;
  }

  set lr(lr: number) {
    const rates = this.#rates.map((part) => part * lr);
    if (typeof lr !== 'number' || !rates.every((rate) => rate >= 0 && rate < Infinity))
      throw new OptionError(this.constructor.name, 'lr', `expected a number from 0, got ${shown(lr)}`);
    this.#groups.forEach(({ hyper }, i) => (hyper.lr = rates[i]));
  }

  /** Number of steps done. */
  get steps(): number {
    return this.#steps;
  }

  step(options: StepOptions = {}): void {
    const who = `${this.constructor.name}.step`;
    checkOptions(who, options, ['gradScale', 'gradNorm', 'names']);
    const { gradScale = 1, gradNorm: norm = gradNorm(this.parameters), names } = options;
    if (!Number.isFinite(gradScale))
      throw new OptionError(who, 'gradScale', `expected a finite number, got ${shown(gradScale)}`);
    if (!Number.isFinite(norm)) {
      const k = this.parameters.findIndex((p) => p.grad && !Number.isFinite(gradNorm([p])));
      throw new NonFiniteError(`the gradient of ${this.#nameOf(k, names)}`, 'a gradient is not finite');
    }
    const calls = this.#calls();
    const reached = this.#reach(calls, Math.abs(norm * gradScale), gradScale);
    if (reached) {
      this.#run(calls, gradScale);
      for (const [slot, bound] of reached) this.#bounds.set(slot, bound);
    } else {
      this.#runWithCopies(calls, gradScale, names);
    }
    this.#steps++;
    for (const { parameters, step } of calls) for (const p of parameters) this.#taken.set(p, step);
  }

  /** Groups parameters on one backend with equal step counts into one call: as a rule, all of a group. */
  #calls(): Call<H>[] {
    const calls: Call<H>[] = [];
    for (const { hyper, parameters } of this.#groups) {
      const first = calls.length;
      for (const p of parameters) {
        if (!p.grad) continue;
        checkGradient(this.constructor.name, p, p.grad);
        const step = (this.#taken.get(p) ?? 0) + 1;
        let at = first;
        while (at < calls.length && !(calls[at].step === step && calls[at].parameters[0].backend === p.backend)) at++;
        if (at === calls.length) calls.push({ parameters: [p], hyper, step });
        else calls[at].parameters.push(p);
      }
    }
    return calls;
  }

  /** Bounds of the optimizer state after these calls with gradients up to `g`; null where something could become infinite. */
  #reach(calls: readonly Call<H>[], g: number, gradScale: number): Map<string, number> | null {
    const bounds = new Map<string, number>();
    for (const { parameters, hyper, step } of calls) {
      const slot = (name: string) => this.#bounds.get(name) ?? this.initial(name);
      const reach = this.bound(hyper, step, { g, slot, largestWeight: () => largestOf(parameters) });
      if (!(Math.abs(gradScale) <= safeLimit && withinReach(reach, hyper))) return null;
      for (const name in reach.slots) bounds.set(name, Math.max(reach.slots[name], slot(name), bounds.get(name) ?? 0));
    }
    return bounds;
  }

  /** State and arguments of all calls are made before the first call. */
  #run(calls: readonly Call<H>[], gradScale: number): void {
    const prepared = calls.map(({ parameters, hyper }): Updates => {
      const slots: Record<string, Storage[]> = {};
      for (const name of this.slots(hyper)) slots[name] = parameters.map((p) => this.#slot(p, name).storage);
      return {
        parameters: parameters.map((p) => p.storage),
        gradients: parameters.map((p) => (p.grad as Tensor).storage),
        slot: (name) => slots[name] ?? [],
      };
    });
    for (const [k, { parameters, hyper, step }] of calls.entries())
      this.update(parameters[0].backend, prepared[k], hyper, step, gradScale);
  }

  /** Takes a step in which something might become infinite: in that case everything is restored. */
  #runWithCopies(calls: readonly Call<H>[], gradScale: number, names?: ReadonlyMap<Tensor, string>): void {
    const changed = calls.flatMap(({ parameters }) => parameters);
    const fresh = changed.filter((p) => !this.#memory.get(p)?.size); // no slots yet
    const copies = remember(changed.flatMap((p) => [p, ...(this.#memory.get(p)?.values() ?? [])]));
    try {
      this.#run(calls, gradScale);
      this.#refuseInfinite(changed, fresh, copies, names);
    } finally {
      copies.release();
    }
    this.#bounds.clear();
    for (const slots of this.#memory.values()) for (const [name, slot] of slots) this.#widen(name, largestOf([slot]));
  }

  /** Puts all back and throws where a weight or slot is not finite after an update. */
  #refuseInfinite(
    changed: readonly Tensor[],
    fresh: readonly Tensor[],
    copies: Remembered,
    names?: ReadonlyMap<Tensor, string>,
  ): void {
    for (const p of changed) {
      const parts = [['a weight', p] as const, ...(this.#memory.get(p) ?? [])];
      const bad = parts.find(([, tensor]) => !isFinite(tensor) && firstNonFinite(tensor.storage));
      if (!bad) continue;
      copies.restore();
      for (const each of fresh) this.#memory.delete(each);
      const what = bad[1] === p ? bad[0] : `its ${bad[0]}`;
      const before = firstNonFinite(bad[1].storage);
      throw new NonFiniteError(
        this.#nameOf(this.parameters.indexOf(p), names),
        before && (bad[1] === p || this.#memory.has(p))
          ? `step ${this.#steps + 1} of ${this.constructor.name} cannot be taken: ${what} is ${before.value} already`
          : `step ${this.#steps + 1} of ${this.constructor.name} with a learning rate of ${this.lr} would make ${what} infinite`,
        'The step was refused and no weight has changed; lower the learning rate, or clip the gradients',
      );
    }
  }

  #widen(slot: string, bound: number): void {
    this.#bounds.set(slot, Math.max(bound, this.#bounds.get(slot) ?? 0));
  }

  #nameOf(k: number, names?: ReadonlyMap<Tensor, string>): string {
    const p = this.parameters[k];
    return `parameter ${(p && names?.get(p)) ?? `${k} ${p ?? ''}`}`;
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

  /** Names of a parameter's state, as in PyTorch. */
  protected abstract slots(hyper: H): readonly string[];

  /** Bounds of `update`. An optimizer that cannot give them has all of its steps computed with copies at hand. */
  protected bound(_hyper: H & { lr: number }, _step: number, _before: Before): Reach {
    return { gradient: Infinity, change: Infinity, slots: {} };
  }

  /** Initial value of a new slot. */
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

  /** The optimizer state: `loadStateDict` continues from it to the last bit. */
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

  /** Throws a FormatError, and changes nothing, for a state that is another optimizer's, incomplete, or not finite. */
  loadStateDict(state: { readonly hyper: unknown; readonly tensors: ReadonlyMap<string, SavedTensor> }): void {
    requireKinds(`${this.constructor.name}.loadStateDict`, { state }, { state: 'object' });
    const { hyper, tensors } = state;
    const groupOf = new Map(this.#groups.flatMap((g) => g.parameters.map((p) => [p, g] as const)));
    const memory = (p: Tensor) => this.slots((groupOf.get(p) as Group<H>).hyper);
    const { length } = this.#groups;
    const saved = readOptimizerState(this.constructor.name, hyper, tensors, this.parameters, length, memory);
    const { steps, taken, lrs, slots } = saved;
    this.#memory.clear();
    this.#bounds.clear();
    for (const [p, name, { data }] of slots) {
      const slot = this.#slot(p, name);
      slot.set(data);
      this.#widen(name, largestOf([slot]));
    }
    this.#steps = steps;
    this.parameters.forEach((p, k) => this.#taken.set(p, taken[k]));
    this.#groups.forEach((g, i) => (g.hyper.lr = lrs[i]));
  }
}

/** The kernels trust that a gradient has its parameter's shape and dtype. */
function checkGradient(who: string, p: Tensor, g: Tensor): void {
  if (g.size !== p.size || g.dtype !== p.dtype || g.backend !== p.backend)
    throw new TensorError(`${who}.step`, `the gradient ${g} does not fit its parameter ${p}`);
}
