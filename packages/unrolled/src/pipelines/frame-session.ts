// Labels of frames as they come: a camera, a stream. A model of one direction needs no more than its state and, where it looks at what changed, the
// frame before.

import { checkOptions, OptionError } from '../errors.ts';
import { compute } from '../inference/compute.ts';
import type { VideoState, VideoTagger } from '../models/video/video-tagger.ts';
import { CarriedState } from '../nn/recurrent/state.ts';
import { tensor } from '../tensor/create.ts';
import { carriedFrom, carriedTensors } from './carried.ts';
import type { ImageContract, VideoClassificationInput } from './contract/input.ts';
import { timesTaken } from '../data/frames.ts';
import { checkRate } from './frames.ts';
import { defaultDecoder } from './images/decoders.ts';
import { type ImageDecoder, type ImageInput, pixelsOf } from './images/image.ts';
import type { RunInfo } from './run.ts';
import { RunError } from './run-error.ts';
import { checkTopK, type LabelScore, ranked } from './scores.ts';
import { readState, writeState } from './state.ts';

/** What a model that labels clips or frames is made of besides its model. */
export interface VideoClassificationParts {
  readonly labels: readonly string[];
  readonly input: VideoClassificationInput;
  readonly decodeImage?: ImageDecoder | null;
}

/** The predicted label of one frame. */
export interface FrameLabel extends LabelScore {
  /** The number of the frame in the clip that was given. */
  readonly frame: number;
  readonly scores: readonly LabelScore[];
}

/** Options of a frame session. */
export interface FrameSessionOptions {
  /** Frames a second that will come, for models that see a certain number of them. Default 25. */
  readonly rate?: number;
}

/** A video in progress: frames are labeled as they come, and what was read can be saved and resumed. */
export interface FrameSession {
  /**
   * The next frames, and the labels of those of them that the model sees. A call waits for the one before it.
   * A clip of more than `input.maxFrames` frames is not thinned, as it is by `predict`.
   */
  push(
    frames: ImageInput | readonly ImageInput[],
    options?: { readonly topK?: number },
  ): Promise<readonly FrameLabel[]>;
  /** Frames that were read. */
  readonly position: number;
  /** Everything read so far as bytes: `resume` continues from there, as often as it is asked to. */
  state(): Uint8Array;
  /** Gives its memory back. */
  close(): void;
}

const who = 'video-classification';

/** What makes sessions of a model that labels frames. Throws an OptionError, when it is called, for one that needs whole clips. */
export function frameSessions(
  model: VideoTagger,
  { labels, input, decodeImage }: VideoClassificationParts,
  info: RunInfo,
): {
  readonly streams: boolean;
  begin(options?: FrameSessionOptions): FrameSession;
  resume(state: Uint8Array): FrameSession;
} {
  const streams = !model.config.bidirectional && input.frames === null && input.image !== null;
  const image = input.image as ImageContract; // wherever a session begins
  const decode = decodeImage ?? defaultDecoder;
  const C = labels.length;

  class Session implements FrameSession {
    readonly #carried = new CarriedState<VideoState>();
    #rate: number;
    /** How many frames the model saw. */
    #taken = 0;
    #before: Promise<unknown> = Promise.resolve();
    position = 0;

    constructor(rate: number) {
      this.#rate = rate;
    }

    push(frames: ImageInput | readonly ImageInput[], options: { readonly topK?: number } = {}): Promise<FrameLabel[]> {
      checkOptions(who, options, ['topK']);
      const most = checkTopK(who, options.topK, C);
      const list = Array.isArray(frames) ? (frames as readonly ImageInput[]) : [frames as ImageInput];
      const work = this.#before.then(() => this.#read(list, most));
      this.#before = work.catch(() => {});
      return work;
    }

    async #read(frames: readonly ImageInput[], most: number): Promise<FrameLabel[]> {
      const numbers: number[] = [];
      const seen: Uint8Array[] = [];
      for (const [k, frame] of frames.entries()) {
        const t = this.position + k;
        const times =
          input.rate === null ? 1 : timesTaken(((t + 1) * 1000) / this.#rate, this.#taken + numbers.length, input.rate);
        if (times === 0) continue;
        const pixels = await pixelsOf(frame, image, `frame ${t}`, decode);
        for (let n = 0; n < times; n++) {
          numbers.push(t);
          seen.push(pixels);
        }
      }
      const p = seen.length > 0 ? this.#probabilities(seen) : new Float32Array(0);
      this.position += frames.length;
      this.#taken += numbers.length;
      return numbers.map((frame, t) => {
        const scores = ranked(labels, p, t * C, most);
        return { frame, ...scores[0], scores };
      });
    }

    /** [T · C] */
    #probabilities(frames: readonly Uint8Array[]): Float32Array {
      const size = model.inputSize;
      const values = new Float32Array(frames.length * size);
      for (const [t, frame] of frames.entries()) values.set(frame, t * size);
      return compute(model, () => {
        const [logits, next] = model.step(tensor(values, [frames.length, 1, size]), this.#carried.value);
        this.#carried.replace(next);
        return logits.softmax().dataSync() as Float32Array;
      });
    }

    state(): Uint8Array {
      const at = { position: this.position, taken: this.#taken, rate: this.#rate };
      return writeState(who, info, { tensors: carriedTensors(this.#carried), at });
    }

    resume(bytes: Uint8Array): this {
      const { tensors, at } = readState(who, info, bytes);
      const { position, taken, rate } = at as Record<string, number>;
      if (![position, taken].every((n) => Number.isSafeInteger(n) && n >= 0) || !(rate > 0))
        throw new RunError('corrupt', 'session state', 'does not say where in a clip it stands');
      carriedFrom(this.#carried, tensors, model, () => model.initialState(1));
      [this.position, this.#taken, this.#rate] = [position, taken, rate];
      return this;
    }

    close(): void {
      this.#carried.replace(null);
    }
  }

  const begin = (options: FrameSessionOptions = {}): Session => {
    checkOptions(who, options, ['rate']);
    const { rate = 25 } = options;
    checkRate(rate);
    if (!streams)
      throw new OptionError(
        who,
        'session',
        model.config.bidirectional
          ? 'this model also reads from the end (bidirectional) and needs whole clips'
          : input.image === null
            ? 'this model reads features of another network, and no frames'
            : 'this model sees a certain number of frames of a clip, and needs whole clips',
      );
    return new Session(rate);
  };
  return { streams, begin, resume: (state) => begin().resume(state) };
}
