// What a run will take, before it starts: measured on a model of these settings that is thrown away.

import { indices, LanguageModel, scope } from 'unrolled';
import { Vocabulary } from 'unrolled/data';
import type { OptimizerName, Settings } from '../state/settings.ts';
import type { Plan } from '../workers/protocol.ts';
import { modelOf, streamsOf } from './text-run.ts';

/** Copies of the weights that training has: weights, gradients, and what the optimizer keeps. */
const copies: Readonly<Record<OptimizerName, number>> = { adam: 4, adamw: 4, rmsprop: 3, adagrad: 3, sgd: 2 };
const budget = 150; // ms for each window that is timed, after its first two times
const most = 400_000_000; // parameters × batch of a window that may be timed: about a second

/** Parameters, memory and time of a run. `problem` says why there can be none. */
export function planOf(settings: Settings, text: string): Plan {
  const vocabulary = text === '' ? null : Vocabulary.fromText(text);
  const ids = vocabulary?.encode(text) ?? new Int32Array();
  const symbols = vocabulary?.size ?? 0;
  const nothing = { parameters: 0, memory: 0, secondsPerStep: 0, seconds: 0, characters: ids.length, symbols };
  try {
    streamsOf(ids, settings);
    const model = modelOf(settings, Math.max(1, symbols));
    const parameters = model.parameterCount();
    const secondsPerStep = secondsOf(model, settings, symbols);
    const { batch, windowLength, hiddenSize, numLayers, optimizer, steps } = settings;
    const activations = batch * windowLength * (numLayers * 8 * hiddenSize + 3 * symbols);
    return {
      ...nothing,
      parameters,
      memory: 4 * (copies[optimizer] * parameters + activations),
      secondsPerStep,
      seconds: steps * secondsPerStep,
      problem: null,
    };
  } catch (error) {
    return { ...nothing, problem: (error as Error).message };
  }
}

/** Seconds of a step: of two short windows, from which those of a long one follow. */
function secondsOf(model: LanguageModel, { batch, windowLength }: Settings, symbols: number): number {
  const rows = Math.max(1, Math.min(batch, Math.floor(most / model.parameterCount() / 16)));
  const time = (T: number): number => {
    const input = indices(
      Int32Array.from({ length: T * rows }, (_, k) => k % symbols),
      [T, rows],
    );
    const once = () => scope(() => model.loss(input, input).loss.backward());
    let [best, left] = [Infinity, 8];
    for (const end = performance.now() + budget; left > 0 && (left > 6 || performance.now() < end); left--) {
      const start = performance.now();
      once();
      best = Math.min(best, performance.now() - start);
    }
    return best / 1000;
  };
  const [short, long] = [Math.min(4, windowLength), Math.min(16, windowLength)];
  const [few, more] = [time(short), time(long)];
  model.zeroGrad();
  const perStep = long > short ? Math.max(0, more - few) / (long - short) : more / long;
  return Math.max(more, more + perStep * (windowLength - long)) * (batch / rows) * 1.1; // the update
}
