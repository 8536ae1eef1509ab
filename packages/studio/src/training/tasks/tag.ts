// How deep in brackets each character is: a(b[c]) → 0112221.

import { indices, SequenceTagger, tagTask } from 'unrolled';
import { syntheticData, Tokenizer } from 'unrolled/data';
import type { Settings } from '../../state/settings.ts';
import { divided, layersOf, marked, type Prepared, seeded } from './prepared.ts';

const count = 1500;

export function prepareDepth(settings: Settings): Prepared {
  const all = syntheticData.brackets.make(count, 1);
  const { train, rest } = divided(all, settings);
  const tokenizer = Tokenizer.train(train.map(({ text }) => text));
  const labels = [...new Set(all.flatMap(({ tags }) => tags))].sort();
  const encoded = (rows: typeof train) => ({
    sequences: rows.map(({ text }) => tokenizer.encode(text)),
    labels: rows.map(({ tags }) => Int32Array.from(tags, (one) => labels.indexOf(one))),
  });
  const { embeddingDim, dropout, batch, seed } = settings;
  const options = { vocabularySize: tokenizer.size, classes: labels.length, embeddingDim: embeddingDim || 1, dropout };
  const model = seeded(settings, () => new SequenceTagger({ ...layersOf(settings), ...options }));
  return {
    model,
    task: tagTask(model, { train: encoded(train), validation: encoded(rest), batchSize: batch, seed }),
    examples: all.length,
    symbols: tokenizer.size,
    text: null,
    async show() {
      const shown = rest.slice(0, 5);
      const found = encoded(shown).sequences.map((ids) => model.predict(indices(ids, [ids.length, 1]))[0]);
      return shown
        .map(({ text, tags }, k) => {
          const predicted = Array.from(found[k].labels, (n) => labels[n]);
          return marked(
            predicted.every((one, t) => one === tags[t]),
            `${text}\n  ${predicted.join('')}`,
          );
        })
        .join('\n');
    },
  };
}
