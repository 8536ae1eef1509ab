// Image captioning.

import { requireKinds } from '../checks.ts';
import { Tokenizer } from '../data/tokenizer.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { captionAll, type ImageFeatureSet } from '../inference/caption.ts';
import { Captioner } from '../models/captioner/captioner.ts';
import { CaptionStepper } from '../models/captioner/stepper.ts';
import { tensor } from '../tensor/create.ts';
import type { ImageContract, ImageToTextInput } from './contract/input.ts';
import { encoderOf } from './image-encoder.ts';
import { defaultDecoder } from './images/decoders.ts';
import { type ImageDecoder, type ImageInput, pixelsOf, planesOf } from './images/image.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import { requireModel } from './require-model.ts';
import { type Hypothesis, hypothesisOf, type DecodingOptions, searchOf, searchOptionNames } from './search.ts';
import {
  type BatchedTokenPiece,
  onlyOne,
  optionsOfEach,
  streamRows,
  type TokenPiece,
  type TokenStreamOptions,
} from './token-stream.ts';

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
  /** Captions of images, in their order: by beam search, or sampled. A set gives images or features as the model reads them, a batch at a time. */
  caption(images: ImageInput | readonly ImageInput[] | ImageFeatureSet, options?: DecodingOptions): Promise<Caption[]>;
  /** One caption word by word, greedily or sampled. Left early, it frees what it held. */
  stream(image: ImageInput, options?: TokenStreamOptions): AsyncGenerator<TokenPiece, void>;
  /** Several in one batch: the pieces of every step, each with the index of its image. Each caption is the one that `stream` gives alone. */
  streamAll(
    images: readonly ImageInput[],
    options?: TokenStreamOptions | readonly TokenStreamOptions[],
  ): AsyncGenerator<readonly BatchedTokenPiece[], void>;
}

const who = 'image-to-text';
const rowsPerBatch = 32; // images

export async function makeImageToText(run: OpenedRun): Promise<ImageToTextPipeline> {
  const input = run.part.input as ImageToTextInput;
  const withEncoder = await encoderOf(run, 'encoder');
  const model = run.restore((config) => new Captioner(withEncoder(config)));
  const tokenizer = Tokenizer.fromJSON(...(await run.json('tokenizer')));
  return imageToTextOf(model, { tokenizer, input, decodeImage: run.decodeImage }, run.info);
}

/** What a captioner is made of besides its model. */
export interface ImageToTextParts extends Pick<ImageToTextPipeline, 'tokenizer' | 'input'> {
  readonly decodeImage?: ImageDecoder | null;
}

/** The pipeline of a model in memory, as it is at every moment: also while it is trained. */
export function imageToTextOf(model: Captioner, parts: ImageToTextParts, info: RunInfo = unsaved): ImageToTextPipeline {
  requireModel('imageToTextOf', model, [Captioner], parts, { tokenizer: 'object', input: 'object' });
  const { tokenizer, input, decodeImage } = parts;
  const decode = decodeImage ?? defaultDecoder;
  const suppressTokens = [tokenizer.pad, tokenizer.unknown];
  const contract = (): ImageContract => {
    if (input.image && model.encoder) return input.image;
    throw new OptionError(
      who,
      info.name,
      'learned from features of another network and reads no images; give it a set of features { count, read }',
    );
  };
  const maxTokens = 50;
  return {
    task: who,
    info,
    input,
    model,
    tokenizer,
    async caption(images, options = {}) {
      checkOptions(who, options, searchOptionNames);
      const { beams = 5 } = options;
      const search = searchOf(who, options, { lengthPenalty: beams > 1 ? 0.7 : 0, maxTokens, suppressTokens });
      const set = isSet(images) ? images : decodedSet(images, contract());
      const found = await captionAll(model, set, undefined, search, {
        batchSize: rowsPerBatch,
        signal: options.signal,
      });
      return found.map((all) => {
        const hypotheses = all.map((one) => hypothesisOf(one, tokenizer));
        return { ...hypotheses[0], map: mapOf(hypotheses[0].attention), hypotheses };
      });
    },
    stream: (image, options = {}) => onlyOne(streamImages([image], options)),
    streamAll: streamImages,
  };

  async function* streamImages(
    images: readonly ImageInput[],
    options: TokenStreamOptions | readonly TokenStreamOptions[] = {},
  ): AsyncGenerator<readonly BatchedTokenPiece[], void> {
    requireKinds(who, { images }, { images: 'list' });
    const each = optionsOfEach(who, images.length, options);
    if (images.length === 0) return;
    const image = contract();
    const name = (n: number) => (images.length === 1 ? 'image' : `image ${n}`);
    const pixels = await Promise.all(images.map((one, n) => pixelsOf(one, image, name(n), decode)));
    const values = planesOf(pixels, image);
    const { start, end } = model.config;
    yield* streamRows(
      { who, model, tokenizer, maxTokens, suppressTokens: [start, ...suppressTokens], end },
      () => new CaptionStepper(model, tensor(values, [images.length, 3, image.height, image.width])),
      each,
    );
  }

  /** A batch is decoded when its turn comes, so that a thousand photographs are not in memory at once. */
  function decodedSet(images: ImageInput | readonly ImageInput[], image: ImageContract): ImageFeatureSet {
    const list = Array.isArray(images) ? (images as readonly ImageInput[]) : [images as ImageInput];
    return {
      count: list.length,
      async read(which) {
        const pixels = await Promise.all(Array.from(which, (n) => pixelsOf(list[n], image, `image ${n}`, decode)));
        return { values: planesOf(pixels, image), shape: [which.length, 3, image.height, image.width] };
      },
    };
  }

  /** Rows and columns of the regions: those of the encoder's map; features of another network lie in a square where they fill one, else in a row. */
  function mapOf(attention: Hypothesis['attention']): readonly [number, number] | null {
    if (!attention) return null;
    if (model.encoder) return model.encoder.mapSize;
    const regions = attention[0]?.length ?? 0;
    const side = Math.round(Math.sqrt(regions));
    return side * side === regions ? [side, side] : [1, regions];
  }
}

function isSet(images: ImageInput | readonly ImageInput[] | ImageFeatureSet): images is ImageFeatureSet {
  return typeof images === 'object' && images !== null && 'read' in images && 'count' in images;
}
