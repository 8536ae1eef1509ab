import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed } from '../numbers.ts';

export interface LossValues {
  readonly scores: readonly (readonly number[])[];
  readonly p: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly sum: number;
  readonly mean: number;
  /** The summed loss of one who knows nothing. */
  readonly chance: number;
  readonly trained: {
    readonly steps: number;
    readonly loss: number;
    readonly losses: readonly number[];
    readonly decoded: string;
  };
}

const en = {
  title: 'The loss of every step, and their sum',
  question:
    'The network reads h, e, l, l and should write e, l, l, o. Its scores are those of the slide. How wrong is each step, and how wrong is the whole?',
  prediction:
    'At step 1 the target e scores 2.2 where o scores 4.1; at step 2 the target l scores −1.0 where o scores 1.2. At steps 3 and 4 the target has the highest score, 1.9 and 2.2. At which of the four steps is the loss largest, and at which smallest?',
  choices: [
    'Largest at the first step, smallest at the last.',
    'Largest at the second step, smallest at the last.',
    'Largest at the second step, smallest at the third.',
  ],
  experiment:
    'p = softmax(y) makes probabilities of the scores; the loss of a step is L_t = −ln\u00a0p(target). Then a tanh network with three hidden units is trained on the word until the summed loss is below 0.05 (Adam, learning rate 0.03).',
  header: ['step', 'scores y (h e l o)', 'softmax', 'p(target)', 'loss'],
  bars: 'The losses of the steps and their sum',
  total: 'sum',
  chart: 'Three hidden units learn hello',
  step: 'training step',
  lossLabel: 'summed loss',
  chance: '4 · ln 4: knows nothing',
  shows: (v: LossValues) => [
    `The loss of the sequence is the sum of its steps: ${v.losses.map((l) => fixed(l, 6)).join(' + ')} = ${fixed(v.sum, 6)} (mean ${fixed(v.mean, 6)}). Guessing all four letters with p = 1/4 would cost 4 · ln 4 = ${fixed(v.chance, 6)}: these scores are worse than knowing nothing.`,
    `At the first step p(e) is only ${fixed(v.p[0][1], 3)} and p(o) is ${fixed(v.p[0][3], 3)}. Taking the highest score would fail at once; sampling still writes e once in eight times.`,
    `Trained for ${v.trained.steps} steps, three hidden units reach a summed loss of ${fixed(v.trained.loss, 3)} and write “${v.trained.decoded}”.`,
  ],
  limits: ['One word is memorized, not a language learned: there is nothing here to generalize to.'],
  commands: ['npx unrolled train text my.txt --reduction sum'],
};

export type LossWords = typeof en & LessonWords<LossValues>;

const ko: LossWords = {
  title: '단계마다의 손실(loss)과 그 합',
  question:
    '신경망은 h, e, l, l을 읽고 e, l, l, o를 써야 합니다. 점수는 슬라이드의 것입니다. 단계마다 얼마나 틀렸고, 전체로는 얼마나 틀렸을까요?',
  prediction:
    '1단계에서 정답 e는 2.2점인데 o가 4.1점이고, 2단계에서 정답 l은 −1.0점인데 o가 1.2점입니다. 3단계와 4단계에서는 정답의 점수가 1.9점과 2.2점으로 가장 높습니다. 네 단계 가운데 손실이 가장 큰 단계와 가장 작은 단계는 어디일까요?',
  choices: [
    '첫째 단계가 가장 크고 마지막이 가장 작습니다.',
    '둘째 단계가 가장 크고 마지막이 가장 작습니다.',
    '둘째 단계가 가장 크고 셋째가 가장 작습니다.',
  ],
  experiment:
    'p = softmax(y)로 점수를 확률로 바꿉니다. 한 단계의 손실은 소프트맥스 손실(softmax loss) L_t = −ln\u00a0p(정답)입니다. 그다음 은닉 유닛이 3개인 tanh 신경망을 손실의 합이 0.05보다 작아질 때까지 학습합니다(Adam, 학습률 0.03).',
  header: ['단계', '점수 y (h e l o)', 'softmax', 'p(정답)', '손실'],
  bars: '단계마다의 손실과 그 합',
  total: '합',
  chart: '숫자 세 개짜리 은닉 상태로 hello 배우기',
  step: '학습 단계',
  lossLabel: '손실의 합',
  chance: '4 · ln 4: 아무것도 모를 때',
  shows: (v) => [
    `시퀀스의 손실은 단계별 손실의 합입니다. ${v.losses.map((l) => fixed(l, 6)).join(' + ')} = ${fixed(v.sum, 6)}(평균 ${fixed(v.mean, 6)}). 네 글자에 모두 1/4의 확률을 주면 4 · ln 4 = ${fixed(v.chance, 6)}이고, 이 점수는 그보다도 나쁩니다.`,
    `첫 단계에서 정답 e의 확률은 ${fixed(v.p[0][1], 3)}뿐이고 o에 ${fixed(v.p[0][3], 3)}의 확률을 줍니다. 점수가 가장 높은 글자만 고르면 처음부터 틀리지만, 확률에 따라 뽑으면 여덟 번에 한 번은 e가 나옵니다.`,
    `은닉 유닛 3개짜리 신경망을 ${v.trained.steps}단계 학습하면 손실의 합이 ${fixed(v.trained.loss, 3)}까지 내려가고 “${withParticle(`${v.trained.decoded}”`, '을/를')} 씁니다.`,
  ],
  limits: ['단어 하나를 외웠을 뿐 언어를 배운 것은 아닙니다. 여기에는 일반화(generalization)할 거리가 없습니다.'],
  commands: en.commands,
};

export const lossWords: Readonly<Record<LessonLanguage, LossWords>> = { en, ko };
