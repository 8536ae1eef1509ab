export {
  augment,
  type AugmentOptions,
  checkAugment,
  colorMoments,
  type ColorMoments,
  imageNetColorMoments,
  defaultColorMoments,
  normalizeImages,
} from './augment.ts';
export {
  exchangeWords,
  type ImageSymmetry,
  imageSymmetries,
  mirrorImages,
  type MirrorOptions,
  parseWordPairs,
  type SymmetryWords,
  type WordPairs,
} from './symmetries.ts';
export { BucketBatcher, type BucketOptions, padSequences, type Position } from './batches.ts';
export { parseDecimal } from './decimal.ts';
export { prefetch } from './prefetch.ts';
export { StreamBatcher, type StreamOptions, type TextWindow } from './streams.ts';
export { type TokenCharacters, withCharacters } from './token-characters.ts';
export { TokenVocabulary, type TokenVocabularyJSON, type TokenVocabularyOptions } from './token-vocabulary.ts';
export { Vocabulary, type VocabularyJSON, type VocabularyOptions } from './vocabulary.ts';
export {
  type CaptionedImage,
  type Clip,
  clipSet,
  type ClipSet,
  type LabeledClip,
  type RawImage,
  type QuestionExample,
  imageSet,
  type ImageSet,
} from './images.ts';
export { decodeText } from './text.ts';
export { fillEmbedding, readWordVectors, type WordVectors } from './word-vectors.ts';
export * from './synthetic/index.ts';
export { type Series, seriesLength } from './series.ts';
export {
  type CalendarFeature,
  calendarColumns,
  calendarFeatureNames,
  calendarFeatures,
  seasonalScale,
  seasonLength,
} from './seasons.ts';
export { type IdxArray, imageRows, readIdx } from './idx.ts';
export { Tokenizer, type TokenizerOptions } from './tokenizer.ts';
export type { TokenizerJSON, TokenUnit } from './tokenizer/scheme.ts';
export { usualUnit } from './usual-unit.ts';
export { sampleAtRate, sampleEvenly } from './frames.ts';
export { interpolateGaps, CausalFill } from './gaps.ts';
export { type LinearPattern, linearPattern } from './linear-pattern.ts';
export {
  FeatureScaler,
  type FeatureScalerJSON,
  type FeatureScalerOptions,
  type ScaledSequence,
} from './feature-scaler.ts';
export { momentsOf } from './moments.ts';
export { type RowRange, splitByTime, type WindowBatch, Windows, type WindowsOptions } from './windows.ts';
export { split, splitByPosition, type DataSplit, type SplitOptions } from './split.ts';
export { checkImages, imageBatch, type Images } from './image-batch.ts';
export {
  answerType,
  type QuestionOnlyBaseline,
  questionOnlyBaseline,
  frequentAnswers,
  questionOnlyAnswers,
  questionTypes,
} from './questions.ts';
