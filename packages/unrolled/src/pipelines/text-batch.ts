// Many texts at the same time. In every step each text that is being written reads its last symbol and samples the next one, all of them in one
// step of the model; prompts are read beside, one symbol of each at a time. Texts come and go between two steps. What a text is depends on nothing
// but its own request: it is, to the last byte, what `generate` writes alone.
//
//   slots of the stepper   [0, writing): texts being written      [writing, writing + reading): texts whose prompt is being read
//   fresh                  texts with nothing to read before their first symbol, and those that are done before they begin

import { requireKinds, requireWhole, shown } from '../checks.ts';
import type { BatchStepper } from '../decode/batch-stepper.ts';
import { checkOptions, OptionError, UnrolledError } from '../errors.ts';
import { compute } from '../inference/compute.ts';
import type { Module } from '../nn/module.ts';
import { Random } from '../random.ts';
import type { RunInfo } from './run.ts';
import { type SymbolScores, symbolScores } from './symbol-scores.ts';
import { idsOf, type TextCodec } from './text-codec.ts';
import { type BatchedText, TextRow } from './text-row.ts';
import { readTextState, writeTextState } from './text-state.ts';
import { recentOf, TextWriter, type WritingOptions, writingOptions } from './text-writer.ts';

/** Options of `batch`. */
export interface TextBatchOptions {
  /** Maximum number of texts at the same time. Default 256. */
  readonly rows?: number;
}

/** A text to add to a batch. */
export interface BatchedTextOptions extends WritingOptions {
  /** Text to continue, or its ids. Default: none. */
  readonly prompt?: string | ArrayLike<number>;
  /** Seed of the sampling. Default: a random one; of a text with `state`: the sampling continues. */
  readonly seed?: number;
  /** State of a session to continue from, before the prompt. */
  readonly state?: Uint8Array;
  /** Whether the last piece has the state of the text. Default false. */
  readonly keepState?: boolean;
  /** Number of most probable symbols to report beside each sampled one, 0 to 20; null for no log-probabilities. Default null. */
  readonly logprobs?: number | null;
}

/** What a step adds to a text. */
export interface BatchedPiece {
  readonly of: BatchedText;
  readonly text: string;
  /** Id of the symbol; null in a last piece that has none. */
  readonly id: number | null;
  readonly scores: SymbolScores | null;
  /** Set in the last piece. */
  readonly finish: { readonly reason: 'stop' | 'length'; readonly state: Uint8Array | null } | null;
  /** Why the text could not be continued. It is the last piece then. */
  readonly error: UnrolledError | null;
}

const who = 'text-generation';
const mostLogprobs = 20;

/** Many texts that are written at the same time: see `TextGenerationPipeline.batch`. */
export class TextBatch {
  /** Maximum number of texts at the same time. */
  readonly capacity: number;
  readonly #model: Module;
  readonly #vocabulary: TextCodec;
  readonly #info: RunInfo;
  readonly #stepper: BatchStepper;
  readonly #rows: TextRow[] = []; // by slot
  readonly #fresh = new Set<TextRow>();
  readonly #held = new Set<TextRow>();
  #writing = 0;

  constructor(
    model: Module,
    make: () => BatchStepper,
    vocabulary: TextCodec,
    info: RunInfo,
    options: TextBatchOptions = {},
  ) {
    checkOptions(who, options, ['rows']);
    const { rows = 256 } = options;
    requireWhole(who, 'rows', rows, 1);
    this.capacity = rows;
    this.#model = model;
    this.#vocabulary = vocabulary;
    this.#info = info;
    this.#stepper = compute(model, make);
  }

  /** Number of texts. */
  get size(): number {
    return this.#rows.length + this.#fresh.size + this.#held.size;
  }

  /** Number of texts that the next `write` gives a piece. */
  get writing(): number {
    return this.#writing + this.#fresh.size;
  }

  /** Number of texts whose prompt is being read. */
  get reading(): number {
    return this.#rows.length - this.#writing;
  }

