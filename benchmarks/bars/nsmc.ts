// Korean reviews, 80,000 to learn from, read syllable by syllable. Naive Bayes on one to three characters has .837 on the test part.

import type { Bars } from './bar.ts';
import { classifyBar, notMeasured, numberTokens } from './classify.ts';
import { howToGetData, labeledTexts } from './data.ts';

const bar = 'sentiment of video reviews (NSMC, Korean)';
const required = 0.85;
const settings =
  'characters seen three times, biGRU 128, max pooling, dropout .4, character dropout .1, embedding from N(0, 0.3), AdamW 3e-3 cosine, B=64, 7 epochs, seed 1';

export const nsmc: Bars = async () => {
  const part = (name: string) => labeledTexts(`sentiment-nsmc/${name}`, { text: 1, label: 2, header: 1 });
  const [train, validation] = [part('train.tsv.gz'), part('valid.tsv.gz')];
  if (!train || !validation) return [notMeasured(bar, required, settings, howToGetData('sentiment-nsmc'))];
  const { size, encode } = numberTokens(train.texts, (text) => Array.from(text.normalize('NFC')), 3);
  const numbered = ({ texts, labels }: typeof train) => ({ sequences: texts.map(encode), labels: labels.map(Number) });
  return [
    await classifyBar({
      bar,
      required,
      minutes: 15,
      settings,
      train: numbered(train),
      validation: numbered(validation),
      model: {
        vocabularySize: size,
        classes: 2,
        cell: 'gru',
        hiddenSize: 128,
        embeddingDim: 128,
        bidirectional: true,
        pooling: 'max',
        dropout: 0.4,
        stepDropout: 0.1,
      },
      embeddingScale: 0.3,
      epochs: 7,
      batchSize: 64,
      lr: 3e-3,
    }),
  ];
};
