// The same small program for every host: twenty steps of a model of characters, whose loss must fall.

import { Adam, backendReport, fit, LanguageModel, languageTask, manualSeed } from 'unrolled';
import { StreamBatcher, Vocabulary } from 'unrolled/data';

export async function train() {
  manualSeed(1);
  const text = 'the cat sees the moon and the moon sees the cat. '.repeat(60);
  const vocabulary = Vocabulary.fromText(text);
  const model = new LanguageModel(vocabulary.size, { cell: 'gru', hiddenSize: 32, numLayers: 1 });
  const data = new StreamBatcher(vocabulary.encode(text), { streams: 8, windowLength: 16 });
  const losses = [];
  await fit(languageTask(model, { train: data }), {
    optimizer: new Adam(model.parameters(), { lr: 1e-2 }),
    steps: 20,
    clipNorm: 1,
    onEvent: (event) => {
      if (event.type === 'step') losses.push(event.loss);
    },
  });
  const { taken, attempts } = backendReport();
  return { taken, outcome: attempts.at(-1)?.outcome, first: losses[0], last: losses.at(-1) };
}
