import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { power, short } from '../numbers.ts';

export interface GradientValues {
  readonly steps: readonly {
    readonly reads: string;
    readonly matrix: readonly (readonly number[])[];
    readonly norm: number;
  }[];
  readonly sum: readonly (readonly number[])[];
  readonly whole: readonly (readonly number[])[];
  readonly sumNorm: number;
  readonly wholeNorm: number;
  /** Between the sum of the parts and the whole, at most. */
  readonly difference: number;
}

const en = {
  title: 'The gradient of a shared weight',
  question:
    'The same W_hh is used at all four steps of “hello”. What is ∂L/∂W_hh, when every step has its own idea of how it should change?',
  prediction: 'One of the four steps contributes exactly nothing. Which one?',
  choices: ['The first.', 'The second.', 'The third.', 'The last.'],
  experiment:
    'The slide’s network once more, in float64. Each step gets a copy of W_hh of its own, the summed loss is differentiated, and the gradient that arrives at a copy is the local gradient of its step. The gradient of the shared W_hh is computed separately.',
  bars: 'Norm of the local gradients, of their sum, and of ∂L/∂W_hh',
  matrices: 'The local gradients, ∂L/∂W_hh of each step',
  at: (t: number, reads: string) => `t = ${t} (${reads})`,
  sum: 'sum of the four',
  whole: '∂L/∂W_hh',
  shows: (v: GradientValues) => [
    `The gradient of a shared weight is the sum of the local gradients: the sum of the four and ∂L/∂W_hh differ by ${v.difference === 0 ? 'nothing' : `at most ${power(v.difference, 0)}`}. Both have the norm ${short(v.wholeNorm)}.`,
    `The first is exactly ${short(v.steps[0].norm)}: W_hh multiplies h_0 there, and h_0 = 0.`,
    `The norms of the others are ${v.steps
      .slice(1)
      .map(({ norm }) => short(norm))
      .join(
        ', ',
      )}. The norm of the sum is not the sum of the norms: the matrices point in different directions and partly cancel.`,
  ],
  limits: [
    'Four steps are too few for a gradient to vanish or to explode; the lessons `explode` and `vanish` look at fifty.',
  ],
  commands: ['npx unrolled inspect runs/my --section gradients'],
};

export type GradientWords = typeof en & LessonWords<GradientValues>;

const ko: GradientWords = {
  title: '함께 쓰는 가중치의 기울기(gradient)',
  question:
    '“hello”의 네 단계는 같은 W_hh를 씁니다. 단계마다 W_hh를 고치고 싶은 방향이 다를 텐데, ∂L/∂W_hh는 무엇일까요?',
  prediction: '네 단계 가운데 한 단계의 몫은 정확히 0입니다. 어느 단계일까요?',
  choices: ['첫째', '둘째', '셋째', '마지막'],
  experiment:
    '슬라이드의 신경망을 float64로 계산합니다. 단계마다 W_hh의 복사본을 따로 주고 손실의 합을 미분하면, 복사본에 도착한 기울기가 그 단계의 국소 기울기(local gradient)입니다. 함께 쓰는 W_hh의 기울기는 따로 계산합니다.',
  bars: '국소 기울기와 그 합, 그리고 ∂L/∂W_hh의 노름(norm)',
  matrices: '단계마다의 국소 기울기 ∂L/∂W_hh',
  at: (t, reads) => `t = ${t} (${reads})`,
  sum: '넷의 합',
  whole: '∂L/∂W_hh',
  shows: (v) => [
    `함께 쓰는 가중치의 기울기는 국소 기울기를 모두 더한 것입니다. 넷의 합과 ∂L/∂W_hh의 차이는 ${v.difference === 0 ? '0' : `최대 ${power(v.difference, 0)}`}이고, 둘의 노름은 ${short(v.wholeNorm)}입니다.`,
    `첫 단계의 국소 기울기는 정확히 ${short(v.steps[0].norm)}입니다. W_hh에 곱해지는 h_0이 0이기 때문입니다.`,
    `나머지 단계의 노름은 ${v.steps
      .slice(1)
      .map(({ norm }) => short(norm))
      .join(', ')}입니다. 합의 노름은 노름의 합이 아닙니다. 방향이 서로 달라 일부가 상쇄됩니다.`,
  ],
  limits: ['네 단계로는 기울기가 사라지거나 폭발하지 않습니다. 쉰 단계는 수업 `explode`와 `vanish`에서 봅니다.'],
  commands: en.commands,
};

export const gradientWords: Readonly<Record<LessonLanguage, GradientWords>> = { en, ko };
