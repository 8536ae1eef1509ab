// A page that says where the files are: copies of the package's, next to it.
import { useBackend } from 'unrolled';
import { train } from './train.js';

useBackend('wasm', { url: new URL('wasm/', document.baseURI) })
  .then(train)
  .then(
    (result) => (globalThis.result = result),
    (error) => (globalThis.result = { error: String(error.message) }),
  );
