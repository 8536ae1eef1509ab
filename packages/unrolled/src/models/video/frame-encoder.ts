// What stands in front of a sequence model to make it one for video: frames in, a vector for each frame out.
//
//   pixels [T, B, h·w·C] ─ ConvNet, each frame alone ─┐
//   features [T, B, D] ───────────────────────────────┴→ (recurrent layer of another width) → [T, B, F]
//
// Only valid frames are encoded: a clip's padding costs no convolution, and batch norm does not see it.

import { shown } from '../../checks.ts';
import { requireTensor } from '../../tensor/ops/operands.ts';
import { checkOptions, OptionError, ShapeError, TensorError } from '../../errors.ts';
import { Module } from '../../nn/module.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { indices, zeros } from '../../tensor/create.ts';
import { embedding } from '../../tensor/ops/embedding.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type CellName, makeLayer } from '../cells.ts';
import {
  encoderConfig,
  type ImageEncoder,
  type ImageEncoderConfig,
  imageEncoderOf,
  isPretrained,
} from '../image-encoder.ts';
import { requireCount } from '../sequence-model.ts';
import { hostValues } from '../../tensor/host-values.ts';

/** Options of the frame encoder of a video model. */
export interface FrameEncoderOptions {
  /**
   * Reads frames of its `inputSize`, pixel by pixel and a pixel's channels side by side: options of a `ConvNet`, which is trained with the rest, or a
   * pretrained network (`GraphEncoder` of `unrolled/graph`).
   */
  readonly convNet?: ImageEncoderConfig | ImageEncoder | null;
  /** Numbers of a frame that something else made. This or `convNet`. */
  readonly featureSize?: number | null;
  /** Output of the ConvNet: the mean over all positions, or every position of its map, which keeps spatial information. Default 'map'. */
  readonly summary?: 'pooled' | 'map';
  /** Whether to add each pixel's difference from the previous frame, as additional channels: motion is visible at once. ConvNet only. Default false. */
  readonly change?: boolean;
  /** Factor on pixels. Default 1/255, for bytes. Features are not scaled. */
  readonly scale?: number;
  /** Units of a recurrent layer over the frames, beneath the sequence model, whose layers all have one width. Default 0: none. */
  readonly lowerSize?: number;
}

/** Options of the frame encoder of a video model, defaults filled in. */
export interface FrameEncoderConfig extends Required<Omit<FrameEncoderOptions, 'convNet'>> {
  readonly convNet: ImageEncoderConfig | null;
  /** The cell of the layer of `lowerSize`. */
  readonly cell: CellName;
}

/** State of `step` from frame to frame: the previous frame, where differences are used, and the state of the layer of `lowerSize`. */
export interface FrameState {
  readonly before?: Tensor;
  readonly lower?: unknown;
}

export const frameEncoderOptions = ['convNet', 'featureSize', 'summary', 'scale', 'change', 'lowerSize'] as const;

export class FrameEncoder extends Module {
  readonly config: FrameEncoderConfig;
  readonly convNet: ImageEncoder | null;
  readonly recurrent: Recurrent<unknown> | null;
  /** Whether `forward` is given what the ConvNet made of frames before, [T, B, F], in place of the frames: for training on features that were kept. */
  readsFeatures = false;

  constructor(options: FrameEncoderOptions & { readonly cell?: CellName }, who = 'FrameEncoder') {
    super();
    checkOptions(who, options, [...frameEncoderOptions, 'cell']);
    const {
      convNet = null,
      featureSize = null,
      summary = 'map',
      scale = 1 / 255,
      change = false,
      lowerSize = 0,
      cell = 'lstm',
    } = options;
    if ((convNet === null) === (featureSize === null)) {
      const got = convNet === null ? 'none' : 'both';
      throw new OptionError(
        who,
        'convNet, featureSize',
        `expected one of them, for pixels or for features, got ${got}`,
      );
    }
    if (featureSize !== null) requireCount(who, 'featureSize', featureSize);
    if (lowerSize !== 0) requireCount(who, 'lowerSize', lowerSize);
    if (summary !== 'map' && summary !== 'pooled')
      throw new OptionError(who, 'summary', `expected map or pooled, got ${shown(summary)}`);
    const described = convNet && encoderConfig(convNet);
    this.config = { convNet: described, featureSize, summary, scale, change, lowerSize, cell };
    if (isPretrained(described) && change)
      throw new OptionError(who, 'change', 'a pretrained network reads frames alone, without what changed in them');
    this.convNet = convNet ? imageEncoderOf(who, 'convNet', withChange(convNet, change)) : null;
    this.recurrent = lowerSize > 0 ? makeLayer(who, cell, this.frameVector, lowerSize, {}) : null;
  }

  /** Numbers in a frame of the input. */
  get inputSize(): number {
    if (!this.convNet || this.readsFeatures) return this.frameVector;
    const [h, w] = this.convNet.config.inputSize;
    return this.#channels * h * w;
  }

