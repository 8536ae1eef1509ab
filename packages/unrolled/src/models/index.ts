export { ConvNet, type ConvNetConfig, type ConvNetOptions } from './conv-net.ts';
export { type BlockName, blockNames, type CellName, cellNames } from './cells.ts';
export {
  LanguageModel,
  type LanguageModelConfig,
  type LanguageModelOptions,
  type LanguageState,
} from './language-model.ts';
export { LanguageRows } from './language-rows.ts';
export { stepperOf } from './language-stepper.ts';
export {
  type ClassifierLossOptions,
  type Pooling,
  poolings,
  type PredictOptions,
  SequenceClassifier,
  type SequenceClassifierConfig,
  type SequenceClassifierOptions,
} from './sequence-classifier.ts';
export {
  noLabel,
  SequenceTagger,
  type SequenceTaggerConfig,
  type SequenceTaggerOptions,
  type TaggerLossOptions,
  type Tagging,
} from './sequence-tagger.ts';
export { VideoClassifier, type VideoClassifierConfig, type VideoClassifierOptions } from './video/video-classifier.ts';
export { type VideoState, VideoTagger, type VideoTaggerConfig, type VideoTaggerOptions } from './video/video-tagger.ts';
export {
  type VisualQAConfig,
  type VisualQAForm,
  visualQAForms,
  type VisualQAOptions,
} from './visual-qa/options.ts';
export { noAnswer, VisualQA, type VisualQALossOptions, type VisualQuestions } from './visual-qa/visual-qa.ts';
export { MemoryModel, type MemoryModelConfig, type MemoryModelOptions } from './memory-model.ts';
export { type PairBatch, pairBatch, type PairBatchOptions } from './seq2seq/batch.ts';
export { type DecoderKind, decoderKinds, type Seq2SeqConfig, type Seq2SeqOptions } from './seq2seq/options.ts';
export { type PairLossOptions, Seq2Seq, type TranslateOptions } from './seq2seq/seq2seq.ts';
export { Seq2SeqStepper } from './seq2seq/stepper.ts';
export { teacherForcingRatio, type TeacherForcingSchedule } from './seq2seq/teacher-forcing.ts';
export {
  type Forecast,
  Forecaster,
  type ForecastOptions,
  type WindowForecast,
} from './forecaster.ts';
export type { ForecasterConfig, ForecasterOptions } from './forecaster-options.ts';
export { type CaptionBatch, captionBatch, type CaptionBatchOptions } from './captioner/batch.ts';
export { Captioner, type CaptionOptions } from './captioner/captioner.ts';
export type { CaptionLossOptions } from './captioner/loss.ts';
export {
  captionerFromCS231n,
  captionerToCS231n,
  type CS231nName,
  type CS231nParameters,
} from './captioner/cs231n.ts';
export {
  type CaptionerConfig,
  type CaptionerForm,
  captionerForms,
  type CaptionerOptions,
} from './captioner/options.ts';
export { CaptionStepper } from './captioner/stepper.ts';
export { type ModelConfig, modelOf, type ModelOf } from './model-of.ts';
