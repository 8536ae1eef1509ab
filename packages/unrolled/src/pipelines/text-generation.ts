// Text generation, symbol by symbol, after a prompt. A session keeps the model's state: it continues, saves its state, and restores it.

import { shown } from '../checks.ts';
import type { WeightFormat } from '../backend/backend.ts';
import { Tokenizer } from '../data/tokenizer.ts';
import { Vocabulary } from '../data/vocabulary.ts';
import type { BatchStepper } from '../decode/batch-stepper.ts';
import type { Stepper } from '../decode/stepper.ts';
import { batchSteppersOf, rowsApart } from '../models/language-batch.ts';
import { steppersOf } from '../models/language-stepper.ts';
import { checkOptions, FormatError, OptionError } from '../errors.ts';
import type { GraphModel } from '../graph/graph-model.ts';
import { type SignalLike, throwIfAborted } from '../abort.ts';
import { compute } from '../inference/compute.ts';
import { LanguageModel, type LanguageModelConfig } from '../models/language-model.ts';
import { Random } from '../random.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { TextGenerationInput } from './contract/input.ts';
import type { GraphReading } from './contract/graph-reading.ts';
import { graphSteppers } from './graph-text.ts';
import { replayImported } from './replay.ts';
import { graphClass, isGraph, requireModel, requireReading } from './require-model.ts';
import { type OpenedRun, type OpenRunOptions, type RunInfo, unsaved } from './run.ts';
import { TextBatch, type TextBatchOptions } from './text-batch.ts';
import type { TextCodec } from './text-codec.ts';
import { embedTexts, type TextEmbeddingOptions } from './text-embedding.ts';
import { readTextState, writeTextState } from './text-state.ts';
import { recentOf, type TextPiece, TextWriter, type WritingOptions, writingOptions } from './text-writer.ts';

/** Options of continuing a text. */
export interface ContinueOptions extends WritingOptions {
  readonly signal?: SignalLike | null;
}

/** Options of `generate`. */
export interface TextGenerationOptions extends ContinueOptions {
  /** Seed of the sampling. Default: a random one. */
  readonly seed?: number;
}

/** Options of a text session. */
export interface TextSessionOptions {
  /** Initial text. Default: none. */
  readonly prompt?: string;
  /** Seed of everything that the session samples. Default: a random one. */
  readonly seed?: number;
}

/** A text in progress: its state is kept, and can be saved, branched and restored. */
export interface TextSession {
  /** Reads a text. Throws a VocabularyError for a character that the model does not know. */
  push(text: string): void;
  /** Continues the text piece by piece. Leaving the loop early leaves it after the last piece that was taken. */
  generate(options?: ContinueOptions): AsyncGenerator<TextPiece, void>;
  /** Number of symbols read and generated. */
  readonly position: number;
  /** The state as bytes, including that of the sampling: `resume` continues from there, any number of times. */
  state(): Uint8Array;
  /** Frees its memory. */
  close(): void;
}

/** Generates text. */
export interface TextGenerationPipeline {
  readonly task: 'text-generation';
  readonly info: RunInfo;
  readonly input: TextGenerationInput;
  /** A LanguageModel, or the graph of a model of another system. */
  readonly model: LanguageModel | GraphModel;
  /** The vocabulary of its characters or tokens. */
  readonly vocabulary: TextCodec;
  /** Continues a prompt: `for await (const piece of writer.generate('Once', { maxTokens: 200 })) show(piece.text)`. */
  generate(prompt: string, options?: TextGenerationOptions): AsyncGenerator<TextPiece, void>;
  session(options?: TextSessionOptions): TextSession;
  /** Makes a stepper: the logits of the next symbol after each that it reads, for measuring and for decoding of your own. */
  stepper(): Stepper;
  /** Restores a session from its `state`. Throws a RunError for bytes that are not a state of this model. */
  resume(state: Uint8Array): TextSession;
  /** Many texts at the same time, in one step of the model for all of them; each is what `generate` would write alone. */
  batch(options?: TextBatchOptions): TextBatch;
  /**
   * Embeddings of texts, or of ids of symbols: for each the output of the recurrent layers, of size H, after its last symbol, or the mean over its
   * symbols. That of an empty text is zeros.
   */
  embed(
    texts: string | readonly (string | ArrayLike<number>)[],
    options?: TextEmbeddingOptions,
  ): Promise<Float32Array[]>;
}

const who = 'text-generation';

/** Options of `textGeneration`. */
export interface OpenTextGeneration extends OpenRunOptions {
  /** The format that weights are streamed in while text is generated; narrower is faster, and a little different. Default 'float32'. */
  readonly weights?: WeightFormat;
}

export async function makeTextGeneration(
  run: OpenedRun,
  { weights }: OpenTextGeneration = {},
): Promise<TextGenerationPipeline> {
  const input = run.part.input as TextGenerationInput;
  const Graph = input.graph ? await graphClass() : null;
  const model = Graph
    ? run.restore((config) => new Graph(config))
    : run.restore(({ vocabularySize, ...options }: LanguageModelConfig) => new LanguageModel(vocabularySize, options));
  await replayImported(run, model);
  const [json, source] = await run.json(input.tokens);
  const vocabulary: TextCodec =
    input.tokens === 'vocabulary' ? Vocabulary.fromJSON(json, source) : Tokenizer.fromJSON(json, source);
  const known = isGraph(model) ? (input.graph as GraphReading).symbols : model.vocabularySize;
  // A graph leaves out the special tokens that a tokenizer adds.
  if (isGraph(model) ? vocabulary.size < known : vocabulary.size !== known)
    throw new FormatError(source, `has ${vocabulary.size} symbols, and the model ${known}`);
  return textGenerationOf(model, { vocabulary, input, weights }, run.info);
}

