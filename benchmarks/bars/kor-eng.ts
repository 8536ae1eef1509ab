// Korean to English on Tatoeba's everyday sentences: whether a translator with attention learns what it is shown, three thousand pairs. Korean is read
// letter by letter, English is written word by word. Where one Korean sentence has several English ones, any of them counts.

import { translateAll } from 'unrolled/pipelines';
import type { Bars } from './bar.ts';
import { dataFile, howToGetData } from './data.ts';
import { Symbols, toPairs, trainTranslator } from './translate.ts';

const least = 0.9;
const [epochs, batchSize, lr, hiddenSize] = [20, 32, 2e-3, 192];
const settings = `biGRU and GRU of ${hiddenSize}, additive attention, embedding ${hiddenSize}, dropout .1, B=${batchSize}, Adam ${lr}, cosine, clip 1, ${epochs} epochs, greedy, seed 1`;

export const korEng: Bars = async () => {
  const bar = 'Korean → English (Anki): training pairs memorized exactly';
  const lines = dataFile('translation-kor-eng/anki.train.tsv')?.toString('utf8').trimEnd().split('\n').slice(1);
  if (!lines)
    return [
      { bar, settings, measured: howToGetData('translation-kor-eng'), required: `≥ ${least}`, met: null, seconds: 0 },
    ];
  const rows = lines.map((line) => line.normalize('NFC').split('\t'));
  const train = {
    sources: rows.map(([, korean]) => Array.from(korean)),
    targets: rows.map(([english]) => english.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[^\s]/gu) ?? []),
  };
  const [ko, en] = [new Symbols(train.sources), new Symbols(train.targets)];
  const pairs = toPairs(train, ko, en);
  const some = { sources: pairs.sources.slice(0, 300), targets: pairs.targets.slice(0, 300) };
  const { model, seconds } = await trainTranslator({
    name: 'Korean → English',
    model: { sourceVocabulary: ko.size, targetVocabulary: en.size, hiddenSize, embeddingDim: hiddenSize, dropout: 0.1 },
    train: pairs,
    validation: some,
    translate: 300,
    batchSize,
    lr,
    epochs,
    seed: 1,
  });
  const known = new Map<string, Set<string>>();
  for (const [n, source] of train.sources.entries()) {
    const key = source.join('');
    known.set(key, (known.get(key) ?? new Set()).add(train.targets[n].join(' ')));
  }
  const predicted = await translateAll(model, pairs.sources);
  const right = predicted.filter(([best], n) =>
    known.get(train.sources[n].join(''))?.has(en.tokens(best.ids).join(' ')),
  );
  const share = right.length / predicted.length;
  return [
    {
      bar,
      settings,
      measured: `${share.toFixed(3)} of ${predicted.length}`,
      required: `≥ ${least}`,
      met: share >= least,
      seconds,
    },
  ];
};