  /** Of the frames as they are given. */
  get #channels(): number {
    return this.config.convNet?.inChannels ?? 3;
  }

  /** Numbers in a frame of the output: F. */
  get outputSize(): number {
    return this.recurrent?.outputSize ?? this.frameVector;
  }

  /** Numbers in what the ConvNet makes of a frame, or of its features. */
  get frameVector(): number {
    if (!this.convNet) return this.config.featureSize as number;
    const [h, w] = this.config.summary === 'map' ? this.convNet.mapSize : [1, 1];
    return this.convNet.outChannels * h * w;
  }

  /** Frames float [T, B, inputSize] → [T, B, F]; past the lengths int32 [B] it says nothing. */
  forward(frames: Tensor, lengths: Tensor | null = null): Tensor {
    this.#checkFrames(frames);
    const x = this.convNet && !this.readsFeatures ? this.#look(frames, lengths) : frames;
    return this.recurrent ? this.recurrent.forward(x, null, { lengths })[0] : x;
  }

  /** Some frames [T, B, inputSize] of a clip that comes in pieces, and the state after the frames before them: [T, B, F] and the state after these. */
  step(frames: Tensor, state: FrameState | null = null): [vectors: Tensor, state: FrameState] {
    this.#checkFrames(frames);
    const x = this.convNet ? this.#look(frames, null, state?.before) : frames;
    const [vectors, lower] = this.recurrent ? this.recurrent.forward(x, state?.lower ?? null) : [x, null];
    const before = this.config.change ? { before: frames.slice(0, frames.shape[0] - 1) } : {};
    return [vectors, { ...before, ...(this.recurrent ? { lower } : {}) }];
  }

  /** A state of the form that `step` returns, all zeros. */
  initialState(batchSize: number): FrameState {
    const before = this.config.change ? { before: zeros([1, batchSize, this.inputSize]) } : {};
    return { ...before, ...(this.recurrent ? { lower: this.recurrent.initialState(batchSize) } : {}) };
  }

  #checkFrames(frames: Tensor): void {
    requireTensor('FrameEncoder', frames);
    const who = 'FrameEncoder';
    if (frames.dtype === 'int32') throw new TensorError(who, 'expected numbers [T, B, frame], got int32; cast them');
    if (frames.rank !== 3 || frames.shape[2] !== this.inputSize)
      throw new ShapeError(who, 'frames', ['time', 'batch', this.inputSize], frames.shape);
  }

  /** `previous` [1, B, inputSize] is the frame before the first. */
  #look(frames: Tensor, lengths: Tensor | null, previous: Tensor = frames.slice(0, 0, 1)): Tensor {
    const [T, B, size] = frames.shape;
    const rows = frames.reshape(T * B, size);
    // The first frame of a clip has none before it, and has not changed.
    const before = this.config.change ? cat([previous, frames.slice(0, 0, T - 1)]).reshape(T * B, size) : null;
    const n = lengths && hostValues(lengths);
    const real = n ? Array.from({ length: T * B }, (_, k) => k).filter((k) => Math.floor(k / B) < n[k % B]) : null;
    if (!real || real.length === T * B) return this.#summary(rows, before).reshape(T, B, -1);
    const places = indices(real, [real.length], { backend: frames.backend });
    const seen = this.#summary(embedding(places, rows), before && embedding(places, before)); // [M, F]
    // Back to their places; a frame that does not count gets the row of zeros behind the others.
    const back = new Int32Array(T * B).fill(real.length);
    for (const [m, k] of real.entries()) back[k] = m;
    const nothing = zeros([1, seen.shape[1]], { dtype: seen.dtype, backend: seen.backend });
    return embedding(indices(back, [T, B], { backend: frames.backend }), cat([seen, nothing]));
  }

  /** Frames [M, h·w·C], and those before them where their change is looked at → their vectors [M, F] */
  #summary(frames: Tensor, before: Tensor | null): Tensor {
    const net = this.convNet as ImageEncoder;
    const pixels = this.#planes(frames);
    const x = before ? cat([pixels, pixels.sub(this.#planes(before))], 1) : pixels;
    const { map, pooled } = net.forward(x);
    return this.config.summary === 'map' ? map.flatten(1) : pooled;
  }

  /** [M, h·w·C] → [M, C, h, w] */
  #planes(frames: Tensor): Tensor {
    const [h, w] = (this.convNet as ImageEncoder).config.inputSize;
    return frames.reshape(-1, h, w, this.#channels).permute(0, 3, 1, 2).mul(this.config.scale);
  }

  protected override describe(): string {
    return `${this.inputSize} → ${this.outputSize}`;
  }
}

/** The options of a ConvNet that reads each pixel's difference from the frame before, too. */
function withChange(convNet: ImageEncoderConfig | ImageEncoder, change: boolean): ImageEncoderConfig | ImageEncoder {
  if (!change) return convNet;
  const options = encoderConfig(convNet);
  return { ...options, inChannels: 2 * (options.inChannels ?? 3) };
}
