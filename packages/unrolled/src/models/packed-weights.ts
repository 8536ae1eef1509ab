// A language model's weights as steps of decoding read them: packed once, and the embedding folded into the first layer's input product.

import { gateCount, packedFloats, type SteppedCell, type Storage, type WeightFormat } from '../backend/backend.ts';
import { OptionError } from '../errors.ts';
import { GatedCell } from '../nn/recurrent/cell.ts';
import type { Linear } from '../nn/linear.ts';
import { RecurrentBlocks } from '../nn/recurrent/recurrent-blocks.ts';
import { noGrad } from '../tensor/autograd.ts';
import { linear } from '../tensor/ops/product.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { LanguageModel } from './language-model.ts';

/** Whether all of its layers have a packed form, the output included. */
export function isPackable({ recurrent, config }: LanguageModel): boolean {
  if (config.output === 'adaptive') return false;
  const kinds = recurrent.cells.map((cell) => cell.fused);
  return !(recurrent instanceof RecurrentBlocks) && kinds.every((kind) => kind !== null && kind !== 'gruResetBefore');
}

/** A matrix [rows, cols] as `gemv` reads it, and its bias. */
export interface PackedMatrix {
  readonly weight: Storage;
  /** The matrix itself, from which its other packed form is made when many rows are multiplied. */
  readonly source: Storage;
  readonly bias: Storage | null;
  readonly rows: number;
  readonly cols: number;
}

export interface PackedLayer {
  readonly cell: SteppedCell;
  /** Null for the first layer, whose input product is a row of the table. */
  readonly input: PackedMatrix | null;
  readonly recurrent: PackedMatrix;
}

/** A model's weights in packed form. */
export class PackedWeights {
  readonly vocabularySize: number;
  readonly format: WeightFormat;
  readonly H: number;
  readonly G: number;
  readonly layers: readonly PackedLayer[];
  readonly table: Storage; // [V, G·H]: W_ih · embedding + b_ih
  readonly rows: readonly Storage[]; // its rows
  readonly output: PackedMatrix;
  readonly backend: Storage['block']['backend'];
  readonly #panels = new Map<PackedMatrix, Storage>();

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
      return { weight: packed, source: weight.storage, bias: bias?.storage ?? null, rows, cols };
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
    this.table = foldedTable(model).keep().storage; // kept: it may be made inside of a scope
    const width = this.G * this.H;
    this.rows = Array.from({ length: this.vocabularySize }, (_, v) => this.table.slice(v * width, width));
    const head = model.decoder as Linear | null; // an adaptive one is not packable
    this.output = head
      ? pack(head.weight, head.bias)
      : pack((model.embedding as NonNullable<typeof model.embedding>).weight, null);
  }

  /** The matrix as `gemmPacked` reads it: packed when it is first asked for. */
  panelsOf(matrix: PackedMatrix): Storage {
    const there = this.#panels.get(matrix);
    if (there) return there;
    const { source, rows, cols } = matrix;
    const panels = this.allocate(packedFloats(rows, cols));
    this.backend.packMatrix(panels, source, rows, cols, true);
    this.#panels.set(matrix, panels);
    return panels;
  }

  /** Zeros, freed by a finalizer or by release(). */
  allocate(n: number): Storage {
    const storage = this.backend.allocate('float32', n);
    this.backend.fill(storage, 0);
    this.backend.watch(storage.block);
    return storage;
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
