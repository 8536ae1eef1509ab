// All doors in one, for pages without a bundler: dist/browser.js is one file, minified, which fetches one of the .wasm files next to it in the package.
//
//   import { LanguageModel, Vocabulary } from 'https://cdn.jsdelivr.net/npm/unrolled@0.1.0/dist/browser.js';

export * from '../analysis/index.ts';
export * from '../data/index.ts';
export * from '../graph/index.ts';
export * from '../index.ts';
export * from '../io/index.ts';
export * from '../layers/index.ts';
export * from '../lessons/index.ts';
export * from '../metrics/index.ts';
export * from '../pipelines/index.ts';
