import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, percent, short } from '../numbers.ts';

/** One unit at one symbol: its gates, its memory before and after, and its output. */
export interface OpenedStep {
  readonly letter: string;
  readonly i: number;
  readonly f: number;
  readonly g: number;
  readonly o: number;
  readonly before: number;
  readonly c: number;
  readonly h: number;
}

export interface LstmValues {
  readonly steps: number;
  readonly carousel: readonly {
    readonly forget: number;
    readonly after: number;
    readonly exact: number;
    readonly product: readonly number[];
  }[];
  readonly tanh: { readonly after: number; readonly product: readonly number[] };
  readonly length: number;
  readonly chance: number;
  /** tanh, then LSTM. */
  readonly learned: readonly {
    readonly name: string;
    readonly steps: number;
    /** Training steps between two tests. */
    readonly every: number;
    readonly accuracy: number;
    readonly accuracies: readonly number[];
  }[];
  readonly opened: {
    readonly unit: number;
    readonly letters: readonly string[];
    readonly steps: readonly OpenedStep[];
    readonly answer: string;
    readonly target: string;
  };
}

/** The mean of the forget gate at the symbols that are neither X nor Y. */
function keptBetween({ opened }: LstmValues): number {
  const others = opened.steps.filter(({ letter }) => letter !== 'X' && letter !== 'Y');
  return others.reduce((sum, { f }) => sum + f, 0) / Math.max(1, others.length);
}

/** The first X or Y of the opened sequence. */
const firstOf = ({ opened }: LstmValues): OpenedStep =>
  opened.steps.find(({ letter }) => letter === 'X' || letter === 'Y') ?? opened.steps[0];

const en = {
  title: 'The LSTM and the constant error carousel',
  question:
    'An LSTM has a memory of its own, c_t = f ⊙ c_{t−1} + i ⊙ g, and shows a part of it, h_t = o ⊙ tanh(c_t). Why does that help the gradient, and what do the gates f, i, g, o do?',
  prediction:
    'What is left of a gradient after 60 steps through the cell state if the forget gate is always 1, always 0.99, always 0.5?',
  choices: [
    'All of it; about half; nothing worth mentioning.',
    'All of it; nearly all; half.',
    'Nothing in any of the three cases.',
  ],
  experiment:
    'First ∂c_t/∂c_{t−1} = f with gates held still. Then a tanh network and an LSTM of 16 units (forget gate bias 4) learn the temporal order problem: among 50 to 55 symbols are two X or Y far apart, and at the end the question is which came first and second (500 steps, Adam). Then one sequence through the trained LSTM, and one of its units, opened.',
  carousel: 'Gates held still',
  header: ['', 'left after 60 steps', 'f^60'],
  tanh: 'tanh RNN',
  chart: 'Gradient norm through the cell state',
  learning: 'XX, XY, YX or YY? Accuracy on new sequences',
  accuracy: 'accuracy',
  guessing: 'chance level',
  opened: (unit: number) =>
    `Unit ${unit}, opened at the first two symbols, at X and Y, and at the last: c = f · c before + i · g, h = o · tanh(c)`,
  openedHeader: ['symbol', 'f', 'c before', 'i', 'g', 'c', 'o', 'h'],
  cell: 'Its cell state c, forget gate f and input gate i over the whole sequence',
  symbol: 'symbol',
  shows: (v: LstmValues) => {
    const first = firstOf(v);
    const [tanh, lstm] = v.learned;
    return [
      `With f = 1 exactly ${short(v.carousel[0].after)} is left: the gradient does not shrink, however many steps it goes. f = 0.99 leaves ${short(v.carousel[1].after)}, f = 0.5 ${short(v.carousel[3].after)}; the tanh network ${short(v.tanh.after)}. There is no matrix and no tanh on this path.`,
      `After ${lstm.steps} training steps the LSTM answers ${percent(lstm.accuracy)} of new sequences correctly, the tanh network ${percent(tanh.accuracy)}; chance is ${percent(v.chance)}.`,
      `The opened unit at its first ${first.letter}: the input gate i = ${fixed(first.i, 2)} lets the candidate g = ${fixed(first.g, 2)} in, the forget gate f = ${fixed(first.f, 2)} keeps what was there (${fixed(first.before, 2)}), and c becomes ${fixed(first.c, 2)}. The output gate o = ${fixed(first.o, 2)} decides how much of it h shows: ${fixed(first.h, 2)}. Between the letters f is ${fixed(keptBetween(v), 2)} on the average: next to nothing of c is lost, and it moves only by what i lets in.`,
      `The network answered ${v.opened.answer} for this sequence; ${v.opened.target} is correct.`,
    ];
  },
  limits: [
    'Not every unit is as easy to read as this one: it was chosen because it reacts most to X and Y.',
    'A forget gate bias of 4 starts with open gates, which this task needs. With a bias of 0 the LSTM, too, has to find that out first, and takes longer.',
  ],
  commands: [
    'npx unrolled train memory temporal-order --cell lstm --forget-bias 4',
    'npx unrolled inspect runs/my --section gates',
  ],
};

