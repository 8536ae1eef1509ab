import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, short } from '../numbers.ts';

export interface UnrolledValues {
  readonly steps: readonly {
    readonly reads: string;
    readonly target: string;
    readonly x: readonly number[];
    readonly fromInput: readonly number[];
    readonly fromState: readonly number[];
    readonly sum: readonly number[];
    readonly h: readonly number[];
    readonly y: readonly number[];
    /** The letter with the highest score. */
    readonly best: string;
  }[];
  readonly weights: {
    readonly xh: readonly (readonly number[])[];
    readonly hh: readonly (readonly number[])[];
    readonly hy: readonly (readonly number[])[];
    readonly by: readonly number[];
  };
  readonly stackedDifference: number;
}

const vector = (v: readonly number[]) => `[${v.map((n) => fixed(n, 1)).join(', ')}]`;

const en = {
  title: 'The loop, unrolled',
  question:
    'A recurrent network has one cell, whose state comes back to it. How does this loop become an ordinary network, and what are its numbers when it reads h, e, l, l?',
  prediction:
    'The state before the first letter is 0. The letter l is read twice: does the network write the same scores both times?',
  choices: ['Yes: it is the same letter, read with the same weights.', 'No: the state before it is another one.'],
  experiment:
    'The lecture’s example: vocabulary h, e, l, o as one-hot vectors, three hidden units, h_t = tanh(W_xh x_t + W_hh h_{t−1}), y_t = W_hy h_t + b_y. The weights are solved for so that states and scores are those of the slide.',
  picture: 'One cell with a loop = the same cell, drawn once for every step',
  byHand: 'h_t by hand',
  header: ['step', 'W_xh x', 'W_hh h before', 'sum', 'tanh = h'],
  scores: 'y_t: a score for every letter',
  scoresHeader: ['step', 'h', 'e', 'l', 'o', 'highest', 'target'],
  weights: 'The weights: the same ones at every step',
  shows: ({ steps, stackedDifference }: UnrolledValues) => [
    `At step 1, h_0 = 0, so W_hh contributes nothing and h_1 = tanh(W_xh x_1) = ${vector(steps[0].h)}: the first column of W_xh through tanh. A one-hot vector only selects a column.`,
    `The scores at step 1 are ${vector(steps[0].y)}. The target e has ${fixed(steps[0].y[1], 1)}, but o has ${fixed(steps[0].y[3], 1)}: the network would write o.`,
    `At steps 3 and 4 it reads the same l with the same weights, and writes ${steps[2].best} and then ${steps[3].best}: only the state differs. h_3 = ${vector(steps[2].h)}, h_4 = ${vector(steps[3].h)}.`,
    `One matrix [W_xh W_hh] times x and h stacked on each other gives the same states (difference ${short(stackedDifference)}): “one W” and “W_xh and W_hh” are the same network.`,
  ],
  limits: [
    'The slide does not print its weights; these are the smallest that give its numbers (one state is 0.995 where the slide has 1.0). Other weights give the same four steps and differ on other words.',
    'Nothing is trained here: the lesson `loss` measures how wrong these scores are.',
  ],
  commands: ['npx unrolled train text my.txt --cell rnn --hidden 100', 'npx unrolled inspect runs/my'],
};

export type UnrolledWords = typeof en & LessonWords<UnrolledValues>;

const ko: UnrolledWords = {
  title: '순환을 펼치기(unrolling)',
  question:
    '순환 신경망(RNN)은 셀 하나의 은닉 상태(hidden state)가 자기에게 되돌아오는 구조입니다. 이 루프(loop)를 펼치면 어떤 신경망이 되고, h, e, l, l을 읽을 때 숫자는 어떻게 흘러갈까요?',
  prediction: '첫 글자를 읽기 전의 상태는 0입니다. l은 두 번 나옵니다. 두 번 다 같은 점수가 나올까요?',
  choices: ['네. 글자도 가중치도 같습니다.', '아니요. 그 앞의 상태가 다릅니다.'],
  experiment:
    '강의의 예제입니다. 어휘 h, e, l, o를 원-핫(one-hot) 벡터로 나타내고 은닉 유닛은 3개입니다. h_t = tanh(W_xh x_t + W_hh h_{t−1}), y_t = W_hy h_t + b_y. 상태와 점수가 슬라이드의 숫자와 같아지도록 가중치를 풀어서 구했습니다.',
  picture: '루프가 있는 셀 하나 = 단계마다 한 번씩 그린 같은 셀',
  byHand: 'h_t를 손으로 계산하기',
  header: ['단계', 'W_xh x', 'W_hh h(이전)', '합', 'tanh = h'],
  scores: 'y_t: 글자마다의 점수(score)',
  scoresHeader: ['단계', 'h', 'e', 'l', 'o', '최고점', '정답'],
  weights: '가중치: 모든 단계에서 같은 값을 씁니다',
  shows: ({ steps, stackedDifference }) => [
    `1단계에서는 h_0 = 0이므로 W_hh는 아무것도 더하지 않습니다. h_1 = tanh(W_xh x_1) = ${vector(steps[0].h)}입니다. 원-핫 벡터를 곱하면 W_xh의 열 하나를 꺼내는 것과 같습니다.`,
    `1단계의 점수는 ${vector(steps[0].y)}입니다. 정답 e는 ${fixed(steps[0].y[1], 1)}점이지만 o가 ${fixed(steps[0].y[3], 1)}점이어서 o를 쓰게 됩니다.`,
    `3단계와 4단계에서는 같은 가중치로 같은 l을 읽고도 먼저 ${steps[2].best}, 다음에는 ${steps[3].best}의 점수가 가장 높습니다. 다른 것은 상태뿐입니다. h_3 = ${vector(steps[2].h)}, h_4 = ${vector(steps[3].h)}.`,
    `x와 h를 이어 붙여(stack) 행렬 하나 [W_xh W_hh]를 곱해도 상태는 같습니다(차이 ${short(stackedDifference)}). 강의의 “W 하나”와 “W_xh와 W_hh”는 같은 신경망입니다.`,
  ],
  limits: [
    '슬라이드에는 가중치가 없습니다. 이 가중치는 같은 숫자를 내는 것 가운데 가장 작은 것입니다(슬라이드의 상태 1.0은 tanh가 닿을 수 없어 0.995로 두었습니다). 네 단계의 숫자가 같은 다른 가중치도 있고, 그런 신경망은 다른 단어에서 다르게 움직입니다.',
    '아직 아무것도 학습하지 않았습니다. 이 점수가 얼마나 틀렸는지는 수업 `loss`에서 계산합니다.',
  ],
  commands: en.commands,
};

export const unrolledWords: Readonly<Record<LessonLanguage, UnrolledWords>> = { en, ko };
