// Which language is a surname from: 18 languages, a few letters, and no language but Russian frequent. Naive Bayes on one to three
// characters has .809.

import type { Bars } from './bar.ts';
import { classifyBar, notMeasured, numberTokens } from './classify.ts';
import { howToGetData, labeledTexts } from './data.ts';

const bar = 'surnames of 18 languages';
const required = 0.82;
const settings =
  'characters, biLSTM 128, embedding 64 from N(0, 0.5), last state, dropout .5, AdamW 4e-3 cosine, B=32, 14 epochs, seed 1';

export const surnames: Bars = async () => {
  const part = (name: string) => labeledTexts(`names-18lang/${name}.tsv`, { text: 0, label: 1, header: 1 });
  const [train, validation] = [part('train'), part('valid')];
  if (!train || !validation) return [notMeasured(bar, required, settings, howToGetData('names-18lang'))];
  const tokenizer = numberTokens(train.texts, (name) => Array.from(name));
  const languages = [...new Set(train.labels)].sort();
  const numbered = ({ texts, labels }: typeof train) => ({
    sequences: texts.map((text) => tokenizer.encode(text)),
    labels: labels.map((label) => languages.indexOf(label)),
  });
  return [
    await classifyBar({
      bar,
      required,
      settings,
      train: numbered(train),
      validation: numbered(validation),
      model: {
        vocabularySize: tokenizer.size,
        classes: languages.length,
        cell: 'lstm',
        hiddenSize: 128,
        embeddingDim: 64,
        bidirectional: true,
        pooling: 'last',
        dropout: 0.5,
      },
      embeddingScale: 0.5,
      epochs: 14,
      batchSize: 32,
      lr: 4e-3,
    }),
  ];
};
