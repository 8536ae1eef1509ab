// Ablation: what breaks when a unit is held constant? The model reads the text once more with the unit at its mean after every step, in all parts of
// its state. Each unit has its own row of the batch and row 0 is left unchanged, so that one pass measures many units. One unit alone is held in the
// weights that read it, where there is a kernel for the rest: that takes as long as reading.

import { optional, requireKinds } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { type LanguageModel, type LanguageState, requireLanguageModel } from '../../models/language-model.ts';
import { changeSteps } from '../../nn/recurrent/observe.ts';
import { CarriedState, mapState, tensorsOf } from '../../nn/recurrent/state.ts';
import { indices, tensor } from '../../tensor/create.ts';
import { crossEntropy } from '../../tensor/ops/softmax.ts';
import { scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type ReportLanguage, requireLanguage } from '../language.ts';
import { type Annotation, annotationKind, annotationName } from './annotations.ts';
import { holdingUnit, readersOf } from './hold-unit.ts';
import { atRest, type Trace, traceKind } from './trace.ts';

/** A unit to ablate, and an annotation of where its effect is expected. */
export interface UnitToAblate {
  readonly layer: string;
  readonly unit: number;
  readonly annotation?: Annotation | null;
}

/** Loss in nats per symbol, for the intact model and with the unit held at its mean. */
export interface AblationLosses {
  readonly count: number;
  readonly whole: number;
  readonly held: number;
}

/** What holding one unit at a value does to the loss. */
export interface Ablation {
  readonly layer: string;
  readonly unit: number;
  readonly all: AblationLosses;
  /** Loss at the places that the annotation marks, and at all others. */
  readonly focus: (AblationLosses & { readonly name: string }) | null;
  readonly elsewhere: AblationLosses | null;
}

const [windowLength, longWindow] = [64, 1024];

/** Options of `ablateUnits`. */
export interface AblationOptions {
  /** The intact model's loss at every prediction, N − 1 of them, where it is known: then the text is not read for it. Default: it is measured. */
  readonly intact?: Float32Array | null;
}

/**
 * `trace` must be the trace of the same text: it holds the means.
 *
 *     const [{ focus }] = ablateUnits(model, ids, trace, [{ layer: 'l0', unit: 17, annotation: position }]);
 *     focus;      // { name: 'at line ends', count: 71, whole: 0.42, held: 1.31 }
 */
export function ablateUnits(
  model: LanguageModel,
  ids: Int32Array,
  trace: Trace,
  units: readonly UnitToAblate[],
  options: AblationOptions = {},
): Ablation[] {
  requireKinds(
    'ablateUnits',
    { ids, trace, units, options },
    {
      options: { intact: 'numbers?|null' },
      ids: 'numbers',
      trace: traceKind,
      units: [{ layer: 'text', unit: 'number', annotation: optional(annotationKind) }],
    },
  );
  const who = 'ablateUnits';
  requireLanguageModel(who, model);
  if (ids.length !== trace.steps)
    throw new OptionError(who, 'trace', `has ${trace.steps} symbols and the text has ${ids.length}`);
  if (ids.length < 2) throw new OptionError(who, 'ids', `expected at least 2 symbols, got ${ids.length}`);
  const P = ids.length - 1; // predictions
  const { intact = null } = options;
  checkOptions(who, options, ['intact']);
  if (intact && intact.length !== P)
    throw new OptionError(who, 'intact', `has ${intact.length} losses and the text has ${P} predictions`);
  for (const { layer, unit } of units) {
    const tracks = trace.tracks.filter((track) => track.kind === 'state' && track.layer === layer);
    if (!tracks.some(({ size }) => unit >= 0 && unit < size))
      throw new OptionError(who, 'units', `there is no unit ${unit} in ${layer}`);
  }
  if (units.length === 0) return [];
  const [first] = units;
  const losses =
    (units.length === 1 && lossesOfOne(model, ids, trace, first, intact)) || lossesOf(model, ids, trace, units);
  if (intact) losses[0] = intact;
  return units.map(({ layer, unit, annotation = null }, k) => {
    const over = (take: (n: number) => boolean): AblationLosses => {
      let [count, whole, held] = [0, 0, 0];
      for (let n = 0; n < P; n++) {
        if (!take(n)) continue;
        count++;
        whole += losses[0][n];
        held += losses[k + 1][n];
      }
      return { count, whole: whole / Math.max(1, count), held: held / Math.max(1, count) };
    };
    const at = annotation?.focus.at;
    return {
      layer,
      unit,
      all: over(() => true),
      focus: annotation && at ? { name: annotation.focus.name, ...over((n) => at[n] === 1) } : null,
      elsewhere: at ? over((n) => at[n] !== 1) : null,
    };
  });
}

