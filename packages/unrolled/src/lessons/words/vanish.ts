import type { AlternativeName } from '../../analysis/index.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, short } from '../numbers.ts';

export interface VanishValues {
  readonly steps: number;
  readonly sigma: number;
  readonly bounded: {
    readonly after: number;
    readonly bound: number;
    readonly product: readonly number[];
    readonly bounds: readonly number[];
  };
  /** tanh, orthogonal, lstm, chrono, gru. */
  readonly networks: readonly {
    readonly name: AlternativeName;
    readonly factor: number;
    readonly halfLife: number;
    readonly after: number;
    readonly product: readonly number[];
  }[];
}

const en = {
  title: 'Vanishing gradients',
  question:
    'How much of a gradient is left after k steps back through a tanh network with the usual initialization, and through other networks, on the same inputs?',
  prediction: 'Of a tanh network’s gradient after 40 steps: is a tenth left, a thousandth, or less than a millionth?',
  choices: ['About a tenth.', 'About a thousandth.', 'Less than a millionth.'],
  experiment:
    'Five untrained networks of 16 units read the same 40 inputs; measured is ‖∂s_T/∂s_{T−k}‖ of their state s. In addition a tanh network whose W_hh has σ_max = 0.9, with its bound 0.9^k.',
  header: ['untrained network', 'mean factor per step', 'half-life', 'left after 40 steps'],
  names: {
    tanh: 'tanh',
    orthogonal: 'tanh, orthogonal W_hh',
    lstm: 'LSTM, forget gate bias 1',
    chrono: 'LSTM, chrono',
    gru: 'GRU',
  } as Readonly<Record<AlternativeName, string>>,
  chart: 'Gradient norm after k steps back',
  bound: 'bound 0.9ᵏ',
  bounded: 'tanh, σ_max = 0.9',
  shows: ({ bounded, networks: [tanh, orthogonal, , chrono] }: VanishValues) => [
    `Every step back multiplies by the same W_hhᵀ again, and by the slope of tanh. The tanh network multiplies the gradient by ${fixed(tanh.factor, 3)} per step; after 40 steps ${short(tanh.after)} is left. Half of it is gone every ${short(tanh.halfLife)} steps: a few steps further back there is hardly a signal left to learn from.`,
    `With σ_max = 0.9 a gradient must vanish: the bound after 40 steps is ${short(bounded.bound)}, what is left is ${short(bounded.after)}, because the slope of tanh is below 1 as well.`,
    `An orthogonal W_hh takes away the matrix’s share and leaves that of tanh (${fixed(orthogonal.factor, 3)} per step). An LSTM with chrono initialization, whose forget gates start near 1, has ${fixed(chrono.factor, 3)} per step, a half-life of ${short(chrono.halfLife)} steps.`,
  ],
  limits: [
    'These networks are untrained: the gates of LSTM and GRU start half open. Training moves them; the GRU with these gates learns a dependency of 50 steps in the lesson `gru`.',
    'A half-life is no limit. What is left may be small and still be a direction, and Adam rescales it. It is the signal of near steps, many times as large, that it has to compete with.',
    'Clipping does not help here: it only makes gradients that are too large smaller.',
  ],
  commands: ['npx unrolled inspect runs/my --section gradients', 'npx unrolled train text my.txt --cell lstm'],
};

export type VanishWords = typeof en & LessonWords<VanishValues>;

const ko: VanishWords = {
  title: '기울기 소실(vanishing gradient)',
  question:
    '흔히 하는 대로 초기화한 tanh 신경망과 그 밖의 신경망에서, 같은 입력으로 k단계를 거슬러 올라간 기울기는 얼마나 남을까요?',
  prediction:
    '40단계를 거슬러 올라간 tanh 신경망의 기울기는 10분의 1, 1000분의 1, 아니면 100만분의 1보다 적게 남을까요?',
  choices: ['10분의 1쯤', '1000분의 1쯤', '100만분의 1보다 적게'],
  experiment:
    '갓 초기화한 유닛 16개짜리 신경망 다섯이 같은 입력 40개를 읽고, 상태 s의 ‖∂s_T/∂s_{T−k}‖를 잽니다. 여기에 W_hh의 σ_max가 0.9인 tanh 신경망과 그 상한 0.9^k를 더합니다.',
  header: ['갓 초기화한 신경망', '한 단계의 평균 배율', '반감기', '40단계 뒤에 남은 기울기'],
  names: {
    tanh: 'tanh',
    orthogonal: 'tanh, 직교(orthogonal) W_hh',
    lstm: 'LSTM, 망각 게이트 편향 1',
    chrono: 'LSTM, chrono',
    gru: 'GRU',
  },
  chart: 'k단계를 거슬러 올라간 뒤 남은 기울기',
  bound: '상한 0.9ᵏ',
  bounded: 'tanh, σ_max = 0.9',
  shows: ({ bounded, networks: [tanh, orthogonal, , chrono] }) => [
    `한 단계를 거슬러 올라갈 때마다 같은 W_hhᵀ와 tanh의 기울기가 거듭 곱해집니다. tanh 신경망에서는 한 단계에 ${fixed(tanh.factor, 3)}배가 되어 40단계 뒤에는 ${short(tanh.after)}만 남습니다. ${short(tanh.halfLife)}단계마다 절반이 사라지므로, 몇 단계만 거슬러 올라가도 배울 신호가 거의 남지 않습니다.`,
    `σ_max = 0.9이면 반드시 소실됩니다. 40단계 뒤의 상한은 ${short(bounded.bound)}이고 실제로 남은 것은 ${short(bounded.after)}입니다. tanh의 기울기도 1보다 작기 때문입니다.`,
    `W_hh가 직교 행렬이면 행렬 때문에 줄어드는 몫이 없어지고 tanh 때문에 줄어드는 몫만 남습니다(한 단계에 ${fixed(orthogonal.factor, 3)}배). 망각 게이트(forget gate)가 1에 가까운 값에서 시작하는 chrono 초기화 LSTM은 한 단계에 ${fixed(chrono.factor, 3)}배, 반감기 ${short(chrono.halfLife)}단계입니다.`,
  ],
  limits: [
    '아직 학습하지 않은 신경망입니다. LSTM과 GRU의 게이트는 반쯤 열린 채 시작하고, 학습하면서 움직입니다. 이렇게 시작한 GRU도 수업 `gru`에서는 50단계짜리 의존성을 배웁니다.',
    '반감기는 한계가 아닙니다. 작게 남은 기울기도 방향은 알려 주고, Adam은 그 크기를 키워 줍니다. 다만 훨씬 큰 가까운 단계의 신호와 겨루어야 합니다.',
    '클리핑은 도움이 되지 않습니다. 너무 큰 기울기를 줄일 뿐입니다.',
  ],
  commands: en.commands,
};

export const vanishWords: Readonly<Record<LessonLanguage, VanishWords>> = { en, ko };
