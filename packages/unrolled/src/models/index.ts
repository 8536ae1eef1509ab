export { type CellName, cellNames } from './cells.ts';
export {
  LanguageModel,
  type LanguageModelConfig,
  type LanguageModelOptions,
  type LanguageState,
} from './language-model.ts';
export {
  type ClassifierLossOptions,
  type Pooling,
  poolings,
  type PredictOptions,
  SequenceClassifier,
  type SequenceClassifierConfig,
  type SequenceClassifierOptions,
} from './sequence-classifier.ts';
export { type SequenceInputOptions, type SequenceModelOptions } from './sequence-model.ts';
export {
  noLabel,
  SequenceTagger,
  type SequenceTaggerConfig,
  type SequenceTaggerOptions,
  type TaggerLossOptions,
  type Tagging,
} from './sequence-tagger.ts';
export { MemoryModel, type MemoryModelConfig, type MemoryModelOptions } from './memory-model.ts';
