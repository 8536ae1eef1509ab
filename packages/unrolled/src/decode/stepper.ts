// One symbol after the other, at batch 1. The embedding is folded into the first layer's input product, so that reading a symbol is a row
// look-up; all other weights are packed once, in float32, bfloat16 or int8, and streamed through for every symbol.

import { requireKinds } from '../checks.ts';
import type { SteppedCell, Storage, WeightFormat } from '../backend/backend.ts';
import { gateCount } from '../backend/backend.ts';
import { OptionError } from '../errors.ts';
import type { LanguageModel, LanguageState } from '../models/language-model.ts';
import { GatedCell } from '../nn/recurrent/cell.ts';
import { RecurrentBlocks } from '../nn/recurrent/recurrent-blocks.ts';
import { CarriedState } from '../nn/recurrent/state.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { linear } from '../tensor/ops/product.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A language model that reads symbol by symbol and remembers. */
export interface Stepper {
  readonly vocabularySize: number;
  /** Reads a symbol → the logits [V] of the next one: a live view, overwritten by the next call. */
  step(symbol: number): Float32Array;
  /** Forgets everything read. */
  reset(): void;
}

/** The fastest stepper for this model: its kernels' own, or the model itself where the cell has none. The weights must not change afterwards. */
export function stepperOf(model: LanguageModel, format: WeightFormat = 'float32'): Stepper {
  requireKinds('stepperOf', { model }, { model: 'module' });
  const kinds = model.recurrent.cells.map((cell) => cell.fused);
  const packed =
    !(model.recurrent instanceof RecurrentBlocks) && kinds.every((kind) => kind !== null && kind !== 'gruBefore');
  if (packed) return new PackedStepper(model, format);
  if (format !== 'float32')
    throw new OptionError(
      'stepperOf',
      'format',
      `${model.config.cell}${model.config.block === 'none' ? '' : ' in blocks'} decodes in float32 only`,
    );
  return new ModelStepper(model);
}

/** Any model, through its own `forward`. */
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
  readonly h: Storage; // [H]
  readonly c: Storage | null; // [H]
}

class PackedStepper implements Stepper {
  readonly vocabularySize: number;
  readonly #format: WeightFormat;
  readonly #layers: readonly PackedLayer[];
  readonly #rows: readonly Storage[]; // V rows of W_ih · embedding + b_ih, each [G·H]
  readonly #output: PackedMatrix;
  readonly #gatesX: Storage; // [G·H]
  readonly #gatesH: Storage; // [G·H]
  readonly #logits: Storage; // [V]
  readonly #H: number;
  readonly #view: Float32Array;

  constructor(model: LanguageModel, format: WeightFormat) {
    const { recurrent } = model;
    const { backend } = model.parameters()[0];
    const H = recurrent.hiddenSize;
    const V = model.vocabularySize;
    this.vocabularySize = V;
    this.#format = format;
    this.#H = H;
    const G = gateCount[recurrent.cells[0].fused as SteppedCell];
    const allocate = (n: number): Storage => {
      const storage = backend.allocate('float32', n);
      backend.fill(storage, 0);
      backend.watch(storage.block);
      return storage;
    };
    const pack = (weight: Tensor, bias: Tensor | null): PackedMatrix => {
      const [rows, cols] = weight.shape;
      const packed = allocate(Math.ceil(backend.packedBytes(format, rows, cols) / 4));
      backend.packWeights(packed, format, weight.storage, rows, cols);
      return { weight: packed, bias: bias?.storage ?? null, rows, cols };
    };
    this.#layers = recurrent.cells.map((cell, k) => {
      if (!(cell instanceof GatedCell))
        throw new OptionError('Stepper', 'cell', `${cell.constructor.name} has no packed form`);
      return {
        cell: cell.fused as SteppedCell,
        input: k === 0 ? null : pack(cell.weightIh, cell.biasIh),
        recurrent: pack(cell.weightHh, cell.biasHh),
        h: allocate(H),
        c: cell.fused === 'lstm' ? allocate(H) : null,
      };
    });
    const table = foldedTable(model);
    this.#rows = Array.from({ length: V }, (_, v) => table.storage.slice(v * G * H, G * H));
    const head = model.decoder;
    this.#output = head
      ? pack(head.weight, head.bias)
      : pack((model.embedding as NonNullable<typeof model.embedding>).weight, null);
    this.#gatesX = allocate(G * H);
    this.#gatesH = allocate(G * H);
    this.#logits = allocate(V);
    this.#view = this.#logits.array as Float32Array;
  }

  step(symbol: number): Float32Array {
    const { backend } = this.#logits.block;
    if (!(Number.isInteger(symbol) && symbol >= 0 && symbol < this.vocabularySize)) {
      throw new OptionError('step', 'symbol', `expected one from 0 to ${this.vocabularySize - 1}, got ${symbol}`);
    }
    let below: Storage | null = null;
    for (const { cell, input, recurrent, h, c } of this.#layers) {
      let gatesX = this.#rows[symbol];
      if (input && below) {
        gatesX = this.#gatesX;
        this.#product(gatesX, input, below);
      }
      this.#product(this.#gatesH, recurrent, h);
      backend.cellStep(cell, h, c, gatesX, this.#gatesH, this.#H);
      below = h;
    }
    this.#product(this.#logits, this.#output, below as Storage);
    return this.#view;
  }

  reset(): void {
    for (const { h, c } of this.#layers) {
      h.block.backend.fill(h, 0);
      if (c) c.block.backend.fill(c, 0);
    }
  }

  #product(y: Storage, { weight, bias, rows, cols }: PackedMatrix, x: Storage): void {
    y.block.backend.gemv(y, weight, this.#format, x, bias, rows, cols, false);
  }
}

/** [V, G·H]: what each symbol adds to the first layer's gates. */
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
