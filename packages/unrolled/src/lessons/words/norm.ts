import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { percent, power, short } from '../numbers.ts';

interface Measured {
  /** Share of the states with |h| > 0.99. */
  readonly saturated: number;
  /** What is left of a gradient over all steps. */
  readonly left: number;
  readonly product: readonly number[];
}

export interface NormValues {
  readonly steps: number;
  readonly rows: readonly { readonly height: number; readonly plain: Measured; readonly normed: Measured }[];
  /** By how much a step’s output moves, at most, when all weights are ten times as large. */
  readonly tenfold: { readonly plain: number; readonly normed: number };
}

const en = {
  title: 'Layer normalization inside the step',
  question:
    'tanh has a slope only where its input is small. What if the inputs are large, or the weights grow while training?',
  prediction:
    'Inputs become 100 times as large. In a tanh network with layer normalization inside the step: what happens to its states?',
  choices: ['They saturate near −1 and 1.', 'Hardly anything.', 'They shrink to 0.'],
  experiment:
    'Two tanh networks of 16 units with the same weights (W_hh orthogonal), one with layer normalization inside the step: h_t = tanh(LN(W_xh x_t + W_hh h_{t−1})), LN subtracting the mean over the units and dividing by their standard deviation (Ba, Kiros and Hinton 2016). Both read 40 steps of waves of four amplitudes.',
  table: 'Saturated states (|h| > 0.99), and what is left of a gradient after 40 steps',
  header: ['input amplitude', 'saturated', 'saturated, LN', 'gradient left', 'gradient left, LN'],
  chart: 'Gradient norm k steps back',
  without: (height: number) => `amplitude ${height}`,
  with: (height: number) => `amplitude ${height}, LN`,
  tenfold: 'All weights ten times as large: how far a step’s output moves',
  tenfoldHeader: ['', 'largest change of h'],
  plain: 'tanh',
  normed: 'tanh with LN',
  shows: ({ rows, tenfold }: NormValues) => {
    const [small, large] = [rows[0], rows[rows.length - 1]];
    return [
      `At an amplitude of ${large.height}, ${percent(large.plain.saturated)} of the states are saturated without the norm and ${percent(large.normed.saturated)} with it.`,
      `The gradient through time is not cured. LN divides by the standard deviation of the sum, and the state’s share of the sum with it: at an amplitude of ${small.height} the deviation is small and the gradient grows to ${short(small.normed.left)} in 40 steps (${short(small.plain.left)} without the norm), at ${large.height} only ${short(large.normed.left)} of it is left (${short(large.plain.left)} without).`,
      `Ten times larger weights change the plain step’s output by up to ${short(tenfold.plain)}, the normalized one’s by ${power(tenfold.normed, 0)}: what the sum was multiplied with, LN divides by.`,
    ];
  },
  limits: [
    'LN keeps tanh where it has a slope. It does not remove the product of W_hh: over many steps a gradient still vanishes or explodes.',
    'Batch normalization takes mean and deviation over the batch instead. In a recurrent network these differ from step to step, and sequences have different lengths; LN needs neither.',
  ],
  commands: ['npx unrolled inspect runs/my --section gates'],
};

export type NormWords = typeof en & LessonWords<NormValues>;

const ko: NormWords = {
  title: '단계 안의 층 정규화(layer normalization)',
  question: 'tanh는 입력이 0에 가까운 곳에서만 가파릅니다. 입력이 크거나 학습하면서 가중치가 커지면 어떻게 될까요?',
  prediction: '입력이 100배로 커집니다. 단계 안에 층 정규화를 둔 tanh 신경망의 상태는 어떻게 될까요?',
  choices: ['−1과 1 가까이에서 포화합니다.', '거의 그대로입니다.', '0으로 줄어듭니다.'],
  experiment:
    '가중치가 같은(W_hh는 직교 행렬) 유닛 16개짜리 tanh 신경망 둘을 견줍니다. 하나에는 단계 안에 층 정규화를 둡니다. h_t = tanh(LN(W_xh x_t + W_hh h_{t−1}))이고, LN은 유닛들의 평균을 빼고 표준 편차로 나눕니다(Ba, Kiros, Hinton 2016). 둘 다 진폭(amplitude)이 네 가지인 사인파를 40단계 읽습니다.',
  table: '포화한 상태(|h| > 0.99)와 40단계 뒤에 남은 기울기',
  header: ['입력의 진폭', '포화', '포화(LN)', '남은 기울기', '남은 기울기(LN)'],
  chart: 'k단계를 거슬러 올라간 기울기의 노름',
  without: (height) => `진폭 ${height}`,
  with: (height) => `진폭 ${height}, LN`,
  tenfold: '모든 가중치를 열 배로 키웠을 때 한 단계의 출력이 움직인 크기',
  tenfoldHeader: ['', 'h의 가장 큰 변화'],
  plain: 'tanh',
  normed: 'tanh와 LN',
  shows: ({ rows, tenfold }) => {
    const [small, large] = [rows[0], rows[rows.length - 1]];
    return [
      `진폭이 ${withParticle(large.height, '이면/면')} 정규화가 없을 때 상태의 ${withParticle(percent(large.plain.saturated), '이/가')}, 있을 때 ${withParticle(percent(large.normed.saturated), '이/가')} 포화(saturation)합니다.`,
      `시간을 거슬러 올라가는 기울기의 문제는 그대로입니다. LN은 합의 표준 편차로 나누면서 합에서 상태가 차지하는 몫까지 나눕니다. 진폭이 ${withParticle(small.height, '이면/면')} 표준 편차가 작아 기울기가 40단계 뒤에 ${short(small.normed.left)}배로 커지고(정규화가 없으면 ${short(small.plain.left)}배), ${withParticle(large.height, '이면/면')} ${short(large.normed.left)}배만 남습니다(정규화가 없으면 ${short(large.plain.left)}배).`,
      `가중치를 열 배로 키우면 보통 단계의 출력은 ${short(tenfold.plain)}까지 달라지지만, 정규화한 단계의 출력은 ${power(tenfold.normed, 0)}밖에 달라지지 않습니다. 곱해진 만큼 LN이 나누기 때문입니다.`,
    ];
  },
  limits: [
    'LN은 tanh를 기울기가 있는 곳에 둘 뿐입니다. W_hh가 거듭 곱해지는 것은 그대로이므로 여러 단계를 지나면 기울기는 여전히 사라지거나 폭발합니다.',
    '배치 정규화(batch normalization)는 평균과 편차를 배치에서 구합니다. 순환 신경망에서는 그 값이 단계마다 다르고 시퀀스의 길이도 제각각이지만, LN은 그런 것이 필요 없습니다.',
  ],
  commands: en.commands,
};

export const normWords: Readonly<Record<LessonLanguage, NormWords>> = { en, ko };
