export {
  augment,
  type AugmentOptions,
  checkAugment,
  colourMoments,
  type ColourMoments,
  imageNetColours,
  plainColours,
  toFloats,
} from './augment.ts';
export { BucketBatcher, type BucketOptions, padRows, type Position } from './batches.ts';
export { prefetch } from './prefetch.ts';
export { StreamBatcher, type StreamOptions, type Window } from './streams.ts';
export { TokenVocabulary, type TokenVocabularyJSON, type TokenVocabularyOptions } from './token-vocabulary.ts';
export { Vocabulary, type VocabularyJSON, type VocabularyOptions } from './vocabulary.ts';
export {
  type CaptionedPicture,
  type Clip,
  clipSet,
  type ClipSet,
  type LabelledClip,
  type Picture,
  type PictureQuestion,
  pictureSet,
  type PictureSet,
} from './pictures.ts';
export { decodeText } from './text.ts';
export * from './made/index.ts';
export { type Series, seriesLength } from './series.ts';
export { type IdxArray, pictureRows, readIdx } from './idx.ts';
export { Tokenizer, type TokenizerOptions } from './tokenizer.ts';
export type { TokenizerJSON, TokenUnit } from './tokenizer/scheme.ts';
export { fillGaps, PastFill } from './gaps.ts';
export { momentsOf } from './moments.ts';
export { type RowRange, splitByTime, type WindowBatch, Windows, type WindowsOptions } from './windows.ts';
export { split, splitByPosition, type Split, type SplitOptions } from './split.ts';
export { checkPictures, pictureBatch, type Pictures } from './picture-batch.ts';
export {
  answerType,
  type BlindGuess,
  blindGuess,
  frequentAnswers,
  guessBlindly,
  questionTypes,
} from './questions.ts';
