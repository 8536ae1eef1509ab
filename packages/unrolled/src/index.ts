// The library's table of contents. Folder by folder, by hand: what is not named here is not public.

export * from './backend/index.ts';
export * from './errors.ts';
export * from './nn/index.ts';
export * from './random.ts';
export * from './tensor/index.ts';
export { LanguageModel, type LanguageModelConfig, type LanguageModelOptions, type LanguageState, type CellName, cellNames } from './models/index.ts';