const lossesKind = { count: 'number', whole: 'number', held: 'number' } as const;

/** Describes an ablation in sentences. */
export function describeAblation(given: Ablation, language: ReportLanguage = 'en'): string {
  requireKinds(
    'describeAblation',
    { given },
    {
      given: {
        layer: 'text',
        unit: 'number',
        all: lossesKind,
        focus: optional({ ...lossesKind, name: 'text' }),
        elsewhere: optional(lossesKind),
      },
    },
  );
  requireLanguage('describeAblation', language);
  const ko = language === 'ko';
  const { layer, unit, all, focus, elsewhere } = given;
  const digits = ({ whole, held }: AblationLosses) => [whole.toFixed(3), held.toFixed(3)];
  const [whole, held] = digits(all);
  if (!focus || !elsewhere || focus.count === 0)
    return ko
      ? `${layer}의 유닛 [${unit}]에 평균값만 넣으면 손실이 ${whole} nat에서 ${held} nat이 됩니다.`
      : `Held at its mean, unit ${unit} of ${layer} takes the loss from ${whole} to ${held} nats.`;
  const [there, heldThere] = digits(focus);
  const [besides, heldBesides] = digits(elsewhere);
  if (ko)
    return `${layer}의 유닛 [${unit}]에 평균값만 넣으면 손실이 ${whole} nat에서 ${held} nat이 됩니다. ${annotationName(focus.name, language)}: ${there} → ${heldThere}, 다른 곳: ${besides} → ${heldBesides}.`;
  return `Held at its mean, unit ${unit} of ${layer} takes the loss from ${whole} to ${held} nats: ${focus.name} from ${there} to ${heldThere}, elsewhere from ${besides} to ${heldBesides}.`;
}

/** The losses of the intact model and with one unit held in the weights that read it; null where it cannot be held there. */
function lossesOfOne(
  model: LanguageModel,
  ids: Int32Array,
  trace: Trace,
  { layer, unit }: UnitToAblate,
  intact: Float32Array | null,
): Float32Array[] | null {
  const readers = readersOf(model, layer);
  if (!readers) return null;
  const mean = meanOf(trace, layer, 'h', unit);
  return atRest(model, () => {
    const whole = intact ?? lossesAlong(model, ids, 0, null);
    // The first step reads zeros, in which nothing is held yet.
    const held = new Float32Array(ids.length - 1);
    const first = scope(() => {
      const [logits, state] = changeSteps(
        ({ name, after }) => (name === layer ? withHeld(after, unit, mean) : after),
        () => model.forward(indices([ids[0]], [1, 1])),
      );
      held[0] = crossEntropy(logits, indices([ids[1]], [1, 1])).itemSync();
      return mapState(state, (t) => t.detach().keep());
    });
    try {
      held.set(
        holdingUnit(readers, unit, mean, () => lossesAlong(model, ids, 1, first)),
        1,
      );
    } finally {
      for (const t of tensorsOf(first)) t.storage.block.release();
    }
    return [whole, held];
  });
}

