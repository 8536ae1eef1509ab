// A label for each token: brackets that have a partner, and brackets that have none.

import { Adam, fit, manualSeed, SequenceTagger, tagTask } from 'unrolled';
import { makeBrackets, Tokenizer } from 'unrolled/data';
import { tag } from 'unrolled/pipelines';

/** Trains for so many epochs. Returns the share of right labels on held-back lines, and the labels of one line. */
export async function main(epochs = 10): Promise<{ accuracy: number; labels: string[] }> {
  const data = makeBrackets(1200, 1, { tags: 'match' });
  const tokenizer = Tokenizer.train(data.map(({ text }) => text));
  const labels = [...new Set(data.flatMap(({ tags }) => tags))].sort();
  const numbered = (part: typeof data) => ({
    sequences: part.map(({ text }) => tokenizer.encode(text)),
    labels: part.map(({ tags }) => tags.map((name) => labels.indexOf(name))),
  });
  manualSeed(1);
  const model = new SequenceTagger({
    vocabularySize: tokenizer.size,
    classes: labels.length,
    hiddenSize: 48,
    bidirectional: true,
  });
  const task = tagTask(model, { train: numbered(data.slice(0, 1000)), validation: numbered(data.slice(1000)) });
  const { bestMetrics } = await fit(task, {
    optimizer: new Adam(model.parameters(), { lr: 5e-3 }),
    steps: epochs * task.stepsPerEpoch,
    evaluateEvery: task.stepsPerEpoch,
  });
  const [line] = await tag(model, [tokenizer.encode('(a][b](')]);
  return { accuracy: bestMetrics?.accuracy ?? 0, labels: Array.from(line.labels, (k) => labels[k]) };
}

if (process.argv[1] === import.meta.filename) console.log(await main());
