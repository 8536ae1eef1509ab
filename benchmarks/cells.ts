// What a layer of each cell costs: `npm run bench:cells` prints the milliseconds of one forward and backward pass over a sequence, T = 64, B = 32, H = 256,
// and how that compares with the LSTM's kernel. Contenders alternate; the median of several rounds counts. `--cells lstm,gru` measures some.

import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import {
  type CellName,
  cellNames,
  currentBackend,
  LanguageModel,
  manualSeed,
  randn,
  scope,
  useBackend,
} from 'unrolled';

const { values } = parseArgs({
  options: {
    cells: { type: 'string', default: cellNames.join(',') },
    backend: { type: 'string', default: 'native' },
    zoneout: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '5' },
    hidden: { type: 'string', default: '256' },
  },
});
const [T, B, H] = [64, 32, Number(values.hidden)];
const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`;
await useBackend(values.backend as 'native' | 'wasm');
manualSeed(1);
const names = values.cells.split(',') as CellName[];
const x = randn([T, B, H]).keep();
// A language model has a layer by the name of its cell.
const layers = names.map((cell) => {
  const zoneout = Number(values.zoneout);
  return new LanguageModel(2, { cell, hiddenSize: H, numLayers: 1, ...(zoneout > 0 ? { zoneout } : {}) }).recurrent;
});
const times = names.map((): number[] => []);
for (let round = 0; round <= Number(values.rounds); round++)
  for (const [k, layer] of layers.entries()) {
    const start = performance.now();
    scope(() => {
      layer.forward(x)[0].sum().backward();
      layer.zeroGrad();
    });
    if (round > 0) times[k].push(performance.now() - start); // the first one warms up
  }
const medians = times.map((t) => t.sort((a, b) => a - b)[t.length >> 1]);
const kernel = medians[names.indexOf('lstm')] ?? medians[0];
console.log(`${machine}, ${currentBackend().name}: T = ${T}, B = ${B}, H = ${H}`);
for (const [k, name] of names.entries())
  console.log(`${name.padEnd(18)}${medians[k].toFixed(1).padStart(8)} ms   ${(medians[k] / kernel).toFixed(2)} ×`);
