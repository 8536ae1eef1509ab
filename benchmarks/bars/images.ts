// What the bars about images and video share: data sets as the library reads them, and training with a validation after each epoch.

import {
  AdamW,
  cosineSchedule,
  fit,
  manualSeed,
  type ImageQuestions,
  type Task,
  VisualQA,
  type VisualQAOptions,
  vqaTask,
  evaluateVisualQA,
  type VisualQAEvaluation,
  warmUp,
} from 'unrolled';
import { type Images } from 'unrolled/data';
import { progress } from './bar.ts';

export interface TrainingSettings {
  readonly bar: string;
  readonly epochs: number;
  readonly lr: number;
  readonly weightDecay?: number;
  /** Steps between looks, in epochs. Default 1. */
  readonly every?: number;
}

/** AdamW, a twentieth of the steps to warm up, cosine to nothing; the best model by validation stays. Returns its metrics. */
export async function trainAndLook(
  task: Task,
  o: TrainingSettings,
): Promise<{ readonly metrics: Readonly<Record<string, number>>; readonly epochs: number }> {
  const steps = o.epochs * task.stepsPerEpoch;
  const start = performance.now();
  let best: Map<string, never> | null = null;
  let [bestScore, bestEpoch] = [Infinity, 0];
  const end = await fit(task, {
    optimizer: new AdamW(task.model.parameters(), { lr: o.lr, weightDecay: o.weightDecay ?? 0.01 }),
    schedule: warmUp(Math.ceil(steps / 20), cosineSchedule(o.lr, { steps: Math.floor((steps * 19) / 20) })),
    steps,
    clipNorm: 1,
    evaluateEvery: (o.every ?? 1) * task.stepsPerEpoch,
    onEvent: (event) => {
      if (event.type !== 'evaluation') return;
      const epoch = event.step / task.stepsPerEpoch;
      const score = 1 - (event.metrics?.accuracy ?? 0);
      if (score < bestScore) {
        [bestScore, bestEpoch] = [score, epoch];
        best = task.model.stateDict() as Map<string, never>;
      }
      const metrics = Object.entries(event.metrics ?? {}).map(([name, v]) => `${name} ${v.toFixed(4)}`);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      progress(
        `${o.bar}: epoch ${epoch}, validation ${event.loss.toFixed(3)} nats, ${metrics.join(', ')}, ${seconds} s`,
      );
    },
  });
  if (best) task.model.loadStateDict(best);
  return { metrics: end.bestMetrics ?? {}, epochs: bestEpoch };
}

export interface VqaBar extends TrainingSettings {
  readonly train: ImageQuestions;
  readonly validation: ImageQuestions;
  readonly model: VisualQAOptions;
  /** Images in a batch. */
  readonly batchSize: number;
  readonly seed?: number;
}

/** Trains one model and measures its best epoch: answers by type, and with the images exchanged. */
export async function answerQuestions(o: VqaBar): Promise<VisualQAEvaluation & { readonly model: VisualQA }> {
  manualSeed(o.seed ?? 1);
  const model = new VisualQA(o.model);
  const { train, validation, batchSize } = o;
  await trainAndLook(vqaTask(model, { train, validation, batchSize, seed: o.seed ?? 1 }), o);
  return { ...(await evaluateVisualQA(model, validation)), model };
}

/** Words of a question, without marks. */
export function wordsOf(question: string): string[] {
  return question
    .toLowerCase()
    .replace(/[^a-z0-9 ]/g, ' ')
    .trim()
    .split(/\s+/);
}

/** Some of the images. */
export function someImages({ shape, data }: Images, which: readonly number[]): Images {
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  const chosen = new Uint8Array(which.length * size);
  for (const [k, n] of which.entries()) chosen.set(data.subarray(n * size, (n + 1) * size), k * size);
  return { shape: [which.length, ...shape.slice(1)], data: chosen };
}