/** What a text generator is made of besides its model. */
export type TextGenerationParts = Pick<TextGenerationPipeline, 'vocabulary' | 'input'> &
  Pick<OpenTextGeneration, 'weights'>;

/** The pipeline of a model in memory, with the weights that it has when the first text is generated. */
export function textGenerationOf(
  model: LanguageModel | GraphModel,
  parts: TextGenerationParts,
  info: RunInfo = unsaved,
): TextGenerationPipeline {
  requireModel('textGenerationOf', model, [LanguageModel], parts, { vocabulary: 'object', input: 'object' }, true);
  const { vocabulary, input, weights = 'float32' } = parts;
  requireReading('textGenerationOf', model, input);
  if (isGraph(model) && weights !== 'float32')
    throw new OptionError(who, 'weights', 'a graph of another system generates in float32 only');
  const symbols = isGraph(model) ? (input.graph as GraphReading).symbols : model.vocabularySize;
  let makeStepper: (() => Stepper) | undefined; // the weights are packed when the first text is written
  let makeBatchStepper: (() => BatchStepper) | undefined;
  const steppers = () =>
    isGraph(model) ? graphSteppers(model, input.graph as GraphReading) : steppersOf(model, weights);
  const batchSteppers = () => (isGraph(model) ? rowsApart(symbols, steppers()) : batchSteppersOf(model, weights));

  const stepper = () => compute(model, () => (makeStepper ??= steppers())());

  class Session implements TextSession {
    readonly #stepper = stepper();
    #random: Random;
    /** Logits of the next symbol; null before the first was read. */
    #scores: Float32Array | null = null;
    /** A symbol that was generated and not yet read. */
    #pending: number | null = null;
    /** The last symbols that were read or generated: what follows may be written otherwise after them (a space between words). */
    #recent: readonly number[] = [];
    position = 0;

    constructor(seed: number | undefined) {
      this.#random = new Random(seed ?? Math.floor(Math.random() * 2 ** 31));
      this.#stepper.reset();
    }

    push(text: string): void {
      const ids = vocabulary.encode(text);
      this.#read();
      compute(model, () => {
        for (const id of ids) this.#scores = this.#stepper.step(id);
      });
      this.position += ids.length;
      this.#recent = recentOf(this.#recent, ids);
    }

    async *generate(options: ContinueOptions = {}): AsyncGenerator<TextPiece, void> {
      checkOptions(who, options, [...writingOptions, 'signal']);
      const { signal, ...writing } = options;
      const writer = new TextWriter(who, this.#random, vocabulary, symbols, writing, this.#recent);
      while (!writer.done) {
        throwIfAborted(who, signal);
        this.#read();
        const piece = writer.next(this.#scores);
        this.#pending = piece.id;
        this.position++;
        this.#recent = [...writer.recent];
        yield piece;
        await yieldToEventLoop();
      }
      const rest = writer.end();
      if (rest !== '') yield { text: rest, id: this.#pending ?? -1 };
    }

    state(): Uint8Array {
      this.#read();
      const { position } = this;
      const tensors = this.#stepper.state();
      return writeTextState(info, {
        tensors,
        scores: this.#scores,
        random: this.#random,
        position,
        recent: this.#recent,
      });
    }

    resume(bytes: Uint8Array): this {
      try {
        const state = readTextState(info, bytes, symbols, (tensors) =>
          compute(model, () => this.#stepper.setState(tensors)),
        );
        ({ scores: this.#scores, random: this.#random, position: this.position, recent: this.#recent } = state);
        return this;
      } catch (error) {
        this.close();
        throw error;
      }
    }

    close(): void {
      this.#stepper.dispose();
    }

    /** Reads the last generated symbol. */
    #read(): void {
      const id = this.#pending;
      if (id === null) return;
      this.#scores = compute(model, () => this.#stepper.step(id));
      this.#pending = null;
    }
  }

  const begin = ({ prompt = '', seed }: TextSessionOptions = {}): Session => {
    const session = new Session(seed);
    try {
      session.push(prompt);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  };

  return {
    task: who,
    info,
    input,
    model,
    vocabulary,
    async *generate(prompt, options = {}) {
      const { seed, ...rest } = options;
      if (typeof prompt !== 'string') throw new OptionError(who, 'prompt', `expected a text, got ${shown(prompt)}`);
      const session = begin({ prompt, seed });
      try {
        yield* session.generate(rest);
      } finally {
        session.close();
      }
    },
    session: begin,
    stepper,
    resume: (state) => new Session(0).resume(state),
    batch: (options) => {
      makeBatchStepper ??= compute(model, batchSteppers);
      return new TextBatch(model, makeBatchStepper, vocabulary, info, options);
    },
    async embed(texts, options) {
      if (!isGraph(model)) return embedTexts(model, vocabulary, texts, options);
      throw new OptionError(who, 'embed', 'a graph of another system does not say what its recurrent layers put out');
    },
  };
}
