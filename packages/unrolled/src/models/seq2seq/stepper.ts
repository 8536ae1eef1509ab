// A Seq2Seq as a RowStepper: rows that each read a symbol and return the log-probabilities of the next one.

import { requireKinds } from '../../checks.ts';
import type { RowStepper } from '../../decode/row-stepper.ts';
import { mapState, tensorsOf } from '../../nn/recurrent/state.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { indices } from '../../tensor/create.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { takeRows } from '../rows.ts';
import { pairBatch } from './batch.ts';
import { hostValues } from '../../tensor/host-values.ts';
import type { Decoder, DecoderState, Memory } from './decoder.ts';
import type { Seq2SeqConfig } from './options.ts';

/** The part of a Seq2Seq that the stepper uses. */
interface Steppable {
  readonly config: Seq2SeqConfig;
  readonly decoder: Decoder;
  encode(source: Tensor, lengths: Tensor): { memory: Memory; state: DecoderState };
  embed(ids: Tensor): Tensor;
  scores(output: Tensor): Tensor;
  namedState(): Iterable<[string, Tensor]>;
}

/** To be made and used inside a scope: its tensors belong to that. One that outlives its scope is kept (`tensors`) and given back (`dispose`). */
export class Seq2SeqStepper implements RowStepper {
  readonly vocabularySize: number;
  readonly rows: number;
  readonly first: Int32Array;
  attention: Float32Array[] | null = null;
  readonly #model: Steppable;
  readonly #lengths: readonly number[];
  readonly #start: DecoderState;
  readonly #all: Memory;
  /** Source of each row, and the memory in that order. */
  #sources: Int32Array;
  #memory: Memory;
  #state: DecoderState;

  constructor(model: Steppable, sources: readonly ArrayLike<number>[]) {
    requireKinds('Seq2SeqStepper', { model, sources }, { model: { encode: 'function' }, sources: 'lists' });
    this.#model = model;
    this.rows = sources.length;
    this.vocabularySize = model.config.targetVocabulary;
    this.first = new Int32Array(sources.length).fill(model.config.start);
    this.#lengths = sources.map((row) => row.length);
    const batch = pairBatch(sources, sources);
    const { memory, state } = noGrad(() => model.encode(batch.source, batch.sourceLengths));
    this.#start = this.#state = state;
    this.#all = this.#memory = memory;
    this.#sources = Int32Array.from(sources.keys());
  }

  /** Frees everything it holds, if it was kept out of every scope. */
  dispose(): void {
    const weights = new Set(Array.from(this.#model.namedState(), ([, t]) => t.storage.block)); // a state may be a window on one
    for (const block of new Set(this.tensors().map(({ storage }) => storage.block)))
      if (!weights.has(block)) block.release();
  }

  /** Everything it holds. */
  tensors(): Tensor[] {
    return [this.#start, this.#all, this.#memory, this.#state].flatMap(tensorsOf);
  }

  reset(): void {
    this.#state = this.#start;
    this.#sources = Int32Array.from(this.#lengths.keys());
    this.#memory = this.#all;
  }

  step(symbols: Int32Array, from: Int32Array): Float32Array {
    requireKinds('step', { symbols, from }, { symbols: 'numbers', from: 'numbers' });
    const old = tensorsOf(this.#state).filter((t) => !tensorsOf(this.#start).includes(t));
    const { state, scores, weights } = scope(() =>
      noGrad(() => {
        const model = this.#model;
        const [before, memory] = this.#select(from);
        const { backend } = memory.summary;
        const x = model.embed(indices(symbols, [symbols.length], { backend }));
        const result = model.decoder.step(x, before, memory);
        const scores = model.scores(result.output).logSoftmax().dataSync() as Float32Array;
        return { state: result.state, scores, weights: result.weights && (result.weights.dataSync() as Float32Array) };
      }),
    );
    for (const t of old) if (!tensorsOf(state).includes(t)) t.storage.block.release();
    this.#state = state;
    this.attention = weights && this.#split(weights);
    return scores;
  }

  /** State and memory of the rows that continue. */
  #select(from: Int32Array): [DecoderState, Memory] {
    if (from.length === this.#sources.length && from.every((row, k) => row === k)) return [this.#state, this.#memory];
    const sources = from.map((row) => this.#sources[row]);
    const state = selectRows(this.#state, from);
    if (sources.length !== this.#sources.length || sources.some((n, k) => n !== this.#sources[k])) {
      const old = this.#memory;
      const { summary, lengths, values, keys } = this.#all;
      const ends = hostValues(lengths);
      const shared = keys === values;
      const chosen = values && takeRows(values, sources);
      this.#memory = {
        summary: takeRows(summary, sources).keep(),
        lengths: indices(
          sources.map((n) => ends[n]),
          [sources.length],
          { backend: lengths.backend },
        ).keep(),
        values: chosen && chosen.keep(),
        keys: shared ? chosen : keys && takeRows(keys, sources).keep(),
      };
      if (old !== this.#all)
        for (const t of new Set(tensorsOf(old))) if (!t.storage.block.released) t.storage.block.release();
      this.#sources = sources;
    }
    return [state, this.#memory];
  }

  /** Each row's weights over the positions of its source, in the order in which it was written. */
  #split(weights: Float32Array): Float32Array[] {
    const S = weights.length / Math.max(1, this.#sources.length);
    return Array.from(this.#sources, (source, row) => {
      const own = weights.slice(row * S, row * S + this.#lengths[source]);
      return this.#model.config.reverseSource ? own.reverse() : own;
    });
  }
}

function selectRows({ layers, length, feed, masks }: DecoderState, rows: Int32Array): DecoderState {
  return {
    layers: layers.map((layer) => mapState(layer, (t) => takeRows(t, rows))),
    length,
    feed: feed && takeRows(feed, rows),
    masks: masks && masks.map((mask) => takeRows(mask, rows)),
  };
}
