// What translators and captioners have in common as a RowStepper: rows that each read a word, with a state of their own and the memory of their source,
// and return the log-probabilities of the next word.

import { requireKinds } from '../checks.ts';
import type { RowStepper } from '../decode/row-stepper.ts';
import type { Backend } from '../backend/backend.ts';
import { tensorsOf } from '../nn/recurrent/state.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The part of a model that its stepper uses. */
export interface Decodable {
  embed(ids: Tensor): Tensor;
  scores(output: Tensor): Tensor;
  namedState(): Iterable<[string, Tensor]>;
}

/** One step of a decoder: what the output product reads, the next state, and the attention weights [B, S]. */
export interface DecodedStep<S> {
  readonly output: Tensor;
  readonly state: S;
  readonly weights: Tensor | null;
}

/** Where decoding begins. */
export interface DecoderStart<S, M> {
  readonly vocabularySize: number;
  /** Symbol that every row reads first. */
  readonly start: number;
  readonly rows: number;
  readonly state: S;
  readonly memory: M;
  readonly backend: Backend;
}

/** To be made and used inside a scope: its tensors belong to that. One that outlives its scope is kept (`tensors`) and given back (`dispose`). */
export abstract class DecoderStepper<S, M> implements RowStepper {
  readonly vocabularySize: number;
  readonly rows: number;
  readonly first: Int32Array;
  attention: Float32Array[] | null = null;
  readonly #model: Decodable;
  readonly #backend: Backend;
  readonly #start: S;
  readonly #all: M;
  /** Source of each row, and the memory in that order. */
  #sources: Int32Array;
  #memory: M;
  #state: S;

  constructor(model: Decodable, { vocabularySize, start, rows, state, memory, backend }: DecoderStart<S, M>) {
    this.#model = model;
    this.#backend = backend;
    this.rows = rows;
    this.vocabularySize = vocabularySize;
    this.first = new Int32Array(rows).fill(start);
    this.#start = this.#state = state;
    this.#all = this.#memory = memory;
    this.#sources = Int32Array.from({ length: rows }, (_, row) => row);
  }

  /** One step from the embeddings [B, E] of the words before. */
  protected abstract decode(x: Tensor, state: S, memory: M): DecodedStep<S>;
  /** The state of these rows. */
  protected abstract takeState(state: S, rows: Int32Array): S;
  /** The memory of these sources. */
  protected abstract takeMemory(memory: M, sources: Int32Array): M;

  /** A row's attention over the positions of its source, in the order in which it was written. */
  protected attended(weights: Float32Array, _source: number): Float32Array {
    return weights;
  }

  /** Frees everything it holds, if it was kept out of every scope. */
  dispose(): void {
    const weights = new Set(Array.from(this.#model.namedState(), ([, t]) => t.storage.block)); // a state may be a window on one
    for (const block of new Set(this.tensors().map(({ storage }) => storage.block)))
      if (!weights.has(block)) block.release();
  }

  /** Everything it holds. */
  tensors(): Tensor[] {
    return [this.#start, this.#all, this.#memory, this.#state].flatMap((part) => tensorsOf(part));
  }

  reset(): void {
    this.#state = this.#start;
    this.#memory = this.#all;
    this.#sources = Int32Array.from({ length: this.rows }, (_, row) => row);
  }

  step(symbols: Int32Array, from: Int32Array): Float32Array {
    requireKinds('step', { symbols, from }, { symbols: 'numbers', from: 'numbers' });
    const old = tensorsOf(this.#state).filter((t) => !tensorsOf(this.#start).includes(t));
    const { state, scores, weights } = scope(() =>
      noGrad(() => {
        const [before, memory] = this.#select(from);
        const x = this.#model.embed(indices(symbols, [symbols.length], { backend: this.#backend }));
        const { output, state, weights } = this.decode(x, before, memory);
        const scores = this.#model.scores(output).logSoftmax().dataSync() as Float32Array;
        return { state, scores, weights: weights && (weights.dataSync() as Float32Array) };
      }),
    );
    for (const t of old) if (!tensorsOf(state).includes(t)) t.storage.block.release();
    this.#state = state;
    this.attention = weights && this.#split(weights);
    return scores;
  }

  /** State and memory of the rows that continue. */
  #select(from: Int32Array): [S, M] {
    if (from.length === this.#sources.length && from.every((row, k) => row === k)) return [this.#state, this.#memory];
    const sources = from.map((row) => this.#sources[row]);
    const state = this.takeState(this.#state, from);
    if (sources.length !== this.#sources.length || sources.some((n, k) => n !== this.#sources[k])) {
      const old = this.#memory;
      this.#memory = this.takeMemory(this.#all, sources);
      for (const t of new Set(tensorsOf(this.#memory))) t.keep();
      if (old !== this.#all)
        for (const t of new Set(tensorsOf(old))) if (!t.storage.block.released) t.storage.block.release();
      this.#sources = sources;
    }
    return [state, this.#memory];
  }

  #split(weights: Float32Array): Float32Array[] {
    const S = weights.length / Math.max(1, this.#sources.length);
    return Array.from(this.#sources, (source, row) => this.attended(weights.slice(row * S, (row + 1) * S), source));
  }
}
