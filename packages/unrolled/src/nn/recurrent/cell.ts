// A cell knows one step. Time, stacking, directions, padding and `batchFirst` belong to the layer that unrolls it (recurrent.ts).

import { TensorError } from '../../errors.ts';
import { requireTensor } from '../../tensor/ops/operands.ts';
import { requireSizes, requireWhole, shown } from '../../checks.ts';
import type { FusedCell } from '../../backend/backend.ts';
import { zeros } from '../../tensor/create.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { Module, type Parameter } from '../module.ts';

/**
 * One step of a recurrent network. A cell of your own is its equations and its first state:
 *
 *     class MyCell extends Cell<Tensor> {
 *       readonly weight = uniformParameter([this.hiddenSize, this.inputSize + this.hiddenSize], 0.1);
 *       step(x: Tensor, h: Tensor): [Tensor, Tensor] {
 *         const next = linear(cat([x, h], 1), this.weight).tanh();
 *         return [next, next];
 *       }
 *     }
 *     const layer = new Recurrent(new MyCell(10, 20));
 *
 * The state S is a tensor [B, ..] or a plain object of such tensors.
 */
export abstract class Cell<S> extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;

  constructor(inputSize: number, hiddenSize: number) {
    super();
    requireSizes(new.target.name, { inputSize, hiddenSize }, true);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
  }

  /** The width of the step's output. */
  get outputSize(): number {
    return this.hiddenSize;
  }

  /** The kernel that runs this cell over a whole sequence, if there is one. It must equal `step`. */
  get fused(): FusedCell | null {
    return null;
  }

  /**
   * A whole sequence, for cells that can do it other than step by step (ScanCell): x [T, B, I] and the state before it → the outputs
   * [T, B, outputSize], 0 past the lengths, and the state at each row's end. It must equal `step`.
   */
  sequence?(x: Tensor, state: S, options: CellSequenceOptions): [output: Tensor, state: S];

  /**
   * The part of a step that does not depend on the state, for cells that have one: x [.., I], one step or all of them → [.., P]. A layer computes it
   * for the whole sequence at once, and gives a step's part to `stepFrom`.
   */
  prepare?(x: Tensor): Tensor;

  /** The rest of the step: `step(x, state, mask)` is `stepFrom(prepare(x), state, mask)`. Goes with `prepare`. */
  stepFrom?(prepared: Tensor, state: S, mask?: Tensor | null): [output: Tensor, state: S];

  /** Whether `step` uses its third argument. */
  get takesMask(): boolean {
    return false;
  }

  /** Zeros [B, H]; a cell with another state says so. */
  initialState(batchSize: number): S {
    return this.zeroState(batchSize, this.hiddenSize) as S;
  }

  /** x [B, I] and the state → the output [B, outputSize] and the next state. `mask` [B, outputSize] multiplies h where it enters the recurrent product. */
  abstract step(x: Tensor, state: S, mask?: Tensor | null): [output: Tensor, state: S];

  /** The gate that controls how much of the old state is kept: f of an LSTM, z of a GRU. Null without one. */
  get memoryGate(): MemoryGate | null {
    return null;
  }

  protected zeroState(batchSize: number, size: number): Tensor {
    requireWhole(`${this.constructor.name}.initialState`, 'batchSize', batchSize);
    const [[, model] = []] = this.namedParameters(); // looks no further than the first
    return zeros([batchSize, size], model && { dtype: model.dtype, backend: model.backend });
  }

  protected override describe(): string {
    return `${this.inputSize}, ${this.hiddenSize}`;
  }
}

/** The gate of a cell that says how much of its state is kept. */
export interface MemoryGate {
  /** Its letter. */
  readonly gate: string;
  /** Factor of the old state: the gate, or 1 − gate. */
  readonly keeps: 'gate' | 'rest';
}

/** Options of a cell's pass over a whole sequence. */
export interface CellSequenceOptions {
  /** int32 [B]: steps that count in each row; null for all. */
  readonly lengths: Tensor | null;
  /** `step`'s third argument. */
  readonly mask: Tensor | null;
  /** From each row's end to its start. */
  readonly reverse: boolean;
}

/** A cell whose weights carry PyTorch's names; G blocks of H rows each. What the fused kernels and the gate-wise initializers rely on. */
export abstract class GatedCell<S> extends Cell<S> {
  abstract readonly weightIh: Parameter; // [G·H, I]
  abstract readonly weightHh: Parameter; // [G·H, H]
  abstract readonly biasIh: Parameter | null; // [G·H]
  abstract readonly biasHh: Parameter | null; // [G·H]

  override get takesMask(): boolean {
    return true;
  }
}

/** Options that all cells share. */
export interface CellOptions {
  /** Whether there are biases biasIh and biasHh. Default true. */
  readonly bias?: boolean;
}

/** h ⊙ mask, or h. */
export function masked(h: Tensor, mask: Tensor | null | undefined): Tensor {
  requireTensor('cell', h);
  return mask ? h.mul(mask) : h;
}

/** Refuses a state that lacks one of its tensors. */
export function requireState(cell: Cell<unknown>, state: unknown, names: readonly string[]): void {
  for (const name of names) {
    const part = (state as Record<string, unknown> | null | undefined)?.[name];
    if (!(part instanceof Tensor))
      throw new TensorError(
        cell.constructor.name,
        `expected a state { ${names.join(', ')} } of tensors, got ${shown(state)}`,
      );
  }
}
