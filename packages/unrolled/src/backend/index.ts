export type { Backend, DType, TypedArray, WeightFormat } from './backend.ts';
export { backendReport, currentBackend, useBackend } from './load.ts';
export { ReferenceBackend } from './reference/reference.ts';
