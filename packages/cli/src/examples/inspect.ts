// A trained model of examples, ready to be looked into: what is the same for every task.

import { manualSeed, type Module, type Task } from 'unrolled';
import type { InspectSource, Reading } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import { grouped } from '../terminal/index.ts';

export interface Insides<M extends Module> {
  readonly model: M;
  /** What it is, before its number of parameters: `gru, 1 × 128 units`. */
  readonly what: string;
  /** The network anew, at its first step. */
  make(): M;
  /** A network on the training data. */
  task(model: M): Task;
  /** Units over some of the data; null for a model whose units are not followed. */
  readonly reading: Reading | null;
}

export function insidesOf<M extends Module>(
  saved: SavedRun,
  { model, what, make, task, reading }: Insides<M>,
): InspectSource {
  const { data, training } = saved.config;
  return {
    path: saved.path,
    step: saved.step,
    about: [
      ['model', `${what}, ${grouped(model.parameterCount())} parameters`],
      ['trained', `${grouped(saved.step)} steps on ${data.source}`],
    ],
    model,
    task: task(model),
    fresh() {
      manualSeed(training.seed);
      return task(make());
    },
    reading,
    clip: training.clip || null,
    metrics: saved.metrics(),
  };
}
