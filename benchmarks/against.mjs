// npm run bench:against -- --against <folder of another checkout> [--sizes 1,16,64,128,512] [--backends native-1,native-2,wasm-2] [--steps 200] [--limit 1.05]
//
// The same training step in two checkouts, this one and another: is anything slower than it was? A process for each backend and size imports both builds
// and alternates between them, a few steps each, so that whatever else the machine does falls on both. What is timed is a step of `Trainer`, from event to
// event, on a character model: two layers of LSTM, 32 streams, windows of 64. Size 1 is one unit on one symbol: what a step costs besides the kernels.
// Both sides must compute the same losses. A line has the least and the median of each; the exit code is 1 where a least is above `--limit` times the other's.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { token } from './lib/data.mjs';

const own = fileURLToPath(new URL('..', import.meta.url));
/** Steps of one side before it is the other's turn, and how many of them warm up: the other's threads may still be spinning. */
const [turn, warm] = [6, 1];
const V = 65;

const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    sizes: { type: 'string', default: '1,16,64,128,512' },
    backends: { type: 'string', default: 'native-1,native-2,wasm-2' },
    steps: { type: 'string', default: '200' },
    limit: { type: 'string', default: '1.05' },
    job: { type: 'string' },
  },
});

/** The names of a checkout's library. Before there was `unrolled/data`, its names were the root's. */
async function libraryOf(folder) {
  const dist = join(folder, 'packages', 'unrolled', 'dist');
  const doors = ['node.js', 'node-data.js'].map((name) => join(dist, name)).filter(existsSync);
  if (doors.length === 0) throw new Error(`${dist}: no build; run node tools/setup.mjs there`);
  const modules = await Promise.all(doors.map((path) => import(pathToFileURL(path).href)));
  return Object.assign({}, ...modules);
}

/** A checkout's training as a stream of steps: `next()` takes one and returns its loss. */
async function trainingOf(folder, { backend, H, streams, windowLength }) {
  const library = await libraryOf(folder);
  await library.useBackend(backend);
  library.manualSeed(1);
  const ids = Int32Array.from({ length: streams * (windowLength * 8 + 1) }, (_, i) => token(i, V));
  const train = new library.StreamBatcher(ids, { streams, windowLength });
  const model = new library.LanguageModel(V, { cell: 'lstm', hiddenSize: H, numLayers: 2 });
  const optimizer = new library.Adam(model.parameters(), { lr: 2e-3 });
  const task = library.languageTask?.(model, { train }) ?? new library.LanguageTask(model, { train }); // a class, once
  const trainer = new library.Trainer(task, { optimizer, steps: 1e9, clipNorm: 5 });
  const events = trainer.run();
  return {
    times: [],
    async next() {
      while (true) {
        const { value } = await events.next();
        if (value.type === 'step') return value.loss;
      }
    },
  };
}

/** One backend and size, in a process of its own: [least, median] of each side in milliseconds. */
async function measure(job) {
  const sides = [await trainingOf(own, job), await trainingOf(job.against, job)];
  for (let n = 0; n < 10; n++) {
    const [a, b] = [await sides[0].next(), await sides[1].next()];
    if (!(Math.abs(a - b) <= 1e-4 * b)) throw new Error(`step ${n + 1}: the losses differ, ${a} and ${b}`);
  }
  for (let n = 0; sides[0].times.length < job.steps || sides[1].times.length < job.steps; n++) {
    const { times, next } = sides[n % 2];
    for (let k = 0; k < turn; k++) {
      const start = performance.now();
      await next();
      if (k >= warm) times.push(performance.now() - start);
    }
  }
  const result = sides.map(({ times }) => {
    times.sort((a, b) => a - b);
    return [times[0], times[times.length >> 1]];
  });
  console.log(JSON.stringify(result));
}

function main() {
  if (!options.against) throw new Error('--against: expected the folder of another checkout, with its build');
  const against = resolve(options.against);
  let slower = 0;
  console.log('backend    H       least ms: here  there  ratio     median ms: here  there  ratio');
  for (const backend of options.backends.split(',')) {
    for (const H of options.sizes.split(',').map(Number)) {
      const [name, threads] = backend.split('-');
      const [streams, windowLength] = H === 1 ? [1, 1] : [32, 64];
      const steps = Math.round(Number(options.steps) * (H === 1 ? 20 : Math.min(1, 128 / H)));
      const job = JSON.stringify({ against, backend: name, H, streams, windowLength, steps });
      const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1], '--job', job], {
        encoding: 'utf8',
        env: { ...process.env, UNROLLED_THREADS: threads },
      });
      if (status !== 0) throw new Error(`${backend}, H=${H}: ${stderr}`);
      const [here, there] = JSON.parse(stdout);
      const ratios = here.map((ms, k) => ms / there[k]);
      if (ratios[0] > Number(options.limit)) slower++;
      const cell = (x) => x.toFixed(3).padStart(8);
      const columns = [0, 1].map((k) => `${cell(here[k])} ${cell(there[k])} ${cell(ratios[k])}`);
      console.log(`${backend.padEnd(9)} ${String(H).padStart(3)}   ${columns.join('    ')}`);
    }
  }
  process.exitCode = slower > 0 ? 1 : 0;
}

if (options.job) await measure(JSON.parse(options.job)).then(() => process.exit(0));
else main();
