// Continuous batching of one language model. The lane goes round as long as there are texts:
//
//   1  every text that is being written reads its last symbol and gets its next one, all of them in one step of the model
//   2  every prompt that is being read reads one symbol, all of them in one step; and again, until that has taken as long as 1
//   3  others have their turn: orders come in, other lanes go round; not after every round where rounds are short, but every 2 ms
//
// That is the fairness that is promised: every text gets one symbol a round, whatever the others are; prompts slow the texts to no less than half
// their pace (or one step of all prompts a round), however long they are; and of two prompts, neither waits for the other. Which texts are in the
// batch is decided before, in the order in which they came (lane.ts). What a text is does not depend on any of this.

import { RunError } from 'unrolled';
import type { BatchedPiece, BatchedText, ScoredSymbol, TextBatch, TextGenerationPipeline } from 'unrolled/pipelines';
import { EngineError, type GeneratePiece, type GenerateRequest, type SymbolLogprob } from '../engine.ts';
import { dataOf } from '../errors.ts';
import type { EngineLimits } from '../limits.ts';
import type { Report, StepReport } from '../messages.ts';
import { encodeKnown } from './encode.ts';

/** Milliseconds of reading prompts in a round in which nothing is written. */
const readingAlone = 8;
/**
 * Milliseconds of rounds between two turns of the others, at least: what the rounds gave is one message, and for each of its readers one write. A write
 * costs the engine's thread some 20 µs, however many symbols are in it, so with many texts more symbols go together. Nobody sees the difference.
 */
const slice = (texts: number): number => Math.min(10, Math.max(2, texts / 8));

interface Writing {
  readonly job: number;
  readonly unknown: readonly string[];
}

export interface TextLaneOptions {
  readonly lane: number;
  readonly rows: number;
  readonly limits: EngineLimits;
  readonly post: (report: Report) => void;
  /** Milliseconds. */
  readonly now?: () => number;
  /** Lets others have their turn. */
  readonly turn: () => Promise<void>;
}

export class TextLane {
  readonly #pipeline: TextGenerationPipeline;
  readonly #options: TextLaneOptions;
  readonly #now: () => number;
  readonly #batch: TextBatch;
  readonly #writing = new Map<BatchedText, Writing>();
  readonly #texts = new Map<number, BatchedText>();
  #going = false;
  #report = emptyReport();

  constructor(pipeline: TextGenerationPipeline, options: TextLaneOptions) {
    this.#pipeline = pipeline;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#batch = pipeline.batch({ rows: options.rows });
  }

