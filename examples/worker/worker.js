// A worker that trains a character model, tells the page how far it is, and what the model writes. The library is one file, without a bundler; the
// address is that of your server, or of a CDN.

import {
  Adam,
  fit,
  generate,
  LanguageModel,
  languageTask,
  manualSeed,
  StreamBatcher,
  stepperOf,
  useBackend,
  Vocabulary,
} from '/node_modules/unrolled/dist/browser.js';

const steps = 150;

onmessage = async ({ data: { text } }) => {
  await useBackend('wasm');
  manualSeed(1);
  const vocabulary = Vocabulary.fromText(text);
  const model = new LanguageModel(vocabulary.size, { cell: 'gru', hiddenSize: 48, numLayers: 1 });
  const train = new StreamBatcher(vocabulary.encode(text), { streams: 8, windowLength: 24 });
  await fit(languageTask(model, { train }), {
    optimizer: new Adam(model.parameters(), { lr: 1e-2 }),
    steps,
    clipNorm: 1,
    onEvent: (event) => {
      if (event.type === 'step') postMessage({ done: event.step / steps, loss: event.loss });
    },
  });
  const prompt = vocabulary.encode('the quick ');
  postMessage({ text: vocabulary.decode([...generate(stepperOf(model), prompt, { length: 40, greedy: true })]) });
};
