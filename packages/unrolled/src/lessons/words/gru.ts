import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { grouped, short } from '../numbers.ts';

export interface GruValues {
  readonly length: number;
  readonly steps: number;
  /** Training steps between two tests. */
  readonly every: number;
  /** The error of a network that always answers the mean. */
  readonly memoryless: number;
  /** tanh, LSTM, GRU. */
  readonly cells: readonly {
    readonly name: string;
    readonly parameters: number;
    readonly error: number;
    readonly errors: readonly number[];
  }[];
}

const en = {
  title: 'The GRU',
  question:
    'A GRU has no cell state: h′ = (1 − z) ⊙ n + z ⊙ h keeps everything in h. Where the update gate z is 1, the state and its gradient stay. Is that enough to remember?',
  prediction:
    'Two of 50 numbers are marked, and their sum is asked for. Which cell gets there first: tanh, LSTM or GRU?',
  choices: ['tanh', 'LSTM', 'GRU'],
  experiment:
    'Three networks of 32 units learn the adding problem with T = 50 (1000 steps, batches of 32, Adam, learning rate 0.005, clipped to norm 1). The error is measured on 256 sequences that are not trained on, every 50 steps.',
  header: ['cell', 'parameters', 'mean squared error'],
  chart: 'The adding problem, T = 50',
  error: 'mean squared error on new sequences',
  memoryless: 'without memory',
  shows: (v: GruValues) => [
    `Whoever always answers the mean has an error of ${short(v.memoryless)}: near it or above, nothing is remembered. After ${v.steps} steps: ${v.cells.map((c) => `${c.name} ${short(c.error)}`).join(', ')}.`,
    `The GRU has one state instead of two, and ${grouped(v.cells[2].parameters)} parameters where the LSTM has ${grouped(v.cells[1].parameters)}. In both the gradient has a path without matrix multiplications; the tanh network has none.`,
  ],
  limits: [
    'One seed. Which of the gated cells learns first depends on the task, the initialization and the seed: the LSTM (forget gate bias 1) often needs more than these 1000 steps here, and learns the task of the lesson `lstm` in 500.',
    'Papers differ in what z means: here, as in PyTorch, z keeps the old state; in Cho et al. and in Olah’s article z lets the new one in.',
  ],
  commands: ['npx unrolled train memory adding --cell gru', 'npx unrolled demo memory adding'],
};

export type GruWords = typeof en & LessonWords<GruValues>;

const ko: GruWords = {
  title: 'GRU',
  question:
    'GRU에는 셀 상태가 없고 h′ = (1 − z) ⊙ n + z ⊙ h에서 모든 것을 h에 담습니다. 갱신 게이트(update gate) z가 1인 곳에서는 상태도 기울기도 그대로 남습니다. 이것으로 기억하기에 충분할까요?',
  prediction: '수 50개 가운데 둘에 표시가 있고, 그 둘의 합을 묻습니다. tanh, LSTM, GRU 가운데 누가 먼저 배울까요?',
  choices: ['tanh', 'LSTM', 'GRU'],
  experiment:
    '유닛 32개짜리 신경망 셋이 T = 50인 덧셈 문제(adding problem)를 배웁니다(1000단계, 배치 32, Adam, 학습률 0.005, 노름 1로 클리핑). 오차는 50단계마다 학습에 쓰지 않은 시퀀스 256개로 잽니다.',
  header: ['셀', '매개변수', '평균 제곱 오차'],
  chart: '덧셈 문제, T = 50',
  error: '새 시퀀스에서 잰 평균 제곱 오차',
  memoryless: '기억 없음',
  shows: (v) => [
    `늘 평균만 답하면 오차가 ${short(v.memoryless)}입니다. 오차가 이 근처이거나 더 크면 아무것도 기억하지 못한 것입니다. ${v.steps}단계 뒤에는 ${v.cells.map((c) => `${c.name} ${short(c.error)}`).join(', ')}입니다.`,
    `GRU는 상태가 둘이 아니라 하나이고, 매개변수는 LSTM이 ${grouped(v.cells[1].parameters)}개, ${withParticle('GRU', '이/가')} ${grouped(v.cells[2].parameters)}개입니다. 둘 다 기울기가 행렬을 거치지 않고 지나갈 길이 있고, tanh 신경망에는 없습니다.`,
  ],
  limits: [
    '시드(seed) 하나로 잰 결과입니다. 게이트가 있는 두 셀 가운데 어느 쪽이 먼저 배우는지는 과제와 초깃값과 시드에 따라 다릅니다. 망각 게이트 편향이 1인 LSTM은 여기서 1000단계로 모자랄 때가 많지만, 수업 `lstm`의 과제는 500단계에 배웁니다.',
    'z의 뜻은 글마다 다릅니다. 여기서는 PyTorch처럼 z가 옛 상태를 지키고, Cho 등의 논문과 Olah의 글에서는 z가 새 상태를 들여보냅니다.',
  ],
  commands: en.commands,
};

export const gruWords: Readonly<Record<LessonLanguage, GruWords>> = { en, ko };
