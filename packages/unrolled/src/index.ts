// The library's main door: tensors, networks, optimizers, models, training and decoding. Folder by folder, by hand: what is not named here is not
// public. Data, metrics, analysis and pipelines have doors of their own, `unrolled/data` and so on; `openRun` is at both.

export * from './backend/index.ts';
export * from './decode/index.ts';
export * from './errors.ts';
export * from './io/index.ts';
export * from './models/index.ts';
export * from './nn/index.ts';
export * from './optim/index.ts';
export { openRun, type OpenTask, type Pipeline } from './pipelines/open-run.ts';
export type { OpenRunOptions, RunInfo } from './pipelines/run.ts';
export { RunError, type RunProblem } from './pipelines/run-error.ts';
export type { RunFiles } from './pipelines/run-files.ts';
export type { RunSource } from './pipelines/sources/index.ts';
export * from './random.ts';
export * from './tensor/index.ts';
export * from './train/index.ts';
