// From spelling to sound: 20,000 words of CMUdict, letters in, ARPAbet phonemes out. A word of the validation part that has several pronunciations is
// measured against the nearest.

import { translateAll } from 'unrolled/pipelines';
import { editDistance } from 'unrolled/metrics';
import type { Bars } from './bar.ts';
import { dataFile, howToGetData } from './data.ts';
import { Symbols, toPairs, trainTranslator } from './translate.ts';

const limit = 0.2;
const [epochs, batchSize, lr, hiddenSize] = [12, 64, 3e-3, 128];
const settings = `biGRU and GRU of ${hiddenSize}, additive attention, embedding 64, dropout .2, B=${batchSize}, Adam ${lr}, cosine, clip 1, ${epochs} epochs, beam 5, seed 1`;

function read(part: string): { sources: string[][]; targets: string[][] } | null {
  const lines = dataFile(`seq2seq-cmudict/${part}.tsv`)?.toString('utf8').trimEnd().split('\n');
  const rows = lines?.map((line) => line.split('\t'));
  return rows
    ? { sources: rows.map(([word]) => Array.from(word)), targets: rows.map(([, sounds]) => sounds.split(' ')) }
    : null;
}

export const spelling: Bars = async () => {
  const bar = 'spelling to phonemes (CMUdict): phoneme error rate on the validation words';
  const [train, validation] = [read('train'), read('valid')];
  if (!train || !validation)
    return [
      { bar, settings, measured: howToGetData('seq2seq-cmudict'), required: `≤ ${limit}`, met: null, seconds: 0 },
    ];
  const [letters, phonemes] = [new Symbols(train.sources), new Symbols(train.targets)];
  const { model, seconds } = await trainTranslator({
    name: 'spelling',
    model: {
      sourceVocabulary: letters.size,
      targetVocabulary: phonemes.size,
      hiddenSize,
      embeddingDim: 64,
      dropout: 0.2,
    },
    train: toPairs(train, letters, phonemes),
    validation: toPairs(validation, letters, phonemes),
    batchSize,
    lr,
    epochs,
    seed: 1,
    translate: 200,
  });
  const pronunciations = new Map<string, number[]>();
  for (const [n, word] of validation.sources.entries()) {
    const key = word.join('');
    pronunciations.set(key, [...(pronunciations.get(key) ?? []), n]);
  }
  const words = [...pronunciations.values()].map(([first]) => validation.sources[first]);
  const predicted = await translateAll(
    model,
    words.map((word) => letters.ids(word)),
    { beams: 5 },
  );
  let [wrong, all, right] = [0, 0, 0];
  for (const [k, word] of words.entries()) {
    const mine = phonemes.tokens(predicted[k][0].ids);
    const references = (pronunciations.get(word.join('')) ?? []).map((n) => validation.targets[n]);
    const distances = references.map((reference) => editDistance(mine, reference));
    const nearest = distances.indexOf(Math.min(...distances));
    wrong += distances[nearest];
    all += references[nearest].length;
    right += +(distances[nearest] === 0);
  }
  const rate = wrong / all;
  const exact = (100 * right) / words.length;
  return [
    {
      bar,
      settings,
      measured: `${rate.toFixed(3)} (${exact.toFixed(1)} % of ${words.length} words exactly)`,
      required: `≤ ${limit}`,
      met: rate <= limit,
      seconds,
    },
  ];
};
