// The input contract: what a model's inputs must be, stored next to its sizes. With the weights and this a model can be used without knowing
// the data it was trained on.

import type { GraphReading } from './graph-reading.ts';

/** How an image of another aspect ratio is resized: cropped to the center, letterboxed, or stretched. */
export type ImageFit = 'cover' | 'contain' | 'squash';

/** Size, fit and value range of a model's images. */
export interface ImageContract {
  readonly height: number;
  readonly width: number;
  readonly fit: ImageFit;
  /** Background of transparent pixels and of letterboxed images: red, green, blue. */
  readonly background: readonly [number, number, number];
  /** Value range: bytes 0 … 255 become 0 … 1 ('unit'), −1 … 1 ('symmetric'), or stay bytes, which the model scales itself ('bytes'). */
  readonly range: 'unit' | 'symmetric' | 'bytes';
}

/** Input contract of a language model. */
export interface TextGenerationInput {
  readonly kind: 'text-generation';
  /** The tokenization: `vocabulary.json` (characters) or `tokenizer.json`. */
  readonly tokens: 'vocabulary' | 'tokenizer';
  /** How the model reads and answers where it is a graph of another system. */
  readonly graph?: GraphReading;
}

/** Input contract of a text classifier. */
export interface TextClassificationInput {
  readonly kind: 'text-classification';
  /** Maximum number of tokens; a longer text is truncated. */
  readonly maxTokens: number;
  /** Length of the longest training text in tokens; null where it is unknown. */
  readonly longestTrained: number | null;
  /** Whether a text may have any number of labels: each class has a probability of its own. Default false. */
  readonly multiLabel?: boolean;
  /** How the model reads and answers where it is a graph of another system. */
  readonly graph?: GraphReading;
}

/** Input contract of a tagger. */
export interface TokenClassificationInput {
  readonly kind: 'token-classification';
  /** Tokenization: characters (code points), or words at white space. */
  readonly split: 'characters' | 'spaces';
  readonly longestTrained: number | null;
}

/** Input contract of a translator. */
export interface TranslationInput {
  readonly kind: 'translation';
  /** Length of the longest training text of each side in tokens. */
  readonly longestTrained: { readonly source: number; readonly target: number };
}

/** Input contract of a captioner. */
export interface ImageToTextInput {
  readonly kind: 'image-to-text';
  /** Null for a model that reads another network's features. */
  readonly image: ImageContract | null;
}

/** Input contract of a visual question answering model. */
export interface VisualQuestionAnsweringInput {
  readonly kind: 'visual-question-answering';
  /** Null for a question-only baseline. */
  readonly image: ImageContract | null;
  /** Maximum number of tokens; a longer question is truncated. */
  readonly maxTokens: number;
}

/** Input contract of a video model. */
export interface VideoClassificationInput {
  readonly kind: 'video-classification';
  /** Whether it labels clips or frames. */
  readonly per: 'clip' | 'frame';
  /** Null for a model that reads another network's features of frames. */
  readonly image: ImageContract | null;
  /** Number of frames sampled evenly from a clip; null for all of them. */
  readonly frames: number | null;
  /** Sampling rate in frames per second; null for the clip's own. */
  readonly rate: number | null;
  /** Maximum number of frames; a longer clip is sampled evenly. */
  readonly maxFrames: number;
}

/** Input contract of a forecaster. */
export interface TimeSeriesForecastingInput {
  readonly kind: 'time-series-forecasting';
  /** Columns that are forecast, in the model's order. */
  readonly columns: readonly string[];
  /** Columns that are known in advance. */
  readonly known: readonly string[];
  /** Length of the history: steps that are read. */
  readonly length: number;
  /** Horizon: steps that are forecast at once. */
  readonly horizon: number;
  /** Probability levels of the quantiles; empty for a point forecast. */
  readonly quantiles: readonly number[];
}

/** Input contract of a classifier of number sequences. The features and their scaling are in `features.json`. */
export interface TimeSeriesClassificationInput {
  readonly kind: 'time-series-classification';
  /** Whether it labels whole sequences or every step. */
  readonly per: 'sequence' | 'step';
  /** Maximum number of steps; a longer sequence is truncated. */
  readonly maxSteps: number;
  /** Length of the longest training sequence in steps; null where it is unknown. */
  readonly longestTrained: number | null;
}

/** Input contract of a network that none of the tasks is: its graph has the names, types and shapes of what it reads and gives. */
export interface TensorsInput {
  readonly kind: 'tensors';
}

/** Input contract of a model, by its task. */
export type InputContract =
  | TextGenerationInput
  | TextClassificationInput
  | TokenClassificationInput
  | TranslationInput
  | ImageToTextInput
  | VisualQuestionAnsweringInput
  | VideoClassificationInput
  | TimeSeriesForecastingInput
  | TimeSeriesClassificationInput
  | TensorsInput;

/** The tasks by Hugging Face's names, and `tensors`. */
export type TaskName = InputContract['kind'];
