// One process of the measurements in step.ts and hosts.ts: the median time of a training step, in milliseconds, of an LSTM of 2 × 512 units over 65
// characters, 64 streams of `windowLength`; how much of it is the update; bytes of the gradient; and the SHA-256 of the weights it ends in.

import { createHash } from 'node:crypto';
import {
  Adam,
  LanguageModel,
  languageTask,
  manualSeed,
  Trainer,
  useBackend,
  zeros,
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
const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const parameters = model.parameters();
const sha = createHash('sha256');
for (const parameter of parameters) sha.update(await parameter.data());
const updates = Array.from({ length: 5 }, () => {
  for (const parameter of parameters) parameter.grad = zeros(parameter.shape);
  const start = performance.now();
  optimizer.step();
  return performance.now() - start;
});
const bytes = 4 * parameters.reduce((sum, { size }) => sum + size, 0);
const result = { step: middle(times.slice(warm)), update: middle(updates), bytes, sha: sha.digest('hex') };
if (!world || world.rank === 0) console.log(JSON.stringify(result));
