// A text becomes another one: with an encoder, a decoder and attention between them.

import { Seq2Seq, translateTask } from 'unrolled';
import { Tokenizer } from 'unrolled/data';
import { translationOf } from 'unrolled/pipelines';
import type { DatasetOf } from '../../data/dataset.ts';
import type { Settings } from '../../settings/settings.ts';
import { divided, layersOf, longestOf, marked, type Prepared, seeded, table } from './prepared.ts';

export function preparePairs(settings: Settings, { rows: all }: DatasetOf<'pairs'>): Prepared {
  const { train, rest } = divided(all, settings);
  const source = Tokenizer.train(train.map((pair) => pair.source));
  const target = Tokenizer.train(train.map((pair) => pair.target));
  const encoded = (rows: typeof train) => ({
    sources: rows.map((pair) => source.encode(pair.source)),
    targets: rows.map((pair) => target.encode(pair.target)),
  });
  const { embeddingDim, dropout, batch, seed } = settings;
  const options = {
    sourceVocabulary: source.size,
    targetVocabulary: target.size,
    embeddingDim: embeddingDim || 1,
    dropout,
  };
  const model = seeded(settings, () => new Seq2Seq({ ...layersOf(settings), ...options }));
  const pairs = encoded(train);
  const longest = { source: longestOf(pairs.sources), target: longestOf(pairs.targets) };
  const input = { kind: 'translation', longestTrained: longest } as const;
  return {
    model,
    task: translateTask(model, { train: pairs, validation: encoded(rest), batchSize: batch, seed, translate: 50 }),
    examples: all.length,
    symbols: source.size,
    pictures: [],
    parts: {
      task: 'translate',
      config: model.config,
      input,
      contents: { source: source.toJSON(), target: target.toJSON() },
    },
    heldOut: () =>
      table(
        ['source', 'target'],
        rest.map((pair) => [pair.source, pair.target]),
      ),
    async show() {
      const shown = rest.slice(0, 5);
      const pipeline = translationOf(model, { tokenizers: { source, target }, input });
      const answers = await pipeline.translate(
        shown.map((pair) => pair.source),
        { beams: 1 },
      );
      const text = shown
        .map((pair, k) => marked(answers[k].text === pair.target, `${pair.source} → ${answers[k].text}`))
        .join('\n');
      return { text };
    },
  };
}
