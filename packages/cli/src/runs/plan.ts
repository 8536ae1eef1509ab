// How long a run is, and how often and on how much of the validation data it is validated.
//
// Without `--steps`, `--epochs` or `--minutes` the length follows from the data: eight epochs, more of them where that is few steps and fewer where it is very many, a validation after each, and
// early stopping. The time it will take is measured and printed before training starts.
//
// Minutes are those until the end: steps, validations, the last one included, and samples. What each of them takes is measured on a model that is thrown
// away. Validations may take an eighth of the time. Where five of them on all of the data would take more, there are fewer, but two; and where two
// would, they measure a part of the data, the same each time, so that the best model is the best on it. `unrolled eval` measures on all of them.

import { manualSeed, type Module, scope, type Task } from 'unrolled';
import { duration, grouped } from '../terminal/index.ts';
import type { RunConfig } from './config.ts';
import type { Prepared } from './kind.ts';
import { t } from '../language/index.ts';

/** The length of a run. */
export interface Plan {
  readonly steps: number;
  readonly validations: number;
  /** Part of the validation data that each of them measures, above 0 and up to 1. */
  readonly validationPart: number;
  readonly samples: number;
  /** Validations without improvement after which the run stops, where that was not given; 0 for never. */
  readonly patience: number;
}

