import { shown } from '../../checks.ts';
import { OptionError } from '../../errors.ts';
import { dropoutMask } from '../../tensor/ops/dropout.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { requireProbability } from '../../tensor/ops/operands.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Module, Parameter } from '../module.ts';
import { Cell, type MemoryGate } from './cell.ts';
import { combine } from './state.ts';
import { stepCell } from './step.ts';

function requireCell<S>(cell: Cell<S>): Cell<S> {
  if (cell instanceof Cell) return cell;
  throw new OptionError('ZoneoutCell', 'cell', `expected a cell, got ${shown(cell)}`);
}

/**
 * Zoneout (Krueger et al. 2017) around any cell: in training, each number of the state keeps its previous value with probability p, by a new mask at
 * every step and for every tensor of the state; in evaluation it is the expectation. With s̃ what the cell makes of the state s, and d drawn from {0, 1}:
 *
 *   s' = d ⊙ s + (1 − d) ⊙ s̃,  P(d = 1) = p                   in evaluation  s' = p s + (1 − p) s̃
 *
 * Where the output is a part of the state, it is that part of s'. Weights keep the cell's names. A kernel runs no zoneout: the cell is stepped through.
 */
export class ZoneoutCell<S> extends Cell<S> {
  readonly cell: Cell<S>;
  readonly p: number;

  constructor(cell: Cell<S>, p: number) {
    super(requireCell(cell).inputSize, cell.hiddenSize);
    requireProbability('ZoneoutCell', 'p', p);
    this.cell = cell;
    this.p = p;
  }

  override get outputSize(): number {
    return this.cell.outputSize;
  }

  override get takesMask(): boolean {
    return this.cell.takesMask;
  }

  override get memoryGate(): MemoryGate | null {
    return this.cell.memoryGate;
  }

  override initialState(batchSize: number): S {
    return this.cell.initialState(batchSize);
  }

  override prepare(x: Tensor): Tensor {
    return this.cell.prepare?.(x) ?? x;
  }

  override stepFrom(prepared: Tensor, state: S, mask: Tensor | null = null): [output: Tensor, state: S] {
    const { cell, p, training } = this;
    const [y, made] = cell.stepFrom ? cell.stepFrom(prepared, state, mask) : stepCell(cell, prepared, state, mask);
    let output = y;
    const next = combine([made, state], ([after, before]) => {
      const kept = training
        ? where(dropoutMask(after.shape, p, after), after, before)
        : after.add(before.sub(after).mul(p));
      if (after === y) output = kept;
      return kept;
    });
    return [output, next];
  }

  /** x [B, I] and the state → the output and the next state. */
  step(x: Tensor, state: S, mask: Tensor | null = null): [output: Tensor, state: S] {
    return this.stepFrom(this.prepare(x), state, mask);
  }

  override namedParameters(prefix = ''): Generator<[name: string, parameter: Parameter]> {
    return this.cell.namedParameters(prefix);
  }

  override namedState(prefix = ''): Generator<[name: string, tensor: Tensor]> {
    return this.cell.namedState(prefix);
  }

  override *children(): Generator<[name: string, module: Module]> {
    yield ['cell', this.cell];
  }

  protected override describe(): string {
    return `p=${this.p}`;
  }
}
