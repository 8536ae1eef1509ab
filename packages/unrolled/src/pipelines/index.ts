export { captionAll, type ImageFeatureSet } from '../inference/caption.ts';
export { classify, type Classifier } from '../inference/classify.ts';
export type { SequenceReader, Sequences } from '../inference/sequences.ts';
export { tag, type Tagger } from '../inference/tag.ts';
export { translateAll } from '../inference/translate.ts';
export { type ModelPart, modelPart, type RunConfigFile, writeModelPart } from './contract/config.ts';
export { configVersion, upgradeConfig, upgradeStateDict } from './contract/upgrade.ts';
export type { GraphReading } from './contract/graph-reading.ts';
export type {
  ImageContract,
  ImageFit,
  ImageToTextInput,
  InputContract,
  TaskName,
  TensorsInput,
  TextClassificationInput,
  TextGenerationInput,
  TimeSeriesClassificationInput,
  TimeSeriesForecastingInput,
  TokenClassificationInput,
  TranslationInput,
  VideoClassificationInput,
  VisualQuestionAnsweringInput,
} from './contract/input.ts';
export { setImageDecoder, sharpDecoder, type SharpLike } from './images/decoders.ts';
export type { ImageDecoder, ImageInput, PixelImage, UndecodedImage } from './images/image.ts';
export { resize as resizeImage } from './images/resize.ts';
export { type Caption, imageToTextOf, type ImageToTextParts, type ImageToTextPipeline } from './image-to-text.ts';
export type { FrameLabel, FrameSession, FrameSessionOptions, VideoClassificationParts } from './frame-session.ts';
export type { InputNotes } from './notes.ts';
export { type TextModel, vectorNetwork, type VectorNetwork } from './replay.ts';
export { openRun, type OpenTask, type Pipeline } from './open-run.ts';
export type { OpenRunOptions, RunInfo } from './run.ts';
export { FormatError, OptionError } from '../errors.ts';
export { RunError, type RunProblem } from './run-error.ts';
export type { FileRecord, RunFiles, Weights } from './run-files.ts';
export type { LabelScore as ScoredLabel, LabelSegment } from './scores.ts';
export type { Hypothesis, DecodingOptions, SearchSampling } from './search.ts';
export { droppedFiles } from './sources/directory.ts';
export { filesOf, type RunSource } from './sources/index.ts';
export type { MemoryFiles } from './sources/memory.ts';
export {
  imageToText,
  tensors,
  textClassification,
  textGeneration,
  timeSeriesClassification,
  timeSeriesForecasting,
  tokenClassification,
  translation,
  videoClassification,
  visualQuestionAnswering,
} from './tasks.ts';
export {
  type TensorsOptions,
  type TensorsPipeline,
  type TensorsSession,
  type TensorsSessionOptions,
  tensorsOf,
  type TensorValues,
} from './tensors.ts';
export {
  type ClassificationOptions,
  type TextClassification,
  textClassificationOf,
  type TextClassificationParts,
  type TextClassificationPipeline,
} from './text-classification.ts';
export {
  type ContinueOptions,
  type OpenTextGeneration,
  textGenerationOf,
  type TextGenerationOptions,
  type TextGenerationParts,
  type TextGenerationPipeline,
  type TextSession,
  type TextSessionOptions,
} from './text-generation.ts';
export {
  type BatchedPiece,
  type BatchedTextOptions,
  type TextBatch,
  type TextBatchOptions,
} from './text-batch.ts';
export type { BatchedText } from './text-row.ts';
export type { TextCodec } from './text-codec.ts';
export type { TextEmbeddingOptions } from './text-embedding.ts';
export type { ScoredSymbol, SymbolScores } from './symbol-scores.ts';
export type { TextPiece, WritingOptions } from './text-writer.ts';
export {
  type NumberSequence,
  type SequenceClassification,
  type SequenceClassificationPipeline,
  type SequenceNotes,
  type StepClassification,
  type StepClassificationPipeline,
  type StepLabel,
  timeSeriesClassificationOf,
  type TimeSeriesClassificationParts,
  type TimeSeriesClassificationPipeline,
} from './time-series-classification.ts';
export {
  type ColumnForecast,
  type ForecastingOptions,
  type SeriesForecast,
  type SeriesInput,
  timeSeriesForecastingOf,
  type TimeSeriesForecastingParts,
  type TimeSeriesForecastingPipeline,
} from './time-series-forecasting.ts';
export {
  type TokenClassification,
  tokenClassificationOf,
  type TokenClassificationOptions,
  type TokenClassificationParts,
  type TokenClassificationPipeline,
  type TokenLabel,
  type TokenScore,
  type TokenSession,
  type TokenText,
} from './token-classification.ts';
export type { BatchedTokenPiece, TokenPiece, TokenStreamOptions } from './token-stream.ts';
export {
  type Translation,
  translationOf,
  type TranslationOptions,
  type TranslationParts,
  type TranslationPipeline,
} from './translation.ts';
export {
  type ClipClassification,
  type ClipClassificationPipeline,
  type FrameClassification,
  type FrameClassificationPipeline,
  videoClassificationOf,
  type VideoClassificationPipeline,
  type VideoInput,
} from './video-classification.ts';
export {
  type Answer,
  type AnswerScore,
  type ImageQuestion,
  type QuestionAttention,
  visualQuestionAnsweringOf,
  type VisualQuestionAnsweringParts,
  type VisualQuestionAnsweringPipeline,
} from './visual-question-answering.ts';
