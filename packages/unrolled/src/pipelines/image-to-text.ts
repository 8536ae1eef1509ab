// Image captioning.

import { Tokenizer } from '../data/tokenizer.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { captionAll } from '../inference/caption.ts';
import { Captioner } from '../models/captioner/captioner.ts';
import { CaptionStepper } from '../models/captioner/stepper.ts';
import { tensor } from '../tensor/create.ts';
import type { ImageContract, ImageToTextInput } from './contract/input.ts';
import { defaultDecoder } from './images/decoders.ts';
import { type ImageInput, pixelsOf, planesOf } from './images/image.ts';
import type { OpenedRun, RunInfo } from './run.ts';
import { type Hypothesis, hypothesisOf, type DecodingOptions, searchOf, searchOptionNames } from './search.ts';
import { streamOptionNames, streamTokens, type TokenPiece, type TokenStreamOptions } from './translation.ts';

/** A caption of an image, with its score and attention maps. */
export interface Caption extends Hypothesis {
  /** Rows and columns of the regions that `attention` is over, from the image's top left; null without attention. */
  readonly map: readonly [rows: number, columns: number] | null;
  readonly hypotheses: readonly Hypothesis[];
}

/** Captions images. */
export interface ImageToTextPipeline {
  readonly task: 'image-to-text';
  readonly info: RunInfo;
  readonly input: ImageToTextInput;
  readonly model: Captioner;
  readonly tokenizer: Tokenizer;
  /** Captions images, in their order: by beam search, or sampled. */
  caption(images: ImageInput | readonly ImageInput[], options?: DecodingOptions): Promise<Caption[]>;
  /** Streams one caption word by word, greedily or sampled. Leaving the loop early frees what it held. */
  stream(image: ImageInput, options?: TokenStreamOptions): AsyncGenerator<TokenPiece, void>;
}

const who = 'image-to-text';
const rowsPerBatch = 32; // images

export async function makeImageToText(run: OpenedRun): Promise<ImageToTextPipeline> {
  const input = run.part.input as ImageToTextInput;
  const model = run.restore((config) => new Captioner(config));
  const tokenizer = Tokenizer.fromJSON(...(await run.json('tokenizer')));
  const decode = run.decodeImage ?? defaultDecoder;
  const suppressTokens = [tokenizer.pad, tokenizer.unknown];
  const contract = (): ImageContract => {
    if (input.image && model.encoder) return input.image;
    throw new OptionError(
      who,
      run.info.name,
      'learned from features of another network and reads no images; ask its model: run.model.caption(features)',
    );
  };
  const maxTokens = 50;
  return {
    task: who,
    info: run.info,
    input,
    model,
    tokenizer,
    async caption(images, options = {}) {
      checkOptions(who, options, searchOptionNames);
      const image = contract();
      const list = Array.isArray(images) ? (images as readonly ImageInput[]) : [images as ImageInput];
      const { beams = 5 } = options;
      const search = searchOf(who, options, { lengthPenalty: beams > 1 ? 0.7 : 0, maxTokens, suppressTokens });
      // A batch is decoded when its turn comes, so that a thousand photographs are not in memory at once.
      const read = async (which: Int32Array) => {
        const pixels = await Promise.all(Array.from(which, (n) => pixelsOf(list[n], image, `image ${n}`, decode)));
        return { values: planesOf(pixels, image), shape: [which.length, 3, image.height, image.width] };
      };
      const found = await captionAll(model, { count: list.length, read }, undefined, search, {
        batchSize: rowsPerBatch,
        signal: options.signal,
      });
      return found.map((all) => {
        const hypotheses = all.map((one) => hypothesisOf(one, tokenizer));
        return { ...hypotheses[0], map: hypotheses[0].attention && (model.encoder?.mapSize ?? null), hypotheses };
      });
    },
    async *stream(one, options = {}) {
      checkOptions(who, options, streamOptionNames);
      const image = contract();
      const pixels = await pixelsOf(one, image, 'image', decode);
      const values = planesOf([pixels], image);
      const make = () => new CaptionStepper(model, tensor(values, [1, 3, image.height, image.width]));
      const { start, end } = model.config;
      yield* streamTokens(who, model, make, tokenizer, { maxTokens, suppressTokens, start, end }, options);
    },
  };
}
