// A tag for every token of a text.

import { indices, SequenceTagger, tagTask } from 'unrolled';
import { TokenVocabulary } from 'unrolled/data';
import type { DatasetOf } from '../../data/dataset.ts';
import type { Settings } from '../../settings/settings.ts';
import { divided, layersOf, longestOf, marked, type Prepared, seeded, table } from './prepared.ts';

export function prepareTagged(settings: Settings, { rows: all, split }: DatasetOf<'tagged'>): Prepared {
  const { train, rest } = divided(all, settings);
  const between = split === 'spaces' ? ' ' : '';
  const vocabulary = TokenVocabulary.of(
    train.map(({ tokens }) => tokens),
    { size: null, minCount: 1, lowercase: false },
  );
  const labels = [...new Set(all.flatMap(({ tags }) => tags))].sort();
  const encoded = (rows: typeof train) => ({
    sequences: rows.map(({ tokens }) => vocabulary.encode(tokens)),
    labels: rows.map(({ tags }) => Int32Array.from(tags, (one) => labels.indexOf(one))),
  });
  const { embeddingDim, dropout, batch, seed } = settings;
  const options = { vocabularySize: vocabulary.size, classes: labels.length, embeddingDim: embeddingDim || 1, dropout };
  const model = seeded(settings, () => new SequenceTagger({ ...layersOf(settings), ...options }));
  const [learned, held] = [encoded(train), encoded(rest)];
  const input = { kind: 'token-classification', split, longestTrained: longestOf(learned.sequences) } as const;
  return {
    model,
    task: tagTask(model, { train: learned, validation: held, batchSize: batch, seed }),
    examples: all.length,
    symbols: vocabulary.size,
    pictures: [],
    parts: { task: 'tag', config: model.config, input, contents: { tokens: vocabulary.toJSON(), tags: labels } },
    heldOut: () =>
      table(
        ['tokens', 'tags'],
        rest.map(({ tokens, tags }) => [JSON.stringify(tokens), JSON.stringify(tags)]),
      ),
    async show() {
      const shown = rest.slice(0, 5);
      const found = encoded(shown).sequences.map((ids) => model.predict(indices(ids, [ids.length, 1]))[0]);
      const text = shown
        .map(({ tokens, tags }, k) => {
          const predicted = Array.from(found[k].labels, (n) => labels[n]);
          return marked(
            predicted.every((one, t) => one === tags[t]),
            `${tokens.join(between)}\n  ${predicted.join(between)}`,
          );
        })
        .join('\n');
      return { text };
    },
  };
}
