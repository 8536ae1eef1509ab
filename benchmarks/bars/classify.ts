// What the bars of many-to-one tasks share: train, validate after each epoch, and report the best one as a user would keep it.

import {
  AdamW,
  classifyTask,
  cosineSchedule,
  fit,
  init,
  type LabeledSequences,
  manualSeed,
  SequenceClassifier,
  type SequenceClassifierOptions,
  warmUp,
} from 'unrolled';
import { type BarResult, progress, timed } from './bar.ts';

export interface ClassifyBar {
  readonly bar: string;
  /** The lowest validation accuracy that will do. */
  readonly required: number;
  /** And the most minutes, where there is a limit. */
  readonly minutes?: number;
  readonly settings: string;
  readonly train: LabeledSequences;
  readonly validation: LabeledSequences;
  readonly model: SequenceClassifierOptions;
  /** Deviation of the embedding at first. Default 1. */
  readonly embeddingScale?: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly weightDecay?: number;
  readonly labelSmoothing?: number;
  readonly seed?: number;
}

export async function classifyBar(o: ClassifyBar): Promise<BarResult> {
  const { seed = 1, embeddingScale = 1 } = o;
  const { value, seconds } = await timed(async () => {
    manualSeed(seed);
    const model = new SequenceClassifier(o.model);
    if (model.embedding && embeddingScale !== 1) init.normal(model.embedding.weight, 0, embeddingScale);
    const { train, validation, batchSize, labelSmoothing = 0 } = o;
    const task = classifyTask(model, { train, validation, batchSize, labelSmoothing, seed });
    const steps = o.epochs * task.stepsPerEpoch;
    const start = performance.now();
    const end = await fit(task, {
      optimizer: new AdamW(model.parameters(), { lr: o.lr, weightDecay: o.weightDecay ?? 0.01 }),
      schedule: warmUp(Math.ceil(steps / 20), cosineSchedule(o.lr, { steps: Math.floor((steps * 19) / 20) })),
      steps,
      clipNorm: 1,
      evaluateEvery: task.stepsPerEpoch,
      onEvent: (event) => {
        if (event.type !== 'evaluation') return;
        const { accuracy = 0, macroF1 = 0 } = event.metrics ?? {};
        progress(
          `${o.bar}: epoch ${event.step / task.stepsPerEpoch}, validation ${event.loss.toFixed(3)} nats, accuracy ${accuracy.toFixed(4)}, macro F1 ${macroF1.toFixed(3)}, ${((performance.now() - start) / 1000).toFixed(0)} s`,
        );
      },
    });
    return end.bestMetrics ?? {};
  });
  const { accuracy = 0, macroF1 = 0 } = value;
  return {
    bar: `${o.bar}: validation accuracy`,
    settings: o.settings,
    measured: `${accuracy.toFixed(4)} (macro F1 ${macroF1.toFixed(3)}) in ${(seconds / 60).toFixed(1)} minutes`,
    required: `≥ ${o.required}${o.minutes ? `, ≤ ${o.minutes} minutes` : ''}`,
    met: accuracy >= o.required && seconds <= 60 * (o.minutes ?? Infinity),
    seconds,
  };
}

/** Texts as token ids: 0 is left to padding, 1 stands for what was seen less than `minCount` times in training. */
export function numberTokens(
  train: readonly string[],
  cut: (text: string) => readonly string[],
  minCount = 1,
): { readonly size: number; readonly encode: (text: string) => Int32Array } {
  const counts = new Map<string, number>();
  for (const text of train) for (const token of cut(text)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const kept = [...counts].filter(([, n]) => n >= minCount).map(([token]) => token);
  const ids = new Map(kept.sort().map((token, k) => [token, k + 2]));
  return { size: ids.size + 2, encode: (text) => Int32Array.from(cut(text), (token) => ids.get(token) ?? 1) };
}

/** What to say where the data is not at hand. */
export function notMeasured(bar: string, required: number, settings: string, why: string): BarResult {
  return {
    bar: `${bar}: validation accuracy`,
    settings,
    measured: why,
    required: `≥ ${required}`,
    met: null,
    seconds: 0,
  };
}
