// Decoding of many texts at once. Three ways to the same bits:
//
//   packed    one matrix product a layer for all rows, for cells with a packed form in float32
//   model     the model's own forward pass of one step, for all other cells
//   apart     a stepper for each row: other formats, and the reference backend, whose sums are rounded once where kernels round twice

import type { WeightFormat } from '../backend/backend.ts';
import { requireOneOf } from '../checks.ts';
import type { BatchStepper } from '../decode/batch-stepper.ts';
import type { Stepper } from '../decode/stepper.ts';
import { type LanguageModel, requireLanguageModel } from './language-model.ts';
import { steppersOf } from './language-stepper.ts';
import { ModelRows } from './model-rows.ts';
import { PackedRows } from './packed-rows.ts';
import { isPackable, PackedWeights } from './packed-weights.ts';

/** Makes the fastest stepper of many rows for this model. The weights must not change afterwards. */
export function batchStepperOf(model: LanguageModel, format: WeightFormat = 'float32'): BatchStepper {
  return batchSteppersOf(model, format)();
}

/** Returns a function that makes steppers of many rows, which share one set of packed weights. */
export function batchSteppersOf(model: LanguageModel, format: WeightFormat = 'float32'): () => BatchStepper {
  requireLanguageModel('batchSteppersOf', model);
  requireOneOf('batchSteppersOf', 'format', format, ['float32', 'bfloat16', 'int8']);
  const { backend } = model.parameters()[0];
  if (format !== 'float32' || backend.name === 'reference') {
    return rowsApart(model.vocabularySize, steppersOf(model, format));
  }
  if (!isPackable(model)) return () => new ModelRows(model);
  const weights = new PackedWeights(model, format);
  return () => new PackedRows(weights);
}

/** Returns a function that makes rows which have a stepper each. */
export function rowsApart(vocabularySize: number, make: () => Stepper): () => BatchStepper {
  return () => new RowsApart(vocabularySize, make);
}

/** A stepper for each row. */
class RowsApart implements BatchStepper {
  readonly vocabularySize: number;
  readonly #make: () => Stepper;
  readonly #rows: Stepper[] = [];
  #logits = new Float32Array(0);

  constructor(vocabularySize: number, make: () => Stepper) {
    this.vocabularySize = vocabularySize;
    this.#make = make;
  }

  load(slot: number, state: readonly Float32Array[] | null): void {
    while (this.#rows.length <= slot) this.#rows.push(this.#make());
    if (state) this.#rows[slot].setState(state);
    else this.#rows[slot].reset();
  }

  save(slot: number): Float32Array[] {
    return this.#rows[slot].state();
  }

  swap(a: number, b: number): void {
    [this.#rows[a], this.#rows[b]] = [this.#rows[b], this.#rows[a]];
  }

  read(symbols: Int32Array, from: number): void {
    for (let i = 0; i < symbols.length; i++) this.#rows[from + i].step(symbols[i]);
  }

  step(symbols: Int32Array, from: number): Float32Array {
    const V = this.vocabularySize;
    if (this.#logits.length < symbols.length * V) this.#logits = new Float32Array(symbols.length * V);
    for (let i = 0; i < symbols.length; i++) this.#logits.set(this.#rows[from + i].step(symbols[i]), i * V);
    return this.#logits.subarray(0, symbols.length * V);
  }

  dispose(): void {
    for (const row of this.#rows.splice(0)) row.dispose();
  }
}