  begin(job: number, request: GenerateRequest): void {
    const {
      prompt,
      state,
      wantState = false,
      temperature,
      topK,
      topP,
      minP,
      seed,
      stop,
      maxTokens,
      logprobs,
    } = request;
    const { ids, unknown } = encodeKnown(this.#pipeline.vocabulary, prompt);
    const { promptTokens } = this.#options.limits;
    if (ids.length > promptTokens)
      throw new EngineError('request', `prompt: expected at most ${promptTokens} tokens, got ${ids.length}`, {
        param: 'prompt',
      });
    const text = resuming(state, () =>
      this.#batch.add({
        prompt: ids,
        keepState: wantState,
        ...(temperature === 0 ? { greedy: true } : { temperature }),
        topK,
        topP,
        minP,
        seed,
        stop,
        maxTokens,
        state,
        logprobs: logprobs ?? null,
      }),
    );
    this.#writing.set(text, { job, unknown });
    this.#texts.set(job, text);
    void this.#go();
  }

  cancel(job: number): void {
    const text = this.#texts.get(job);
    if (!text) return;
    this.#batch.remove(text);
    this.#forget(text, job);
  }

  hold(job: number): void {
    const text = this.#texts.get(job);
    if (text) this.#batch.hold(text);
  }

  release(job: number): void {
    const text = this.#texts.get(job);
    if (text) this.#batch.release(text);
    void this.#go();
  }

  close(): void {
    this.#texts.clear();
    this.#writing.clear();
    this.#batch.close();
  }

  /** Goes round until there is nothing to do. */
  async #go(): Promise<void> {
    if (this.#going) return;
    this.#going = true;
    try {
      await this.#options.turn(); // all that came in one turn begins together
      while (this.#active) {
        const enough = this.#now() + slice(this.#batch.writing);
        do this.#round();
        while (this.#active && this.#now() < enough);
        this.#flush();
        await this.#options.turn();
      }
    } catch (error) {
      this.#flush();
      // A step of the model itself failed: nothing that was in it can go on.
      for (const [job, text] of this.#texts) {
        this.#batch.remove(text);
        this.#forget(text, job);
        this.#options.post({ type: 'failed', job, error: dataOf(error) });
      }
    } finally {
      this.#going = false;
    }
  }

  get #active(): boolean {
    return this.#batch.writing + this.#batch.reading > 0;
  }

  #round(): void {
    const begin = this.#now();
    let seconds = 0;
    if (this.#batch.writing > 0) {
      const pieces = this.#batch.write();
      seconds = (this.#now() - begin) / 1000;
      this.#collect(pieces, seconds);
    }
    if (this.#batch.reading === 0) return;
    const from = this.#now();
    const enough = from + (seconds > 0 ? seconds * 1000 : readingAlone);
    let most = 0;
    do most = Math.max(most, this.#batch.read());
    while (this.#batch.reading > 0 && this.#now() < enough);
    const { lane, post } = this.#options;
    post({ type: 'computed', lane, rows: 0, seconds: (this.#now() - from) / 1000 });
  }

  #collect(pieces: readonly BatchedPiece[], seconds: number): void {
    const report = this.#report;
    let tokens = 0;
    for (const piece of pieces) {
      const { job } = this.#writing.get(piece.of) as Writing;
      if (piece.error) {
        this.#forget(piece.of, job);
        report.failed.push({ type: 'failed', job, error: dataOf(piece.error) });
        continue;
      }
      const more = this.#more(piece);
      if (more) report.more.push({ at: report.jobs.length, piece: more });
      if (piece.id !== null) tokens++;
      report.jobs.push(job);
      report.ids.push(piece.id ?? -1);
      report.texts.push(piece.text);
      if (piece.finish) this.#forget(piece.of, job);
    }
    report.steps.push({ rows: pieces.length, tokens, seconds });
  }

  #flush(): void {
    const { lane, post } = this.#options;
    const { failed, ...step } = this.#report;
    this.#report = emptyReport();
    if (step.steps.length > 0) post({ type: 'step', lane, ...step });
    for (const report of failed) post(report); // behind the pieces that came before
  }

  #more({ of, scores, finish }: BatchedPiece): Pick<GeneratePiece, 'logprobs' | 'finish'> | null {
    if (!scores && !finish) return null;
    const named = ({ id, logprob }: ScoredSymbol): SymbolLogprob => ({
      id,
      text: this.#pipeline.vocabulary.decode([id]),
      logprob,
    });
    return {
      ...(scores ? { logprobs: [{ ...named(scores), top: scores.top.map(named) }] } : {}),
      ...(finish
        ? {
            finish: {
              reason: finish.reason,
              promptTokens: of.promptTokens,
              completionTokens: of.count,
              unknown: (this.#writing.get(of) as Writing).unknown,
              ...(finish.state ? { state: finish.state } : {}),
            },
          }
        : {}),
    };
  }

  #forget(text: BatchedText, job: number): void {
    this.#writing.delete(text);
    this.#texts.delete(job);
  }
}

/** What the rounds gave since the last message. */
const emptyReport = () => ({
  steps: [] as StepReport['steps'][number][],
  jobs: [] as number[],
  ids: [] as number[],
  texts: [] as string[],
  more: [] as StepReport['more'][number][],
  failed: [] as Report[],
});

/** A state that is none, or of another model, is the caller's mistake. */
export function resuming<T>(state: Uint8Array | undefined, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (state === undefined || !(cause instanceof RunError)) throw cause;
    throw new EngineError('state', cause.message, { param: 'state', cause });
  }
}
