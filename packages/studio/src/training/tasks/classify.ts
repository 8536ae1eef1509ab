// Texts and their labels.

import { classifyTask, SequenceClassifier } from 'unrolled';
import { Tokenizer } from 'unrolled/data';
import { textClassificationOf } from 'unrolled/pipelines';
import type { DatasetOf } from '../../data/dataset.ts';
import type { Settings } from '../../settings/settings.ts';
import { divided, layersOf, longestOf, marked, type Prepared, seeded, table } from './prepared.ts';

export function prepareLabeled(settings: Settings, { rows: all, unit }: DatasetOf<'labeled'>): Prepared {
  const { train, rest } = divided(all, settings);
  const tokenizer = Tokenizer.train(
    train.map(({ text }) => text),
    { unit: unit ?? (ofWords(train) ? 'word' : 'character') },
  );
  const labels = [...new Set(all.map(({ label }) => label))].sort();
  const encoded = (rows: typeof train) => ({
    sequences: rows.map(({ text }) => tokenizer.encode(text)),
    labels: rows.map(({ label }) => labels.indexOf(label)),
  });
  const { embeddingDim, dropout, batch, seed } = settings;
  const options = { vocabularySize: tokenizer.size, classes: labels.length, embeddingDim: embeddingDim || 1, dropout };
  const [learned, held] = [encoded(train), encoded(rest)];
  const longest = Math.max(1, longestOf(learned.sequences), longestOf(held.sequences));
  const model = seeded(settings, () => new SequenceClassifier({ ...layersOf(settings), ...options }));
  const input = { kind: 'text-classification', maxTokens: longest, longestTrained: longest } as const;
  return {
    model,
    task: classifyTask(model, { train: learned, validation: held, batchSize: batch, seed }),
    examples: all.length,
    symbols: tokenizer.size,
    pictures: [],
    parts: { task: 'classify', config: model.config, input, contents: { tokenizer: tokenizer.toJSON(), labels } },
    heldOut: () =>
      table(
        ['text', 'label'],
        rest.map(({ text, label }) => [text, label]),
      ),
    async show() {
      const shown = rest.slice(0, 6);
      const pipeline = textClassificationOf(model, { tokenizer, labels, input });
      const answers = await pipeline.predict(
        shown.map(({ text }) => text),
        { topK: 1 },
      );
      const text = shown
        .map(({ text, label }, k) => {
          const { label: predicted, score } = answers[k];
          return marked(predicted === label, `${brief(text)} → ${predicted} ${score.toFixed(2)}`);
        })
        .join('\n');
      return { text };
    },
  };
}

/** The unit of data that do not say theirs, so that their runs go on: characters for names and other single words. */
const ofWords = (rows: DatasetOf<'labeled'>['rows']) =>
  rows.filter(({ text }) => /\s/.test(text.trim())).length > 0.1 * rows.length;

const brief = (text: string) => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
