// The tests of long memory: adding, temporal order, the embedded Reber grammar, parity. What gates can do, and what a tanh network cannot.
// When to stop is decided on one test; what is reported is measured on another.

import { addingProblem, embeddedReberProblem, parityProblem, temporalOrderProblem } from 'unrolled/data';
import { type BarResult, type Bars, timed } from './bar.ts';
import { runMemory } from './memory.ts';

const seedsTo = (n: number) => Array.from({ length: n }, (_, k) => k + 1);
const list = (values: readonly number[], digits: number) => values.map((v) => v.toFixed(digits)).join(', ');

/** Runs one after another, and what one metric came to in each. */
async function runAll(
  metric: string,
  runs: readonly Parameters<typeof runMemory>[0][],
): Promise<{ values: number[]; steps: number[]; seconds: number }> {
  const { value, seconds } = await timed(async () => {
    const results = [];
    for (const run of runs) results.push(await runMemory(run));
    return results;
  });
  return { values: value.map((r) => r.metrics[metric]), steps: value.map((r) => r.steps), seconds };
}

export const adding: Bars = async () => {
  const run = (cell: 'gru' | 'rnn', lr: number, seeds: number[]) =>
    runAll(
      'mse',
      seeds.map((seed) => ({
        problem: addingProblem({ length: 100 }),
        model: { cell, hiddenSize: 64 },
        seed,
        steps: 6000,
        lr,
        batchSize: 32,
        testSize: 512,
        evaluateEvery: 250,
        until: ({ mse }) => mse <= 0.002,
      })),
    );
  const gru = await run('gru', 2e-3, seedsTo(3));
  const rnn = await run('rnn', 1e-3, seedsTo(3));
  const shared = 'T=100, H=64, B=32, clip 1, 512 test sequences, until ≤ 0.002 or 6,000 iterations; seeds 1 to 3';
  return [
    {
      bar: 'adding problem, GRU: mean square error',
      settings: `Adam 2e-3, ${shared}`,
      measured: `${list(gru.values, 4)} after ${gru.steps.join(', ')} iterations`,
      required: '≤ 0.005 within 6,000 iterations',
      met: gru.values.every((v) => v <= 0.005),
      seconds: gru.seconds,
    },
    {
      bar: 'adding problem, tanh RNN: does not learn it',
      settings: `Adam 1e-3, ${shared}`,
      measured: list(rnn.values, 4),
      required: '≥ 0.05',
      met: rnn.values.every((v) => v >= 0.05),
      seconds: rnn.seconds,
    },
  ];
};

export const temporalOrder: Bars = async () => {
  const results: BarResult[] = [];
  for (const [name, model] of [
    ['GRU', { cell: 'gru', hiddenSize: 32 }],
    ['LSTM with forget bias 4', { cell: 'lstm', hiddenSize: 32, forgetBias: 4 }],
    ['tanh RNN', { cell: 'rnn', hiddenSize: 32 }],
  ] as const) {
    const { values, steps, seconds } = await runAll(
      'accuracy',
      seedsTo(5).map((seed) => ({
        problem: temporalOrderProblem({ length: 50 }),
        model,
        seed,
        steps: 1500,
        lr: 1e-2,
        batchSize: 32,
        testSize: 512,
        evaluateEvery: 100,
        until: ({ accuracy }) => accuracy === 1,
      })),
    );
    const learns = model.cell !== 'rnn';
    results.push({
      bar: `temporal order, ${name}: accuracy`,
      settings: 'T=50 to 55, H=32, B=32, Adam 1e-2, clip 1, until all of 512 or 1,500 iterations; seeds 1 to 5',
      measured: `${list(values, 3)} after ${steps.join(', ')} iterations`,
      required: learns ? '≥ 0.99 in 4 of 5 seeds' : '≤ 0.35',
      met: learns ? values.filter((v) => v >= 0.99).length >= 4 : values.every((v) => v <= 0.35),
      seconds,
    });
  }
  return results;
};

export const reber: Bars = async () => {
  const batchSize = 10;
  const most = 2000; // steps
  const { values, steps, seconds } = await runAll(
    'legal',
    seedsTo(10).map((seed) => ({
      problem: embeddedReberProblem(),
      model: { cell: 'lstm', hiddenSize: 16 },
      seed,
      steps: most,
      lr: 2e-2,
      batchSize,
      evaluateEvery: 10,
      until: ({ strict }) => strict === 1,
    })),
  );
  const sequences = steps.map((n) => n * batchSize);
  const mean = sequences.reduce((a, b) => a + b, 0) / sequences.length;
  return [
    {
      bar: 'embedded Reber grammar, LSTM: training sequences until 256 test strings are all legal',
      settings: `H=16, B=${batchSize}, Adam 2e-2, clip 1, seeds 1 to 10; at each step the k symbols that may follow are the k most probable`,
      measured: `mean ${mean.toFixed(0)} (${sequences.join(', ')}); legal on 256 other strings ${list(values, 2)}`,
      required: 'all legal, mean ≤ 8,440',
      met: steps.every((n) => n < most) && mean <= 8440,
      seconds,
    },
  ];
};

export const parity: Bars = async () => {
  const results: BarResult[] = [];
  const networks = [
    { cell: 'lstm', name: 'LSTM', learns: true },
    { cell: 'rnn', name: 'tanh RNN', learns: true },
    { cell: 'slstm', name: 'sLSTM', learns: true },
    { cell: 'mingru', name: 'minGRU, two layers', learns: false, numLayers: 2 },
  ] as const;
  for (const { name, learns, ...model } of networks) {
    const { values, steps, seconds } = await runAll(
      'accuracy',
      seedsTo(3).map((seed) => ({
        problem: parityProblem({ length: 40, testLength: 256, everyStep: true }),
        model: { ...model, hiddenSize: 16 },
        seed,
        steps: 2000,
        lr: 5e-3,
        batchSize: 64,
        testSize: 1000,
        evaluateEvery: 100,
        until: ({ accuracy }) => accuracy === 1,
      })),
    );
    results.push({
      bar: `parity, ${name}: accuracy on 40 to 256 bits`,
      settings:
        'trained on 2 to 40 bits, loss at every bit, H=16, B=64, Adam 5e-3, clip 1; 1,000 test rows, their last bit; seeds 1 to 3',
      measured: `${list(values, 3)} after ${steps.join(', ')} iterations`,
      required: learns ? '≥ 0.99' : '≤ 0.6, its gates do not see the state',
      met: values.every((v) => (learns ? v >= 0.99 : v <= 0.6)),
      seconds,
    });
  }
  return results;
};
