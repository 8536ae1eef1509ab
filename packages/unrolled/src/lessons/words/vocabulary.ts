import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, grouped, short } from '../numbers.ts';

interface Learned {
  readonly loss: number;
  readonly losses: readonly number[];
}

export interface VocabularyValues {
  readonly rows: number;
  readonly width: number;
  readonly draws: number;
  readonly costs: readonly {
    readonly size: number;
    /** Milliseconds of a forward and a backward pass. */
    readonly full: number;
    readonly sampled: number;
    readonly ratio: number;
  }[];
  readonly learnedSize: number;
  readonly steps: number;
  readonly every: number;
  readonly full: Learned;
  readonly sampled: Learned;
}

const en = {
  title: 'Softmax over many words',
  question:
    'A softmax needs the score of every word. With four letters that is nothing; with 50,000 words it is nearly all of the work. Is there a way around it?',
  prediction:
    'The target is compared with 100 sampled words instead of all 50,000. By what factor does a step become faster: 2, 10, 100?',
  choices: ['About 2.', 'About 10.', 'About 100.'],
  experiment:
    'Time: one loss and its gradient for 64 states of 64 units, at three sizes of vocabulary, full and sampled. Learning: which word follows which of 2000, 400 steps; trained with either loss, always judged by the full softmax. Word frequencies follow Zipf’s law, as in a language.',
  cost: 'What a loss and its gradient cost',
  header: ['words', 'full softmax', '100 sampled', 'faster'],
  milliseconds: (ms: number) => `${short(ms)} ms`,
  chart: 'Full-softmax loss while training',
  fullLoss: 'loss over all words',
  full: 'full softmax',
  sampled: '100 sampled',
  lossHeader: ['trained with', 'loss over all words'],
  shows: (v: VocabularyValues) => [
    `At ${grouped(v.costs[2].size)} words the sampled softmax is ${short(v.costs[2].ratio)} times as fast, at ${grouped(v.costs[0].size)} words ${short(v.costs[0].ratio)} times. The full one scores every word; the sampled one scores ${v.draws} at any size, and what still grows with the vocabulary is the gradient of its weights, which is 0 for nearly all words.`,
    `Judged by the full softmax, the model trained with ${v.draws} samples ends at ${fixed(v.sampled.loss, 2)}, the other at ${fixed(v.full.loss, 2)}.`,
    'Each score is corrected by how often its word is sampled: y − ln(k q) for k samples, each the word with the probability q. Without that, frequent words would be pushed down for being sampled often.',
  ],
  limits: [
    'Sampling is for training. Probabilities and perplexity need the full softmax.',
    'Times are of this machine, at this moment. Noise-contrastive estimation and the adaptive softmax are other ways around the same product.',
  ],
  commands: ['npx unrolled train translate pairs.tsv --output sampled'],
};

export type VocabularyWords = typeof en & LessonWords<VocabularyValues>;

const ko: VocabularyWords = {
  title: '단어가 많을 때의 소프트맥스(sampled softmax)',
  question:
    '소프트맥스를 계산하려면 모든 단어의 점수가 필요합니다. 글자 네 개라면 아무것도 아니지만, 단어가 50,000개이면 계산의 거의 전부가 됩니다. 이 계산을 피할 길이 있을까요?',
  prediction:
    '정답을 50,000개 전부가 아니라 뽑은 단어 100개와만 견줍니다. 한 단계가 2배, 10배, 100배 가운데 얼마나 빨라질까요?',
  choices: ['2배쯤', '10배쯤', '100배쯤'],
  experiment:
    '시간: 유닛 64개짜리 상태 64개에 대해 손실과 기울기를 계산합니다. 어휘(vocabulary)의 크기는 세 가지이고, 전체 소프트맥스를 단어 100개만 뽑아 계산하는 소프트맥스와 견줍니다. 학습: 단어 2000개 가운데 무엇 뒤에 무엇이 오는지 400단계 동안 배웁니다. 둘 중 한 손실로 배우고, 평가는 늘 전체 소프트맥스로 합니다. 단어의 빈도는 언어에서처럼 지프(Zipf)의 법칙을 따릅니다.',
  cost: '손실과 기울기를 계산하는 시간',
  header: ['단어 수', '전체 소프트맥스', '100개 뽑기', '속도'],
  milliseconds: (ms) => `${short(ms)} ms`,
  chart: '학습하는 동안 전체 소프트맥스로 잰 손실',
  fullLoss: '모든 단어에 대한 손실',
  full: '전체 소프트맥스',
  sampled: '100개 뽑기',
  lossHeader: ['학습한 손실', '모든 단어에 대한 손실'],
  shows: (v) => [
    `단어가 ${v.costs[2].size}개이면 뽑은 소프트맥스가 ${short(v.costs[2].ratio)}배 빠르고, ${v.costs[0].size}개이면 ${short(v.costs[0].ratio)}배입니다. 전체 소프트맥스는 모든 단어의 점수를 매기지만, 뽑은 소프트맥스는 어휘가 아무리 커도 ${v.draws}개만 매깁니다. 그래도 어휘와 함께 늘어나는 것은 가중치의 기울기인데, 거의 모든 단어에서 0입니다.`,
    `전체 소프트맥스로 재면 ${v.draws}개씩 뽑아 배운 모델의 손실은 ${fixed(v.sampled.loss, 2)}이고, 전체로 배운 모델은 ${fixed(v.full.loss, 2)}입니다.`,
    '점수는 그 단어가 얼마나 자주 뽑히는지를 보고 y − ln(k q)로 고칩니다. k는 뽑는 개수, q는 한 번에 그 단어가 뽑힐 확률입니다. 고치지 않으면 흔한 단어가 자주 뽑힌다는 이유만으로 점수가 깎입니다.',
  ],
  limits: [
    '뽑기는 학습할 때만 씁니다. 확률과 퍼플렉서티(perplexity)를 구하려면 전체 소프트맥스가 필요합니다.',
    '시간은 이 컴퓨터에서 지금 잰 값입니다. 잡음 대조 추정(NCE)과 적응 소프트맥스(adaptive softmax)도 같은 계산을 줄이는 길입니다.',
  ],
  commands: en.commands,
};

export const vocabularyWords: Readonly<Record<LessonLanguage, VocabularyWords>> = { en, ko };
