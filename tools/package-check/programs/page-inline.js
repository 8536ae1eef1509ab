// A page with the kernels inside of its code.
import { useBackend } from 'unrolled';
import { inlineWasm } from 'unrolled/inline';
import { train } from './train.js';

useBackend('wasm', inlineWasm)
  .then(train)
  .then(
    (result) => (globalThis.result = result),
    (error) => (globalThis.result = { error: String(error.message) }),
  );
