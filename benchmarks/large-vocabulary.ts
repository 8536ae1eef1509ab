// What the softmax of a large vocabulary costs, and what its cheaper forms give for it: `npm run bench:vocabulary` prints
//
//   milliseconds of a training step of an LSTM over 50,000 words with each output layer, Adam included       bar: at least 2 × the full softmax
//   the perplexity over the whole vocabulary after training on a text                                        bar: at most 3 % above the full softmax
//
// The second needs a text: `-- --text words.txt [--validation more.txt]`, gzipped or not, one sentence a line. `--only full,sampled` runs some of the forms.

import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import {
  Adam,
  cosineSchedule,
  currentBackend,
  evaluateLanguageModel,
  fit,
  LanguageModel,
  languageTask,
  manualSeed,
  Random,
  Trainer,
  useBackend,
} from 'unrolled';
import { StreamBatcher, Tokenizer } from 'unrolled/data';
import { type OutputName, outputNames, type OutputOptions } from 'unrolled/layers';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: outputNames.join(',') },
    backend: { type: 'string', default: 'native' },
    words: { type: 'string', default: '50000' },
    hidden: { type: 'string', default: '256' },
    samples: { type: 'string', default: '1024' },
    steps: { type: 'string', default: '8' },
    text: { type: 'string' },
    validation: { type: 'string' },
    epochs: { type: 'string', default: '4' },
    lr: { type: 'string', default: '0.002' },
  },
});
const forms = values.only.split(',') as OutputName[];
const optionsOf = (output: OutputName): OutputOptions =>
  output === 'sampled' || output === 'nce' ? { output, samples: Number(values.samples) } : { output };

/** Words drawn by Zipf's law, as they occur in a text: the most frequent one is word 0. */
function zipf(words: number, count: number): Int32Array {
  const random = new Random(1);
  return Int32Array.from({ length: count }, () => Math.floor((words + 1) ** random.uniform() - 1));
}

/** Milliseconds of one training step, the median of several after two more. */
async function stepTime(output: OutputName): Promise<number> {
  const V = Number(values.words);
  manualSeed(1);
  const model = new LanguageModel(V, {
    cell: 'lstm',
    hiddenSize: Number(values.hidden),
    numLayers: 1,
    ...optionsOf(output),
  });
  const task = languageTask(model, { train: new StreamBatcher(zipf(V, 100_000), { streams: 20, windowLength: 35 }) });
  const steps = 2 + Number(values.steps);
  const trainer = new Trainer(task, { optimizer: new Adam(model.parameters(), { lr: 1e-3 }), steps, clipNorm: 5 });
  const times: number[] = [];
  let last = performance.now();
  for await (const event of trainer.run(new AbortController().signal)) {
    if (event.type !== 'step') continue;
    times.push(performance.now() - last);
    last = performance.now();
  }
  return times.slice(2).sort((a, b) => a - b)[Math.floor(Number(values.steps) / 2)];
}

function read(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

interface Learned {
  readonly perplexity: number;
  readonly seconds: number;
}

/** The perplexity over the whole vocabulary after training. */
async function learn(output: OutputName, train: Int32Array, validation: Int32Array, V: number): Promise<Learned> {
  manualSeed(1);
  const model = new LanguageModel(V, {
    cell: 'lstm',
    hiddenSize: 200,
    numLayers: 1,
    dropout: 0.3,
    ...optionsOf(output),
  });
  const streams = new StreamBatcher(train, { streams: 20, windowLength: 35 });
  const steps = Number(values.epochs) * streams.windowsPerEpoch;
  const started = performance.now();
  const lr = Number(values.lr);
  await fit(languageTask(model, { train: streams }), {
    optimizer: new Adam(model.parameters(), { lr }),
    steps,
    schedule: cosineSchedule(lr, { steps, minimum: lr / 50 }),
    clipNorm: 5,
  });
  const seconds = (performance.now() - started) / 1000;
  const { loss } = await evaluateLanguageModel(model, new StreamBatcher(validation, { streams: 10, windowLength: 35 }));
  return { perplexity: Math.exp(loss), seconds };
}

const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`;
await useBackend(values.backend as 'native' | 'wasm');
console.log(`${machine}, ${currentBackend().name}`);

if (values.text === undefined) {
  console.log(
    `one step: LSTM of ${values.hidden} units over ${values.words} words, 20 × 35 of them, Adam, gradients clipped`,
  );
  let full: number | null = null;
  for (const output of forms) {
    const time = await stepTime(output);
    if (output === 'full') full = time;
    console.log(
      `${output.padEnd(10)}${time.toFixed(0).padStart(6)} ms${full ? `   ${(full / time).toFixed(1)} ×` : ''}`,
    );
  }
} else {
  const lines = read(values.text).split('\n');
  const cut = values.validation ? lines.length : Math.floor(0.95 * lines.length);
  const tokenizer = Tokenizer.train(lines.slice(0, cut), { unit: 'word', lowercase: true });
  const ids = (texts: readonly string[]) =>
    Int32Array.from(texts.flatMap((line) => [...tokenizer.encode(line), tokenizer.end]));
  const train = ids(lines.slice(0, cut));
  const validation = ids(values.validation ? read(values.validation).split('\n') : lines.slice(cut));
  console.log(`${train.length} words to learn, ${validation.length} to measure on, ${tokenizer.size} different`);
  let full: number | null = null;
  for (const output of forms) {
    const { perplexity, seconds } = await learn(output, train, validation, tokenizer.size);
    if (output === 'full') full = perplexity;
    const against = full ? `   ${perplexity >= full ? '+' : ''}${(100 * (perplexity / full - 1)).toFixed(1)} %` : '';
    console.log(`${output.padEnd(10)}perplexity ${perplexity.toFixed(2)}${against}   ${seconds.toFixed(0)} s`);
  }
}
