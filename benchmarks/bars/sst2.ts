// English sentences, 6,920 to learn from, and nothing else: no word vectors learned elsewhere. Naive Bayes on words and pairs of words has .813
// on the test part.

import type { Bars } from './bar.ts';
import { classifyBar, notMeasured, numberTokens } from './classify.ts';
import { howToGetData, labeledTexts } from './data.ts';

const bar = 'sentiment of video reviews (SST-2)';
const required = 0.8;
const settings =
  'words seen twice, biGRU 64, max pooling, dropout .5, word dropout .2, embedding from N(0, 0.3), AdamW 2e-3 cosine, B=32, 8 epochs, seed 1';

export const sst2: Bars = async () => {
  const part = (name: string) => labeledTexts(`sentiment-sst2/${name}`, { text: 0, label: 1, header: 0 });
  const [train, validation] = [part('train.tsv'), part('dev.tsv')];
  if (!train || !validation) return [notMeasured(bar, required, settings, howToGetData('sentiment-sst2'))];
  const { size, encode } = numberTokens(train.texts, (text) => text.toLowerCase().split(/\s+/), 2);
  const numbered = ({ texts, labels }: typeof train) => ({ sequences: texts.map(encode), labels: labels.map(Number) });
  return [
    await classifyBar({
      bar,
      required,
      settings,
      train: numbered(train),
      validation: numbered(validation),
      model: {
        vocabularySize: size,
        classes: 2,
        cell: 'gru',
        hiddenSize: 64,
        embeddingDim: 64,
        bidirectional: true,
        pooling: 'max',
        dropout: 0.5,
        stepDropout: 0.2,
      },
      embeddingScale: 0.3,
      epochs: 8,
      batchSize: 32,
      lr: 2e-3,
    }),
  ];
};
