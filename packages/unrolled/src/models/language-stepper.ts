// Decoding at batch 1, one symbol after the other. The embedding is folded into the first layer's input product, so that reading a symbol is a row
// look-up; all other weights are packed once, in float32, bfloat16 or int8, and streamed through for every symbol.

import { requireEach, requireNumbers, requireOneOf, shown } from '../checks.ts';
import type { Storage, WeightFormat } from '../backend/backend.ts';
import { hasC } from '../backend/backend.ts';
import { assertAlive } from '../backend/storage.ts';
import type { Stepper } from '../decode/stepper.ts';
import { OptionError } from '../errors.ts';
import { CarriedState, mapState, tensorsOf } from '../nn/recurrent/state.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { scope } from '../tensor/scope.ts';
import { type LanguageModel, type LanguageState, requireLanguageModel } from './language-model.ts';
import { isPackable, type PackedMatrix, PackedWeights } from './packed-weights.ts';
import { checkStepperState } from './stepper-state.ts';

/** Makes the fastest stepper for this model: packed kernels, or the model itself where the cell has none. The weights must not change afterwards. */
export function stepperOf(model: LanguageModel, format: WeightFormat = 'float32'): Stepper {
  requireLanguageModel('stepperOf', model);
  return steppersOf(model, format)();
}

/** Returns a function that makes steppers sharing one set of packed weights: for many texts at the same time. */
export function steppersOf(model: LanguageModel, format: WeightFormat = 'float32'): () => Stepper {
  requireLanguageModel('steppersOf', model);
  requireOneOf('steppersOf', 'format', format, ['float32', 'bfloat16', 'int8']);
  if (isPackable(model)) {
    const weights = new PackedWeights(model, format);
    return () => new PackedStepper(weights);
  }
  if (format !== 'float32')
    throw new OptionError(
      'stepperOf',
      'format',
      `${model.config.cell}${model.config.block === 'none' ? '' : ' in blocks'} decodes in float32 only`,
    );
  return () => new ModelStepper(model);
}

/** A stepper for any model, through its `forward`. */
class ModelStepper implements Stepper {
  readonly #model: LanguageModel;
  readonly #state = new CarriedState<LanguageState>();

  constructor(model: LanguageModel) {
    this.#model = model.eval();
  }

  get vocabularySize(): number {
    return this.#model.vocabularySize;
  }

  step(symbol: number): Float32Array {
    return scope(() =>
      noGrad(() => {
        const input = indices([symbol], [1, 1], { backend: this.#model.parameters()[0].backend });
        const [logits, next] = this.#model.forward(input, this.#state.value);
        this.#state.replace(next);
        return Float32Array.from(logits.storage.array);
      }),
    );
  }

  reset(): void {
    this.#state.replace(null);
  }

  state(): Float32Array[] {
    return tensorsOf(this.#state.value).map((t) => Float32Array.from(t.storage.array));
  }

  setState(state: readonly Float32Array[]): void {
    requireEach('Stepper.setState', 'state', state, requireNumbers);
    if (state.length === 0) return this.reset();
    scope(() => {
      const zero = this.#model.recurrent.initialState(1);
      checkStepperState(
        state,
        tensorsOf(zero).map((t) => t.size),
      );
      let k = 0;
      this.#state.replace(
        mapState(zero, (t) => {
          t.set(state[k++]);
          return t;
        }),
      );
    });
  }

  dispose(): void {
    this.reset();
  }
}

class PackedStepper implements Stepper {
  readonly #weights: PackedWeights;
  readonly #states: readonly { readonly h: Storage; readonly c: Storage | null }[]; // each [H]
  readonly #gatesX: Storage; // [G·H]
  readonly #gatesH: Storage; // [G·H]
  readonly #logits: Storage; // [V]

  constructor(weights: PackedWeights) {
    const { H, G, vocabularySize } = weights;
    this.#weights = weights;
    this.#states = weights.layers.map(({ cell }) => ({
      h: weights.allocate(H),
      c: hasC(cell) ? weights.allocate(H) : null,
    }));
    this.#gatesX = weights.allocate(G * H);
    this.#gatesH = weights.allocate(G * H);
    this.#logits = weights.allocate(vocabularySize);
  }

  get vocabularySize(): number {
    return this.#weights.vocabularySize;
  }

  step(symbol: number): Float32Array {
    const { backend, layers, rows, output, H, vocabularySize } = this.#weights;
    if (!(Number.isInteger(symbol) && symbol >= 0 && symbol < vocabularySize)) {
      throw new OptionError('step', 'symbol', `expected one from 0 to ${vocabularySize - 1}, got ${shown(symbol)}`);
    }
    assertAlive(this.#logits, 'Stepper.step');
    let below: Storage | null = null;
    for (const [k, { cell, input, recurrent }] of layers.entries()) {
      const { h, c } = this.#states[k];
      let gatesX = rows[symbol];
      if (input && below) {
        gatesX = this.#gatesX;
        this.#product(gatesX, input, below);
      }
      this.#product(this.#gatesH, recurrent, h);
      backend.cellStep(cell, h, c, gatesX, this.#gatesH, H);
      below = h;
    }
    this.#product(this.#logits, output, below as Storage);
    return this.#logits.array as Float32Array;
  }

  reset(): void {
    for (const storage of this.#remembered) this.#weights.backend.fill(storage, 0);
  }

  state(): Float32Array[] {
    return this.#remembered.map(({ array }) => Float32Array.from(array));
  }

  setState(state: readonly Float32Array[]): void {
    const own = this.#remembered;
    checkStepperState(
      state,
      own.map(({ length }) => length),
    );
    for (const [k, { array }] of own.entries()) array.set(state[k]);
  }

  dispose(): void {
    for (const { block } of [...this.#remembered, this.#gatesX, this.#gatesH, this.#logits]) block.release();
  }

  get #remembered(): Storage[] {
    return this.#states.flatMap(({ h, c }) => (c ? [h, c] : [h]));
  }

  #product(y: Storage, { weight, bias, rows, cols }: PackedMatrix, x: Storage): void {
    this.#weights.backend.gemv(y, weight, this.#weights.format, x, bias, rows, cols, false);
  }
}
