export { calibration, type Calibration, fitTemperature } from './calibration.ts';
export {
  type CaptionedImages,
  type CaptionMetrics,
  captionTask,
  type CaptionTaskOptions,
  type EncoderTraining,
  evaluateCaptioner,
} from './caption-task.ts';
export {
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
export type { Augment, BatchOptions } from './sequences.ts';
export {
  evaluateTagger,
  type TaggedSequences,
  type TaggerEvaluation,
  tagTask,
  type TagTaskOptions,
} from './tag-task.ts';
export {
  evaluateVisualQA,
  type ImageQuestions,
  type VisualQAEvaluation,
  vqaTask,
  type VqaTaskOptions,
} from './visual-qa-task.ts';
export { memoryTask, type MemoryTask, type MemoryTaskOptions } from './memory-tasks.ts';
export type { Probe } from './probe.ts';
export type { BatchLoss, Evaluation, Json, Task } from './task.ts';
export { fit, type FitOptions } from './fit.ts';
export { type Inspector, Trainer, type TrainerOptions } from './trainer.ts';
export {
  evaluateTranslator,
  type TranslationMetrics,
  type SequencePairs,
  translateTask,
  type TranslateTaskOptions,
} from './translate-task.ts';
