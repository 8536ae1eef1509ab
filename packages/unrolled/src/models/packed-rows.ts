// Rows of a language model with packed weights: a step of B rows is one product with each matrix, so that weights are read once for all of them.
//
// A row gets the bits that `gemv` and `cellStep` give it alone: sums run over k in order, in both products, and the bias is added behind them
// (here by an addition of its own); a step of one row is `gemv` itself, which is faster. test: models/language-batch.test.ts.
//
//   state of a layer   h, c [capacity, H]        scratch   gates of input and state [capacity, G·H], logits [capacity, V]

import { hasC, type Storage } from '../backend/backend.ts';
import { shown } from '../checks.ts';
import type { BatchStepper } from '../decode/batch-stepper.ts';
import { OptionError } from '../errors.ts';
import type { PackedMatrix, PackedWeights } from './packed-weights.ts';
import { checkStepperState } from './stepper-state.ts';

const leastRows = 4;

interface LayerState {
  readonly h: Storage;
  readonly c: Storage | null;
}

export class PackedRows implements BatchStepper {
  readonly #weights: PackedWeights;
  #capacity = 0;
  #layers: LayerState[] = [];
  #ids!: Storage;
  #gatesX!: Storage;
  #gatesH!: Storage;
  #logits!: Storage;

  constructor(weights: PackedWeights) {
    this.#weights = weights;
    this.#reserve(leastRows);
  }

  get vocabularySize(): number {
    return this.#weights.vocabularySize;
  }

  load(slot: number, state: readonly Float32Array[] | null): void {
    if (slot >= this.#capacity) this.#reserve(2 ** Math.ceil(Math.log2(slot + 1)));
    const { H } = this.#weights;
    const all = this.#states;
    if (state)
      checkStepperState(
        state,
        all.map(() => H),
      );
    for (const [k, { array }] of all.entries()) {
      if (state) array.set(state[k], slot * H);
      else array.fill(0, slot * H, (slot + 1) * H);
    }
  }

  save(slot: number): Float32Array[] {
    const { H } = this.#weights;
    return this.#states.map(({ array }) => Float32Array.from(array.subarray(slot * H, (slot + 1) * H)));
  }

  swap(a: number, b: number): void {
    if (a === b) return;
    const { H } = this.#weights;
    for (const { array } of this.#states) {
      const before = array.slice(a * H, (a + 1) * H);
      array.copyWithin(a * H, b * H, (b + 1) * H);
      array.set(before as Float32Array, b * H);
    }
  }

  read(symbols: Int32Array, from: number): void {
    const { backend, layers, table, G, H } = this.#weights;
    const B = symbols.length;
    this.#check(symbols);
    const part = (storage: Storage, width: number, at = 0) => storage.slice(at * width, B * width);
    const [gatesX, gatesH, ids] = [part(this.#gatesX, G * H), part(this.#gatesH, G * H), part(this.#ids, 1)];
    ids.array.set(symbols);
    backend.embedding(gatesX, table, ids, B, G * H);
    let below: Storage | null = null;
    for (const [k, { cell, input, recurrent }] of layers.entries()) {
      const state = this.#layers[k];
      const [h, c] = [part(state.h, H, from), state.c && part(state.c, H, from)];
      if (input && below) this.#product(gatesX, input, below, B);
      this.#product(gatesH, recurrent, h, B);
      if (B === 1) backend.cellStep(cell, h, c, gatesX, gatesH, H);
      else backend.cellForward(cell, h, c, null, gatesX, gatesH, h, c, B, H);
      below = h;
    }
  }

  step(symbols: Int32Array, from: number): Float32Array {
    this.read(symbols, from);
    const { output, H, vocabularySize: V } = this.#weights;
    const B = symbols.length;
    const top = (this.#layers.at(-1) as LayerState).h.slice(from * H, B * H);
    const logits = this.#logits.slice(0, B * V);
    this.#product(logits, output, top, B);
    return logits.array as Float32Array;
  }

  dispose(): void {
    for (const { block } of [...this.#states, this.#ids, this.#gatesX, this.#gatesH, this.#logits]) block.release();
    this.#layers = [];
    this.#capacity = 0;
  }

  get #states(): Storage[] {
    return this.#layers.flatMap(({ h, c }) => (c ? [h, c] : [h]));
  }

  /** y [B, n] = x [B, k] · Wᵀ, then + bias. */
  #product(y: Storage, matrix: PackedMatrix, x: Storage, B: number): void {
    const { backend, format } = this.#weights;
    const { weight, bias, rows, cols } = matrix;
    if (B === 1) return backend.gemv(y, weight, format, x, bias, rows, cols, false);
    backend.gemmPacked(y, x, this.#weights.panelsOf(matrix), null, B, rows, cols, false);
    if (bias) backend.binary('add', y, y, bias, [B, rows], [rows, 1], [0, 1]);
  }

  /** Makes room for `capacity` rows; the states stay. */
  #reserve(capacity: number): void {
    const { layers, G, H, vocabularySize, backend } = this.#weights;
    const before = this.#layers;
    const grown = (old: Storage | null | undefined): Storage => {
      const storage = this.#weights.allocate(capacity * H);
      if (old) {
        storage.array.set(old.array);
        old.block.release();
      }
      return storage;
    };
    this.#layers = layers.map(({ cell }, k) => ({
      h: grown(before[k]?.h),
      c: hasC(cell) ? grown(before[k]?.c) : null,
    }));
    if (this.#capacity > 0)
      for (const { block } of [this.#ids, this.#gatesX, this.#gatesH, this.#logits]) block.release();
    this.#ids = backend.allocate('int32', capacity);
    backend.watch(this.#ids.block);
    this.#gatesX = this.#weights.allocate(capacity * G * H);
    this.#gatesH = this.#weights.allocate(capacity * G * H);
    this.#logits = this.#weights.allocate(capacity * vocabularySize);
    this.#capacity = capacity;
  }

  #check(symbols: Int32Array): void {
    const V = this.vocabularySize;
    const wrong = symbols.find((symbol) => !(symbol >= 0 && symbol < V));
    if (wrong !== undefined)
      throw new OptionError('step', 'symbol', `expected one from 0 to ${V - 1}, got ${shown(wrong)}`);
  }
}
