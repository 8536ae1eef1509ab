// A character model: learns a text, and continues it.
//
//   node examples/tasks/text.ts        with Node 22.18 or newer; the clone's `node --import ./tools/ts.mjs` runs it with any

import { Adam, fit, generate, LanguageModel, languageTask, manualSeed, stepperOf } from 'unrolled';
import { StreamBatcher, Vocabulary } from 'unrolled/data';

const text = 'the quick brown fox jumps over a lazy dog. '.repeat(60);

/** Trains for so many steps. Returns the text that the model writes. */
export async function main(steps = 150): Promise<string> {
  manualSeed(1);
  const vocabulary = Vocabulary.fromText(text);
  const model = new LanguageModel(vocabulary.size, { cell: 'gru', hiddenSize: 48, numLayers: 1 });
  const train = new StreamBatcher(vocabulary.encode(text), { streams: 8, windowLength: 24 });
  await fit(languageTask(model, { train }), {
    optimizer: new Adam(model.parameters(), { lr: 1e-2 }),
    steps,
    clipNorm: 1,
  });
  const prompt = vocabulary.encode('the quick ');
  return vocabulary.decode([...generate(stepperOf(model), prompt, { length: 40, greedy: true })]);
}

if (process.argv[1] === import.meta.filename) console.log(await main()); // brown fox jumps over a lazy dog. the quic
