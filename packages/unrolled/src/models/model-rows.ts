// Rows of any language model, through its forward pass of one step. Their states lie on the host, a list of arrays for each row: for every step
// they are laid side by side, [L, B, …], and taken apart again.

import type { BatchStepper } from '../decode/batch-stepper.ts';
import { mapState, tensorsOf } from '../nn/recurrent/state.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { LanguageModel } from './language-model.ts';
import { checkStepperState } from './stepper-state.ts';

export class ModelRows implements BatchStepper {
  readonly #model: LanguageModel;
  readonly #sizes: readonly number[];
  readonly #rows: Float32Array[][] = [];

  constructor(model: LanguageModel) {
    this.#model = model.eval();
    this.#sizes = scope(() => noGrad(() => tensorsOf(model.recurrent.initialState(1)).map(({ size }) => size)));
  }

  get vocabularySize(): number {
    return this.#model.vocabularySize;
  }

  load(slot: number, state: readonly Float32Array[] | null): void {
    if (state !== null && state.length > 0) checkStepperState(state, this.#sizes);
    this.#rows[slot] = (state ?? []).map((values) => Float32Array.from(values)); // empty before the first symbol
  }

  save(slot: number): Float32Array[] {
    return this.#rows[slot].map((values) => Float32Array.from(values));
  }

  swap(a: number, b: number): void {
    [this.#rows[a], this.#rows[b]] = [this.#rows[b], this.#rows[a]];
  }

  read(symbols: Int32Array, from: number): void {
    this.step(symbols, from);
  }

  step(symbols: Int32Array, from: number): Float32Array {
    const rows = this.#rows.slice(from, from + symbols.length);
    return scope(() =>
      noGrad(() => {
        const { backend } = this.#model.parameters()[0];
        let k = 0;
        const state = mapState(this.#model.recurrent.initialState(rows.length), (t) => {
          joinRows(t, rows, k++);
          return t;
        });
        const [logits, next] = this.#model.forward(indices(symbols, [1, rows.length], { backend }), state);
        for (const [i, t] of tensorsOf(next).entries()) splitRows(t, rows, i);
        return Float32Array.from(logits.storage.array);
      }),
    );
  }

  dispose(): void {
    this.#rows.length = 0;
  }
}

/** Tensor k of every row, side by side: t [L, B, …], which is the initial state. */
function joinRows(t: Tensor, rows: readonly Float32Array[][], k: number): void {
  const [L, B] = t.shape;
  const width = t.size / (L * B);
  const { array } = t.storage;
  for (const [b, row] of rows.entries())
    for (let l = 0; l < L && row.length > 0; l++)
      array.set(row[k].subarray(l * width, (l + 1) * width), (l * B + b) * width);
}

/** t [L, B, …] into tensor k of every row. */
function splitRows(t: Tensor, rows: readonly Float32Array[][], k: number): void {
  const [L, B] = t.shape;
  const width = t.size / (L * B);
  const { array } = t.storage;
  for (const [b, row] of rows.entries()) {
    row[k] ??= new Float32Array(L * width);
    for (let l = 0; l < L; l++)
      row[k].set(array.subarray((l * B + b) * width, (l * B + b + 1) * width) as Float32Array, l * width);
  }
}
