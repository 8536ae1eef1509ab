// brain.js, its own way: strings in, one at a time, its own optimizer. Only the rate of characters and a falling error can be compared.

import brain from 'brain.js';
import { token } from '../lib/data.mjs';
import { serve } from '../lib/serve.mjs';

await serve((work) => {
  const line = (b) =>
    Array.from({ length: work.T }, (_, t) => String.fromCharCode(32 + token(b * 997 + t, work.V))).join('');
  const lines = Array.from({ length: work.B }, (_, b) => line(b));
  const net = new brain.recurrent.LSTM({ hiddenLayers: Array.from({ length: work.L }, () => work.H) });
  return { step: () => net.train(lines, { iterations: 1, log: false }).error };
});
