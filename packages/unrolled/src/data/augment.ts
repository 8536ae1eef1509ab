// Image augmentation: random changes in training, so that no image is read the same way twice, and normalization. Symmetries that change what
// is said of an image (left and right) are in ./symmetries.ts.
//
// Augmentation is + − × ÷ on bytes with numbers from a seeded generator: the same seed gives the same bytes in every engine. Each image consumes the
// same amount of random numbers whatever is switched on, so that one kind of change does not affect the others.

import { requireKinds, requireWhole, shown } from '../checks.ts';
import { checkOptions, OptionError, ShapeError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { ImageSet } from './images.ts';

/** Options of `augment`: random crops, flips and colors for training images. */
export interface AugmentOptions {
  /** Random crop: a window of the image, up to this fraction smaller in height and width, resized to the whole. Default 0: none. */
  readonly crop?: number;
  /** Probability of a horizontal flip. Default 0: "left of" would be wrong then, and letters cannot be read. */
  readonly flip?: number;
  /** Probability of a vertical flip, for images that have no up: from above, through a microscope. Default 0. */
  readonly flipVertical?: number;
  /** Rotate by 0, 90, 180 or 270 degrees, each equally likely; the images have to be square. Default false. */
  readonly rotate90?: boolean;
  /** Shift by up to so many pixels in each direction; the pixels at the edge are repeated. Default 0. */
  readonly shift?: number;
  /** Random factors from 1 − b to 1 + b: for all bytes, for their distance from the mean gray, for their distance from their own gray. Default 0. */
  readonly brightness?: number;
  readonly contrast?: number;
  readonly saturation?: number;
}

const optionKinds = {
  crop: 'number?',
  flip: 'number?',
  flipVertical: 'number?',
  rotate90: 'flag?',
  shift: 'number?',
  brightness: 'number?',
  contrast: 'number?',
  saturation: 'number?',
} as const;
const fractions = ['crop', 'flip', 'flipVertical', 'brightness', 'contrast', 'saturation'] as const;
const none: Required<AugmentOptions> = {
  crop: 0,
  flip: 0,
  flipVertical: 0,
  rotate90: false,
  shift: 0,
  brightness: 0,
  contrast: 0,
  saturation: 0,
};

/** Throws an OptionError for an unknown option and for a number out of its range. */
export function checkAugment(options: AugmentOptions): Required<AugmentOptions> {
  requireKinds('checkAugment', { options }, { options: optionKinds });
  checkOptions('augment', options, Object.keys(none));
  const all = { ...none, ...options };
  for (const name of fractions) {
    const most = name === 'crop' ? 0.9 : 1;
    if (!(typeof all[name] === 'number' && all[name] >= 0 && all[name] <= most))
      throw new OptionError('augment', name, `expected a number from 0 to ${most}, got ${shown(all[name])}`);
  }
  requireWhole('augment', 'shift', all.shift, 0);
  requireKinds('augment', { rotate90: all.rotate90 }, { rotate90: 'flag' });
  return all;
}

/** Where the pixels of one image, or of all frames of one clip, are taken from. */
interface Move {
  readonly flipped: boolean;
  /** Quarter turns, from 0 to 3. */
  readonly turns: number;
  /** Pixels. */
  readonly down: number;
  readonly right: number;
}

/** Changes of one image, or of all frames of one clip. */
interface Draw extends Move {
  /** The crop window, as fractions of height and width. */
  readonly part: number;
  readonly top: number;
  readonly left: number;
  readonly mirrored: boolean;
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
}

/**
 * Augments images [B, h, w, 3] or clips [B, T, h, w, 3] at random; all frames of a clip in the same way. The input bytes stay unchanged.
 *
 *     const random = new Random(seed).fork(`augment ${epoch}.${batch}`);   // the same when a run goes on
 *     const changed = augment(bytes, [32, 64, 64, 3], { crop: 0.2, flip: 0.5, brightness: 0.2 }, random);
 */
export function augment(
  bytes: Uint8Array,
  shape: readonly number[],
  options: AugmentOptions,
  random: Random,
): Uint8Array {
  requireKinds(
    'augment',
    { bytes, shape, options, random },
    {
      bytes: 'bytes',
      shape: 'numbers',
      options: optionKinds,
      random: { uniform: 'function', fork: 'function' },
    },
  );
  const wanted = checkAugment(options);
  const { rows, frames, height, width } = readShape('augment', bytes, shape);
  if (wanted.rotate90 && height !== width)
    throw new OptionError('augment', 'rotate90', `expected square images, got ${height} × ${width}`);
  const out = new Uint8Array(bytes.length);
  const moved = new Uint8Array(moves(wanted) ? height * width * 3 : 0);
  const size = height * width * 3;
  const places = random.fork('moves'); // of its own: the other changes are as before there were moves
  for (let b = 0; b < rows; b++) {
    const draw = { ...drawFrom(wanted, random), ...moveFrom(wanted, places) };
    for (let t = 0; t < frames; t++) {
      const at = (b * frames + t) * size;
      const [source, target] = [bytes.subarray(at, at + size), out.subarray(at, at + size)];
      if (moved.length > 0) move(moved, source, height, width, draw);
      cut(target, moved.length > 0 ? moved : source, height, width, draw);
      recolor(target, draw);
    }
  }
  return out;
}

function moves({ flipVertical, rotate90, shift }: Required<AugmentOptions>): boolean {
  return flipVertical > 0 || rotate90 || shift > 0;
}

function moveFrom({ flipVertical, rotate90, shift }: Required<AugmentOptions>, random: Random): Move {
  const flipped = random.uniform() < flipVertical;
  const turns = random.integer(4);
  const [down, right] = [random.uniform(), random.uniform()].map((u) => Math.floor(u * (2 * shift + 1)) - shift);
  return { flipped, turns: rotate90 ? turns : 0, down, right };
}

/** Shifts, then flips up and down, then rotates by quarter turns counterclockwise: target [h, w, 3] from source. */
function move(
  target: Uint8Array,
  source: Uint8Array,
  height: number,
  width: number,
  { flipped, turns, down, right }: Move,
): void {
  const within = (n: number, size: number) => Math.min(size - 1, Math.max(0, n));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Only square images are rotated, so height is width where turns > 0.
      const [v, u] = [
        [y, x],
        [x, width - 1 - y],
        [height - 1 - y, width - 1 - x],
        [height - 1 - x, y],
      ][turns];
      const row = within((flipped ? height - 1 - v : v) - down, height);
      const from = 3 * (row * width + within(u - right, width));
      const to = 3 * (y * width + x);
      for (let c = 0; c < 3; c++) target[to + c] = source[from + c];
    }
  }
}

