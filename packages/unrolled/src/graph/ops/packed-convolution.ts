// A convolution with weights that no longer change and few places, as a product: the pixels under each place of the window become a row, which meets packed
// weights. Where places are few, packing the weights at every call, as the kernel of convolutions does, takes longer than the sums.

import type { Pair } from '../../backend/backend.ts';
import { type PackedProduct, packedProduct } from '../../tensor/ops/packed-product.ts';
import { collapse, sizeOf, stridesOf, type TensorShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** A window on two axes of space; pads are those before and behind each axis. */
export interface PlaneWindow {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly before: Pair;
  readonly behind: Pair;
}

/** A convolution of images of one shape: x [B, C, h, w] → [B, O, oh, ow]. */
export type PackedConvolution = (x: Tensor) => Tensor;

/** For images of a shape; null where the kernel of convolutions is the better one, or refuses them. */
export type PackedConvolutionFor = (shape: TensorShape, window: PlaneWindow) => PackedConvolution | null;

const mostPatchFloats = 2 ** 18; // 1 MB of pixels under windows; more places are worth packing for

/** weight [O, C, kh, kw], bias [O]. */
export function packedConvolution(weight: Tensor, bias: Tensor | null): PackedConvolutionFor {
  const [O, C, kh, kw] = weight.shape;
  // The kernel adds tap by tap, and the channels of a tap in their order: so do these rows.
  const taps = weight.detach().permute(0, 2, 3, 1).keep();
  const packed = new Map<string, PackedProduct>();
  const productOf = (rows: Range, columns: Range): PackedProduct => {
    const key = [rows, columns].join();
    const used = taps.slice(1, ...rows).slice(2, ...columns);
    const product = packed.get(key) ?? packedProduct(used.reshape(O, used.size / O), false, true);
    packed.set(key, product);
    return product;
  };
  return ([B, channels, h, w], { strides, dilations, before, behind }) => {
    const places = [h, w].map((size, axis) => {
      const reach = dilations[axis] * ([kh, kw][axis] - 1) + 1;
      return Math.floor((size + before[axis] + behind[axis] - reach) / strides[axis]) + 1;
    });
    const [oh, ow] = places;
    if (channels !== C || B * C * h * w === 0 || oh < 1 || ow < 1) return null;
    const live = [h, w].map((size, axis): Range => {
      if (dilations[axis] > 1) return [0, [kh, kw][axis]];
      return liveTaps([kh, kw][axis], size, strides[axis], before[axis], places[axis]);
    });
    const window = live.map(([first, end]) => end - first);
    const corner = live.map(([first], axis) => before[axis] - first);
    const [H, W] = [h, w].map((size, axis) =>
      Math.max(corner[axis] + size, (places[axis] - 1) * strides[axis] + dilations[axis] * (window[axis] - 1) + 1),
    );
    const rows = B * oh * ow;
    const floats = Math.max(rows * window[0] * window[1] * C, B * H * W * C); // a file may make the border wide
    if (floats > mostPatchFloats) return null;
    // [B, C, h, w] → pixels [B, H, W, C], with zeros around the image
    const at = stridesOf([B, H, W, C]);
    const [xB, xC, xh, xw] = stridesOf([B, C, h, w]);
    const start = corner[0] * at[1] + corner[1] * at[2];
    const toPixels = H * W === 1 ? null : copyOf([B, H, W, C], [B, h, w, C], at, start, [xB, xh, xw, xC]);
    // → the pixels under each place, [B, oh, ow, kh, kw, C]. One place whose pixels lie together is a row as it is.
    const together = dilations[0] === 1 && dilations[1] === 1 && (window[0] === 1 || window[1] === W);
    const sizes = [B, oh, ow, window[0], window[1], C];
    const walk = [at[0], strides[0] * at[1], strides[1] * at[2], dilations[0] * at[1], dilations[1] * at[2], 1];
    const toPatches = rows === 1 && together ? null : copyOf(sizes, sizes, stridesOf(sizes), 0, walk);
    const multiply = productOf(live[0], live[1]);
    return (x) => {
      const pixels = toPixels ? toPixels(x) : x;
      const patches = toPatches ? toPatches(pixels) : pixels;
      const y = Tensor.empty(oh * ow === 1 ? [B, O, 1, 1] : [B, oh, ow, O], x.dtype, x.backend);
      multiply(y.storage, patches.storage, rows, { bias });
      return oh * ow === 1 ? y : y.permute(0, 3, 1, 2);
    };
  };
}

/** A copy into a new tensor of shape `to`: `shape` positions from `start` on, by steps in both. Where they are fewer than there are, the others are 0. */
function copyOf(
  to: TensorShape,
  shape: TensorShape,
  toStrides: readonly number[],
  start: number,
  fromStrides: readonly number[],
): (x: Tensor) => Tensor {
  const isPart = sizeOf(shape) < sizeOf(to);
  const walk = collapse(shape, toStrides, fromStrides);
  return (x) => {
    const out = Tensor.empty(to, x.dtype, x.backend);
    if (isPart) x.backend.fill(out.storage, 0);
    x.backend.stridedCopy(out.storage, start, walk.strides[0], x.storage, 0, walk.strides[1], walk.shape, false);
    return out;
  };
}

/** From a first one to before the end. */
type Range = readonly [first: number, end: number];

/** The taps of a window that lie on the image at some place: those at its ends may be on the border at all of them, where they add nothing. */
function liveTaps(taps: number, size: number, stride: number, before: number, places: number): Range {
  const isLive = (tap: number) => {
    const place = Math.max(0, Math.ceil((before - tap) / stride)); // the first that is not before the image
    return place < places && place * stride + tap - before < size;
  };
  const all = Array.from({ length: taps }, (_, tap) => tap).filter(isLive);
  return all.length > 0 ? [all[0], (all.at(-1) as number) + 1] : [0, 1];
}
