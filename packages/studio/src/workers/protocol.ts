// What page and worker tell each other. Requests have ids and are answered one after the other; events come unasked. There are three workers of one
// script: the trainer keeps the run that trains, the inspector computes what people ask about a run, and lessons have one of their own.

import type { RawImage } from 'unrolled/data';
import type { Explored, LessonIntroduction, LessonParameter, LessonReport } from 'unrolled/lessons';
import type { Answer, Askable, Question } from '../asking/protocol.ts';
import type { Dataset } from '../data/dataset.ts';
import type { OpenedRun, OpeningSource } from '../opening/opened.ts';
import type { Given, NamedFile, Picked, PreparedData } from '../own/given.ts';
import type { Asked } from '../reading/attention.ts';
import type {
  Ablated,
  Attended,
  AttentionExamples,
  BeamFound,
  Brushed,
  Edit,
  Found,
  Gradient,
  Held,
  MeasureName,
  NextSymbol,
  OpenAnswer,
  OwnInput,
  Scores,
  Step,
  UnitKey,
  WeightEdit,
} from '../reading/protocol.ts';
import type { PresetName } from '../state/presets.ts';
import type { Settings } from '../state/settings.ts';
import type { RunSummary } from '../store/runs.ts';
import type { Delta, History } from '../training/history.ts';
import type { Taken, TakenFile, TakeKind } from '../take/taken.ts';
import type { Language } from '../words/catalogue.ts';
import type { Change, RunSpec } from '../training/spec.ts';
import type { HeldOut } from '../training/tasks/prepared.ts';

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

/** A run's weights and what is needed to read with them. */
export interface Snapshot {
  readonly spec: RunSpec;
  readonly step: number;
  /** The run as `openRun` opens it: config.json, model.safetensors, and the files of its task. */
  readonly files: Readonly<Record<string, Uint8Array | object>>;
  /** What validates; null where the data are made as they are needed. */
  readonly heldOut: HeldOut | null;
  /** Safetensors. */
  readonly weights: Uint8Array;
  /** Of a language model; undefined for others. */
  readonly vocabulary: unknown;
  /** The whole text of a language model; empty for others. */
  readonly text: string;
}

/** Requests to the trainer and their answers. */
export interface TrainerCalls {
  list: { in: null; out: { readonly machine: Machine; readonly runs: readonly RunSummary[] } };
  create: { in: NewRun; out: OpenRun };
  select: { in: { readonly id: string; readonly onlyWatch: boolean }; out: OpenRun };
  play: { in: null; out: Status };
  pause: { in: null; out: Status };
  step: { in: null; out: Status };
  reset: { in: null; out: OpenRun };
  change: { in: { readonly lr: number; readonly clipNorm: number }; out: RunSpec };
  rename: { in: { readonly id: string; readonly name: string }; out: readonly RunSummary[] };
  remove: { in: { readonly id: string }; out: readonly RunSummary[] };
  history: { in: { readonly id: string }; out: History | null };
  save: { in: null; out: Status };
  snapshot: { in: { readonly id: string }; out: Snapshot };
  /** Keeps a run that was opened. One from the same place with the same weights is kept once. */
  keepOpened: { in: OpenedRun; out: { readonly id: string; readonly runs: readonly RunSummary[] } };
  /** A run with all that can be taken away of it. */
  taken: { in: { readonly id: string }; out: Taken };
  ping: { in: null; out: null };
}

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

export interface InspectorCalls {
  /** Reads files of the user's own. Rejects with an `Unusable`. */
  readOwn: { in: readonly NamedFile[]; out: Given };
  /** Reads a run, or a model of another system. */
  openGiven: { in: OpeningSource; out: OpenedRun };
  /** Opens a run to be asked; null for one that nothing can be asked. */
  openToAsk: {
    in: Pick<Snapshot, 'files' | 'heldOut' | 'spec'>;
    out: { readonly about: Askable; readonly examples: readonly Question[] } | null;
  };
  ask: { in: Question; out: Answer };
  /** A run as a file to be saved. */
  take: { in: { readonly taken: Taken; readonly kind: TakeKind; readonly language: Language }; out: TakenFile };
  /** The data of the table that was read last. */
  pickOwn: { in: Picked; out: PreparedData };
  /** Reads what validates; what is the user's own first. */
  open: { in: { readonly snapshot: Snapshot; readonly own: OwnInput | null }; out: OpenAnswer };
  scores: { in: { readonly n: number }; out: Scores | null };
  /** The examples that attention is shown for; null for a network that attends to nothing. */
  openAttention: { in: Snapshot; out: AttentionExamples | null };
  attend: { in: { readonly asked: Asked; readonly edits: readonly WeightEdit[] }; out: Attended };
  beam: { in: { readonly asked: Asked; readonly beams: number }; out: BeamFound };
  unit: { in: UnitKey; out: Float32Array };
  next: { in: { readonly n: number }; out: readonly NextSymbol[] };
  around: { in: { readonly key: UnitKey; readonly n: number; readonly reach: number }; out: Step };
  gradient: { in: { readonly n: number }; out: Gradient };
  find: { in: null; out: readonly Found[] };
  brush: { in: { readonly from: number; readonly to: number }; out: Brushed };
  ablate: { in: { readonly key: UnitKey; readonly name: string | null }; out: Ablated };
  hold: { in: Edit; out: Held };
  measure: { in: { readonly what: MeasureName; readonly language: 'en' | 'ko' }; out: readonly string[] };
  plan: {
    in: { readonly preset: PresetName; readonly own: Dataset | null; readonly settings: Settings };
    out: Plan;
  };
}

/** Requests to the worker of the lessons and their answers. */
export interface LessonCalls {
  lessonList: { in: { readonly language: Language }; out: readonly LessonIntroduction[] };
  /** The experiment; tells how far it is. */
  lessonMeasure: { in: { readonly name: string }; out: object };
  lessonTell: {
    in: { readonly name: string; readonly values: object; readonly language: Language };
    out: LessonReport;
  };
  lessonHandles: {
    in: { readonly name: string; readonly language: Language };
    out: readonly LessonParameter[];
  };
  lessonExplore: {
    in: { readonly name: string; readonly values: Readonly<Record<string, number>>; readonly language: Language };
    out: Explored;
  };
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
export type CallName = keyof Calls;

export interface Request<K extends CallName = CallName> {
  readonly id: number;
  readonly call: K;
  readonly value: Calls[K]['in'];
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };

export type FromWorker = Reply | { readonly event: WorkerEvent };
