// A trained model of examples, ready to be looked into: what is the same for every task.

import { manualSeed, type Module, type Task } from 'unrolled';
import type { InspectSource, Reading } from '../inspect/source.ts';
import type { RunData } from '../runs/config.ts';
import type { SavedRun } from '../runs/kind.ts';
import { requireOwnData } from '../runs/own-data.ts';
import { grouped } from '../terminal/index.ts';
import type { ExampleSource } from './parts.ts';
import { t } from '../language/index.ts';

export interface Insides<M extends Module> {
  readonly model: M;
  /** What it is, before its number of parameters: `gru, 1 × 128 units`. */
  readonly what: string;
  /** The network anew, at its first step. */
  make(): M;
  /** A network on the training data. */
  task(model: M): Task;
  /** What the loss is counted for: `nats per tag`. */
  readonly lossUnit: string;
  /** Units over some of the data; null for a model whose units are not followed. */
  readonly reading: Reading | null;
}

/** Where the examples of an inspection are: those of training, or of an imported model's run the file that was named. */
export function sourceToInspect<S extends ExampleSource>(data: RunData & { readonly read: S }, file: string | null): S {
  if (file !== null) return { ...data.read, paths: [file], valFrac: 0 };
  requireOwnData(data, '--text');
  return data.read;
}

export function insidesOf<M extends Module>(
  saved: SavedRun,
  { model, what, make, task, lossUnit, reading }: Insides<M>,
): InspectSource {
  const { data, training } = saved.config;
  return {
    path: saved.path,
    step: saved.step,
    about: [
      [t('model'), t`${what}, ${grouped(model.parameterCount())} parameters`],
      data.imported
        ? [t('imported'), t`from ${t(data.source)}`]
        : [t('trained'), t`${grouped(saved.step)} steps on ${t(data.source)}`],
    ],
    model,
    task: task(model),
    fresh() {
      manualSeed(training.seed);
      return task(make());
    },
    lossUnit,
    reading,
    clip: training.clip || null,
    clipValue: training.clipValue || null,
    metrics: saved.metrics(),
  };
}
