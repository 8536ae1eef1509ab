import { layerNorm } from '../../tensor/ops/norm.ts';
import { linear } from '../../tensor/ops/product.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import { ones, zeros } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import { Parameter } from '../module.ts';
import { GatedCell, masked, type MemoryGate } from './cell.ts';
import { gate } from './observe.ts';

/**
 * GRU with layer normalization inside of the step (Ba et al. 2016, supplementary material). Gates and candidate are normalized apart:
 *
 *   [r z] = σ(LN(W_i x) + LN(W_h h))                           over the 2H of both gates
 *   n     = tanh(LN(W_in x) + r ⊙ LN(W_hn h))                  over the H of the candidate
 *   h'    = (1 − z) ⊙ n + z ⊙ h
 *
 * with LN(v) = γ ⊙ (v − mean v) / √(var v + 1e-5) + b, each with its own γ and b: `gainIh` and `biasIh` for the products with x, `gainHh` and `biasHh`
 * for those with h. They lie in the order r z n, as the weights do; the γ start at 1 and the b at 0. (The paper's z is 1 − z here.)
 */
export class LayerNormGRUCell extends GatedCell<Tensor> {
  readonly weightIh: Parameter; // [3H, I]
  readonly weightHh: Parameter; // [3H, H]
  readonly biasIh: Parameter; // [3H]
  readonly biasHh: Parameter; // [3H]
  readonly gainIh: Parameter; // [3H]
  readonly gainHh: Parameter; // [3H]

  constructor(inputSize: number, hiddenSize: number) {
    super(inputSize, hiddenSize);
    const bound = inverseSqrt(hiddenSize);
    const gates = [3 * hiddenSize];
    this.weightIh = uniformParameter([3 * hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([3 * hiddenSize, hiddenSize], bound);
    this.biasIh = Parameter.of(zeros(gates));
    this.biasHh = Parameter.of(zeros(gates));
    this.gainIh = Parameter.of(ones(gates));
    this.gainHh = Parameter.of(ones(gates));
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'z', keeps: 'gate' };
  }

  override prepare(x: Tensor): Tensor {
    return cat(this.#normalized(linear(x, this.weightIh), this.gainIh, this.biasIh), -1);
  }

  override stepFrom(gatesX: Tensor, h: Tensor, mask?: Tensor | null): [output: Tensor, state: Tensor] {
    const H = this.hiddenSize;
    const [gatesH, hn] = this.#normalized(linear(masked(h, mask), this.weightHh), this.gainHh, this.biasHh);
    const [ar, az] = gatesX
      .slice(-1, 0, 2 * H)
      .add(gatesH)
      .chunk(2); // each [B, H]
    const [r, z] = [gate('r', ar.sigmoid()), gate('z', az.sigmoid())];
    const n = gate(
      'n',
      gatesX
        .slice(-1, 2 * H)
        .add(r.mul(hn))
        .tanh(),
    );
    const next = n.add(z.mul(h.sub(n)));
    return [next, next];
  }

  /** x [B, I] and h [B, H] → the output and the next state, both [B, H]. */
  step(x: Tensor, h: Tensor, mask?: Tensor | null): [output: Tensor, state: Tensor] {
    return this.stepFrom(this.prepare(x), h, mask);
  }

  /** A product [.., 3H] → the gates [.., 2H] and the candidate [.., H], each normalized. */
  #normalized(product: Tensor, gain: Tensor, bias: Tensor): [gates: Tensor, candidate: Tensor] {
    const H = this.hiddenSize;
    const part = (from: number, to: number) =>
      layerNorm(product.slice(-1, from, to), [to - from], gain.slice(0, from, to), bias.slice(0, from, to));
    return [part(0, 2 * H), part(2 * H, 3 * H)];
  }
}
