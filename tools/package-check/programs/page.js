// In a page: the result, or the error, for whoever looks.
import { useBackend } from 'unrolled';
import { train } from './train.js';

useBackend('wasm').then(train).then(
  (result) => (globalThis.result = result),
  (error) => (globalThis.result = { error: String(error.message) }),
);
