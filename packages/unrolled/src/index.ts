// The library's table of contents. Folder by folder, by hand: what is not named here is not public.

export * from './analysis/index.ts';
export * from './backend/index.ts';
export * from './data/index.ts';
export * from './decode/index.ts';
export * from './errors.ts';
export * from './io/index.ts';
export * from './metrics/index.ts';
export * from './models/index.ts';
export * from './nn/index.ts';
export * from './optim/index.ts';
export * from './pipelines/index.ts';
export * from './random.ts';
export * from './tensor/index.ts';
export * from './train/index.ts';
