// Cells whose state enters linearly. Their gates see the input alone, so all of them are computed at once, and what is left of time is one
// multiply-add a unit and step: `scan`.

import { requireObject } from '../../checks.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { scan } from '../../tensor/ops/scan.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import { Cell, type CellSequenceOptions } from './cell.ts';
import { activeSteps, lastOutput } from './padding.ts';
import { tensorsOf } from './state.ts';

/** The factors and summands of a linear recurrence, for all steps at once. */
export interface ScanGates {
  /** What the state is multiplied by: [.., W], or [W] where it is the same at every step. */
  readonly a: Tensor;
  /** What is added to it: [.., W]. */
  readonly b: Tensor;
}

/**
 * A linear recurrence: h' = a ⊙ h + b. A cell of your own says what a and b are, and Recurrent runs it over whole sequences in one scan:
 *
 *     class LeakyCell extends ScanCell {
 *       readonly weight = uniformParameter([this.hiddenSize, this.inputSize], 0.1);
 *       gates(x: Tensor): ScanGates {
 *         const z = linear(x, this.weight).sigmoid();
 *         return { a: z.neg().add(1), b: z };
 *       }
 *     }
 *
 * One that puts out something else than h says so in `read`, and keeps what it put out as the first tensor of its state (`stateOf`, `carried`):
 * whoever wants a layer's last output looks there.
 */
export abstract class ScanCell<S = Tensor> extends Cell<S> {
  /** x [.., I], one step or all of them → a and b. */
  abstract gates(x: Tensor): ScanGates;

  /** What is put out: h [.., W] and x [.., I] → [.., outputSize]. */
  read(h: Tensor, _x: Tensor): Tensor {
    return h;
  }

  /** Whether h is complex: [B, 2H], H real parts and then H imaginary ones. */
  get complex(): boolean {
    return false;
  }

  /** h [B, W] in a state. */
  carried(state: S): Tensor {
    return state as Tensor;
  }

  /** The state of h [B, W], when `output` [B, outputSize] was put out last. */
  stateOf(h: Tensor, _output: () => Tensor): S {
    return h as S;
  }

  override sequence(x: Tensor, state: S, options: CellSequenceOptions): [output: Tensor, state: S] {
    requireObject(this.constructor.name, 'options', options);
    const { lengths, reverse } = options;
    const active = lengths && activeSteps(lengths, x);
    const input = active ? where(active, x, 0) : x; // what stands in the padding must not matter, not even a NaN
    const { a, b } = this.gates(input);
    const { h, hn } = scan(a, b, { h0: this.carried(state), lengths, reverse, complex: this.complex });
    const read = this.read(h, input);
    const y = active && read !== h ? where(active, read, 0) : read;
    return [y, this.stateOf(hn, () => lastOutput(y, lengths, reverse, tensorsOf(state)[0]))];
  }

  step(x: Tensor, state: S): [output: Tensor, state: S] {
    const { a, b } = this.gates(x);
    const h = this.carried(state);
    const next = (this.complex ? complexProduct(a, h) : a.mul(h)).add(b);
    const y = this.read(next, x);
    return [y, this.stateOf(next, () => y)];
  }
}

/** (p + iq)(x + iy), halves along the last axis. */
function complexProduct(a: Tensor, h: Tensor): Tensor {
  const [[p, q], [x, y]] = [a.chunk(2, -1), h.chunk(2, -1)];
  return cat([p.mul(x).sub(q.mul(y)), p.mul(y).add(q.mul(x))], -1);
}
