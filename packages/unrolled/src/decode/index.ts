export { roundWeights } from './formats.ts';
export { generate, type GenerateOptions } from './generate.ts';
export { Sampler, type SampleOptions } from './sample.ts';
export { type Stepper, stepperOf } from './stepper.ts';