  /** Adds a text. Throws an OptionError where there is no room, and a RunError for a state that is not of this model. */
  add(options: BatchedTextOptions = {}): BatchedText {
    checkOptions(who, options, [...writingOptions, 'prompt', 'seed', 'state', 'keepState', 'logprobs']);
    const { prompt = '', seed, state, keepState = false, logprobs = null, ...writing } = options;
    if (this.size >= this.capacity)
      throw new OptionError(who, 'rows', `the batch has its ${this.capacity} texts; wait until one is done`);
    requireKinds(who, { keepState }, { keepState: 'flag' });
    if (logprobs !== null) requireWhole(who, 'logprobs', logprobs);
    if (logprobs !== null && logprobs > mostLogprobs)
      throw new OptionError(who, 'logprobs', `expected at most ${mostLogprobs}, got ${shown(logprobs)}`);
    const ids = idsOf(who, 'prompt', this.#vocabulary, prompt);
    const before = state === undefined ? null : this.#read(state);
    const random =
      before && seed === undefined ? before.random : new Random(seed ?? Math.floor(Math.random() * 2 ** 31));
    const row = new TextRow(
      ids,
      new TextWriter(
        who,
        random,
        this.#vocabulary,
        this.#stepper.vocabularySize,
        writing,
        recentOf(before?.recent ?? [], ids),
      ),
      random,
      keepState,
      logprobs,
    );
    if (before) [row.state, row.scores, row.position] = [before.tensors, before.scores, before.position];
    this.#enter(row);
    return row;
  }

  /** One piece of every text that is being written. Texts whose last piece this is are no longer in the batch. */
  write(): BatchedPiece[] {
    const pieces: BatchedPiece[] = [];
    const before = [...this.#fresh];
    const rows = this.#rows.slice(0, this.#writing);
    if (rows.length > 0) {
      const symbols = Int32Array.from(rows, (row) => row.next());
      const V = this.#stepper.vocabularySize;
      const logits = compute(this.#model, () => this.#stepper.step(symbols, 0));
      for (const [b, row] of rows.entries()) pieces.push(this.#advance(row, logits.subarray(b * V, (b + 1) * V)));
      for (const [b, row] of rows.entries()) if (ends(pieces[b])) this.#leave(row);
    }
    for (const row of before) {
      const piece = this.#advance(row, row.scores);
      this.#fresh.delete(row);
      row.scores = null;
      if (!ends(piece)) this.#enter(row);
      pieces.push(piece);
    }
    return pieces;
  }

  /** Reads the next symbol of every prompt that is being read. Returns how many there were. */
  read(): number {
    const rows = this.#rows.slice(this.#writing);
    if (rows.length === 0) return 0;
    const symbols = Int32Array.from(rows, (row) => row.next());
    compute(this.#model, () => this.#stepper.read(symbols, this.#writing));
    for (const row of rows) {
      if (row.left > 1) continue;
      this.#swap(row.slot, this.#writing); // its last symbol is the first step of writing
      this.#writing++;
    }
    return rows.length;
  }

  /** Takes a text out of the batch. */
  remove(text: BatchedText): void {
    const row = text as TextRow;
    if (this.#rows[row.slot] === row) this.#leave(row);
    this.#fresh.delete(row);
    this.#held.delete(row);
  }

  /** Lets a text rest where it stands: it has no piece in the following steps. */
  hold(text: BatchedText): void {
    const row = text as TextRow;
    if (this.#rows[row.slot] === row) {
      row.state = this.#stepper.save(row.slot);
      this.#leave(row);
    } else if (!this.#fresh.delete(row)) return;
    this.#held.add(row);
  }

  /** Continues a text that rests. */
  release(text: BatchedText): void {
    if (this.#held.delete(text as TextRow)) this.#enter(text as TextRow);
  }

  /** Frees its memory. */
  close(): void {
    this.#rows.length = this.#writing = 0;
    this.#fresh.clear();
    this.#held.clear();
    this.#stepper.dispose();
  }

  /** Samples the next symbol of a row; or ends it, if it was read for its state alone. */
  #advance(row: TextRow, scores: Float32Array | null): BatchedPiece {
    const { writer } = row;
    try {
      if (writer.done) return { ...nothing, of: row, finish: this.#finish(row, scores) };
      const { text, id } = writer.next(scores);
      row.position++;
      row.pending = id;
      const reported = row.logprobs !== null && scores ? symbolScores(scores, id, row.logprobs) : null;
      if (!writer.done) return { ...nothing, of: row, text, id, scores: reported };
      const whole = text + writer.end();
      const finish = row.keepState ? null : this.#finish(row, null); // with its state: when it was read
      return { ...nothing, of: row, text: whole, id, scores: reported, finish };
    } catch (error) {
      if (error instanceof UnrolledError) return { ...nothing, of: row, error };
      throw error;
    }
  }

  #finish(row: TextRow, scores: Float32Array | null): NonNullable<BatchedPiece['finish']> {
    const reason = row.writer.stopped ? 'stop' : 'length';
    if (!row.keepState) return { reason, state: null };
    const { random, position } = row;
    const tensors = row.slot >= 0 ? this.#stepper.save(row.slot) : (row.state ?? this.#initial());
    const state = writeTextState(this.#info, {
      tensors,
      scores: scores && scores.slice(),
      random,
      position,
      recent: row.writer.recent,
    });
    return { reason, state };
  }

  /** A state, once it was seen that the stepper can take it. */
  #read(state: Uint8Array) {
    const free = this.#rows.length;
    return readTextState(this.#info, state, this.#stepper.vocabularySize, (tensors) =>
      this.#stepper.load(free, tensors),
    );
  }

  #initial(): Float32Array[] {
    this.#stepper.load(this.#rows.length, null);
    return this.#stepper.save(this.#rows.length);
  }

  /** Puts a row where it belongs. */
  #enter(row: TextRow): void {
    if (row.isFresh || (row.writer.done && !row.keepState)) {
      this.#fresh.add(row);
      return;
    }
    row.slot = this.#rows.push(row) - 1;
    this.#stepper.load(row.slot, row.state);
    row.state = null;
    if (row.left > 1) return;
    this.#swap(row.slot, this.#writing);
    this.#writing++;
  }

  /** Takes a row out of its slot; the last ones of both parts fill the gap. */
  #leave(row: TextRow): void {
    if (row.slot < this.#writing) {
      this.#swap(row.slot, this.#writing - 1);
      this.#writing--;
    }
    this.#swap(row.slot, this.#rows.length - 1);
    this.#rows.pop();
    row.slot = -1;
  }

  #swap(a: number, b: number): void {
    if (a === b) return;
    this.#stepper.swap(a, b);
    [this.#rows[a], this.#rows[b]] = [this.#rows[b], this.#rows[a]];
    [this.#rows[a].slot, this.#rows[b].slot] = [a, b];
  }
}

const nothing = { text: '', id: null, scores: null, finish: null, error: null } as const;

const ends = ({ finish, error }: BatchedPiece): boolean => finish !== null || error !== null;
