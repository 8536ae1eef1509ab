import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { memory, percent, short } from '../numbers.ts';

export interface TruncateValues {
  /** Steps between the bit and the question. */
  readonly length: number;
  /** Steps of the sequence whose cost is measured. */
  readonly long: number;
  readonly costs: readonly {
    readonly window: number;
    readonly updates: number;
    /** Kept for the backward pass; null where the backend does not count. */
    readonly bytes: number | null;
    readonly firstUpdate: number;
    readonly milliseconds: number;
  }[];
  readonly windows: readonly {
    readonly window: number;
    readonly accuracy: number;
    readonly losses: readonly number[];
  }[];
}

const en = {
  title: 'Truncated backpropagation through time',
  question:
    'Backpropagation through a whole text needs the text’s whole past in memory, and allows one update. Truncated BPTT stops the gradient after a window and carries the state on. What does that save, and what does it cost?',
  prediction: 'A bit is given 30 steps before it is asked for. Which windows can learn it: 3, 10, 15, 30?',
  choices: ['All four: the state is carried on.', '10, 15 and 30.', '15 and 30.', 'Only 30.'],
  experiment:
    'Cost: a GRU with 64 units reads one sequence of 4096 steps, whole or in windows, with an update after each. Learning: the first symbol is a bit, 29 steps of noise follow, then the bit is the target; a GRU with 16 units, 400 training steps. The state is always carried to the end, its gradient is cut at every window.',
  cost: 'What a window saves: a sequence of 4096 steps',
  costHeader: ['gradient goes back', 'updates', 'saved for the backward pass', 'until the first update'],
  steps: (w: number) => `${w} steps`,
  milliseconds: (ms: number) => `${short(ms)} ms`,
  learning: 'What it costs: a dependency of 30 steps',
  header: ['window', 'accuracy'],
  chart: 'Learning a dependency of 30 steps',
  window: (w: number) => `window ${w}`,
  guessing: 'chance level',
  shows: ({ length, costs, windows }: TruncateValues) => {
    const [smallest, whole] = [costs[0], costs[costs.length - 1]];
    return [
      `${whole.bytes === null || smallest.bytes === null ? '' : `The whole sequence needs ${memory(whole.bytes)} for the backward pass, a window of ${smallest.window} steps ${memory(smallest.bytes)}. `}The first update comes after ${short(smallest.firstUpdate)} ms instead of ${short(whole.firstUpdate)} ms, and there are ${smallest.updates} updates instead of ${whole.updates}.`,
      `A window of ${windows[0].window} reaches an accuracy of ${percent(windows[0].accuracy)}, the whole ${length} steps ${percent(windows[windows.length - 1].accuracy)}.`,
      'With a short window no gradient reaches the step at which the bit was read, so no learning signal ever tells the network to keep it. It can only use what happens to be left in the carried state.',
      'So a window limits which dependencies can be learned, not how long a state can last: choose it from the length of the dependencies.',
    ];
  },
  limits: [
    'Times are of this machine, at this moment; the memory is the same everywhere.',
    'In text most dependencies are short, and longer ones can be learned in steps that each fit into a window. Here there is only the one.',
  ],
  commands: ['npx unrolled train text my.txt --seq-length 100', 'npx unrolled inspect runs/my --section truncation'],
};

export type TruncateWords = typeof en & LessonWords<TruncateValues>;

const ko: TruncateWords = {
  title: '시간 방향으로 끊기(truncated BPTT)',
  question:
    '글 전체를 거슬러 역전파(backpropagation through time)하려면 지나온 모든 단계를 메모리에 두어야 하고, 그러고도 가중치는 한 번밖에 고치지 못합니다. Truncated BPTT는 상태는 이어 가되 기울기를 창(window)마다 끊습니다. 무엇을 아끼고 무엇을 잃을까요?',
  prediction:
    '비트 하나를 읽고 30단계 뒤에 그 비트를 묻습니다. 창의 길이가 3, 10, 15, 30 가운데 얼마여야 배울 수 있을까요?',
  choices: ['넷 다. 상태는 이어지기 때문입니다.', '10, 15, 30', '15, 30', '30만'],
  experiment:
    '비용: 유닛 64개짜리 GRU가 4096단계짜리 시퀀스를 통째로, 또는 창으로 나누어 읽으면서 창마다 가중치를 고칩니다. 학습: 첫 기호는 비트이고 29단계 동안 잡음이 이어진 뒤 그 비트를 묻습니다(유닛 16개짜리 GRU, 학습 400단계). 상태는 늘 끝까지 이어지고 기울기만 창마다 끊깁니다.',
  cost: '창이 아껴 주는 것: 4096단계짜리 시퀀스',
  costHeader: ['기울기가 거슬러 가는 길이', '가중치를 고친 횟수', '역전파용 메모리', '처음 고칠 때까지'],
  steps: (w) => `${w}단계`,
  milliseconds: (ms) => `${short(ms)} ms`,
  learning: '창 때문에 잃는 것: 30단계짜리 의존성(dependency)',
  header: ['창', '정답률'],
  chart: '30단계 전의 비트 맞히기',
  window: (w) => `창 ${w}`,
  guessing: '우연 수준',
  shows: ({ length, costs, windows }) => {
    const [smallest, whole] = [costs[0], costs[costs.length - 1]];
    return [
      `${whole.bytes === null || smallest.bytes === null ? '' : `통째로 읽으면 역전파를 위해 ${memory(whole.bytes)}를 잡아 두지만, ${smallest.window}단계짜리 창이면 ${memory(smallest.bytes)}면 됩니다. `}가중치를 처음 고치기까지 ${short(whole.firstUpdate)} ms가 아니라 ${short(smallest.firstUpdate)} ms가 걸리고, ${whole.updates}번이 아니라 ${smallest.updates}번 고칩니다.`,
      `창이 ${windows[0].window}이면 정답률이 ${percent(windows[0].accuracy)}이고, ${length}단계 전체를 거슬러 올라가면 ${percent(windows[windows.length - 1].accuracy)}입니다.`,
      '창이 짧으면 비트를 읽은 단계까지 기울기가 가지 못하므로, 그 비트를 기억해 두라는 학습 신호가 신경망에 닿지 않습니다. 넘겨받은 상태에 우연히 남아 있는 것밖에 쓸 수 없습니다.',
      '창은 기억할 수 있는 길이가 아니라 배울 수 있는 길이를 정합니다. 데이터에 들어 있는 의존성의 길이에 맞추어 고르십시오.',
    ];
  },
  limits: [
    '시간은 이 컴퓨터에서 지금 잰 값입니다. 메모리는 어디서나 같습니다.',
    '글에는 짧은 의존성이 많고, 긴 의존성도 창에 들어가는 짧은 것들을 이어 배우기도 합니다. 여기에는 긴 것 하나밖에 없습니다.',
  ],
  commands: en.commands,
};

export const truncateWords: Readonly<Record<LessonLanguage, TruncateWords>> = { en, ko };
