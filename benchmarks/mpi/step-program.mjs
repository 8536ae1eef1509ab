// One process of the measurement in step.ts: the median time of a training step, in milliseconds, of an LSTM of 2 × 512 units over 65 characters, 64
// streams of `windowLength`.

import {
  Adam,
  LanguageModel,
  languageTask,
  manualSeed,
  Trainer,
  useBackend,
} from '../../packages/unrolled/dist/node.js';
import { StreamBatcher } from '../../packages/unrolled/dist/node-data.js';
import { joinWorld } from '../../packages/unrolled/dist/node-world.js';
import { token } from '../lib/data.mjs';

const [steps, shards, windowLength] = process.argv.slice(2).map(Number);
const [vocabulary, streams, warm] = [65, 64, 2];
const world = await joinWorld();
await useBackend('native');
manualSeed(1);
const ids = Int32Array.from({ length: streams * (windowLength * 8 + 1) }, (_, i) => token(i, vocabulary));
const model = new LanguageModel(vocabulary, { cell: 'lstm', hiddenSize: 512, numLayers: 2 });
const task = languageTask(model, { train: new StreamBatcher(ids, { streams, windowLength }) });
const optimizer = new Adam(model.parameters(), { lr: 2e-3 });
const trainer = new Trainer(task, { optimizer, steps: steps + warm, clipNorm: 5, shards, reduce: world });
const times = [];
let last = performance.now();
for await (const event of trainer.run()) {
  if (event.type !== 'step') continue;
  const now = performance.now();
  times.push(now - last);
  last = now;
}
const measured = times.slice(warm).sort((a, b) => a - b);
if (!world || world.rank === 0) console.log(measured[measured.length >> 1].toFixed(2));
