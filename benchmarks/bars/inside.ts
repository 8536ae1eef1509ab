// Looking inside: what counting reaches on tiny-shakespeare, what a look costs while training, and what a parallel recurrence gives up.

import { Adam, LanguageModel, languageTask, manualSeed, Trainer } from 'unrolled';
import { liveInspector, NGramModel } from 'unrolled/analysis';
import { StreamBatcher, Vocabulary } from 'unrolled/data';
import { lessons } from 'unrolled/lessons';
import { type BarResult, type Bars, progress, timed } from './bar.ts';
import { howToGetIt, tinyShakespeare } from './data.ts';

export const inside: Bars = async () => [counting(), await lookCost(), await parityLesson()];

/** Interpolated Witten-Bell, orders 1 to 7, counted in the first nine tenths and asked for the last. */
function counting(): BarResult {
  const start = performance.now();
  const text = tinyShakespeare();
  const common = {
    bar: 'n-grams that memory length is held against, nats per character, orders 1 to 7',
    settings: 'tiny-shakespeare, counted in the first 90 %, asked for the rest',
    required: '3.347 2.486 2.049 1.774 1.669 1.698 1.779 (an independent implementation), each to 0.001',
  };
  if (!text) return { ...common, measured: howToGetIt, met: null, seconds: 0 };
  progress('counting n-grams in tiny-shakespeare');
  const vocabulary = Vocabulary.fromText(text);
  const ids = vocabulary.encode(text);
  const cut = Math.floor(ids.length * 0.9);
  const counted = new NGramModel(ids.subarray(0, cut), { order: 7, vocabularySize: vocabulary.size });
  const asked = ids.subarray(cut);
  const sums = new Float64Array(7);
  for (let p = 0; p < asked.length; p++) for (const [n, l] of counted.lossAt(asked, p).entries()) sums[n] += l;
  const losses = Array.from(sums, (s) => s / asked.length);
  const expected = [3.347, 2.486, 2.049, 1.774, 1.669, 1.698, 1.779];
  return {
    ...common,
    measured: losses.map((l) => l.toFixed(3)).join(' '),
    met: losses.every((l, n) => Math.abs(l - expected[n]) <= 0.001),
    seconds: (performance.now() - start) / 1000,
  };
}

/** A look takes as long as so many steps; every hundredth step pays for one. */
async function lookCost(): Promise<BarResult> {
  progress('timing looks inside while a language model trains');
  const start = performance.now();
  manualSeed(1);
  const ids = Int32Array.from({ length: 200_000 }, (_, i) => (i * i + 3 * i) % 61);
  const model = new LanguageModel(65, { cell: 'lstm', hiddenSize: 128, numLayers: 2 });
  const task = languageTask(model, { train: new StreamBatcher(ids, { streams: 50, windowLength: 50 }) });
  const inspector = liveInspector({ every: 20 });
  let looking = 0;
  const looks: number[] = [];
  const trainer = new Trainer(task, {
    optimizer: new Adam(model.parameters()),
    steps: 120,
    clipNorm: 1,
    inspect: {
      every: 20,
      look(moment) {
        const before = performance.now();
        const found = inspector.look(moment);
        looking = performance.now() - before;
        looks.push(looking);
        return found;
      },
    },
  });
  const steps: number[] = [];
  let before = performance.now();
  for await (const event of trainer.run()) {
    if (event.type !== 'step') continue;
    const now = performance.now();
    if (looking === 0 && event.step > 10) steps.push(now - before);
    [before, looking] = [now, 0];
  }
  const median = (v: number[]) => v.toSorted((a, b) => a - b)[v.length >> 1];
  const cost = median(looks) / (100 * median(steps));
  return {
    bar: 'looking at the gradient through time every hundred steps of training costs',
    settings:
      'LSTM 2 × 128, 50 streams, windows of 50; the whole batch stepped through, every state and gate; medians of 6 looks and 100 steps',
    measured: `${(cost * 100).toFixed(1)} % (a look takes ${(median(looks) / median(steps)).toFixed(1)} steps)`,
    required: '≤ 5 %',
    met: cost <= 0.05,
    seconds: (performance.now() - start) / 1000,
  };
}

async function parityLesson(): Promise<BarResult> {
  progress('parity: LSTM, GRU and a minimal GRU');
  const lesson = lessons.find(({ name }) => name === 'parity');
  const { value, seconds } = await timed(async () => lesson?.measure());
  const { cells } = value as { cells: readonly { name: string; accuracy: number }[] };
  const of = (name: string) => cells.find((one) => one.name === name)?.accuracy ?? Number.NaN;
  return {
    bar: 'parity trained on at most 40 bits, tested on 40 to 256, as `unrolled lesson parity` shows it',
    settings:
      'LSTM and GRU 16, minGRU 2 × 32; Adam 5e-3, batch 64, clip 1, rows longer as they are mastered, 700 steps, seed 1',
    measured: cells.map(({ name, accuracy }) => `${name} ${(accuracy * 100).toFixed(1)} %`).join(', '),
    required: 'LSTM ≥ 99 %, minGRU near chance level (40 to 60 %)',
    met: of('LSTM') >= 0.99 && of('minGRU') >= 0.4 && of('minGRU') <= 0.6,
    seconds,
  };
}
