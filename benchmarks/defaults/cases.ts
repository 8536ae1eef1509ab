// The data sets on which defaults are compared with tuned settings, as command lines.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Case {
  readonly name: string;
  /** The task: `unrolled train <task>`. */
  readonly task: string;
  /** In the folder of the data. */
  readonly folder: string;
  readonly what: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** Arguments that say where the data are, and what is in their columns; nothing of model or training. `work`: a folder to unpack into. */
  readonly data: (data: string, work: string) => string[];
  /** The best known settings. */
  readonly tuned: readonly string[];
  /** The time that either has, where the length that the data choose is too long for a table. Default: that length. */
  readonly minutes?: number;
}

const words = (text: string) => text.split(' ');

export const cases: readonly Case[] = [
  {
    name: 'sst2',
    task: 'classify',
    folder: 'sentiment-sst2',
    what: 'accuracy: sentiment of 872 English sentences',
    metric: 'accuracy',
    higherIsBetter: true,
    data: (data) => [
      join(data, 'sentiment-sst2/train.tsv'),
      ...words('--no-header --text 1 --label 2 --validation'),
      join(data, 'sentiment-sst2/dev.tsv'),
    ],
    tuned: words(
      '--hidden 64 --min-count 2 --dropout 0.5 --word-dropout 0.2 --optimizer adamw --weight-decay 0.01 --epochs 8 --eval-every 216',
    ),
  },
  {
    name: 'surnames',
    task: 'classify',
    folder: 'names-18lang',
    what: 'accuracy: the language of 1,802 surnames, 18 languages',
    metric: 'accuracy',
    higherIsBetter: true,
    data: (data) => [join(data, 'names-18lang/train.tsv'), '--validation', join(data, 'names-18lang/valid.tsv')],
    tuned: words(
      '--unit character --cell lstm --pooling last --embedding 64 --embedding-scale 0.5 --dropout 0.5 --word-dropout 0 --lr 0.004 --optimizer adamw --weight-decay 0.01 --epochs 14 --eval-every 451',
    ),
  },
  {
    name: 'etth1',
    task: 'forecast',
    folder: 'timeseries',
    what: 'mse, standardized: 96 hours read, 24 forecast, 7 columns',
    metric: 'mse',
    higherIsBetter: false,
    data: (data) => [
      join(data, 'timeseries/ETTh1.train.csv.gz'),
      '--validation',
      join(data, 'timeseries/ETTh1.valid.csv.gz'),
    ],
    tuned: words(
      '--quantiles none --loss mae --skip linear --normalization reversible --dropout 0.3 --lr 0.001 --weight-decay 0.01 --warmup 0 --epochs 4 --eval-every 266',
    ),
  },
  {
    name: 'easy-vqa',
    task: 'vqa',
    folder: 'vqa-easy',
    what: 'accuracy: answers about images of one shape, 13 answers',
    metric: 'accuracy',
    higherIsBetter: true,
    data: (data, work) => [...easyVqa(join(data, 'vqa-easy'), work)],
    tuned: words('--hidden 64 --channels 16,32,64,128 --optimizer adamw --weight-decay 0.01'),
    minutes: 2,
  },
  {
    name: 'tiny-shakespeare',
    task: 'text',
    folder: 'charlm-tinyshakespeare',
    what: 'nats per character of the last tenth',
    metric: 'loss',
    higherIsBetter: false,
    data: (data) => [join(data, 'charlm-tinyshakespeare/input.txt')],
    tuned: words('--hidden 512 --embedding 64 --dropout 0.4 --optimizer adamw --weight-decay 0.01 --lr 0.003'),
    minutes: 2,
  },
  {
    name: 'kor-eng',
    task: 'translate',
    folder: 'translation-kor-eng',
    what: 'nats per token: Korean letters to English words, 375 pairs',
    metric: 'loss',
    higherIsBetter: false,
    data: (data) => [
      join(data, 'translation-kor-eng/anki.train.tsv'),
      ...words('--source ko --target en --source-unit character --target-unit word --validation'),
      join(data, 'translation-kor-eng/anki.valid.tsv'),
    ],
    tuned: words('--hidden 192 --dropout 0.4'),
    minutes: 2,
  },
  {
    name: 'multi30k',
    task: 'translate',
    folder: 'translation-multi30k',
    what: 'nats per token: German to English words, 1,014 captions',
    metric: 'loss',
    higherIsBetter: false,
    data: (data) => {
      const [train, val] = ['train', 'val'].map((part) =>
        ['de', 'en'].map((language) => join(data, `translation-multi30k/${part}.${language}.gz`)),
      );
      return [...train, ...words('--min-count 2 --lowercase --validation'), val.join(',')];
    },
    tuned: words('--hidden 256 --dropout 0.4 --batch 64'),
    minutes: 3,
  },
  {
    name: 'nsmc',
    task: 'classify',
    folder: 'sentiment-nsmc',
    what: 'accuracy: sentiment of 5,000 Korean movie reviews',
    metric: 'accuracy',
    higherIsBetter: true,
    data: (data) => [
      join(data, 'sentiment-nsmc/train.tsv.gz'),
      '--validation',
      join(data, 'sentiment-nsmc/valid.tsv.gz'),
    ],
    tuned: words(
      '--unit codepoint --min-count 3 --pooling max --dropout 0.4 --word-dropout 0.1 --optimizer adamw --weight-decay 0.01',
    ),
    minutes: 2,
  },
];

/** The command of the defaults as a person types it, with the data in $UNROLLED_DATA. */
export function shellForm(one: Case): string {
  const args = one.name === 'easy-vqa' ? ['questions.jsonl', '--images', 'images'] : one.data('$UNROLLED_DATA', '');
  return ['unrolled', 'train', one.task, ...args, ...budgetOf(one)].join(' ');
}

/** The time that a case has. */
export function budgetOf({ minutes }: Case): string[] {
  return minutes === undefined ? [] : ['--minutes', String(minutes)];
}

/** Questions as a table, and the images in a folder. */
function easyVqa(data: string, work: string): string[] {
  const images = join(work, 'images');
  mkdirSync(images, { recursive: true });
  execFileSync('tar', ['xzf', join(data, 'train.images.tar.gz'), '-C', images]);
  type Question = readonly [question: string, answer: string, image: number];
  const questions = JSON.parse(
    gunzipSync(readFileSync(join(data, 'train.questions.json.gz'))).toString(),
  ) as Question[];
  const lines = questions.map(([question, answer, image]) =>
    JSON.stringify({ image: `${image}.png`, question, answer }),
  );
  const table = join(work, 'questions.jsonl');
  writeFileSync(table, `${lines.join('\n')}\n`);
  return [table, '--images', images];
}
