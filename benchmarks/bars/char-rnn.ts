// char-rnn's settings and split on tiny-shakespeare: 2×128, one-hot input, 50 streams of windows of 50, RMSprop 2e-3 with α 0.95, each gradient
// clamped to ±5, every parameter uniform in ±0.08, the forget gate's bias 1. The text is cut into 50 streams first; the last 5 % of the windows
// of each validate.

import { evaluateLanguageModel, init, LanguageModel, languageTask, manualSeed, RMSprop, Trainer } from 'unrolled';
import { StreamBatcher, Vocabulary } from 'unrolled/data';
import { type BarResult, type Bars, progress, timed } from './bar.ts';
import { howToGetIt, tinyShakespeare } from './data.ts';

const cells = [
  { cell: 'lstm', name: 'LSTM', limit: 1.8 },
  { cell: 'gru-reset-before', name: 'GRU (reset before)', limit: 1.67 },
  { cell: 'rnn', name: 'tanh RNN', limit: 1.79 },
] as const;
const iterations = 1000;
const settings = `2×128, one-hot, B=50, T=50, RMSprop 2e-3 α 0.95, clip ±5, U(±0.08), forget bias 1, seed 123, ${iterations} iterations`;

/** The validation loss in nats per character after `iterations`. */
async function train(
  text: string,
  cell: (typeof cells)[number]['cell'],
  onStep: (step: number, loss: number) => void,
): Promise<number> {
  const vocabulary = Vocabulary.fromText(text);
  const ids = vocabulary.encode(text);
  const options = { streams: 50, windowLength: 50 };
  const all = new StreamBatcher(ids, options);
  const cut = Math.floor(all.windowsPerEpoch * 0.95);
  const validation = new StreamBatcher(ids, { ...options, from: cut });
  manualSeed(123);
  const model = new LanguageModel(vocabulary.size, { cell, hiddenSize: 128, numLayers: 2, embeddingDim: 0 });
  for (const [name, p] of model.namedParameters()) {
    init.uniform(p, -0.08, 0.08);
    if (cell === 'lstm' && name.includes('bias_ih')) init.forgetGateBias(p, 1);
  }
  const task = languageTask(model, { train: new StreamBatcher(ids, { ...options, to: cut }) });
  const optimizer = new RMSprop(model.parameters(), { lr: 2e-3, alpha: 0.95 });
  for await (const event of new Trainer(task, { optimizer, steps: iterations, clipValue: 5 }).run()) {
    if (event.type === 'step' && event.step % 100 === 0) onStep(event.step, event.smoothLoss);
  }
  return (await evaluateLanguageModel(model, validation)).loss;
}

export const charRnn: Bars = async () => {
  const text = tinyShakespeare();
  const results: BarResult[] = [];
  for (const { cell, name, limit } of cells) {
    const run =
      text &&
      (await timed(() =>
        train(text, cell, (step, loss) =>
          progress(`char-rnn ${name}: iteration ${step}, smooth loss ${loss.toFixed(3)}`),
        ),
      ));
    results.push({
      bar: `char-rnn, ${name}: validation loss at iteration ${iterations}`,
      settings,
      measured: run ? `${run.value.toFixed(3)} nats per character` : howToGetIt,
      required: `≤ ${limit}`,
      met: run ? run.value <= limit : null,
      seconds: run ? run.seconds : 0,
    });
  }
  return results;
};
