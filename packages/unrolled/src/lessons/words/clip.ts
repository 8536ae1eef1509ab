import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, short } from '../numbers.ts';

/** A gradient before and after it was clipped. */
export interface Clipped {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly norms: readonly [before: number, after: number];
  readonly cosine: number;
}

interface Descent {
  /** The weight after one step, and at the end. */
  readonly after: number;
  readonly end: number;
  readonly loss: number;
  readonly path: readonly (readonly [w: number, loss: number])[];
}

export interface ClipValues {
  readonly start: number;
  readonly lr: number;
  readonly threshold: number;
  readonly firstGradient: number;
  /** Length of the first step, without and with clipping. */
  readonly stepLengths: readonly [without: number, with_: number];
  readonly without: Descent;
  readonly with: Descent;
  readonly byNorm: Clipped;
  readonly byValue: Clipped;
  readonly surface: readonly (readonly [w: number, loss: number])[];
}

const en = {
  title: 'Clipping the gradient',
  question:
    'Exploding gradients make cliffs in the loss. What does one step of gradient descent do on the wall of a cliff, with and without clipping?',
  prediction:
    'The weight stands at w = 1.04 on the wall; the learning rate is only 0.001. How far does the first step without clipping throw it?',
  choices: ['By about 0.001.', 'By about 0.05.', 'By about 1.'],
  experiment:
    'One weight, used 50 times: h_50 = w^50 · 0.5, and the loss is (h_50 − 0.7)². 60 steps of gradient descent from w = 1.04 with the learning rate 0.001, once as it is, once with the norm clipped to θ = 1.',
  header: ['', 'w at the start', 'after one step', 'at the end', 'loss'],
  without: 'without clipping',
  with: 'with clipping',
  surface: 'The loss as a function of the weight: flat, then a wall',
  descents: 'Gradient descent: w at each step',
  step: 'step',
  two: 'Two ways to clip g = (12, 5) with the threshold 1',
  twoHeader: ['', 'g', 'clipped', 'norm', 'cosine'],
  byNorm: 'by norm: θ g / ‖g‖',
  byValue: 'by value: to ±θ',
  shows: (v: ClipValues) => [
    `The first gradient is ${short(v.firstGradient)}, so that the step is ${short(v.lr)} × ${short(v.firstGradient)} = ${short(v.stepLengths[0])} long. Without clipping w lands at ${fixed(v.without.after, 4)}, far out on the plain where the gradient is nearly 0, and stays there.`,
    `With clipping the step has the same direction and the length ${short(v.lr)} × θ = ${short(v.stepLengths[1])}. w climbs down the wall to ${fixed(v.with.end, 4)} and a loss of ${short(v.with.loss)}.`,
    `By norm: g ← θ g / ‖g‖ where ‖g‖ > θ. The direction stays (cosine ${fixed(v.byNorm.cosine, 3)}), the norm becomes ${short(v.byNorm.norms[1])}. By value, as in min-char-rnn, each number is cut to ±θ: the direction changes (cosine ${fixed(v.byValue.cosine, 3)}) and the norm is ${short(v.byValue.norms[1])}.`,
  ],
  limits: [
    'The threshold is chosen by hand: too small, and every step is clipped and training is slow; too large, and it never acts. `npx unrolled inspect` shows how often it did.',
    'Clipping does not bring back a gradient that has vanished.',
  ],
  commands: [
    'npx unrolled train text my.txt --clip 1',
    'npx unrolled train text my.txt --clip 0 --clip-value 5',
    'npx unrolled inspect runs/my --section clipping',
  ],
};

export type ClipWords = typeof en & LessonWords<ClipValues>;

const ko: ClipWords = {
  title: '기울기 클리핑(gradient clipping)',
  question:
    '기울기가 폭발하는 곳에서는 손실에 절벽(cliff)이 생깁니다. 절벽 면 위에서 경사 하강법(gradient descent)의 한 걸음은 클리핑할 때와 하지 않을 때 어떻게 다를까요?',
  prediction:
    '가중치는 절벽 면 위의 점 w = 1.04에 있고 학습률(learning rate)은 0.001밖에 되지 않습니다. 클리핑하지 않은 첫걸음은 w를 얼마나 멀리 보낼까요?',
  choices: ['0.001쯤', '0.05쯤', '1쯤'],
  experiment:
    '가중치 하나를 50번 곱합니다. h_50 = w^50 · 0.5이고 손실은 (h_50 − 0.7)²입니다. w = 1.04에서 학습률 0.001로 60걸음을 내려갑니다. 한 번은 그대로, 한 번은 노름을 임곗값(threshold) θ = 1로 클리핑합니다.',
  header: ['', '처음 w', '한 걸음 뒤', '마지막', '손실'],
  without: '클리핑 없음',
  with: '클리핑 있음',
  surface: '가중치에 따른 손실: 평지가 이어지다가 벽이 나타납니다',
  descents: '경사 하강: 걸음마다의 w',
  step: '걸음',
  two: '기울기 g = (12, 5)를 임곗값(threshold) 1로 자르는 두 가지 방법',
  twoHeader: ['', 'g', '자른 뒤', '노름', '코사인'],
  byNorm: '노름으로: θ g / ‖g‖',
  byValue: '값마다: ±θ까지',
  shows: (v) => [
    `첫 기울기는 ${short(v.firstGradient)}이므로 한 걸음의 길이는 ${short(v.lr)} × ${short(v.firstGradient)} = ${short(v.stepLengths[0])}입니다. 클리핑하지 않으면 w가 ${fixed(v.without.after, 4)}까지 튕겨 나가, 기울기가 거의 0인 평지에 떨어져 거기 머뭅니다.`,
    `클리핑하면 방향은 그대로이고 한 걸음의 길이는 학습률 ${short(v.lr)} × θ = ${withParticle(short(v.stepLengths[1]), '이/가')} 됩니다. w는 벽을 따라 ${fixed(v.with.end, 4)}까지 내려가 손실 ${short(v.with.loss)}에 이릅니다.`,
    `노름 클리핑은 ‖g‖ > θ이면 g ← θ g / ‖g‖로 바꿉니다. 방향은 그대로이고(코사인 ${fixed(v.byNorm.cosine, 3)}) 노름은 ${withParticle(short(v.byNorm.norms[1]), '이/가')} 됩니다. min-char-rnn처럼 값마다 ±θ까지 자르면 방향이 바뀌고(코사인 ${fixed(v.byValue.cosine, 3)}) 노름은 ${withParticle(short(v.byValue.norms[1]), '이/가')} 됩니다.`,
  ],
  limits: [
    '임곗값 θ는 사람이 정합니다. 너무 작으면 걸음마다 잘려 학습이 느려지고, 너무 크면 한 번도 작동하지 않습니다. 얼마나 자주 잘렸는지는 `npx unrolled inspect`로 볼 수 있습니다.',
    '클리핑은 사라진 기울기를 되살리지 못합니다. 너무 큰 기울기를 줄일 뿐입니다.',
  ],
  commands: en.commands,
};

export const clipWords: Readonly<Record<LessonLanguage, ClipWords>> = { en, ko };
