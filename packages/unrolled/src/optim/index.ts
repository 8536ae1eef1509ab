export { clipGradNorm, clipGradValue, gradNorm } from './clip.ts';
export { Optimizer, type OptimizerState, type ParameterGroup, type StepOptions } from './optimizer.ts';
export {
  Adagrad,
  type AdagradOptions,
  Adam,
  type AdamOptions,
  AdamW,
  RMSprop,
  type RMSpropOptions,
  SGD,
  type SGDOptions,
} from './optimizers.ts';
export {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  plateauSchedule,
  type PlateauOptions,
  type Schedule,
  stepSchedule,
  warmUp,
} from './schedules.ts';
