// What a model must be fed: a part of the model, next to its sizes. Whoever has the weights and this can ask the model, and needs to know nothing of
// the data it learned from.

/** How an image of another shape becomes one of this size: the middle is cut out, the whole is shown between bars, or it is stretched. */
export type ImageFit = 'cover' | 'contain' | 'squash';

/** The size, fit and colors that a model's images must have. */
export interface ImageContract {
  readonly height: number;
  readonly width: number;
  readonly fit: ImageFit;
  /** Behind what is transparent, and next to what is contained: red, green, blue. */
  readonly background: readonly [number, number, number];
  /** Bytes 0 … 255 become 0 … 1 ('unit'), −1 … 1 ('symmetric'), or stay bytes, which the model scales itself ('bytes'). */
  readonly range: 'unit' | 'symmetric' | 'bytes';
}

/** What a language model must be fed. */
export interface TextGenerationInput {
  readonly kind: 'text-generation';
  /** What the text is read with: `vocabulary.json` (characters) or `tokenizer.json`. */
  readonly tokens: 'vocabulary' | 'tokenizer';
}

/** What a classifier of texts must be fed. */
export interface TextClassificationInput {
  readonly kind: 'text-classification';
  /** A longer text is cut to this many tokens. */
  readonly maxTokens: number;
  /** Tokens of the longest text in training; null where nobody counted. */
  readonly longestTrained: number | null;
}

/** What a tagger must be fed. */
export interface TokenClassificationInput {
  readonly kind: 'token-classification';
  /** Where a text is taken apart: between its characters (code points), or at white space. */
  readonly split: 'characters' | 'spaces';
  readonly longestTrained: number | null;
}

/** What a translator must be fed. */
export interface TranslationInput {
  readonly kind: 'translation';
  /** Tokens of the longest of each side in training. */
  readonly longestTrained: { readonly source: number; readonly target: number };
}

/** What a captioner must be fed. */
export interface ImageToTextInput {
  readonly kind: 'image-to-text';
  /** Null for a model that reads the features of another network. */
  readonly image: ImageContract | null;
}

/** What a model that answers questions about images must be fed. */
export interface VisualQuestionAnsweringInput {
  readonly kind: 'visual-question-answering';
  /** Null for a model without images, a question-only baseline. */
  readonly image: ImageContract | null;
  /** A longer question is cut to this many tokens. */
  readonly maxTokens: number;
}

/** What a model of video must be fed. */
export interface VideoClassificationInput {
  readonly kind: 'video-classification';
  /** A label for the clip, or one for each frame. */
  readonly per: 'clip' | 'frame';
  readonly image: ImageContract;
  /** So many frames are taken of a clip, evenly; null for all of them. */
  readonly frames: number | null;
  /** Frames a second that are taken; null for those there are. */
  readonly rate: number | null;
  /** A clip of more frames is thinned to as many, evenly. */
  readonly maxFrames: number;
}

/** What a forecaster must be fed. */
export interface TimeSeriesForecastingInput {
  readonly kind: 'time-series-forecasting';
  /** The columns that are forecast, in the model's order. */
  readonly columns: readonly string[];
  /** Columns that are known in advance. */
  readonly known: readonly string[];
  /** Steps that are read. */
  readonly length: number;
  /** Steps that are forecast at once. */
  readonly horizon: number;
  /** Probability levels of the quantiles; none for a point forecast. */
  readonly quantiles: readonly number[];
}

/** What a model must be fed, by its task. */
export type InputContract =
  | TextGenerationInput
  | TextClassificationInput
  | TokenClassificationInput
  | TranslationInput
  | ImageToTextInput
  | VisualQuestionAnsweringInput
  | VideoClassificationInput
  | TimeSeriesForecastingInput;

/** The tasks by Hugging Face's names. */
export type TaskName = InputContract['kind'];
