// In a page: the result, or the error, for whoever looks.
import { useBackend } from 'unrolled';
import { train } from './train.js';

const started = performance.now();
useBackend('wasm')
  .then(() => (performance.now() - started) / 1000)
  .then(async (seconds) => ({ ...(await train()), seconds }))
  .then(
    (result) => (globalThis.result = result),
    (error) => (globalThis.result = { error: String(error.message) }),
  );
