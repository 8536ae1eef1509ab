// States and gates of every unit, recorded step by step while a model reads: the data that the search for interpretable cells works on.

import { requireFunction, requireKinds, requireWhole, shown } from '../../checks.ts';
import { OptionError } from '../../errors.ts';
import { type LanguageModel, type LanguageState, requireLanguageModel } from '../../models/language-model.ts';
import { inEvaluation } from '../../nn/in-evaluation.ts';
import type { Module } from '../../nn/module.ts';
import { type ObservedStep, observeSteps } from '../../nn/recurrent/observe.ts';
import { CarriedState } from '../../nn/recurrent/state.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { indices } from '../../tensor/create.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { namedCells, namedTensors } from '../observed-layers.ts';
import { traceWhole } from './trace-whole.ts';
import { TrackWriter } from './track-writer.ts';
import type { Trace, UnitTrack } from './unit-track.ts';

export { type Trace, traceKind, type UnitTrack } from './unit-track.ts';

/** Records row 0 of every step that recurrent layers take while `watch` runs. */
export class TraceRecorder {
  readonly #model: Module;
  readonly #steps: number;
  readonly #tracks: TrackWriter;
  readonly #names: ReadonlyMap<unknown, string>;

  /** Prepares a recorder for a text of `steps` steps. */
  constructor(model: Module, steps: number) {
    requireKinds('TraceRecorder', { model }, { model: 'module' });
    requireWhole('TraceRecorder', 'steps', steps, 1);
    this.#model = model;
    this.#steps = steps;
    this.#tracks = new TrackWriter(steps);
    this.#names = new Map(namedCells(model).map(({ cell, name }) => [cell, name]));
  }

  /**
   * Runs `body`, which reads the steps from `offset` on, without dropout and without recording gradients. A function in its place says where each step
   * stands; one that stands below 0 or behind the last is left out.
   */
  watch<R>(offset: number | ((step: ObservedStep) => number), body: () => R): R {
    if (typeof offset !== 'function') requireWhole('TraceRecorder.watch', 'offset', offset);
    requireFunction('TraceRecorder.watch', 'body', body);
    const placeOf = typeof offset === 'function' ? offset : ({ t }: ObservedStep) => offset + t;
    return atRest(this.#model, () => observeSteps((step) => this.#write(step, placeOf(step)), body));
  }

  #write(step: ObservedStep, n: number): void {
    if (!(n >= 0 && n < this.#steps)) return;
    const { cell, after, gates } = step;
    const memory = cell.memoryGate;
    const layer = this.#names.get(cell) ?? step.name;
    for (const [what, value] of namedTensors(after)) this.#put({ layer, what, kind: 'state', keeps: null }, n, value);
    for (const [what, value] of Object.entries(gates))
      this.#put({ layer, what, kind: 'gate', keeps: memory?.gate === what ? memory.keeps : null }, n, value);
  }

  #put(about: Omit<UnitTrack, 'size' | 'values'>, n: number, value: Tensor): void {
    const row = (value.shape[0] === 1 ? value : value.slice(0, 0, 1)).dataSync();
    this.#tracks.put(about, value.shape[1], n, row);
  }

  trace(): Trace {
    return this.#tracks.trace();
  }
}

const windowLength = 64;

/**
 * Records every state and gate of a language model over a text, read once from its start.
 *
 *     const trace = traceText(model, vocabulary.encode(text));
 *     trace.tracks.find(({ layer, what }) => layer === 'l0' && what === 'c').values;      // [N, H]
 */
export function traceText(model: LanguageModel, ids: Int32Array): Trace {
  requireLanguageModel('traceText', model);
  if (!(ids instanceof Int32Array))
    throw new OptionError('traceText', 'ids', `expected an Int32Array, got ${shown(ids)}`);
  if (ids.length === 0) throw new OptionError('traceText', 'ids', 'expected at least one symbol');
  const whole = traceWhole(model, ids);
  if (whole) return whole;
  const recorder = new TraceRecorder(model, ids.length);
  const carried = new CarriedState<LanguageState>();
  try {
    for (let from = 0; from < ids.length; from += windowLength) {
      const window = ids.subarray(from, from + windowLength);
      scope(() =>
        recorder.watch(from, () =>
          carried.replace(model.forward(indices(window, [window.length, 1]), carried.value)[1]),
        ),
      );
    }
  } finally {
    carried.replace(null);
  }
  return recorder.trace();
}

/** Runs without dropout and without gradients, and restores the model afterwards. */
export function atRest<R>(model: Module, body: () => R): R {
  return inEvaluation(model, () => noGrad(body));
}