function drawFrom(
  { crop, flip, brightness, contrast, saturation }: Required<AugmentOptions>,
  random: Random,
): Omit<Draw, keyof Move> {
  const part = 1 - crop * random.uniform();
  const [top, left] = [(1 - part) * random.uniform(), (1 - part) * random.uniform()];
  const mirrored = random.uniform() < flip;
  const factor = (by: number) => 1 + by * (2 * random.uniform() - 1);
  return {
    part,
    top,
    left,
    mirrored,
    brightness: factor(brightness),
    contrast: factor(contrast),
    saturation: factor(saturation),
  };
}

/** Resizes the window to the whole image by bilinear interpolation. */
function cut(target: Uint8Array, source: Uint8Array, height: number, width: number, draw: Draw): void {
  const { part, top, left, mirrored } = draw;
  if (part === 1 && !mirrored) {
    target.set(source);
    return;
  }
  const columns = neighbors(width, left, part);
  const rows = neighbors(height, top, part);
  for (let y = 0; y < height; y++) {
    const { low: y0, high: y1, weight: wy } = rows[y];
    for (let x = 0; x < width; x++) {
      const { low: x0, high: x1, weight: wx } = columns[mirrored ? width - 1 - x : x];
      const [a, b] = [(y0 * width + x0) * 3, (y0 * width + x1) * 3];
      const [c, d] = [(y1 * width + x0) * 3, (y1 * width + x1) * 3];
      for (let k = 0; k < 3; k++) {
        const upper = source[a + k] + wx * (source[b + k] - source[a + k]);
        const lower = source[c + k] + wx * (source[d + k] - source[c + k]);
        target[(y * width + x) * 3 + k] = Math.round(upper + wy * (lower - upper));
      }
    }
  }
}

/** For each of `size` output positions, the two input positions it lies between. */
function neighbors(size: number, start: number, part: number) {
  return Array.from({ length: size }, (_, i) => {
    const at = Math.min(size - 1, Math.max(0, start * size + (i + 0.5) * part - 0.5));
    const low = Math.floor(at);
    return { low, high: Math.min(low + 1, size - 1), weight: at - low };
  });
}

