// A kind of task, as the run machinery sees it: how its data become a model and batches, and what can be done with a trained one. One file a
// kind, and a line in kinds.ts; opening folders, resuming, saving, measuring time and drawing the screen is the same for all (run.ts).

import type { EvaluationEvent, Module, StateDict, Task } from 'unrolled';
import type { OptionTable, Values } from '../command-line/options.ts';
import type { evalOptions } from '../command-line/tables.ts';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import type { RunConfig, RunData } from './config.ts';
import type { RunValues } from './options.ts';

export interface TaskKind<T extends OptionTable = OptionTable, M extends Module = Module> {
  /** Of `unrolled train <name>` and of config.json. */
  readonly name: string;
  readonly summary: string;
  readonly args: readonly (readonly [name: string, help: string])[];
  /** runOptions, trainingOptions, watchingOptions, computeOptions, commonOptions, and its own. */
  readonly options: T;
  readonly examples: readonly string[];
  /** What `unrolled demo <name>` shows, by name. Default: each of the choices of `--demo`, to which this adds settings. */
  readonly demos?: Readonly<Record<string, Demo>>;
  /** What its losses count, for the speed: 'characters', 'examples', … */
  readonly counts: string;
  /** Reads the data and settles everything that depends on it. Throws before anything is written. */
  prepare(values: Values<T>, args: readonly string[], say: (text: string) => void): Promise<Prepared<M>>;
  /** A loss for people: `0.412`, or `1.234 nats, 1.780 bits per character`. */
  describeLoss(loss: number): string;
  /** The loss in the progress line, where its number alone would not do. */
  progress?(loss: number): string[];
  /** What the JSON result says besides what every run's does. */
  result?(bestLoss: number | null): object;
  /** Command lines for the last screen, after `npx unrolled`; `run` is a word of the shell. */
  next(run: string, prepared: Prepared<M>, stopped: boolean): readonly string[];
  /** Which options of `unrolled eval` mean something to it, besides those of every command and --checkpoint. */
  readonly evaluates: readonly (keyof EvaluateValues)[];
  /** The same, of `unrolled predict`. Default: --file alone. */
  readonly predicts?: readonly (keyof PredictValues)[];
  /** `unrolled eval`. `progress` is told where it is, if it takes a while. */
  evaluate(saved: SavedRun, values: EvaluateValues, progress: (done: number, total: number) => void): Promise<Report>;
  /** `unrolled inspect`, where the task has it. */
  inspect?(saved: SavedRun, values: InspectValues): Promise<InspectSource>;
  /** `unrolled predict`, where the task has it. `warn` is told what is wrong with the inputs. */
  predict?(
    saved: SavedRun,
    values: PredictValues,
    inputs: readonly string[],
    warn: (text: string) => void,
  ): AsyncGenerator<Prediction, void>;
}

/** A training command with its settings chosen, on synthetic data. */
export interface Demo {
  readonly inputs?: readonly string[];
  /** Options by their names. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Data that were read, and what follows from them. */
export interface Prepared<M extends Module = Module> {
  /** The run is called after it: runs/<name>. */
  readonly name: string;
  /** Three parts of config.json. */
  readonly model: object;
  readonly settings: object;
  readonly data: RunData;
  /** More files of the run folder, `<name>.json` each. */
  readonly contents: Readonly<Record<string, unknown>>;
  /** Said in yellow before training starts: rows that were left out, and why. */
  readonly warnings: readonly string[];
  /** Where only the time is given: no more epochs than these. */
  readonly mostEpochs?: number;
  /** Model and task at their first step. The library has just been seeded. */
  make(config: Pick<RunConfig, 'model' | 'training'>): { readonly model: M; readonly task: Task };
  /** Lines of the first screen: what, and how much of it. */
  introduce(model: M, config: RunConfig): readonly (readonly [what: string, text: string])[];
  /** What the best model goes by: the name of a metric, or `loss`. Null where that is not said. */
  readonly best?: string | null;
  /** An input to try it on, for the command lines of the last screen; for texts, what one begins with. */
  readonly example?: string | null;
  /** How many samples are shown in all, where that was not said. Default 10. */
  readonly samples?: number;
  /** What the model does as it is: shown now and then. Must leave the library's random state alone. */
  sample?(model: M, seed: number): readonly string[];
  /** What the best model does, shown at the end. */
  showcase?(model: M): readonly string[] | Promise<readonly string[]>;
}

/** A run read from its folder. */
export interface SavedRun {
  readonly path: string;
  readonly config: RunConfig;
  readonly weights: StateDict;
  /** The step they are from. */
  readonly step: number;
  /** Set when the newest checkpoint could not be used and an older one was. */
  readonly notice: string | null;
  /** `<name>.json` of the folder. */
  readJSON(name: string): unknown;
  /** The lines of metrics.jsonl: what was measured in training. */
  metrics(): readonly Readonly<Record<string, unknown>>[];
}

/** What a measurement says: an object for programs, lines for people. */
export interface Report {
  readonly result: object;
  readonly lines: readonly string[];
}

export interface Prediction {
  readonly result: object;
  readonly lines: readonly string[];
}

/** The options of `unrolled eval`, `text` being another name for `file`. */
export type EvaluateValues = Values<typeof evalOptions>;

export interface PredictValues {
  readonly file: string | null;
  readonly where: string | null;
  /** Where the images or clips of `file` are; null: beside it. */
  readonly images: string | null;
  readonly clips: string | null;
  readonly topK: number;
  /** Of tasks that search. */
  readonly beams: number;
  /** Of captions and questions: a file to draw into where each word looked, or null. */
  readonly draw: string | null;
}

/** A table's values with those of every run. */
export type KindValues<T extends OptionTable> = Values<T> & RunValues;

/** `accuracy 0.912  f1 0.907` */
export function describeMetrics(metrics: EvaluationMetrics): string {
  return Object.entries(metrics ?? {})
    .map(([name, value]) => `${name} ${formatMetric(value)}`)
    .join('  ');
}

export type EvaluationMetrics = (EvaluationEvent & { readonly metrics?: Readonly<Record<string, number>> })['metrics'];

/** Four digits after the point for what is below ten, fewer above. */
export function formatMetric(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(4) : value.toFixed(2);
}
