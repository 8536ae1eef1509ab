// How a model that answers questions about images is built.

import { requireEach, requireObject, requireOneOf, shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { requireProbability } from '../../tensor/ops/operands.ts';
import {
  type CellName,
  completeRecurrentDropout,
  type RecurrentDropoutOptions,
  recurrentDropoutOptions,
  requireCell,
} from '../cells.ts';
import { encoderConfig, type ImageEncoder, type ImageEncoderConfig } from '../image-encoder.ts';
import { requireType } from '../model-type.ts';
import { requireCount } from '../sequence-model.ts';
import type { Reading } from './map-reader.ts';

/**
 * How image and question meet:
 * - `recurrent`: the image's summary and the words go into one recurrent network, whose last state answers (the lecture's form).
 * - `product`: a network reads the question, the image's vector has length 1, and their element-wise product answers (Antol et al. 2015).
 * - `map`: every word moves and narrows maps of what is meant in the image, and the answer is read from the last; for questions about where
 *   things are, put together anew from words that are known (see `MapReader`).
 * - `question-only`: the question alone, read as in `product`: the question-only baseline (language prior).
 */
export type VisualQAForm = 'recurrent' | 'product' | 'map' | 'question-only';

/** The forms of a `VisualQA` model, by name. */
export const visualQAForms: readonly VisualQAForm[] = ['recurrent', 'product', 'map', 'question-only'];

/** Options of `VisualQA`. */
export interface VisualQAOptions extends RecurrentDropoutOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'visual-qa';
  /** Symbols that questions are written in. */
  readonly vocabularySize: number;
  /** Different answers: the K most frequent ones. */
  readonly answers: number;
  /** Default 'product'. */
  readonly form?: VisualQAForm;
  /**
   * Reads images [N, C, h, w]: options of a `ConvNet`, which is trained with the rest, or a pretrained network (`GraphEncoder` of `unrolled/graph`). This,
   * `featureSize`, or form 'question-only'.
   */
  readonly convNet?: ImageEncoderConfig | ImageEncoder | null;
  /** Size F of feature vectors [N, F] from another network. Not for form 'map'. */
  readonly featureSize?: number | null;
  /** Output of the ConvNet: the mean over all positions, or every position of its map, which keeps spatial information. Default 'map'. */
  readonly summary?: 'pooled' | 'map';
  /** Default 'lstm'. Form 'map' has a step of its own. */
  readonly cell?: CellName;
  /** Default 128. */
  readonly hiddenSize?: number;
  /** Default 1. Antol et al. have 2. */
  readonly numLayers?: number;
  /** Size of the word embeddings. Default: hiddenSize. */
  readonly embeddingDim?: number;
  /** Size of the space in which image and question are multiplied. Default: hiddenSize. Antol et al. use 1024. */
  readonly commonSize?: number;
  /** Hidden layers, tanh, between what image and question came to and the answers. Default: one of commonSize. Antol et al. have [1000, 1000]. */
  readonly mlp?: readonly number[];
  /** For 'recurrent': whether the image is the first input, or part of every word's input. Default 'first'. */
  readonly imageAt?: 'first' | 'every';
  /** For 'map': number of channels. Default 8. */
  readonly maps?: number;
  /** For 'map': whether words are read from the last, as "left of a square" is understood, or from the first. Default 'backward'. */
  readonly reading?: Reading;
  /** Dropout probability on the question's vector, the layers and the answer's hidden layers. Default 0. */
  readonly dropout?: number;
  /**
   * Chance that a word is left out while training, so that words such as "of" and "the" come to mean nothing by themselves ("left of" would
   * else be learned as two halves, and "right of" then lack one). Default 0.
   */
  readonly wordDropout?: number;
}

/** Options of a `VisualQA` model, defaults filled in. */
export type VisualQAConfig = Required<Omit<VisualQAOptions, keyof RecurrentDropoutOptions | 'convNet'>> &
  RecurrentDropoutOptions & { readonly convNet: ImageEncoderConfig | null };

const who = 'VisualQA';

/** The options with their defaults. Throws an OptionError for those that cannot be. */
export function completeVisualQA(options: VisualQAOptions): VisualQAConfig {
  requireObject(who, 'options', options);
  const { hiddenSize = 128, form = 'product', convNet = null, featureSize = null } = options;
  const { commonSize = hiddenSize } = options;
  const config: VisualQAConfig = {
    type: 'visual-qa',
    vocabularySize: options.vocabularySize,
    answers: options.answers,
    form,
    convNet: convNet && encoderConfig(convNet),
    featureSize,
    summary: options.summary ?? 'map',
    cell: options.cell ?? 'lstm',
    hiddenSize,
    numLayers: options.numLayers ?? 1,
    embeddingDim: options.embeddingDim ?? hiddenSize,
    commonSize,
    mlp: options.mlp ?? [commonSize],
    imageAt: options.imageAt ?? 'first',
    maps: options.maps ?? 8,
    reading: options.reading ?? 'backward',
    dropout: options.dropout ?? 0,
    wordDropout: options.wordDropout ?? 0,
  };
  checkOptions(who, options, [...Object.keys(config), ...recurrentDropoutOptions]);
  requireType(who, 'visual-qa', options);
  const { vocabularySize, answers, numLayers, embeddingDim, maps } = config;
  const counts = { vocabularySize, answers, hiddenSize, numLayers, embeddingDim, commonSize, maps };
  for (const [name, n] of Object.entries(counts)) requireCount(who, name, n);
  requireEach(who, 'mlp', config.mlp, (name, option, n) => requireCount(name, option, n as number));
  for (const name of ['dropout', 'wordDropout'] as const) requireProbability(who, name, config[name]);
  requireCell(who, config.cell);
  oneOf('form', form, visualQAForms);
  oneOf('summary', config.summary, ['pooled', 'map']);
  oneOf('imageAt', config.imageAt, ['first', 'every']);
  oneOf('reading', config.reading, ['backward', 'forward']);
  const sources = Number(convNet !== null) + Number(featureSize !== null);
  if (form === 'question-only' ? sources > 0 : sources !== 1) {
    const got = sources === 0 ? 'none' : sources === 1 ? 'one' : 'both';
    const expected =
      form === 'question-only'
        ? 'none, since form question-only reads no image'
        : 'one of them, for images or for vectors';
    throw new OptionError(who, 'convNet, featureSize', `expected ${expected}, got ${got}`);
  }
  if (form === 'map') {
    const needs = (name: string, got: unknown) =>
      new OptionError(who, name, `form map goes from place to place: ${got}`);
    if (featureSize !== null) throw needs('featureSize', 'vectors of whole images have none; give a convNet');
    if (config.summary !== 'map') throw needs('summary', `expected map, got ${shown(config.summary)}`);
    if (numLayers !== 1) throw new OptionError(who, 'numLayers', `form map has 1, got ${shown(numLayers)}`);
  }
  if (featureSize !== null) requireCount(who, 'featureSize', featureSize);
  const inside = completeRecurrentDropout(who, options);
  const [name] = Object.keys(inside);
  if (name !== undefined && form === 'map')
    throw new OptionError(who, name, 'form map has no recurrent layer, on whose connections it would act');
  return { ...config, ...inside };
}

function oneOf(name: string, value: string, known: readonly string[]): void {
  requireOneOf(who, name, value, known);
}
