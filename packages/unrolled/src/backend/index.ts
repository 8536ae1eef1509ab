export type { Backend, DType, TypedArray, WeightFormat } from './backend.ts';
export { backendReport, currentBackend, useBackend } from './load.ts';
export { ReferenceBackend } from './reference/reference.ts';
export type { WasmOptions } from './kernel/wasm.ts';
export type { WasmSource } from './kernel/wasm-module.ts';
export type { WasmVariant } from './kernel/package-files.ts';
