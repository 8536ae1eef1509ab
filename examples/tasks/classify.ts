// A label for each text: reviews, made by a grammar, that are for or against.

import { Adam, classifyTask, fit, manualSeed, SequenceClassifier } from 'unrolled';
import { makeSentiment, Tokenizer } from 'unrolled/data';
import { classify } from 'unrolled/pipelines';

/** Trains for so many epochs. Returns the accuracy on held-back reviews, and the label of one that it was not shown. */
export async function main(epochs = 6): Promise<{ accuracy: number; label: string }> {
  const data = makeSentiment(1200, 1);
  const tokenizer = Tokenizer.train(
    data.map(({ text }) => text),
    { unit: 'word' },
  );
  const classes = [...new Set(data.map(({ label }) => label))].sort();
  const numbered = (part: typeof data) => ({
    sequences: part.map(({ text }) => tokenizer.encode(text)),
    labels: part.map(({ label }) => classes.indexOf(label)),
  });
  manualSeed(1);
  const model = new SequenceClassifier({
    vocabularySize: tokenizer.size,
    classes: classes.length,
    cell: 'gru',
    hiddenSize: 32,
  });
  const task = classifyTask(model, { train: numbered(data.slice(0, 1000)), validation: numbered(data.slice(1000)) });
  const { bestMetrics } = await fit(task, {
    optimizer: new Adam(model.parameters(), { lr: 5e-3 }),
    steps: epochs * task.stepsPerEpoch,
    evaluateEvery: task.stepsPerEpoch,
  });
  const scores = await classify(model, [tokenizer.encode('to be fair , the acting was not dull but delightful')]);
  return { accuracy: bestMetrics?.accuracy ?? 0, label: classes[scores.indexOf(Math.max(...scores))] };
}

if (process.argv[1] === import.meta.filename) console.log(await main()); // { accuracy: 1, label: 'positive' }
