// A convolution with weights that no longer change and few places, as a product: the pixels under each place of the window become a row, which meets packed
// weights. Where places are few, packing the weights at every call, as the kernel of convolutions does, takes longer than the sums.

import type { Pair } from '../../backend/backend.ts';
import { packedProduct } from '../../tensor/ops/packed-product.ts';
import { stridedCopy, zerosLike } from '../../tensor/ops/shaping.ts';
import { stridesOf } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { isLike } from './packed.ts';

/** A window on two axes of space; pads are those before and behind each axis. */
export interface PlaneWindow {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly before: Pair;
  readonly behind: Pair;
}

/** x [B, C, h, w] → [B, O, oh, ow]; null where the kernel of convolutions is the better one, or refuses x. */
export type PackedConvolution = (x: Tensor, window: PlaneWindow) => Tensor | null;

const mostPatchFloats = 2 ** 18; // 1 MB of pixels under windows; more places are worth packing for

/** weight [O, C, kh, kw], bias [O]. */
export function packedConvolution(weight: Tensor, bias: Tensor | null): PackedConvolution {
  const [O, C, kh, kw] = weight.shape;
  const K = kh * kw * C;
  // The kernel adds tap by tap, and the channels of a tap in their order: so do these rows.
  const multiply = packedProduct(weight.detach().permute(0, 2, 3, 1).reshape(O, K), false, true);
  return (x, { strides, dilations, before, behind }) => {
    const [B, channels, h, w] = x.shape;
    const [H, W] = [h + before[0] + behind[0], w + before[1] + behind[1]];
    const oh = Math.floor((H - dilations[0] * (kh - 1) - 1) / strides[0]) + 1;
    const ow = Math.floor((W - dilations[1] * (kw - 1) - 1) / strides[1]) + 1;
    const rows = B * oh * ow;
    if (!isLike(x, weight) || channels !== C || oh < 1 || ow < 1 || rows * K > mostPatchFloats) return null;
    // [B, C, h, w] → pixels [B, H, W, C], with zeros around the image
    const isPadded = H * W > h * w;
    const pixels = isPadded ? zerosLike(x, [B, H, W, C]) : Tensor.empty([B, H, W, C], x.dtype, x.backend);
    const at = stridesOf(pixels.shape);
    const [xB, xC, xh, xw] = stridesOf(x.shape);
    const corner = before[0] * at[1] + before[1] * at[2];
    stridedCopy(pixels, corner, at, x, 0, [xB, xh, xw, xC], [B, h, w, C], false);
    // → patches [B, oh, ow, kh, kw, C]
    const patches = Tensor.empty([B, oh, ow, kh, kw, C], x.dtype, x.backend);
    const walk = [at[0], strides[0] * at[1], strides[1] * at[2], dilations[0] * at[1], dilations[1] * at[2], 1];
    stridedCopy(patches, 0, stridesOf(patches.shape), pixels, 0, walk, patches.shape, false);
    const y = Tensor.empty([B, oh, ow, O], x.dtype, x.backend);
    multiply(y.storage, patches.storage, rows, { bias });
    return oh * ow === 1 ? y.reshape(B, O, 1, 1) : y.permute(0, 3, 1, 2);
  };
}
