import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, power, short } from '../numbers.ts';

interface Summary {
  readonly loss: number;
  /** Inputs of four that are classified correctly. */
  readonly right: number;
  readonly losses: readonly number[];
}

export interface TanhValues {
  readonly c: number;
  /** c³ */
  readonly product: number;
  readonly scalars: readonly {
    readonly x: number;
    readonly straight: number;
    readonly one: number;
    readonly bent: number;
  }[];
  readonly steps: number;
  readonly differenceFromOneLayer: number;
  readonly linear: Summary;
  readonly tanh: Summary;
  readonly curve: readonly { readonly x: number; readonly y: number; readonly slope: number }[];
}

const en = {
  title: 'Why the tanh?',
  question:
    'A step of a recurrent network multiplies by a matrix and applies tanh. What would be lost without the tanh?',
  prediction: 'Three layers without a tanh, W_3(W_2(W_1\u00a0x)): can they learn XOR, which one layer cannot?',
  choices: ['Yes: three layers can do more than one.', 'No: together they are one layer.'],
  experiment:
    'First with one number instead of a matrix, as in the notes: c = 0.7, three layers. Then two networks of three layers (2 → 8 → 8 → 1), with and without tanh, trained on XOR, which is not linearly separable (Adam, learning rate 0.02).',
  scalars: 'c·c·c·x and a·x with a = c³',
  scalarsHeader: ['x', 'c·c·c·x', 'a·x', 'with tanh each time'],
  xor: 'XOR',
  header: ['three-layer network', 'loss at the end', 'correct inputs'],
  linear: 'without tanh',
  bent: 'with tanh',
  chart: 'Training on XOR',
  curve: 'tanh and its derivative',
  shows: (v: TanhValues) => [
    `c·c·c·x is a·x with a = c³ = ${short(v.product)}: three layers are one. With tanh in between they are not: x = 1 and x = 2 give ${short(v.scalars[3].bent)} and ${short(v.scalars[4].bent)}, which is not twice as much.`,
    `The same with matrices: one layer with the weight W_3 W_2 W_1 has the same output as the three, to ${power(v.differenceFromOneLayer, 0)}. So without tanh the loss stays at ln 2 = ${fixed(v.linear.loss, 3)}, that of a coin toss. With tanh, ${v.tanh.right} of 4 inputs are correct.`,
    'In time it is the same: without tanh, h_T is a linear combination of the inputs, however many steps are read.',
    `The price is in the last figure: the slope of tanh is ${short(v.curve[40].slope)} only at 0 and ${short(v.curve[60].slope)} at x = 2. Every step back through time multiplies the gradient by it, and by the weights: δ_{t−1} = W_hhᵀ (tanh′ ⊙ δ_t).`,
  ],
  limits: [
    'Other nonlinearities would do as well here. tanh keeps the state between −1 and 1 at every step, which ReLU does not.',
  ],
  commands: ['npx unrolled lesson explode', 'npx unrolled lesson vanish'],
};

export type TanhWords = typeof en & LessonWords<TanhValues>;

const ko: TanhWords = {
  title: 'tanh는 왜 필요한가?',
  question: '순환 신경망은 단계마다 행렬을 곱하고 tanh를 씌웁니다. tanh가 없으면 무엇을 잃을까요?',
  prediction: '사이에 tanh가 없는 세 층 W_3(W_2(W_1\u00a0x))는 한 층으로 배울 수 없는 XOR를 배울 수 있을까요?',
  choices: ['네. 세 층은 한 층보다 많은 것을 합니다.', '아니요. 합치면 한 층입니다.'],
  experiment:
    '먼저 강의 노트처럼 행렬 대신 숫자 하나로 해 봅니다(c = 0.7, 세 층). 그다음 세 층(2 → 8 → 8 → 1)짜리 신경망 둘을 tanh가 있을 때와 없을 때로 나누어 XOR를 학습합니다(Adam, 학습률 0.02). XOR는 직선 하나로 나눌 수 없는(not linearly separable) 문제입니다.',
  scalars: 'c·c·c·x와 a·x (a = c³)',
  scalarsHeader: ['x', 'c·c·c·x', 'a·x', '매번 tanh'],
  xor: '배타적 논리합(XOR)',
  header: ['세 층 신경망', '마지막 손실', '맞힌 입력(4개 중)'],
  linear: 'tanh 없음',
  bent: 'tanh 있음',
  chart: 'XOR 학습',
  curve: 'tanh와 그 도함수',
  shows: (v) => [
    `c·c·c·x는 a = c³ = ${withParticle(short(v.product), '을/를')} 한 번 곱한 것과 같습니다. 세 층이 한 층입니다. 사이에 tanh를 넣으면 달라집니다. x = 1이면 ${short(v.scalars[3].bent)}, x = 2이면 ${short(v.scalars[4].bent)}이어서 두 배가 되지 않습니다.`,
    `행렬도 마찬가지입니다. 가중치가 W_3 W_2 W_1인 한 층의 출력은 세 층의 출력과 ${power(v.differenceFromOneLayer, 0)} 이내로 같습니다. 그래서 tanh가 없으면 손실은 동전 던지기와 같은 ln 2 = ${fixed(v.linear.loss, 3)}에서 내려가지 않습니다. tanh가 있으면 네 입력 가운데 ${v.tanh.right}개를 맞힙니다.`,
    '시간 방향도 마찬가지입니다. tanh가 없는 순환 신경망의 h_T는 아무리 여러 단계를 읽어도 입력들에 행렬을 곱해 더한 값(선형 결합, linear combination)일 뿐입니다.',
    `대가는 마지막 그림에 있습니다. tanh의 기울기는 0에서만 ${short(v.curve[40].slope)}이고 x = 2에서는 ${short(v.curve[60].slope)}입니다. 시간을 한 단계 거슬러 올라갈 때마다 이 값과 가중치가 곱해집니다: δ_{t−1} = W_hhᵀ (tanh′ ⊙ δ_t).`,
  ],
  limits: [
    '여기서는 다른 비선형 함수를 써도 됩니다. 다만 tanh는 상태를 늘 −1과 1 사이에 두고, ReLU는 그러지 않습니다.',
  ],
  commands: en.commands,
};

export const tanhWords: Readonly<Record<LessonLanguage, TanhWords>> = { en, ko };
