export { type BeamOptions, beamSearch } from './beam.ts';
export type { SampleSequencesOptions } from './growing-rows.ts';
export { sampleSequences } from './sample-sequences.ts';
export { quantizeWeights } from './formats.ts';
export { generate, type GenerateOptions } from './generate.ts';
export type { LimitOptions } from './limits.ts';
export type { DecodedSequence, RowStepper } from './row-stepper.ts';
export { Sampler, type SampleOptions } from './sample.ts';
export type { Stepper } from './stepper.ts';
