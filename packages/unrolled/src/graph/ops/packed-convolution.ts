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
    const isSmall = rows * K <= mostPatchFloats && B * H * W * C <= mostPatchFloats; // with a border that a file may make wide
    if (!isLike(x, weight) || channels !== C || x.size === 0 || oh < 1 || ow < 1 || !isSmall) return null;
    const pixels = asPixels(x, [H, W], [before[0], before[1]]);
    // One place whose pixels lie together is a row as it is.
    const together = dilations[0] === 1 && dilations[1] === 1 && (kh === 1 || kw === W);
    const patches = rows === 1 && together ? pixels : patchesOf(pixels, [oh, ow, kh, kw], strides, dilations);
    const y = Tensor.empty([B, oh, ow, O], x.dtype, x.backend);
    multiply(y.storage, patches.storage, rows, { bias });
    return oh * ow === 1 ? y.reshape(B, O, 1, 1) : y.permute(0, 3, 1, 2);
  };
}

/** [B, C, h, w] → [B, H, W, C], with zeros around the image. */
function asPixels(x: Tensor, [H, W]: Pair, corner: Pair): Tensor {
  const [B, C, h, w] = x.shape;
  if (H * W === 1) return x.reshape(B, 1, 1, C);
  const shape = [B, H, W, C];
  const pixels = H * W > h * w ? zerosLike(x, shape) : Tensor.empty(shape, x.dtype, x.backend);
  const at = stridesOf(shape);
  const [xB, xC, xh, xw] = stridesOf(x.shape);
  stridedCopy(pixels, corner[0] * at[1] + corner[1] * at[2], at, x, 0, [xB, xh, xw, xC], [B, h, w, C], false);
  return pixels;
}

/** The pixels [B, H, W, C] under each place: [B, oh, ow, kh, kw, C]. */
function patchesOf(
  pixels: Tensor,
  sizes: readonly [number, number, number, number],
  strides: Pair,
  dilations: Pair,
): Tensor {
  const [B, , , C] = pixels.shape;
  const at = stridesOf(pixels.shape);
  const patches = Tensor.empty([B, ...sizes, C], pixels.dtype, pixels.backend);
  const walk = [at[0], strides[0] * at[1], strides[1] * at[2], dilations[0] * at[1], dilations[1] * at[2], 1];
  stridedCopy(patches, 0, stridesOf(patches.shape), pixels, 0, walk, patches.shape, false);
  return patches;
}
