// What a run will take, before it starts: measured on a model of these settings that is thrown away.

import { indices, LanguageModel, scope, type Task } from 'unrolled';
import type { Dataset } from '../data/dataset.ts';
import type { OptimizerName, Settings } from '../settings/settings.ts';
import { prepare } from './tasks/index.ts';

/** What a plan says before anything starts. */
export interface Plan {
  readonly parameters: number;
  /** Bytes of weights, gradients, optimizer state and activations. */
  readonly memory: number;
  readonly secondsPerStep: number;
  readonly seconds: number;
  readonly characters: number;
  readonly symbols: number;
  /** Why these settings cannot be trained on this text; null where they can. */
  readonly problem: string | null;
}

/** Copies of the weights that training has: weights, gradients, and what the optimizer keeps. */
const copies: Readonly<Record<OptimizerName, number>> = { adam: 4, adamw: 4, rmsprop: 3, adagrad: 3, sgd: 2 };
const budget = 150; // ms for each window that is timed, after its first two times
const batches = 6; // at most, and at least two
const most = 400_000_000; // parameters × batch of a window that may be timed: about a second

/** Parameters, memory and time of a run. `problem` says why there can be none. */
export async function planOf(settings: Settings, data: Dataset): Promise<Plan> {
  const nothing = { parameters: 0, memory: 0, secondsPerStep: 0, seconds: 0, characters: 0, symbols: 0 };
  try {
    const { model, task, examples, symbols } = await prepare(settings, data);
    const parameters = model.parameterCount();
    const secondsPerStep = model instanceof LanguageModel ? secondsOf(model, settings, symbols) : await bestOf(task);
    const { batch, windowLength, hiddenSize, numLayers, optimizer, steps } = settings;
    const activations = batch * windowLength * (numLayers * 8 * hiddenSize + 3 * symbols);
    return {
      parameters,
      memory: 4 * (copies[optimizer] * parameters + activations),
      secondsPerStep,
      seconds: steps * secondsPerStep,
      characters: examples,
      symbols,
      problem: null,
    };
  } catch (error) {
    return { ...nothing, problem: (error as Error).message };
  }
}

/** Seconds of what is done over and over: the least of a few. */
function best(once: () => void): number {
  scope(once);
  let [least, left] = [Infinity, 8];
  for (const end = performance.now() + budget; left > 0 && (left > 6 || performance.now() < end); left--) {
    const start = performance.now();
    scope(once);
    least = Math.min(least, performance.now() - start);
  }
  return least / 1000;
}

/** Seconds of a task's batches. */
async function bestOf(task: Task): Promise<number> {
  let least = Infinity;
  for (let k = 0; k < batches && (k < 2 || least * k < budget); k++) {
    await task.ready?.();
    const loss = task.next();
    const start = performance.now();
    scope(() => loss().loss.backward());
    least = Math.min(least, performance.now() - start);
  }
  return least / 1000;
}

/** Seconds of a step: of two short windows, from which those of a long one follow. */
function secondsOf(model: LanguageModel, { batch, windowLength }: Settings, symbols: number): number {
  const rows = Math.max(1, Math.min(batch, Math.floor(most / model.parameterCount() / 16)));
  const time = (T: number): number => {
    const input = indices(
      Int32Array.from({ length: T * rows }, (_, k) => k % symbols),
      [T, rows],
    );
    return best(() => model.loss(input, input).loss.backward());
  };
  const [short, long] = [Math.min(4, windowLength), Math.min(16, windowLength)];
  const [few, more] = [time(short), time(long)];
  model.zeroGrad();
  const perStep = long > short ? Math.max(0, more - few) / (long - short) : more / long;
  return Math.max(more, more + perStep * (windowLength - long)) * (batch / rows) * 1.1; // the update
}
