import type { FusedCell } from '../../backend/backend.ts';
import { checkOptions } from '../../errors.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import { type CellOptions, GatedCell, masked, type MemoryGate } from './cell.ts';
import { gate } from './observe.ts';

/**
 * Gated recurrent unit, as in PyTorch and cuDNN: the reset gate acts after the matrix product.
 *
 *   r  = σ(W_ir x + b_ir + W_hr h + b_hr)
 *   z  = σ(W_iz x + b_iz + W_hz h + b_hz)
 *   n  = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn))
 *   h' = (1 − z) ⊙ n + z ⊙ h
 *
 * The gates lie in the weights in the order r z n.
 */
export class GRUCell extends GatedCell<Tensor> {
  readonly weightIh: Parameter; // [3H, I]
  readonly weightHh: Parameter; // [3H, H]
  readonly biasIh: Parameter | null; // [3H]
  readonly biasHh: Parameter | null; // [3H]

  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('GRUCell', options, ['bias']);
    const { bias = true } = options;
    const bound = inverseSqrt(hiddenSize);
    this.weightIh = uniformParameter([3 * hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([3 * hiddenSize, hiddenSize], bound);
    this.biasIh = bias ? uniformParameter([3 * hiddenSize], bound) : null;
    this.biasHh = bias ? uniformParameter([3 * hiddenSize], bound) : null;
  }

  override get fused(): FusedCell | null {
    return 'gru';
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'z', keeps: 'gate' };
  }

  /** x [B, I] and h [B, H] → the output and the next state, both [B, H]. */
  step(x: Tensor, h: Tensor, mask?: Tensor | null): [output: Tensor, state: Tensor] {
    const [xr, xz, xn] = linear(x, this.weightIh, this.biasIh).chunk(3); // each [B, H]
    const [hr, hz, hn] = linear(masked(h, mask), this.weightHh, this.biasHh).chunk(3);
    const r = gate('r', xr.add(hr).sigmoid());
    const z = gate('z', xz.add(hz).sigmoid());
    const n = gate('n', xn.add(r.mul(hn)).tanh());
    const next = n.add(z.mul(h.sub(n)));
    return [next, next];
  }
}
