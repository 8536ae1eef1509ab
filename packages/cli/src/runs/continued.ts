// A run that is trained further, after its end or before: `--steps` with more of them, and what else may change on the way. Each such leg stands in the
// checkpoints' state, beside the position, so that the two are saved in one breath and a resumed leg ends in the same bits as one that never stopped.
// config.json stays what the run began with.

import { FormatError, type TrainingState } from 'unrolled';
import { firstDifference, type RunConfig, type Training } from './config.ts';

/** What may differ in a new leg; everything else makes another run. */
export const changeable = [
  'steps',
  'lr',
  'schedule',
  'warmup',
  'decay',
  'decayEvery',
  'clip',
  'clipValue',
  'patience',
  'evalEvery',
  'sampleEvery',
] as const satisfies readonly (keyof Training)[];

/** The settings of a leg, and the step it began at. */
export type Leg = Pick<Training, (typeof changeable)[number]> & { readonly from: number };

/** The legs after the first, out of a checkpoint's state. */
export function legsOf(path: string, state: Readonly<Record<string, unknown>> | undefined): readonly Leg[] {
  const legs = state?.legs ?? [];
  const isLeg = (leg: unknown) =>
    typeof leg === 'object' &&
    leg !== null &&
    (['from', 'steps', 'lr'] as const).every((key) => Number.isFinite((leg as Record<string, unknown>)[key]));
  if (Array.isArray(legs) && legs.every(isLeg)) return legs as Leg[];
  throw new FormatError(path, 'its checkpoint says in an unknown form how it was trained further; update unrolled');
}

/** The configuration that holds in the last of the legs. */
export function inLeg(config: RunConfig, legs: readonly Leg[]): RunConfig {
  const last = legs.at(-1);
  return last ? { ...config, training: { ...config.training, ...last } } : config;
}

/** The options that were given; the others as the run has them. */
export function askedOf(current: RunConfig, asked: RunConfig, given: ReadonlySet<string>): RunConfig {
  const wasGiven = (key: string) => given.has(key) || (key === 'steps' && given.has('epochs'));
  const kept = changeable.filter((key) => !wasGiven(key)).map((key) => [key, current.training[key]]);
  const { from, validationPart, embeddingScale } = current.training;
  const { embeddingScale: initial, ...settings } = asked.training;
  const training = {
    ...settings,
    // How the weights began is past: a run of before there was a choice does not say.
    ...(embeddingScale === undefined || initial === undefined ? {} : { embeddingScale: initial }),
    ...Object.fromEntries(kept),
    ...(from === undefined ? {} : { from }),
    ...(validationPart === undefined ? {} : { validationPart }),
  };
  return { ...asked, training };
}

/**
 * The leg that is asked for: more steps than the run has, and nothing else but what may change. Null where it is the run as it is.
 * A string is the first difference that makes it another run.
 */
export function nextLeg(current: RunConfig, asked: RunConfig, step: number): Leg | null | string {
  const same = (config: RunConfig) => ({ ...config, data: config.data.sha256 });
  const difference = firstDifference(same(current), same(asked));
  if (difference === null) return null;
  const { steps, lr, schedule, warmup, decay, decayEvery, clip, clipValue, patience, evalEvery, sampleEvery } =
    asked.training;
  const settings = {
    steps,
    lr,
    schedule,
    warmup,
    decay,
    decayEvery,
    clip,
    clipValue,
    patience,
    evalEvery,
    sampleEvery,
  };
  const other = firstDifference(same({ ...current, training: { ...current.training, ...settings } }), same(asked));
  if (other !== null) return other;
  return asked.training.steps > current.training.steps ? { ...settings, from: step } : difference;
}

/** A checkpoint's state as a new leg begins with it: schedule and patience count anew. */
export function atStartOfLeg(state: TrainingState, schedule: TrainingState['schedule']): TrainingState {
  return { ...state, withoutImprovement: 0, schedule };
}

/** `lr 0.004 → 0.001, schedule cosine → constant`: what changes, but for the steps. */
export function describeLeg(before: Training, leg: Leg): string[] {
  return changeable.flatMap((key) =>
    key === 'steps' || key.endsWith('Every') || Object.is(before[key], leg[key])
      ? []
      : [`${key} ${String(before[key])} → ${String(leg[key])}`],
  );
}
