export { type BeamOptions, beamSearch } from './beam.ts';
export { type DrawOptions, drawSequences, greedySequences } from './draw.ts';
export { roundWeights } from './formats.ts';
export { generate, type GenerateOptions } from './generate.ts';
export { LanguageRows } from './language-rows.ts';
export type { LimitOptions } from './limits.ts';
export type { Decoded, RowStepper } from './row-stepper.ts';
export { Sampler, type SampleOptions } from './sample.ts';
export { type Stepper, stepperOf } from './stepper.ts';
