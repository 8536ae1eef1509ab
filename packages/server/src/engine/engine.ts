// What the routes ask of the engine: one engine serves many runs, and every call names its run ("model"). What leaves a call is an
// EngineError, or the UnrolledError of a request's own mistake (an option that the task does not have, an image that is none).

import { UnrolledError } from 'unrolled';
import type { TaskName } from 'unrolled/pipelines';

/** A run that is served. */
export interface EngineModel {
  /** What requests name: the folder's name, or the NAME of `NAME=path`. */
  readonly id: string;
  readonly task: TaskName;
  /** Seconds since 1970 of the checkpoint that is served. */
  readonly created: number;
  /** SHA-256 of the weights that are served, in hexadecimal: state tokens are bound to it. */
  readonly hash: string;
  /** Number of parameters. */
  readonly parameters: number;
  /** What a page or an API shows: input contract, labels, vocabulary size, bytes of a state. Plain JSON. */
  readonly info: Readonly<Record<string, unknown>>;
}

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds from now after which the call ends with an EngineError 'deadline'. */
  readonly deadline?: number;
}

/** A text to continue. */
export interface GenerateRequest {
  readonly model: string;
  /** Text, or ids of symbols. */
  readonly prompt: string | readonly number[];
  /** Maximum number of symbols to generate. Default 200; the engine has a limit. */
  readonly maxTokens?: number;
  /** Softmax temperature; 0 takes the most probable symbol. Default 1. */
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  /** Seed of the sampling. Default: a random one; of a request with a state: its sampling continues. */
  readonly seed?: number;
  /** The text before the first of these is given. */
  readonly stop?: readonly string[];
  /** State bytes of an earlier answer, verified by the caller. */
  readonly state?: Uint8Array;
  /** Whether the last piece carries the state. */
  readonly wantState?: boolean;
  /** Number of most probable symbols to report at each step, 0 to 20. Default: no log-probabilities. */
  readonly logprobs?: number;
}

/** A symbol and its log-probability. */
export interface SymbolLogprob {
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
}

/** A piece of generated text. */
export interface GeneratePiece {
  /** Text to append; never a part of a character, never a part of a stop text. */
  readonly text: string;
  readonly ids: readonly number[];
  readonly logprobs?: readonly (SymbolLogprob & { readonly top: readonly SymbolLogprob[] })[];
  /** On the last piece. */
  readonly finish?: {
    readonly reason: 'stop' | 'length';
    readonly promptTokens: number;
    readonly completionTokens: number;
    /** Characters of the prompt that the model does not know, each once, at most 100. They were left out; a tokenizer reads its unknown token for them. */
    readonly unknown: readonly string[];
    readonly state?: Uint8Array;
  };
}

/** Texts, or ids of symbols, whose states are asked for. */
export interface EmbedRequest {
  readonly model: string;
  readonly input: readonly (string | readonly number[])[];
  readonly pooling?: 'last' | 'mean';
}

/** An embedding for each input, the number of tokens that were read, and the characters that the model does not know. */
export interface EmbedResult {
  readonly embeddings: readonly Float32Array[];
  readonly tokens: number;
  readonly unknown: readonly string[];
}

/** A call of a task that is not text generation: what the pipeline takes, as data that can be cloned. */
export interface TaskRequest {
  readonly model: string;
  /** Refused where the model is of another task. */
  readonly task: TaskName;
  /** Inputs of the pipeline; a list gives a list. Images are `{ bytes }` (an encoded file) or `{ width, height, data }`. */
  readonly inputs: readonly unknown[];
  /** Options of the pipeline's method, checked by the engine. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** For taggers and frame labelers that read piece by piece. */
  readonly state?: Uint8Array;
  readonly wantState?: boolean;
}

/** What the pipeline gives for each input, as data that can be cloned, and the state to continue from where it was asked for. */
export interface TaskResult {
  readonly outputs: readonly unknown[];
  readonly state?: Uint8Array;
}

/** What the metrics are made of. */
export interface EngineStats {
  readonly models: Readonly<
    Record<
      string,
      {
        readonly queued: number;
        readonly rows: number;
        readonly requests: number;
        readonly refused: number;
        readonly failed: number;
        readonly tokens: number;
        /** Steps by the number of rows in them: batchSizes[k] steps had k rows. */
        readonly batchSizes: readonly number[];
        readonly secondsComputed: number;
      }
    >
  >;
  readonly workers: number;
  readonly restarts: number;
  /** Bytes of the process and of the workers. */
  readonly memory: number;
}

/**
 * `model`: no such model. `task`: the model is of another task. `request`: a field cannot be used (`param` names it). `queue-full`, `draining`: come
 * again later. `deadline`, `aborted`: it took too long, or its caller has left. `worker`: what computed it died. `state`: the state is of another model.
 * `output`: the answer is larger than the limits allow.
 */
export type EngineProblem =
  | 'model'
  | 'task'
  | 'request'
  | 'queue-full'
  | 'draining'
  | 'deadline'
  | 'aborted'
  | 'worker'
  | 'state'
  | 'output';

/** Why a call was not answered. */
export class EngineError extends UnrolledError {
  override name = 'EngineError';
  readonly problem: EngineProblem;
  /** Seconds until it is worth trying again, of 'queue-full' and 'draining'. */
  readonly retryAfter?: number;
  /** The field of the request, where one is at fault. */
  readonly param?: string;

  constructor(
    problem: EngineProblem,
    message: string,
    more: { readonly retryAfter?: number; readonly param?: string; readonly cause?: unknown } = {},
  ) {
    super(`engine-${problem}`, message, { cause: more.cause });
    this.problem = problem;
    this.retryAfter = more.retryAfter;
    this.param = more.param;
  }
}

/** Runs behind one interface, whether they compute in workers or in this thread. */
export interface Engine {
  models(): readonly EngineModel[];
  generate(request: GenerateRequest, options?: CallOptions): AsyncIterable<GeneratePiece>;
  embed(request: EmbedRequest, options?: CallOptions): Promise<EmbedResult>;
  call(request: TaskRequest, options?: CallOptions): Promise<TaskResult>;
  /** Tasks whose answer grows: translations and captions token by token, frame labels. The last value is `{ done }`. */
  stream(
    request: TaskRequest,
    options?: CallOptions,
  ): AsyncIterable<{ readonly piece: unknown } | { readonly done: TaskResult }>;
  /** Opens the newest checkpoint of a run, or of all: new requests use it, running ones end on the old. Returns the models that changed. */
  reload(model?: string): Promise<readonly string[]>;
  stats(): EngineStats;
  ready(): boolean;
  /** Takes nothing new and resolves when what runs has ended, or after `ms`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}
