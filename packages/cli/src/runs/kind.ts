// A task, as the machinery of runs sees it: what can be trained, what can be measured, what can be asked, and what can be looked into. Opening
// folders, resuming, saving, measuring time and drawing the screen is the same for all tasks (run.ts, saved.ts), and knows them by these interfaces
// alone; the tasks themselves are listed in ../tasks.ts.
//
// `C` is the task's configuration, so that what it wrote into config.json it finds there again under the types it knows.

import type { Module, OpenRunOptions, RunSource, StateDict, Task } from 'unrolled';
import type { ModelPart } from 'unrolled/pipelines';
import type { OptionTable, Values } from '../command-line/options.ts';
import type { evalOptions } from '../command-line/tables.ts';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import type { Baseline } from './baseline.ts';
import type { RunConfig, SettingsOf } from './config.ts';
import type { RunValues } from './options.ts';
import type { Screen, Shown } from './shown.ts';

/** A task of the command. Every one can be trained and measured. */
export interface TaskKind<
  C extends RunConfig = RunConfig,
  T extends OptionTable = OptionTable,
  M extends Module = Module,
> extends Trainable<C, T, M>,
    Measurable<C>,
    Partial<Askable<C>>,
    Partial<Inspectable<C>> {
  /** Its name in `unrolled train <name>` and in config.json. */
  readonly name: string;
  /** What it is to people, where that is not `train <name>`. */
  readonly called?: string;
}

/** `unrolled train`: how data become a model and batches. */
export interface Trainable<C extends RunConfig, T extends OptionTable, M extends Module> {
  readonly summary: string;
  readonly args: readonly (readonly [name: string, help: string])[];
  /** runOptions, trainingOptions, watchingOptions, computeOptions, commonOptions, and its own. */
  readonly options: T;
  readonly examples: readonly string[];
  /** Options of its table that mean nothing to it: the table is that of a command which trains on other data too. */
  readonly foreign?: readonly string[];
  /** The kind that trains on these data, where they are of another form than its own: numbers in place of texts. */
  specialize?(values: Values<T>, given: ReadonlySet<string>, args: readonly string[]): Promise<TaskKind | null>;
  /** Options of a run on all rows, from the metrics of the best validation of the run before it. */
  refit?(metrics: Readonly<Record<string, number>>): Readonly<Record<string, unknown>>;
  /** What its losses count, for the speed: 'characters', 'examples', … */
  readonly counts: string;
  /** Reads the data and settles everything that depends on it. Throws before anything is written. */
  prepare(values: Values<T>, args: readonly string[], say: (text: string) => void): Promise<Prepared<C, M>>;
  /** A loss for people: `0.412`, or `1.234 nats, 1.780 bits per character`. */
  describeLoss(loss: number): string;
  /** The loss in the progress line, where its number alone would not do. */
  progress?(loss: number): string[];
  /** What the JSON result says besides what every run's does. */
  result?(bestLoss: number | null): object;
  /** Command lines for the last screen, after `npx unrolled`; `run` is a word of the shell. */
  next(run: string, prepared: Prepared<C, M>, stopped: boolean): readonly string[];
}

/** `unrolled eval`: how good a trained model is. */
export interface Measurable<C extends RunConfig> {
  /** Which options of `unrolled eval` mean something to it, besides those of every command and --checkpoint. */
  readonly evaluates: readonly (keyof EvaluateValues)[];
  /** `progress` is told how far it is, if it takes a while. */
  evaluate(
    saved: SavedRun<C>,
    values: EvaluateValues,
    progress: (done: number, total: number) => void,
  ): Promise<Report>;
}

/** `unrolled predict`: what a trained model answers. */
export interface Askable<C extends RunConfig> {
  /** Which options of `unrolled predict` mean something to it. */
  readonly predicts: readonly (keyof PredictValues)[];
  /** `warn` is told what is wrong with the inputs. */
  predict(
    saved: SavedRun<C>,
    values: PredictValues,
    inputs: readonly string[],
    warn: (text: string) => void,
  ): AsyncGenerator<Prediction, void>;
}

/** `unrolled inspect`: what there is to look into. */
export interface Inspectable<C extends RunConfig> {
  inspect(saved: SavedRun<C>, values: InspectValues): Promise<InspectSource>;
}

