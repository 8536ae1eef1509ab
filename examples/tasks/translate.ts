// A sequence from a sequence, with attention: dates as people write them, to 2024-03-03.

import { Adam, fit, manualSeed, Seq2Seq, translateTask } from 'unrolled';
import { makeDates, Tokenizer } from 'unrolled/data';

/** Trains for so many steps. Returns the loss at the end, and the translation of a date that it was not shown. */
export async function main(steps = 560): Promise<{ loss: number; translation: string }> {
  const made = makeDates(3000, 1); // { source: 'December 29, 1971', target: '1971-12-29' }, …
  const tokenizer = Tokenizer.train(made.flatMap(({ source, target }) => [source, target]));
  const train = {
    sources: made.map(({ source }) => tokenizer.encode(source)),
    targets: made.map(({ target }) => tokenizer.encode(target)),
  };
  manualSeed(1);
  const model = new Seq2Seq({
    sourceVocabulary: tokenizer.size,
    targetVocabulary: tokenizer.size,
    decoder: 'general',
    hiddenSize: 64,
  });
  const task = translateTask(model, { train, batchSize: 32 });
  const { smoothLoss } = await fit(task, {
    optimizer: new Adam(model.parameters(), { lr: 3e-3 }),
    steps,
    clipNorm: 1,
  });
  const [[best]] = model.translate([tokenizer.encode('3 March 2024')], { beams: 4 });
  return { loss: smoothLoss ?? Infinity, translation: tokenizer.decode(best.ids) };
}

if (process.argv[1] === import.meta.filename) console.log(await main()); // { loss: 0.02, translation: '2024-03-03' }
