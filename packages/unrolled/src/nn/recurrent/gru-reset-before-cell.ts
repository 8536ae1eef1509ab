import type { FusedCell } from '../../backend/backend.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { masked } from './cell.ts';
import { GRUCell } from './gru-cell.ts';
import { gate } from './observe.ts';

/**
 * Gated recurrent unit as first published (Cho et al. 2014), in char-rnn, and in Keras with reset_after=False: the reset gate acts before the product.
 *
 *   n = tanh(W_in x + b_in + W_hn (r ⊙ h) + b_hn)
 *
 * and all else as in GRUCell. Its weights are not interchangeable with GRUCell's.
 */
export class GRUResetBeforeCell extends GRUCell {
  override get fused(): FusedCell {
    return 'gruResetBefore';
  }

  override step(x: Tensor, h: Tensor, mask?: Tensor | null): [output: Tensor, state: Tensor] {
    const H = this.hiddenSize;
    const hm = masked(h, mask);
    const [xr, xz, xn] = linear(x, this.weightIh, this.biasIh).chunk(3); // each [B, H]
    const [weightRz, weightN] = this.weightHh.split([2 * H, H], 0);
    const [biasRz, biasN] = this.biasHh?.split([2 * H, H], 0) ?? [null, null];
    const [hr, hz] = linear(hm, weightRz, biasRz).chunk(2);
    const r = gate('r', xr.add(hr).sigmoid());
    const z = gate('z', xz.add(hz).sigmoid());
    const n = gate('n', xn.add(linear(r.mul(hm), weightN, biasN)).tanh());
    const next = n.add(z.mul(h.sub(n)));
    return [next, next];
  }
}
