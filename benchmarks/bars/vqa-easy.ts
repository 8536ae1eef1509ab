// easy-VQA: 4,000 images of one colored shape, 38,575 questions, 13 answers. Its author's Keras model has .938 after 8 epochs; who only hears
// the question gets .670. A tenth of the images, with all their questions, validates.

import { type ImageQuestions } from 'unrolled';
import { questionOnlyBaseline, questionOnlyAnswers, type Images, questionTypes, split } from 'unrolled/data';
import { type BarResult, type Bars, timed } from './bar.ts';
import { numberTokens } from './classify.ts';
import { dataFile, howToGetData } from './data.ts';
import { answerQuestions, wordsOf } from './images.ts';

const bar = 'questions about images (easy-VQA)';
const settings =
  'VisualQA product, LSTM 64, ConvNet 16-32-64-128 on 64×64 trained jointly, pooled, 4 images a batch with all their questions, AdamW 2e-3 cosine, 8 epochs, a tenth of the images validates, seed 1';

type Question = readonly [question: string, answer: string, image: number];

export const vqaEasy: Bars = async () => {
  const [pixels, text] = [dataFile('vqa-easy/train.rgb64.u8.gz'), dataFile('vqa-easy/train.questions.json.gz')];
  if (!pixels || !text) return [missing(howToGetData('vqa-easy'))];
  const questions = JSON.parse(text.toString('utf8')) as Question[];
  const images: Images = { shape: [pixels.length / (64 * 64 * 3), 64, 64, 3], data: pixels };
  const answers = [...new Set(questions.map(([, answer]) => answer))].sort();
  const parts = split(questions.length, { validation: 0.1, seed: 1, group: questions.map(([, , image]) => image) });
  const of = (rows: Int32Array) => Array.from(rows, (n) => questions[n]);
  const [train, validation] = [of(parts.train), of(parts.validation)];
  const words = numberTokens(
    train.map(([question]) => question),
    wordsOf,
  );
  const data = (rows: readonly Question[]): ImageQuestions => ({
    images,
    questions: rows.map(([question]) => words.encode(question)),
    which: rows.map(([, , image]) => image),
    answers: rows.map(([, answer]) => answers.indexOf(answer)),
    types: questionTypes(rows.map(([question]) => question)),
  });
  const { value, seconds } = await timed(() =>
    answerQuestions({
      bar,
      train: data(train),
      validation: data(validation),
      model: {
        vocabularySize: words.size,
        answers: answers.length,
        hiddenSize: 64,
        summary: 'pooled',
        convNet: { channels: [16, 32, 64, 128] },
      },
      batchSize: 4,
      epochs: 8,
      lr: 2e-3,
    }),
  );
  const guess = questionOnlyBaseline(
    train.map(([question]) => question),
    train.map(([, answer]) => answer),
  );
  const languagePrior = validation.filter(
    ([question, answer]) => questionOnlyAnswers(guess, question) === answer,
  ).length;
  const { accuracy, shuffled = 1 } = value.metrics;
  const types = value.byType.map((t) => `${t.type} ${t.accuracy.toFixed(3)}`).join(', ');
  return [
    {
      bar: `${bar}: validation accuracy`,
      settings,
      measured: `${accuracy.toFixed(4)} (${types}); the question alone ${(languagePrior / validation.length).toFixed(3)}`,
      required: '≥ .95 within 8 epochs',
      met: accuracy >= 0.95,
      seconds,
    },
    {
      bar: `${bar}: the same, images exchanged`,
      settings,
      measured: shuffled.toFixed(4),
      required: '≤ .68',
      met: shuffled <= 0.68,
      seconds: 0,
    },
  ];
};

function missing(why: string): BarResult {
  return { bar: `${bar}: validation accuracy`, settings, measured: why, required: '≥ .95', met: null, seconds: 0 };
}