/** A state with a unit of its first tensor, h, at a value. */
function withHeld(state: unknown, unit: number, value: number): unknown {
  let isFirst = true;
  return mapState(state, (t) => {
    if (!isFirst) return t;
    isFirst = false;
    const values = Float32Array.from(t.dataSync());
    values[unit] = value;
    return tensor(values, [...t.shape]);
  });
}

/** The loss of each prediction from symbol `start` on, read from `state`. */
function lossesAlong(model: LanguageModel, ids: Int32Array, start: number, state: LanguageState): Float32Array {
  const P = ids.length - 1;
  const losses = new Float32Array(P - start);
  const carried = new CarriedState<LanguageState>();
  try {
    for (let from = start; from < P; from += longWindow) {
      const to = Math.min(P, from + longWindow);
      scope(() => {
        const window = (shift: number) => indices(ids.subarray(from + shift, to + shift), [to - from, 1]);
        const [logits, next] = model.forward(window(0), carried.value ?? state);
        carried.replace(next);
        losses.set(crossEntropy(logits, window(1), { reduction: 'none' }).dataSync(), from - start);
      });
    }
  } finally {
    carried.replace(null);
  }
  return losses;
}

/** Loss at each prediction, [units + 1][P]; row 0 is the intact model. */
function lossesOf(model: LanguageModel, ids: Int32Array, trace: Trace, units: readonly UnitToAblate[]): Float32Array[] {
  const B = units.length + 1;
  const P = ids.length - 1;
  const losses = Array.from({ length: B }, () => new Float32Array(P));
  const holds = new Map<string, { keep: Tensor; add: Tensor }>();
  const carried = new CarriedState<LanguageState>();
  try {
    atRest(model, () => {
      for (const { layer, what, size, kind } of trace.tracks) {
        if (kind !== 'state') continue;
        const [keep, add] = [new Float32Array(B * size).fill(1), new Float32Array(B * size)];
        for (const [k, held] of units.entries()) {
          if (held.layer !== layer || held.unit >= size) continue;
          keep[(k + 1) * size + held.unit] = 0;
          add[(k + 1) * size + held.unit] = meanOf(trace, layer, what, held.unit);
        }
        holds.set(`${layer} ${what}`, { keep: tensor(keep, [B, size]).keep(), add: tensor(add, [B, size]).keep() });
      }
      const hold = (layer: string, what: string, value: Tensor) => {
        const { keep, add } = holds.get(`${layer} ${what}`) as { keep: Tensor; add: Tensor };
        return value.mul(keep).add(add);
      };
      for (let from = 0; from < P; from += windowLength) {
        const T = Math.min(windowLength, P - from);
        const window = (start: number) =>
          indices(
            Int32Array.from({ length: T * B }, (_, k) => ids[start + Math.floor(k / B)]),
            [T, B],
          );
        scope(() => {
          const [logits, state] = changeSteps(
            ({ name, after }) =>
              after instanceof Tensor
                ? hold(name, 'h', after)
                : Object.fromEntries(
                    Object.entries(after as Record<string, Tensor>).map(([what, value]) => [
                      what,
                      hold(name, what, value),
                    ]),
                  ),
            () => model.forward(window(from), carried.value),
          );
          carried.replace(state);
          const each = crossEntropy(logits, window(from + 1), { reduction: 'none' }).dataSync(); // [T, B]
          for (let t = 0; t < T; t++) for (let b = 0; b < B; b++) losses[b][from + t] = each[t * B + b];
        });
      }
    });
  } finally {
    carried.replace(null);
  }
  return losses;
}

function meanOf(trace: Trace, layer: string, what: string, unit: number): number {
  const track = trace.tracks.find((t) => t.layer === layer && t.what === what && t.kind === 'state');
  if (!track) return 0;
  let sum = 0;
  for (let n = 0; n < trace.steps; n++) sum += track.values[n * track.size + unit];
  return sum / trace.steps;
}