export type LstmWords = typeof en & LessonWords<LstmValues>;

const ko: LstmWords = {
  title: 'LSTM과 셀 상태의 고속도로(constant error carousel)',
  question:
    'LSTM에는 셀 상태(cell state) c_t = f ⊙ c_{t−1} + i ⊙ g라는 기억이 따로 있고, 그 일부만 h_t = o ⊙ tanh(c_t)로 내보입니다. 이것이 기울기에 왜 도움이 되고, 게이트 f, i, g, o는 무슨 일을 할까요?',
  prediction:
    '망각 게이트(forget gate)가 늘 1일 때, 늘 0.99일 때, 늘 0.5일 때, 셀 상태를 따라 60단계를 거슬러 올라간 기울기는 얼마나 남을까요?',
  choices: ['그대로, 절반쯤, 거의 없음', '그대로, 거의 그대로, 절반', '세 경우 모두 거의 없음'],
  experiment:
    '먼저 게이트를 고정하고 ∂c_t/∂c_{t−1} = f를 잽니다. 그다음 유닛 16개짜리 tanh 신경망과 LSTM(망각 게이트 편향 4)이 순서 문제(temporal order)를 배웁니다. 기호 50~55개 가운데 멀리 떨어진 두 곳에 X나 Y가 있고, 끝에서 무엇이 먼저이고 무엇이 나중인지 묻습니다(500단계, Adam). 마지막으로 학습한 LSTM에 시퀀스 하나를 넣고 유닛 하나를 열어 봅니다.',
  carousel: '게이트를 고정했을 때',
  header: ['', '60단계 뒤에 남은 기울기', 'f^60'],
  tanh: 'tanh RNN',
  chart: '셀 상태를 따라 거슬러 올라간 기울기의 노름',
  learning: 'XX, XY, YX, YY 가운데 무엇일까? 새 시퀀스의 정답률',
  accuracy: '정답률',
  guessing: '우연 수준',
  opened: (unit) =>
    `유닛 ${unit} 들여다보기(처음 두 기호, X와 Y, 마지막 기호): c = f · c(이전) + i · g, h = o · tanh(c)`,
  openedHeader: ['기호', 'f', 'c(이전)', 'i', 'g', 'c', 'o', 'h'],
  cell: '시퀀스 전체에서 본 이 유닛의 셀 상태 c, 망각 게이트 f, 입력 게이트 i',
  symbol: '기호',
  shows: (v) => {
    const first = firstOf(v);
    const [tanh, lstm] = v.learned;
    return [
      `f = 1이면 정확히 ${withParticle(short(v.carousel[0].after), '이/가')} 남습니다. 몇 단계를 지나도 기울기가 줄지 않습니다. f = 0.99이면 ${short(v.carousel[1].after)}, f = 0.5이면 ${withParticle(short(v.carousel[3].after), '이/가')} 남고, tanh 신경망에서는 ${withParticle(short(v.tanh.after), '이/가')} 남습니다. 이 길에는 행렬도 tanh도 없습니다.`,
      `${lstm.steps}단계 학습한 뒤 LSTM은 새 시퀀스의 ${withParticle(percent(lstm.accuracy), '을/를')} 맞히고 tanh 신경망은 ${withParticle(percent(tanh.accuracy), '을/를')} 맞힙니다. 우연 수준은 ${percent(v.chance)}입니다.`,
      `열어 본 유닛이 처음 ${withParticle(first.letter, '을/를')} 만났을 때, 입력 게이트(input gate) i = ${withParticle(fixed(first.i, 2), '이/가')} 후보(candidate) g = ${withParticle(fixed(first.g, 2), '을/를')} 들여보내고, 망각 게이트 f = ${withParticle(fixed(first.f, 2), '이/가')} 전에 있던 ${withParticle(fixed(first.before, 2), '을/를')} 지켜서 c는 ${withParticle(fixed(first.c, 2), '이/가')} 됩니다. 출력 게이트(output gate) o = ${withParticle(fixed(first.o, 2), '이/가')} 그 가운데 얼마를 보일지 정해 h는 ${withParticle(fixed(first.h, 2), '이/가')} 됩니다. X와 Y 사이의 다른 기호에서는 f가 평균 ${withParticle(fixed(keptBetween(v), 2), '으로/로')} c를 거의 잃지 않고, i가 들여보내는 만큼만 움직입니다.`,
      `이 시퀀스에 대한 답은 ${v.opened.answer}, 정답은 ${v.opened.target}입니다.`,
    ];
  },
  limits: [
    '모든 유닛을 이렇게 쉽게 읽을 수 있는 것은 아닙니다. X와 Y에 가장 크게 반응하는 유닛을 골랐습니다.',
    '망각 게이트 편향 4는 게이트를 연 채로 시작하게 하고, 이 문제에는 그것이 필요합니다. 편향이 0이면 LSTM도 그것부터 알아내야 하므로 더 오래 걸립니다.',
  ],
  commands: en.commands,
};

export const lstmWords: Readonly<Record<LessonLanguage, LstmWords>> = { en, ko };
