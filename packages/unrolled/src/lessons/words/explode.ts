import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { short } from '../numbers.ts';

interface Along {
  readonly after: number;
  readonly product: readonly number[];
}

export interface ExplodeValues {
  readonly steps: number;
  readonly sigma: number;
  readonly small: number;
  readonly large: number;
  readonly linear: readonly (Along & { readonly rho: number; readonly exact: number; readonly difference: number })[];
  readonly tanh: { readonly calm: Along; readonly driven: Along; readonly bound: number };
}

const en = {
  title: 'Exploding gradients',
  question:
    'On its way back through T steps a gradient is multiplied by W_hhᵀ T times. What becomes of it, if W_hh makes every vector longer or shorter by 10\u00a0%?',
  prediction: 'After 50 steps with a factor of 1.1 each, is the gradient 5, 50 or more than 100 times as large?',
  choices: ['About 5 times.', 'About 50 times.', 'More than 100 times.'],
  experiment:
    'T = 50. First without tanh: W_hh = ρ · rotation, so that every step multiplies by exactly ρ. Then with tanh, 32 units and a random W_hh whose largest singular value is σ_max = 3, once with inputs of almost 0 (10^{−30}, so that the state stays where tanh has the slope 1), once with large inputs (amplitude 8). No step multiplies by more than γ · σ_max, where γ = 1 is the largest slope of tanh.',
  header: ['ρ', '‖∂h_50/∂h_0‖', 'ρ^50', 'difference'],
  tanhHeader: ['tanh network', '‖∂h_50/∂h_0‖', 'bound (γ · σ_max)^50'],
  chart: 'Gradient norm k steps back',
  calm: 'tanh, σ_max 3, inputs near 0',
  driven: 'tanh, σ_max 3, large inputs',
  shows: ({ linear, tanh }: ExplodeValues) => [
    `10\u00a0% longer at every step makes the gradient ${short(linear[2].after)} times as large in 50 steps; 10\u00a0% shorter leaves ${short(linear[0].after)}. Only a factor of exactly 1 keeps it.`,
    `With tanh, σ_max = 3 makes an explosion possible, not certain. With inputs near 0 the gradient is ${short(tanh.calm.after)} times as large after 50 steps; with large inputs tanh is flat, and with the very same matrix ${short(tanh.driven.after)} is left.`,
    `The bound (γ · σ_max)^50 is ${short(tanh.bound)}. A largest singular value above 1 is necessary for an explosion, and not sufficient.`,
  ],
  limits: [
    'Inputs near 0 and large inputs are the two ends. In training a network is somewhere in between, and moves: `npx unrolled inspect` measures it.',
    'Clipping (lesson `clip`) keeps an exploded gradient from throwing the weights away; it does not make it correct.',
  ],
  commands: ['npx unrolled inspect runs/my --section spectrum'],
};

export type ExplodeWords = typeof en & LessonWords<ExplodeValues>;

const ko: ExplodeWords = {
  title: '기울기 폭발(exploding gradient)',
  question:
    'T단계를 거슬러 올라가는 기울기에는 W_hhᵀ가 T번 곱해집니다. W_hh가 모든 벡터의 길이를 10\u00a0%씩 늘이거나 줄이면 기울기는 어떻게 될까요?',
  prediction: '한 단계마다 1.1배가 되면 50단계 뒤의 기울기는 5배, 50배, 아니면 100배보다 더 클까요?',
  choices: ['5배쯤', '50배쯤', '100배보다 더'],
  experiment:
    'T = 50. 먼저 tanh 없이 W_hh = ρ · 회전으로 두어 한 단계마다 정확히 ρ배가 되게 합니다. 그다음은 tanh가 있는 유닛 32개짜리 신경망이고, W_hh는 가장 큰 특잇값(largest singular value)이 σ_max = 3인 무작위 행렬입니다. 한 번은 입력이 거의 0이고(10^{−30}이라 상태가 tanh의 기울기가 1인 곳에 머뭅니다), 한 번은 입력이 큽니다(진폭 8). 어떤 단계도 γ · σ_max배보다 크게 늘이지 못합니다. γ = 1은 tanh의 가장 큰 기울기입니다.',
  header: ['ρ', '‖∂h_50/∂h_0‖', 'ρ^50', '차이'],
  tanhHeader: ['tanh 신경망', '‖∂h_50/∂h_0‖', '상한 (γ · σ_max)^50'],
  chart: 'k단계를 거슬러 올라간 기울기의 노름',
  calm: 'tanh, σ_max 3, 거의 0인 입력',
  driven: 'tanh, σ_max 3, 큰 입력',
  shows: ({ linear, tanh }) => [
    `한 단계마다 10\u00a0%씩 커지면 50단계 뒤에는 ${short(linear[2].after)}배가 되고, 10\u00a0%씩 작아지면 ${short(linear[0].after)}배만 남습니다. 그대로 유지되는 것은 정확히 1배일 때뿐입니다.`,
    `tanh가 있으면 σ_max = 3이라고 해서 반드시 폭발하지는 않습니다. 입력이 거의 0이면 50단계 뒤에 ${short(tanh.calm.after)}배가 되지만, 입력이 크면 tanh가 평평해져 같은 행렬로도 ${short(tanh.driven.after)}배만 남습니다.`,
    `상한 (γ · σ_max)^50은 ${short(tanh.bound)}입니다. 가장 큰 특잇값이 1보다 큰 것은 폭발의 필요조건이지 충분조건이 아닙니다.`,
  ],
  limits: [
    '거의 0인 입력과 큰 입력은 양 끝입니다. 학습 중인 신경망은 그 사이 어딘가에 있고 계속 움직입니다. `npx unrolled inspect`로 재 볼 수 있습니다.',
    '클리핑(수업 `clip`)은 폭발한 기울기가 가중치를 날려 버리지 않게 할 뿐, 기울기를 옳게 만들지는 않습니다.',
  ],
  commands: en.commands,
};

export const explodeWords: Readonly<Record<LessonLanguage, ExplodeWords>> = { en, ko };
