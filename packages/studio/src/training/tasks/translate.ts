// English dates to ISO: Friday, March 5, 2021 → 2021-03-05, with an encoder, a decoder and attention between them.

import { Seq2Seq, translateTask } from 'unrolled';
import { syntheticData, Tokenizer } from 'unrolled/data';
import { translationOf } from 'unrolled/pipelines';
import type { Settings } from '../../state/settings.ts';
import { divided, layersOf, marked, type Prepared, seeded } from './prepared.ts';

const count = 2000;

export function prepareDates(settings: Settings): Prepared {
  const all = syntheticData.dates.make(count, 1);
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
  const longest = {
    source: pairs.sources.reduce((most, { length }) => Math.max(most, length), 0),
    target: pairs.targets.reduce((most, { length }) => Math.max(most, length), 0),
  };
  const input = { kind: 'translation', longestTrained: longest } as const;
  return {
    model,
    task: translateTask(model, { train: pairs, validation: encoded(rest), batchSize: batch, seed, translate: 50 }),
    examples: all.length,
    symbols: source.size,
    text: null,
    async show() {
      const shown = rest.slice(0, 5);
      const pipeline = translationOf(model, { tokenizers: { source, target }, input });
      const answers = await pipeline.translate(
        shown.map((pair) => pair.source),
        { beams: 1 },
      );
      return shown
        .map((pair, k) => marked(answers[k].text === pair.target, `${pair.source} → ${answers[k].text}`))
        .join('\n');
    },
  };
}