/** Data that were read, and what follows from them. */
export interface Prepared<C extends RunConfig = RunConfig, M extends Module = Module> {
  /** The run is called after it: runs/<name>. */
  readonly name: string;
  /** The model's options: its sizes. */
  readonly model: C['model'];
  /** Written into config.json next to the model's options: its type, and what it must be fed. None for a model that cannot be asked. */
  readonly contract?: Pick<ModelPart, 'type' | 'input'>;
  /** What `training` has besides what every run's has. */
  readonly settings: SettingsOf<C>;
  readonly data: C['data'];
  /** More files of the run folder, `<name>.json` each. */
  readonly contents: Readonly<Record<string, unknown>>;
  /** Descriptions of the losses on these data, in place of the kind's: per token instead of per character. */
  readonly says?: Pick<TaskKind, 'counts' | 'describeLoss' | 'progress' | 'result'>;
  /** Printed in yellow before training starts: rows that were left out, and why. */
  readonly warnings: readonly string[];
  /** Where no length is given: epochs. Default: by the number of steps in one (see `epochsFor`). */
  readonly epochs?: number;
  /** Where no length or only the time is given: no more epochs than these. */
  readonly mostEpochs?: number;
  /** Model and task at their first step. The library has just been seeded. */
  make(config: Pick<C, 'model' | 'training'>): { readonly model: M; readonly task: Task };
  /** Rows of the first screen: what, and how much of it. */
  introduce(model: M, config: C): readonly (readonly [what: string, text: string])[];
  /** What the best model goes by: the name of a metric, or `loss`. Null where that was not chosen. */
  readonly best?: string | null;
  /** What is reached without learning anything from the inputs. */
  readonly baseline?: Baseline | null;
  /** An input to try it on, for the command lines of the last screen; for texts, what one begins with. */
  readonly example?: string | null;
  /** How many samples are shown in all, where that was not said. Default 10. */
  readonly samples?: number;
  /** What the model does as it is: shown now and then, while training waits. Must leave the library's random state alone. */
  sample?(model: M, seed: number): Promise<Shown>;
  /** What the best model does, shown at the end. */
  showcase?(model: M): Promise<Shown>;
}

/** A run read from its folder. */
export interface SavedRun<C extends RunConfig = RunConfig> {
  readonly path: string;
  readonly config: C;
  readonly weights: StateDict;
  /** The step they are from. */
  readonly step: number;
  /** Set when the newest checkpoint could not be used and an older one was. */
  readonly notice: string | null;
  /** The run's pipeline, with these weights: `await saved.open(textClassification)`. Rejects with a RunError for a run of another task. */
  open<P, O extends OpenRunOptions>(pipeline: (where: RunSource, options?: O) => Promise<P>, options?: O): Promise<P>;
  /** `<name>.json` of the folder. */
  readJSON(name: string): unknown;
  /** The lines of metrics.jsonl: what was measured in training. */
  metrics(): readonly Readonly<Record<string, unknown>>[];
}

/** A measurement: plain data for programs, and its layout for people. */
export interface Report {
  readonly result: object;
  /** What is to be known of the data that it was measured on: rows that were left out, unknown tokens. */
  readonly warnings: readonly string[];
  /** The result as lines for a screen. */
  lines(screen: Screen): readonly string[];
}

/** A prediction: plain data for programs, and its layout for people. */
export interface Prediction {
  readonly result: object;
  /** The result as lines for a screen. */
  lines(screen: Screen): readonly string[];
}

/** The options of `unrolled eval`, `text` being another name for `file`. */
export type EvaluateValues = Values<typeof evalOptions>;

export interface PredictValues {
  readonly file: string | null;
  readonly where: string | null;
  /** Where the images or clips of `file` are; null: next to it. */
  readonly images: string | null;
  readonly clips: string | null;
  /** Features of the images to caption; null: they are read as pixels. */
  readonly features: string | null;
  /** What is done about an image or a clip that cannot be read; null: see `badInputsOf`. */
  readonly badRows: string | null;
  readonly topK: number;
  /** Captions of each image. */
  readonly nBest: number;
  /** Beam width, for tasks that search. */
  readonly beams: number;
  /** For captions and questions: a file to draw attention maps into, or null. */
  readonly draw: string | null;
}

/** A table's values with those of every run. */
export type KindValues<T extends OptionTable> = Values<T> & RunValues;

/** Whether a run is one of this task: its config.json names it, and was checked for it (fields.ts). */
export function isRunOf<C extends RunConfig>(saved: SavedRun, kind: TaskKind<C>): saved is SavedRun<C> {
  return saved.config.task === kind.name;
}
