// What defines a run, of any task: saved in its config.json, so that it can be resumed, used and repeated from the folder alone.

import { type ModelPart, writeModelPart } from 'unrolled/pipelines';

export type OptimizerName = 'sgd' | 'adagrad' | 'rmsprop' | 'adam' | 'adamw';
export type ScheduleName = 'constant' | 'step' | 'exponential' | 'cosine' | 'plateau';

/** How it is trained. What a task needs besides (batches, windows, how much validates) stands next to these. */
export interface Training {
  readonly steps: number;
  readonly optimizer: OptimizerName;
  readonly lr: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly schedule: ScheduleName;
  readonly warmup: number;
  /** Of 'step': steps between decays; of 'step', 'exponential' (over the whole run) and 'plateau': what remains of the rate. */
  readonly decayEvery: number;
  readonly decay: number;
  /** Of the global norm; 0 for none. */
  readonly clip: number;
  /** Of each element; 0 for none. */
  readonly clipValue: number;
  readonly evalEvery: number;
  readonly sampleEvery: number;
  /** Part of the validation data that the validations of a run of so many minutes measure. Default 1. */
  readonly validationPart?: number;
  readonly patience: number;
  /** Standard deviation of the embedding's initial values, of tasks that have one. Default 1. */
  readonly embeddingScale?: number;
  /** Decay of the moving average of the weights. Default: none. */
  readonly ema?: number;
  readonly seed: number;
  /** Parts of a batch whose gradients are added in a fixed order, where there are several. Default 1. */
  readonly shards?: number;
  /** The step that schedule and warm-up count from, where training was taken up again. Default 0. */
  readonly from?: number;
}

export interface RunData {
  /** Where it came from, for a person. */
  readonly source: string;
  /** Of the examples as they were trained on: resuming on others is refused. */
  readonly sha256: string;
  /** Set where the model was imported: `source` is its file, and what it was trained on is not known. */
  readonly imported?: boolean;
}

/** `M`: the options of the model. `S`: what the task's training has besides. `D`: what the task knows of its data. */
export interface RunConfig<M extends object = object, S extends object = object, D extends RunData = RunData> {
  readonly format: 'unrolled run';
  readonly version: 2;
  /** Which task, by the name of its kind. */
  readonly task: string;
  /** The model's options. In the file its type and its input stand next to them: see `configFile`. */
  readonly model: M;
  readonly training: Training & S;
  readonly data: D;
}

/** What a task's training has besides what every run's has. */
export type SettingsOf<C extends RunConfig> = Omit<C['training'], keyof Training>;

/** config.json: the configuration, with what the model is and what it must be fed next to the model's options. */
export function configFile(
  config: RunConfig,
  contract: Pick<ModelPart, 'type' | 'input'> | undefined,
): Readonly<Record<string, unknown>> {
  const model = contract ? writeModelPart({ ...contract, config: { ...config.model } }) : config.model;
  return { ...config, model };
}

/** The model's options in its part of config.json, without type and input, which runs of earlier versions do not have. */
export function optionsOfModel<M extends object>(part: M): Omit<M, 'type' | 'input'> {
  const { type: _type, input: _input, ...options } = part as M & { readonly type?: unknown; readonly input?: unknown };
  return options;
}

/** The first setting in which two configurations differ, as `model.hiddenSize: 128 in the run, 256 asked for`; null when they agree. */
export function firstDifference(saved: unknown, asked: unknown, path = ''): string | null {
  const found = difference(saved, asked, path);
  if (found === null) return null;
  const [before, now] = found.values.map((value) => value.replace(/^([0-9a-f]{12})[0-9a-f]{52}$/, '$1…')); // a SHA-256
  return `${found.path}: ${before} in the run, ${now} asked for`;
}

/** Where two values of JSON first differ: the path there, and both. Null where they are equal. */
export function difference(
  saved: unknown,
  asked: unknown,
  path = '',
): { readonly path: string; readonly values: readonly [string, string] } | null {
  if (typeof saved === 'object' && saved !== null && typeof asked === 'object' && asked !== null) {
    for (const key of new Set([...Object.keys(saved), ...Object.keys(asked)])) {
      const found = difference(
        (saved as Record<string, unknown>)[key],
        (asked as Record<string, unknown>)[key],
        path ? `${path}.${key}` : key,
      );
      if (found) return found;
    }
    return null;
  }
  return Object.is(saved, asked) ? null : { path, values: [String(saved), String(asked)] };
}
