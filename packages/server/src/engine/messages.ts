// What the engine and the threads that compute say to each other. A lane is one opened checkpoint in one thread; it has a number of its own, so that
// the checkpoint before and the one after a reload can be there at the same time. A job is one request; its number is never used again.

import type { useBackend } from 'unrolled';
import type { RunSource } from 'unrolled/pipelines';
import type {
  EmbedRequest,
  EmbedResult,
  EngineModel,
  GeneratePiece,
  GenerateRequest,
  TaskRequest,
  TaskResult,
} from './engine.ts';
import type { ErrorData } from './errors.ts';
import type { EngineLimits } from './limits.ts';

/** Backends by their names. */
export type BackendName = Extract<Parameters<typeof useBackend>[0], string>;

/** What a lane needs to be opened. */
export interface OpenLane {
  readonly id: string;
  readonly source: RunSource;
  readonly checkpoint: 'best' | 'last';
  /** Texts that are written at the same time, at most. */
  readonly rows: number;
  readonly limits: EngineLimits;
}

/** A job's request, by its kind. */
export type JobRequest =
  | { readonly kind: 'generate'; readonly request: GenerateRequest }
  | { readonly kind: 'embed'; readonly request: EmbedRequest }
  | { readonly kind: 'call'; readonly request: TaskRequest }
  | { readonly kind: 'stream'; readonly request: TaskRequest };

/** To the thread. */
export type Order =
  | { readonly type: 'open'; readonly lane: number; readonly run: OpenLane }
  | { readonly type: 'close'; readonly lane: number }
  | { readonly type: 'begin'; readonly lane: number; readonly job: number; readonly work: JobRequest }
  | { readonly type: 'cancel' | 'hold' | 'release'; readonly lane: number; readonly job: number };

/** To the thread, from the one that reads its reports: one of steps was taken. */
export interface Seen {
  readonly type: 'seen';
}

/**
 * Steps of all texts of a lane, one after the other, their pieces in columns: text jobs[k] gets ids[k] (−1: none) and texts[k]; `more` has the rest of
 * those that have any.
 */
export interface StepReport {
  readonly type: 'step';
  readonly lane: number;
  /** Rows, symbols and time of each step. */
  readonly steps: readonly { readonly rows: number; readonly tokens: number; readonly seconds: number }[];
  readonly jobs: readonly number[];
  readonly ids: readonly number[];
  readonly texts: readonly string[];
  readonly more: readonly { readonly at: number; readonly piece: Pick<GeneratePiece, 'logprobs' | 'finish'> }[];
}

/** From the thread. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'opened'; readonly lane: number; readonly model: EngineModel; readonly stateBytes: number }
  | { readonly type: 'refused'; readonly lane: number; readonly error: ErrorData }
  | StepReport
  | { readonly type: 'piece'; readonly job: number; readonly piece: unknown }
  | { readonly type: 'done'; readonly job: number; readonly result: EmbedResult | TaskResult }
  | { readonly type: 'failed'; readonly job: number; readonly error: ErrorData }
  /** Work that is not a step of texts: a batch of so many inputs, or prompts that were read. */
  | { readonly type: 'computed'; readonly lane: number; readonly rows: number; readonly seconds: number };
