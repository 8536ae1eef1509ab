// Decoding at batch 1, one symbol after the other. The embedding is folded into the first layer's input product, so that reading a symbol is a row
// look-up; all other weights are packed once, in float32, bfloat16 or int8, and streamed through for every symbol.

import { requireEach, requireNumbers, requireOneOf, shown } from '../checks.ts';
import type { SteppedCell, Storage, WeightFormat } from '../backend/backend.ts';
import { gateCount, hasC } from '../backend/backend.ts';
import { assertAlive } from '../backend/storage.ts';
import type { Stepper } from '../decode/stepper.ts';
import { OptionError } from '../errors.ts';
import { GatedCell } from '../nn/recurrent/cell.ts';
import { RecurrentBlocks } from '../nn/recurrent/recurrent-blocks.ts';
import { CarriedState, mapState, tensorsOf } from '../nn/recurrent/state.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { linear } from '../tensor/ops/product.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type LanguageModel, type LanguageState, requireLanguageModel } from './language-model.ts';

/** Makes the fastest stepper for this model: packed kernels, or the model itself where the cell has none. The weights must not change afterwards. */
export function stepperOf(model: LanguageModel, format: WeightFormat = 'float32'): Stepper {
  requireLanguageModel('stepperOf', model);
  return steppersOf(model, format)();
}

/** Returns a function that makes steppers sharing one set of packed weights: for many texts at the same time. */
export function steppersOf(model: LanguageModel, format: WeightFormat = 'float32'): () => Stepper {
  requireLanguageModel('steppersOf', model);
  requireOneOf('steppersOf', 'format', format, ['float32', 'bfloat16', 'int8']);
  const kinds = model.recurrent.cells.map((cell) => cell.fused);
  const packed =
    !(model.recurrent instanceof RecurrentBlocks) && kinds.every((kind) => kind !== null && kind !== 'gruResetBefore');
  if (packed) {
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
      checkState(
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

function checkState(state: readonly Float32Array[], sizes: readonly number[]): void {
  const problem = (expected: string, got: string) =>
    new OptionError('Stepper.setState', 'state', `expected ${expected}, got ${got}`);
  requireEach('Stepper.setState', 'state', state, requireNumbers);
  if (state.length !== sizes.length) throw problem(`${sizes.length} tensors`, String(state.length));
  for (const [k, values] of state.entries()) {
    if (values.length !== sizes[k]) throw problem(`${sizes[k]} numbers in tensor ${k}`, String(values.length));
    if (!values.every(Number.isFinite)) throw problem('finite numbers', `another in tensor ${k}`);
  }
}

interface PackedMatrix {
  readonly weight: Storage;
  readonly bias: Storage | null;
  readonly rows: number;
  readonly cols: number;
}

interface PackedLayer {
  readonly cell: SteppedCell;
  /** Null for the first layer, whose input product is a row of the table. */
  readonly input: PackedMatrix | null;
  readonly recurrent: PackedMatrix;
}

/** A model's weights in packed form. */
class PackedWeights {
  readonly vocabularySize: number;
  readonly format: WeightFormat;
  readonly H: number;
  readonly G: number;
  readonly layers: readonly PackedLayer[];
  readonly rows: readonly Storage[]; // V rows of W_ih · embedding + b_ih, each [G·H]
  readonly output: PackedMatrix;
  readonly backend: Storage['block']['backend'];

  constructor(model: LanguageModel, format: WeightFormat) {
    const { recurrent } = model;
    const { backend } = model.parameters()[0];
    this.backend = backend;
    this.vocabularySize = model.vocabularySize;
    this.format = format;
    this.H = recurrent.hiddenSize;
    this.G = gateCount[recurrent.cells[0].fused as SteppedCell];
    const pack = (weight: Tensor, bias: Tensor | null): PackedMatrix => {
      const [rows, cols] = weight.shape;
      const packed = this.allocate(Math.ceil(backend.packedBytes(format, rows, cols) / 4));
      backend.packWeights(packed, format, weight.storage, rows, cols);
      return { weight: packed, bias: bias?.storage ?? null, rows, cols };
    };
    this.layers = recurrent.cells.map((cell, k) => {
      if (!(cell instanceof GatedCell))
        throw new OptionError('Stepper', 'cell', `${cell.constructor.name} has no packed form`);
      return {
        cell: cell.fused as SteppedCell,
        input: k === 0 ? null : pack(cell.weightIh, cell.biasIh),
        recurrent: pack(cell.weightHh, cell.biasHh),
      };
    });
    const table = foldedTable(model).keep(); // also where it is made inside of a scope
    const width = this.G * this.H;
    this.rows = Array.from({ length: this.vocabularySize }, (_, v) => table.storage.slice(v * width, width));
    const head = model.decoder;
    this.output = head
      ? pack(head.weight, head.bias)
      : pack((model.embedding as NonNullable<typeof model.embedding>).weight, null);
  }

  /** Zeros, freed by a finalizer or by release(). */
  allocate(n: number): Storage {
    const storage = this.backend.allocate('float32', n);
    this.backend.fill(storage, 0);
    this.backend.watch(storage.block);
    return storage;
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
    checkState(
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

/** Table [V, G·H]: what each symbol adds to the first layer's gates. */
function foldedTable(model: LanguageModel): Tensor {
  const cell = model.recurrent.cells[0] as GatedCell<unknown>;
  return scope(() =>
    noGrad(() => {
      if (model.embedding) return linear(model.embedding.weight, cell.weightIh, cell.biasIh);
      const columns = cell.weightIh.transpose(); // one-hot input: row v is column v of W_ih
      return cell.biasIh ? columns.add(cell.biasIh) : columns;
    }),
  );
}