/** Scales brightness, then contrast about the image's mean gray, then saturation about each pixel's. */
function recolor(data: Uint8Array, { brightness, contrast, saturation }: Draw): void {
  if (brightness === 1 && contrast === 1 && saturation === 1) return;
  let sum = 0;
  for (let i = 0; i < data.length; i += 3) sum += Math.min(255, brightness * grayOf(data[i], data[i + 1], data[i + 2]));
  const mean = sum / (data.length / 3);
  const pixel = [0, 0, 0];
  for (let i = 0; i < data.length; i += 3) {
    for (let c = 0; c < 3; c++) pixel[c] = clamp(mean + contrast * (clamp(brightness * data[i + c]) - mean));
    const gray = grayOf(pixel[0], pixel[1], pixel[2]);
    for (let c = 0; c < 3; c++) data[i + c] = Math.round(clamp(gray + saturation * (pixel[c] - gray)));
  }
}

const clamp = (value: number) => Math.min(255, Math.max(0, value));

/** Luma of a color (ITU-R BT.601). */
const grayOf = (red: number, green: number, blue: number) => 0.299 * red + 0.587 * green + 0.114 * blue;

/** Mean and standard deviation of red, green and blue, for bytes scaled to 0 … 1. */
export interface ColorMoments {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** Moments of ImageNet's training images, which networks trained on it expect. */
export const imageNetColorMoments: ColorMoments = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** Maps 0 … 255 to −1 … 1. */
export const defaultColorMoments: ColorMoments = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/** Normalizes bytes [B, h, w, 3] to floats [B, 3, h, w], (v / 255 − mean) / deviation; clips [B, T, h, w, 3] to [B·T, 3, h, w]. */
export function normalizeImages(
  bytes: Uint8Array,
  shape: readonly number[],
  given: ColorMoments = defaultColorMoments,
): Float32Array {
  requireKinds(
    'normalizeImages',
    { bytes, shape, given },
    { bytes: 'bytes', shape: 'numbers', given: { mean: 'list', deviation: 'list' } },
  );
  const { mean, deviation } = given;
  const { rows, frames, height, width } = readShape('normalizeImages', bytes, shape);
  const plane = height * width;
  const floats = new Float32Array(bytes.length);
  const tables = [0, 1, 2].map((c) => Float32Array.from({ length: 256 }, (_, v) => (v / 255 - mean[c]) / deviation[c]));
  for (let n = 0; n < rows * frames; n++) {
    const at = n * 3 * plane;
    for (let c = 0; c < 3; c++) {
      const table = tables[c];
      const to = at + c * plane;
      for (let i = 0; i < plane; i++) floats[to + i] = table[bytes[at + 3 * i + c]];
    }
  }
  return floats;
}

/** Computes the color moments of a set from at most `sample` images spread over it. */
export async function colorMoments(set: ImageSet, sample = 500): Promise<ColorMoments> {
  requireKinds(
    'colorMoments',
    { set, sample },
    { set: { count: 'number', height: 'number', width: 'number', read: 'function' }, sample: 'number' },
  );
  requireWhole('colorMoments', 'sample', sample, 1);
  requireWhole('colorMoments', 'set.count', set.count, 1);
  const count = Math.min(sample, set.count);
  const [sums, squares] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let k = 0; k < count; k++) {
    const image = await set.read([Math.floor((k * set.count) / count)]);
    requireKinds('colorMoments', { image }, { image: 'bytes' });
    for (let i = 0; i < image.length; i++) {
      const value = image[i] / 255;
      sums[i % 3] += value;
      squares[i % 3] += value * value;
    }
  }
  const pixels = count * set.height * set.width;
  const each = <T>(of: (c: number) => T): readonly [T, T, T] => [of(0), of(1), of(2)];
  return {
    mean: each((c) => sums[c] / pixels),
    // A channel that never changes is left unscaled: 1/255 is less than one step of its bytes apart.
    deviation: each((c) => Math.max(1 / 255, Math.sqrt(Math.max(0, squares[c] / pixels - (sums[c] / pixels) ** 2)))),
  };
}

function readShape(who: string, bytes: Uint8Array, shape: readonly number[]) {
  const [rows, frames, height, width, channels] = shape.length === 4 ? [shape[0], 1, ...shape.slice(1)] : shape;
  if ((shape.length !== 4 && shape.length !== 5) || channels !== 3)
    throw new ShapeError(who, 'images', '[B, h, w, 3] or [B, T, h, w, 3]', shape);
  if (rows * frames * height * width * 3 !== bytes.length)
    throw new ShapeError(
      who,
      `the bytes of images ${shape.join(' × ')}`,
      [rows * frames * height * width * 3],
      [bytes.length],
    );
  return { rows, frames, height, width };
}