/** The shards of a batch that are computed here. */
interface Shards {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** What was asked for. */
export interface Length {
  readonly epochs: number | null;
  readonly minutes: number | null;
  /** Steps between validations and between samples, where they were given. */
  readonly evalEvery: number | null;
  readonly sampleEvery: number | null;
  readonly say: (text: string) => void;
  /** Processes that compute the shards of a batch; the first measures its part. Default 1. */
  readonly processes?: number;
  /** Milliseconds from anywhere. Default: `performance.now`. */
  readonly now?: () => number;
}

const [mostValidations, leastValidations, usualSamples] = [5, 2, 10];
/** Of a run whose length the data choose. */
const chosen = { epochs: 8, leastSteps: 2500, mostSteps: 20_000, validations: 40, patience: 5 };
/** Parts of the time. What is left to the steps has the updates of the optimizer and the saving in it. */
const [forMeasuring, forValidations, forSamples, useful] = [0.1, 0.125, 0.04, 0.9];

/** The plan of a run of so many steps: validations measure on all data. */
export function planOf(steps: number, prepared: Prepared): Plan {
  const samples = prepared.samples ?? usualSamples;
  return { steps, validations: mostValidations, validationPart: 1, samples, patience: 0 };
}

/** Epochs of so many steps each, where no length was given. */
export function epochsFor(stepsPerEpoch: number, mostEpochs = Infinity): number {
  const steps = Math.min(chosen.mostSteps, Math.max(chosen.leastSteps, chosen.epochs * stepsPerEpoch));
  return Math.min(mostEpochs, Math.max(1, Math.round(steps / stepsPerEpoch)));
}

/** The plan of a run of so many epochs or minutes, or of as many epochs as suit the data. */
export async function planIn(
  prepared: Prepared,
  config: Pick<RunConfig, 'model' | 'training'>,
  { epochs, minutes, evalEvery, sampleEvery, say, processes = 1, now = () => performance.now() }: Length,
): Promise<Plan> {
  const begun = now();
  manualSeed(config.training.seed);
  const { model, task } = prepared.make(config);
  const inEpochs = (n: number) => Math.max(1, Math.round(n * task.stepsPerEpoch));
  if (epochs !== null) return planOf(inEpochs(epochs), prepared);
  say(t('measuring the speed of this machine'));
  const budget = (minutes ?? 1) * 60_000;
  const { shards = 1 } = config.training;
  const own = shards > 1 ? { count: shards, from: 0, to: Math.ceil(shards / processes) } : null;
  if (own) task.divide?.(own);
  const stepMs = (await timeOfStep(task, own, Math.min(1200, forMeasuring * budget), now)) / useful;
  const validationMs = await timeOfValidation(task, Math.min(200, 0.02 * budget), now);
  const sampleMs = await timeOfSample(prepared, model, now);
  if (minutes === null) {
    const most = prepared.epochs ?? epochsFor(task.stepsPerEpoch, prepared.mostEpochs);
    return fromData(most, { steps: inEpochs(most), stepMs, validationMs, sampleMs }, prepared, say);
  }

  const left = Math.max(budget - (now() - begun), budget / 2);
  const atMost = left / stepMs; // steps, were there nothing else
  const validations = evalEvery
    ? Math.max(1, Math.ceil(atMost / evalEvery))
    : within(Math.floor((forValidations * left) / validationMs), leastValidations, mostValidations);
  const validationPart = Math.min(1, (forValidations * left) / (validations * validationMs));
  const samples = sampleEvery
    ? Math.floor(atMost / sampleEvery)
    : within(Math.floor((forSamples * left) / sampleMs), 1, prepared.samples ?? usualSamples);
  const rest = left - validations * validationPart * validationMs - Math.min(samples * sampleMs, left / 4);
  const most = prepared.mostEpochs ? inEpochs(prepared.mostEpochs) : Infinity;
  return {
    steps: Math.min(most, Math.max(10, Math.round(rest / stepMs))),
    validations,
    validationPart: validationPart < 1 ? Number(validationPart.toPrecision(3)) : 1,
    samples: Math.min(samples, prepared.samples ?? usualSamples),
    patience: 0,
  };
}

interface Times {
  readonly steps: number;
  readonly stepMs: number;
  readonly validationMs: number;
  readonly sampleMs: number;
}

/** The plan of a run whose length follows from the data, and the lines that describe it: a validation after each epoch on all data, while these take an eighth of the time. */
function fromData(
  epochs: number,
  { steps, stepMs, validationMs, sampleMs }: Times,
  prepared: Prepared,
  say: (text: string) => void,
): Plan {
  const training = steps * stepMs;
  const often = Math.max(mostValidations, Math.min(chosen.validations, Math.round(epochs)));
  const validations = within(Math.floor((forValidations * training) / validationMs), mostValidations, often);
  const plan = { ...planOf(steps, prepared), validations, patience: validationMs > 0 ? chosen.patience : 0 };
  const time = duration((training + validations * validationMs + plan.samples * sampleMs) / 1000);
  const passes =
    epochs === 1 ? t`1 epoch, ${grouped(steps)} steps` : t`${grouped(epochs)} epochs, ${grouped(steps)} steps`;
  const early = plan.patience > 0 ? t(' at most: training stops when the validation result no longer improves') : '';
  say(t`${passes}, about ${time}${early} (--minutes, --epochs and --steps choose another length)`);
  return plan;
}

/** n in [low, high]; high for what is infinite or NaN: what takes no time may be done as often as usual. */
function within(n: number, low: number, high: number): number {
  return n < high ? Math.max(low, n) : high;
}

/** Milliseconds of a forward and a backward pass, of a batch or of this process's shards of it. The first quarter of the time warms up. */
async function timeOfStep(task: Task, own: Shards | null, ms: number, now: () => number): Promise<number> {
  const step = async () => {
    await task.ready?.();
    const shards = own && task.nextShards?.();
    if (!shards) return scope(() => task.next()().loss.backward());
    for (let shard = own.from; shard < own.to; shard++) scope(() => shards(shard)?.loss.backward());
  };
  await runFor(ms / 4, step, now);
  const { steps, took } = await runFor((3 * ms) / 4, step, now);
  return took / steps;
}

/**
 * Milliseconds of a validation on all data, of which as little is read as shows it: ever larger parts until one takes `enough`. The time of a part is a time for
 * itself and one that grows with the part.
 */
async function timeOfValidation(task: Task, enough: number, now: () => number): Promise<number> {
  let before: { part: number; took: number } | null = null;
  for (let part = 1 / 64; ; part = Math.min(1, 4 * part)) {
    const start = now();
    if (!(await task.evaluate(part))) return 0;
    const took = now() - start;
    if (part === 1) return took;
    if (took >= enough && before) {
      const perPart = Math.max(0, took - before.took) / (part - before.part);
      return took + perPart * (1 - part);
    }
    before = { part, took };
  }
}

/** Milliseconds of a sample. */
async function timeOfSample({ sample }: Prepared, model: Module, now: () => number): Promise<number> {
  if (!sample) return 0;
  const start = now();
  await sample(model.eval(), 0);
  return now() - start;
}

async function runFor(
  ms: number,
  step: () => Promise<void>,
  now: () => number,
): Promise<{ steps: number; took: number }> {
  const start = now();
  let steps = 0;
  do {
    await step();
    steps++;
  } while (now() - start < ms);
  return { steps, took: now() - start };
}
