export { calibration, type Calibration, fitTemperature } from './calibration.ts';
export {
  captionAll,
  type CaptionedImages,
  type CaptionMetrics,
  captionTask,
  type CaptionTaskOptions,
  type EncoderTraining,
  evaluateCaptioner,
  type ImageFeatureSet,
} from './caption-task.ts';
export {
  type Classifier,
  classify,
  type ClassifierEvaluation,
  classifyTask,
  type ClassifyTaskOptions,
  evaluateClassifier,
  type LabeledSequences,
} from './classify-task.ts';
export type {
  CheckpointEvent,
  EndEvent,
  EvaluationEvent,
  InspectionEvent,
  SkippedEvent,
  StepEvent,
  TrainingEvent,
} from './events.ts';
export type { Checkpoint, TrainingState } from './checkpoint.ts';
export { type Batches, ExampleTask, type ExampleTaskOptions } from './example-task.ts';
export { evaluateForecaster, forecastTask, type ForecastTaskOptions, naiveForecast } from './forecast-task.ts';
export { evaluateLanguageModel, languageTask, type LanguageTask, type LanguageTaskOptions } from './language-task.ts';
export type { LabelScore } from './label-scores.ts';
export type { Augment, BatchOptions, SequenceReader, Sequences } from './sequences.ts';
export {
  evaluateTagger,
  tag,
  type TaggedSequences,
  type TaggerEvaluation,
  type Tagger,
  tagTask,
  type TagTaskOptions,
} from './tag-task.ts';
export {
  evaluateVisualQA,
  type ImageQuestions,
  type TypeAccuracy,
  type VisualQAEvaluation,
  vqaTask,
  type VqaTaskOptions,
} from './visual-qa-task.ts';
export { memoryTask, type MemoryTask, type MemoryTaskOptions } from './memory-tasks.ts';
export type { Probe, ProbeSize } from './probe.ts';
export type { BatchLoss, Evaluation, Json, Task } from './task.ts';
export {
  fit,
  type FitOptions,
  type InspectedMoment,
  type Inspector,
  type StopSignal,
  Trainer,
  type TrainerOptions,
} from './trainer.ts';
export {
  evaluateTranslator,
  type TranslationMetrics,
  type SequencePairs,
  translateAll,
  translateTask,
  type TranslateTaskOptions,
} from './translate-task.ts';
