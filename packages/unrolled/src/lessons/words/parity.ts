import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { percent } from '../numbers.ts';

export interface ParityValues {
  /** Bits of the longest sequence in training and in the test. */
  readonly trained: number;
  readonly tested: number;
  readonly steps: number;
  readonly every: number;
  readonly testSize: number;
  readonly cells: readonly {
    readonly name: string;
    readonly hiddenSize: number;
    readonly numLayers: number;
    readonly parameters: number;
    readonly accuracy: number;
    readonly longest: number;
    readonly levels: readonly number[];
  }[];
}

const en = {
  title: 'The limits of a parallel recurrence',
  question:
    'Newer recurrent networks (minGRU, S5, Mamba) compute all steps at once, because their gates read the input only, not the state. What do they lose?',
  prediction:
    'Is the number of ones odd? One bit of memory is enough, but it must be flipped at every 1. Which cells learn it: LSTM, GRU, minGRU?',
  choices: ['LSTM and GRU, but not minGRU.', 'All three.', 'Only minGRU.'],
  experiment:
    'A curriculum: bit sequences of up to 40 bits, longer ones as soon as the shorter ones are mastered (700 steps, batches of 64, Adam). The test has 512 sequences of 40 to 256 bits. The minGRU gets twice the units and a second layer, so that its size is no excuse.',
  header: ['cell', 'layers × units', 'parameters', 'bits reached', 'accuracy on 40–256'],
  chart: 'Curriculum: length of the bit sequences in training',
  bits: 'bits',
  shows: (v: ParityValues) => [
    `${v.cells.map(({ name, accuracy }) => `${name} ${percent(accuracy)}`).join(', ')}; a coin toss has 50\u00a0%.`,
    'The gates of an LSTM and a GRU read the state, so they can flip a bit. Those of a minGRU read only the input: the step is the same whatever the state is, and a bit cannot be flipped.',
  ],
  limits: [
    'Around 50\u00a0%, differences are noise: with 512 test sequences two standard errors are about 4\u00a0%.',
    'This matters little for text, but it does where a state has to be tracked. Eigenvalues below 0 would give a parallel recurrence parity back (Grazzi et al. 2024).',
  ],
  commands: ['npx unrolled demo memory parity', 'npx unrolled train memory parity --cell mingru'],
};

export type ParityWords = typeof en & LessonWords<ParityValues>;

const ko: ParityWords = {
  title: '병렬로 계산하는 순환 신경망이 잃는 것',
  question:
    '요즘의 순환 신경망(minGRU, S5, Mamba)은 게이트가 상태를 보지 않고 입력만 보기 때문에 모든 단계를 한꺼번에 계산할 수 있습니다. 그 대신 무엇을 잃을까요?',
  prediction:
    '1이 홀수 개일까요? 기억은 1비트면 충분하지만 1이 들어올 때마다 그 비트를 뒤집어야 합니다. LSTM, GRU, minGRU 가운데 어느 셀이 배울까요?',
  choices: ['LSTM과 GRU만', '셋 다', 'minGRU만'],
  experiment:
    '짧은 것부터 익히는 커리큘럼(curriculum)으로 길이 40 이하의 비트열을 배웁니다(700단계, 배치 64, Adam). 시험에는 길이 40~256의 비트열 512개를 씁니다. 크기를 탓할 수 없도록 minGRU에는 유닛을 두 배로 주고 층도 하나 더 주었습니다.',
  header: ['셀', '층 × 유닛', '매개변수', '도달한 길이', '길이 40~256의 정답률'],
  chart: '학습한 비트열의 길이',
  bits: '비트 수',
  shows: (v) => [
    `${v.cells.map(({ name, accuracy }) => `${name} ${percent(accuracy)}`).join(', ')}입니다. 우연 수준은 50\u00a0%입니다.`,
    'LSTM과 GRU의 게이트는 상태를 보므로 비트를 뒤집을 수 있습니다. minGRU의 게이트는 입력만 봅니다. 상태가 무엇이든 같은 일을 하므로 비트를 뒤집지 못합니다.',
  ],
  limits: [
    '50\u00a0% 근처의 차이는 우연입니다. 시험 비트열이 512개이므로 표준 오차의 두 배가 약 4\u00a0%입니다.',
    '글을 읽을 때는 별로 중요하지 않지만, 상태를 추적해야 하는 일에서는 중요합니다. 고윳값(eigenvalue)이 음수가 될 수 있으면 병렬로 계산하는 신경망도 홀짝을 배울 수 있습니다(Grazzi 등 2024).',
  ],
  commands: en.commands,
};

export const parityWords: Readonly<Record<LessonLanguage, ParityWords>> = { en, ko };
