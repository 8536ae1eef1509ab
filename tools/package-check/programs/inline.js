// The kernels inside of the code: a bundle that runs anywhere.
import { useBackend } from 'unrolled';
import { inlineWasm } from 'unrolled/inline';
import { train } from './train.js';

void useBackend('wasm', inlineWasm)
  .then(train)
  .then((result) => console.log(JSON.stringify(result)));
