// What page and worker tell each other. Requests have ids and are answered one after the other; events come unasked. There are three workers of one
// script: the trainer keeps the run that trains, the inspector computes what people ask about a run, and lessons have one of their own.

import type { RawImage } from 'unrolled/data';
import type { Explored, LessonIntroduction, LessonParameter, LessonReport } from 'unrolled/lessons';
import type { Answer, Askable, Question } from '../asking/protocol.ts';
import type { Dataset, DatasetOf } from '../data/dataset.ts';
import type { Preview } from '../training/preview-rows.ts';
import type { OpenedRun, OpeningSource } from '../opening/opened.ts';
import type { Given, NamedFile, Picked, PreparedData } from '../own/given.ts';
import type { AttentionCalls, AttentionExamples, OpenAnswer, OwnInput, ReadingCalls } from '../reading/protocol.ts';
import type { PresetName } from '../settings/presets.ts';
import type { Settings } from '../settings/settings.ts';
import type { RunSummary } from '../store/runs.ts';
import type { Delta, History } from '../training/history.ts';
import type { Taken, TakenFile, TakeKind } from '../take/taken.ts';
import type { Language } from '../words/catalogue.ts';
import type { Change, RunSpec } from '../training/spec.ts';
import type { Plan } from '../training/plan.ts';
import type { Snapshot } from '../training/snapshot.ts';

/** What a run may be in. */
export type Phase = 'paused' | 'training' | 'finished' | 'watching';

export interface Status {
  readonly phase: Phase;
  readonly step: number;
  /** Targets per second, characters of a text, of the last second; null before the first. */
  readonly speed: number | null;
  readonly stepsPerSecond: number | null;
  /** The step that the store has; null where it has none. */
  readonly saved: number | null;
  /** SHA-256 of the weights, once it is finished. */
  readonly sha: string | null;
}

export interface OpenRun {
  readonly spec: RunSpec;
  readonly history: History;
  readonly status: Status;
  /** Pictures that its samples answer about, a line each. */
  readonly pictures: readonly RawImage[];
}

/** What a new run is made of. `own` are the user's own data; null for an example. */
export interface NewRun {
  readonly name: string;
  readonly preset: PresetName;
  readonly own: Dataset | null;
  readonly settings: Settings;
  readonly changes: readonly Change[];
}

export interface Machine {
  /** Threads of the kernels, and the SIMD level of their build. */
  readonly threads: number;
  readonly simd: string;
  /** Whether runs are kept. */
  readonly keeps: boolean;
}

/** Requests to the trainer and their answers. */
export interface TrainerCalls {
  list(): { readonly machine: Machine; readonly runs: readonly RunSummary[] };
  create(run: NewRun): OpenRun;
  select(of: { readonly id: string; readonly onlyWatch: boolean }): OpenRun;
  play(): Status;
  pause(): Status;
  step(): Status;
  reset(): OpenRun;
  change(to: { readonly lr: number; readonly clipNorm: number }): RunSpec;
  rename(to: { readonly id: string; readonly name: string }): readonly RunSummary[];
  remove(of: OfRun): readonly RunSummary[];
  history(of: OfRun): History | null;
  save(): Status;
  snapshot(of: OfRun): Snapshot;
  /** Keeps a run that was opened. One from the same place with the same weights is kept once. */
  keepOpened(run: OpenedRun): { readonly id: string; readonly runs: readonly RunSummary[] };
  /** A run with all that can be taken away of it. */
  taken(of: OfRun): Taken;
  ping(): null;
}

interface OfRun {
  readonly id: string;
}

/** What the inspector does besides reading with a run. */
export interface InspectorCalls extends ReadingCalls, AttentionCalls {
  plan(of: { readonly preset: PresetName; readonly own: Dataset | null; readonly settings: Settings }): Plan;
  /** Some of the data of an example. */
  preview(of: { readonly preset: PresetName; readonly settings: Settings }): Preview;
  /** Reads files of the user's own. Rejects with an `Unusable`. */
  readOwn(files: readonly NamedFile[]): Given;
  /** Whether what was dropped is a zip of images, and not of a run. */
  isImageZip(files: readonly NamedFile[]): boolean;
  /** Clips as a zip of folders below `root`. */
  zipClips(of: { readonly root: string; readonly data: DatasetOf<'clips'> }): TakenFile;
  /** The data of the table that was read last. */
  pickOwn(picked: Picked): PreparedData;
  /** Reads a run, or a model of another system. */
  openGiven(source: OpeningSource): OpenedRun;
  /** Opens a run to be asked; null for one that nothing can be asked. */
  openToAsk(
    run: Pick<Snapshot, 'files' | 'heldOut' | 'spec'>,
  ): { readonly about: Askable; readonly examples: readonly Question[] } | null;
  ask(question: Question): Answer;
  /** A run as a file to be saved. */
  take(of: { readonly taken: Taken; readonly kind: TakeKind; readonly language: Language }): TakenFile;
  /** Reads what validates; what is the user's own first. */
  open(of: { readonly snapshot: Snapshot; readonly own: OwnInput | null }): OpenAnswer;
  /** The examples that attention is shown for; null for a network that attends to nothing. */
  openAttention(of: Snapshot): AttentionExamples | null;
}

/** Requests to the worker of the lessons and their answers. */
export interface LessonCalls {
  lessonList(of: { readonly language: Language }): readonly LessonIntroduction[];
  /** The experiment; tells how far it is. */
  lessonMeasure(of: { readonly name: string }): object;
  lessonTell(of: { readonly name: string; readonly values: object; readonly language: Language }): LessonReport;
  lessonHandles(of: { readonly name: string; readonly language: Language }): readonly LessonParameter[];
  lessonExplore(of: {
    readonly name: string;
    readonly values: Readonly<Record<string, number>>;
    readonly language: Language;
  }): Explored;
}

/** What the worker of the lessons tells unasked: how far an experiment is, from 0 to 1. */
export interface LessonEvent {
  readonly type: 'measuring';
  readonly name: string;
  readonly part: number;
}

export type Notice =
  | { readonly kind: 'storage-full'; readonly step: number }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'error'; readonly message: string };

/** What the trainer tells unasked. */
export type TrainerEvent =
  | { readonly type: 'progress'; readonly id: string; readonly delta: Delta; readonly status: Status }
  | { readonly type: 'notice'; readonly notice: Notice };

export type Role = 'trainer' | 'inspector' | 'lessons';
export type Calls = TrainerCalls & InspectorCalls & LessonCalls;
export type WorkerEvent = TrainerEvent | LessonEvent;

/** What workers do for some calls. */
export type Handlers<C> = {
  readonly [K in keyof C]: C[K] extends (...value: infer In) => infer Out
    ? (...value: In) => Out | Promise<Out>
    : never;
};

export interface Request<K extends keyof Calls = keyof Calls> {
  readonly id: number;
  readonly call: K;
  readonly value: Parameters<Calls[K]>[0];
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };

export type FromWorker = Reply | { readonly event: WorkerEvent };
