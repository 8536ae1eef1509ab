// The data sets on which defaults are compared with tuned settings, as command lines.

import { join } from 'node:path';
import { captions, easyVqa, lips, shapes, signs } from './prepare.ts';

export interface Case {
  readonly name: string;
  /** The task: `unrolled train <task>`. */
  readonly task: string;
  /** In the folder of the data; null for synthetic data. */
  readonly folder: string | null;
  readonly what: string;
  readonly metric: string;
  readonly higherIsBetter: boolean;
  /** Arguments that say where the data are, and what is in their columns; nothing of model or training. `work`: a folder to unpack into. */
  readonly data: (data: string, work: string) => string[];
  /** The same as a person types them, where `data` makes files. */
  readonly typed?: readonly string[];
  /** The best known settings. */
  readonly tuned: readonly string[];
  /** How long either trains, where the length that the data choose is too long for a table, or what either reads that is no default. Default: that length. */
  readonly length?: readonly string[];
  /** Where one example more or less is a large part of the error, several. Default: 1 alone. */
  readonly seeds?: readonly number[];
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
    data: (data, work) => easyVqa(join(data, 'vqa-easy'), work),
    typed: words('questions.jsonl --images images'),
    tuned: words('--hidden 64 --channels 16,32,64,128 --optimizer adamw --weight-decay 0.01'),
    length: words('--epochs 2'),
  },
  {
    name: 'shapes',
    task: 'vqa',
    folder: 'vqa-shapes',
    what: 'accuracy: 1,024 yes-or-no questions about grids of shapes, none of them in the training data',
    metric: 'accuracy',
    higherIsBetter: true,
    data: (data, work) => shapes(join(data, 'vqa-shapes'), work),
    typed: words('train.jsonl --images . --validation val.jsonl'),
    tuned: words(
      '--form map --size 24 --kernel 2 --channels 16,32,32 --embedding 16 --word-dropout 0.1 --shift 1 --mirror left=right --mirror-vertical above=below --lr 0.01 --batch 64 --optimizer adamw --weight-decay 0.01',
    ),
    length: words('--epochs 20'),
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
    length: words('--minutes 2'),
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
    length: words('--minutes 2'),
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
    tuned: words('--hidden 256 --dropout 0.4 --batch 64 --epochs 8'),
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
    length: words('--minutes 2'),
  },
  {
    name: 'mnist',
    task: 'classify',
    folder: 'seq-mnist',
    what: 'accuracy: 2,000 digits, read row by row',
    metric: 'accuracy',
    higherIsBetter: true,
    data: (data) => [
      join(data, 'seq-mnist/train-12k-images-idx3-ubyte.gz'),
      '--validation',
      join(data, 'seq-mnist/valid-2k-images-idx3-ubyte.gz'),
    ],
    tuned: words('--pooling last --batch 64 --lr 0.003 --optimizer adamw --weight-decay 0.01'),
    length: words('--epochs 4'),
  },
  {
    name: 'signs',
    task: 'classify',
    folder: 'gesture-asl16',
    what: 'accuracy: 80 clips of 16 signs, 158 landmarks at each step',
    metric: 'accuracy',
    higherIsBetter: true,
    data: (data, work) => signs(join(data, 'gesture-asl16'), work),
    typed: words('train.csv --series clip --label label --validation valid.csv'),
    tuned: words(
      '--differences --hidden 64 --pooling mean --dropout 0.4 --lr 0.003 --optimizer adamw --weight-decay 0.05',
    ),
    length: words('--epochs 30'),
    seeds: [1, 2, 3],
  },
  {
    name: 'ucm',
    task: 'caption',
    folder: 'caption-ucm',
    what: 'BLEU-4: captions of 200 aerial photographs',
    metric: 'bleu4',
    higherIsBetter: true,
    data: (data, work) => captions(join(data, 'caption-ucm'), work),
    typed: words('train.json --images images --validation val.json'),
    tuned: words('--flip --flip-vertical --rotate90 --shift 6 --color 0.2 --captions-per-image 2'),
    length: words('--epochs 8'),
  },
  {
    name: 'flickr8k',
    task: 'caption',
    folder: 'caption-flickr8k-subset',
    what: 'nats per word: captions of 50 photographs, of 800 to train on',
    metric: 'loss',
    higherIsBetter: false,
    data: (data, work) => captions(join(data, 'caption-flickr8k-subset'), work),
    typed: words('train.json --images images --validation val.json'),
    tuned: words('--flip --crop 0.2 --dropout 0.5 --optimizer adamw --weight-decay 0.05'),
    length: words('--best loss --epochs 8'),
  },
  {
    name: 'lips',
    task: 'video',
    folder: 'video-grid-lips',
    what: 'accuracy: the word of each of 7,200 frames of 96 clips, 52 words',
    metric: 'accuracy',
    higherIsBetter: true,
    data: (data, work) => lips(join(data, 'video-grid-lips'), work),
    typed: words('train.jsonl --per-frame --validation valid.jsonl'),
    tuned: words('--dropout 0.4 --shift 2 --flip --optimizer adamw --weight-decay 0.05'),
    length: words('--size 24 --epochs 10'),
  },
  {
    name: 'clips',
    task: 'video',
    folder: null,
    what: 'accuracy: the motion in 300 synthetic clips, 8 motions',
    metric: 'accuracy',
    higherIsBetter: true,
    data: () => ['--demo', 'clips'],
    tuned: words('--hidden 64 --batch 16 --optimizer adamw --weight-decay 0.01'),
    length: words('--epochs 4'),
  },
  {
    name: 'cmudict',
    task: 'translate',
    folder: 'seq2seq-cmudict',
    what: 'nats per phoneme: the pronunciation of 1,000 words',
    metric: 'loss',
    higherIsBetter: false,
    data: (data) => [
      join(data, 'seq2seq-cmudict/train.tsv'),
      ...words('--no-header --source 1 --target 2 --source-unit character --target-unit word --validation'),
      join(data, 'seq2seq-cmudict/valid.tsv'),
    ],
    tuned: words('--embedding 64 --batch 64 --lr 0.003'),
    length: words('--epochs 2'),
  },
];

/** The command of the defaults as a person types it, with the data in $UNROLLED_DATA, or the files that were made of them by their names. */
export function shellForm({ task, data, typed = data('$UNROLLED_DATA', ''), length = [] }: Case): string {
  return ['unrolled', 'train', task, ...typed, ...length].join(' ');
}
