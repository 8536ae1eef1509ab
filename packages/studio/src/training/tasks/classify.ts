// Reviews and whether they are good or bad, where the order of the words decides.

import { classifyTask, SequenceClassifier } from 'unrolled';
import { syntheticData, Tokenizer } from 'unrolled/data';
import { textClassificationOf } from 'unrolled/pipelines';
import type { Settings } from '../../state/settings.ts';
import { divided, layersOf, marked, type Prepared, seeded } from './prepared.ts';

const count = 2000;

export function prepareSentiment(settings: Settings): Prepared {
  const all = syntheticData.sentiment.make(count, 1);
  const { train, rest } = divided(all, settings);
  const tokenizer = Tokenizer.train(
    train.map(({ text }) => text),
    { unit: 'word' },
  );
  const labels = [...new Set(all.map(({ label }) => label))].sort();
  const encoded = (rows: typeof train) => ({
    sequences: rows.map(({ text }) => tokenizer.encode(text)),
    labels: rows.map(({ label }) => labels.indexOf(label)),
  });
  const { embeddingDim, dropout, batch, seed } = settings;
  const options = { vocabularySize: tokenizer.size, classes: labels.length, embeddingDim: embeddingDim || 1, dropout };
  const model = seeded(settings, () => new SequenceClassifier({ ...layersOf(settings), ...options }));
  const longest = all.reduce((most, { text }) => Math.max(most, tokenizer.encode(text).length), 0);
  const input = { kind: 'text-classification', maxTokens: longest, longestTrained: longest } as const;
  return {
    model,
    task: classifyTask(model, { train: encoded(train), validation: encoded(rest), batchSize: batch, seed }),
    examples: all.length,
    symbols: tokenizer.size,
    text: null,
    async show() {
      const shown = rest.slice(0, 6);
      const pipeline = textClassificationOf(model, { tokenizer, labels, input });
      const answers = await pipeline.predict(
        shown.map(({ text }) => text),
        { topK: 1 },
      );
      return shown
        .map(({ text, label }, k) => {
          const { label: predicted, score } = answers[k];
          return marked(predicted === label, `${text} → ${predicted} ${score.toFixed(2)}`);
        })
        .join('\n');
    },
  };
}
