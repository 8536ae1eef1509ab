// A Captioner as the searches of ../../decode see it: rows that read a word each and say how likely every next one is.

import { requireKinds } from '../../checks.ts';
import type { RowStepper } from '../../decode/row-stepper.ts';
import { tensorsOf } from '../../nn/recurrent/state.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { indices } from '../../tensor/create.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageFeatures } from './image-features.ts';
import type { CaptionerConfig } from './options.ts';
import {
  type HardAttentionChoice,
  type Memory,
  takeMemory,
  takeState,
  type WordDecoder,
  type WordState,
} from './word-decoder.ts';

/** What the stepper needs of a Captioner. */
interface Steppable {
  readonly config: CaptionerConfig;
  readonly decoder: WordDecoder;
  readonly output: { readonly weight: Tensor };
  see(images: Tensor): ImageFeatures;
  embed(ids: Tensor): Tensor;
  scores(output: Tensor): Tensor;
  namedState(): Iterable<[string, Tensor]>;
}

/** To be made and used inside a scope: its tensors belong to that. One that outlives its scope is kept (`tensors`) and given back (`dispose`). */
export class CaptionStepper implements RowStepper {
  readonly vocabularySize: number;
  readonly rows: number;
  readonly first: Int32Array;
  attention: Float32Array[] | null = null;
  readonly #model: Steppable;
  readonly #choice: HardAttentionChoice;
  readonly #start: WordState;
  readonly #all: Memory;
  /** The image of each row, and the memory in that order. */
  #images: Int32Array;
  #memory: Memory;
  #state: WordState;

  constructor(model: Steppable, images: Tensor, choice: HardAttentionChoice = 'argmax') {
    requireKinds('CaptionStepper', { model, images }, { model: { see: 'function' }, images: 'tensor' });
    this.#model = model;
    this.#choice = choice;
    this.rows = images.shape[0];
    this.vocabularySize = model.config.vocabularySize;
    this.first = new Int32Array(this.rows).fill(model.config.start);
    const { memory, state } = noGrad(() => {
      const features = model.see(images);
      return { memory: model.decoder.remember(features, { whole: false }), state: model.decoder.start(features) };
    });
    this.#start = this.#state = state;
    this.#all = this.#memory = memory;
    this.#images = Int32Array.from({ length: this.rows }, (_, row) => row);
  }

  /** Gives back everything it holds: for one that was kept out of every scope. */
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
    this.#memory = this.#all;
    this.#images = Int32Array.from({ length: this.rows }, (_, row) => row);
  }

  step(symbols: Int32Array, from: Int32Array): Float32Array {
    requireKinds('step', { symbols, from }, { symbols: 'numbers', from: 'numbers' });
    const old = tensorsOf(this.#state).filter((t) => !tensorsOf(this.#start).includes(t));
    const { state, scores, weights } = scope(() =>
      noGrad(() => {
        const model = this.#model;
        const [before, memory] = this.#select(from);
        const { backend } = model.output.weight;
        const x = model.embed(indices(symbols, [symbols.length], { backend }));
        const result = model.decoder.step(x, before, memory, this.#choice);
        const scores = model.scores(result.output).logSoftmax().dataSync() as Float32Array;
        return { state: result.state, scores, weights: result.weights && (result.weights.dataSync() as Float32Array) };
      }),
    );
    for (const t of old) if (!tensorsOf(state).includes(t)) t.storage.block.release();
    this.#state = state;
    const R = (weights?.length ?? 0) / Math.max(1, symbols.length);
    this.attention = weights && Array.from(symbols, (_, row) => weights.slice(row * R, (row + 1) * R));
    return scores;
  }

  /** State and memory of the rows that go on. */
  #select(from: Int32Array): [WordState, Memory] {
    if (from.length === this.#images.length && from.every((row, k) => row === k)) return [this.#state, this.#memory];
    const images = from.map((row) => this.#images[row]);
    const state = takeState(this.#state, from);
    if (images.length !== this.#images.length || images.some((n, k) => n !== this.#images[k])) {
      const old = this.#memory;
      this.#memory = takeMemory(this.#all, images);
      for (const t of tensorsOf(this.#memory)) t.keep();
      if (old !== this.#all) for (const t of tensorsOf(old)) if (!t.storage.block.released) t.storage.block.release();
      this.#images = images;
    }
    return [state, this.#memory];
  }
}
