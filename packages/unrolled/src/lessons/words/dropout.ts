import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { percent, short } from '../numbers.ts';

export interface DropoutValues {
  readonly p: number;
  readonly length: number;
  readonly steps: number;
  readonly ways: readonly {
    readonly masks: 'none' | 'new' | 'one';
    readonly accuracy: number;
    readonly losses: readonly number[];
  }[];
  readonly survives: readonly { readonly steps: number; readonly new: number; readonly one: number }[];
  readonly left: { readonly new: number; readonly one: number };
}

const en = {
  title: 'Dropout in a recurrent network',
  question:
    'Dropout sets random units to 0 in training, so that none is relied on alone. Between layers that is easy. But from h_{t−1} to h_t?',
  prediction:
    'A quarter of the units is dropped at every step, other ones each time. How many are untouched after 30 steps?',
  choices: ['Three quarters.', 'About a tenth.', 'Next to none.'],
  experiment:
    'A GRU with 16 units has to remember a bit for 30 steps (400 training steps). Its state loses units on the way to the next step with p = 0.25: never, other ones at every step, or the same ones at all steps of a sequence (Gal and Ghahramani 2016). Tested without dropout.',
  header: ['mask', 'accuracy'],
  ways: { none: 'no dropout', new: 'a new mask at every step', one: 'one mask for all steps' },
  chart: 'Remembering a bit for 30 steps',
  survival: 'Part of the units that was never dropped',
  steps: 'steps',
  leftHeader: ['mask', 'never dropped in 30 steps'],
  shows: (v: DropoutValues) => [
    `With new masks a unit is still untouched after 30 steps with the probability ${short(v.left.new)}: almost every memory was erased. With one mask it is ${short(v.left.one)}, however long the sequence.`,
    `After training: ${v.ways.map(({ masks, accuracy }) => `${en.ways[masks]} ${percent(accuracy)}`).join(', ')}; chance is 50\u00a0%.`,
  ],
  limits: [
    'Whether dropout helps at all is another question: it does where a network memorizes a small data set. Here there is endless new data, and none is needed.',
    'Zoneout (Krueger et al. 2017) keeps a unit’s old value instead of setting it to 0, so that new masks at every step do no harm.',
  ],
  commands: ['npx unrolled train text my.txt --dropout 0.3 --recurrent-dropout 0.25'],
};

export type DropoutWords = typeof en & LessonWords<DropoutValues>;

const koWays: typeof en.ways = { none: '드롭아웃 없음', new: '단계마다 새 마스크', one: '모든 단계에 같은 마스크' };

const ko: DropoutWords = {
  title: '순환 신경망의 드롭아웃(dropout)',
  question:
    '드롭아웃은 학습할 때 유닛을 무작위로 0으로 만들어 유닛 하나에만 기대지 않게 합니다. 층과 층 사이에서는 쉽습니다. 그런데 h_{t−1}에서 h_t로 가는 길에서는 어떨까요?',
  prediction:
    '단계마다 유닛의 4분의 1을, 매번 다른 것으로 지웁니다. 30단계가 지나도록 한 번도 지워지지 않은 유닛은 얼마나 될까요?',
  choices: ['4분의 3', '10분의 1쯤', '거의 없음'],
  experiment:
    '유닛 16개짜리 GRU가 비트 하나를 30단계 동안 기억해야 합니다(학습 400단계). 상태가 다음 단계로 갈 때 p = 0.25로 유닛을 지웁니다. 지우지 않는 경우, 단계마다 다른 것을 지우는 경우, 한 시퀀스의 모든 단계에서 같은 것을 지우는 경우(Gal과 Ghahramani 2016)를 견줍니다. 시험할 때는 지우지 않습니다.',
  header: ['마스크(mask)', '정답률'],
  ways: koWays,
  chart: '비트 하나를 30단계 동안 기억하기',
  survival: '한 번도 지워지지 않은 유닛의 비율',
  steps: '단계',
  leftHeader: ['마스크', '30단계 동안 지워지지 않을 확률'],
  shows: (v) => [
    `단계마다 마스크가 새로우면 유닛 하나가 30단계 동안 지워지지 않을 확률은 ${short(v.left.new)}입니다. 기억이 거의 다 지워집니다. 마스크가 하나면 시퀀스가 아무리 길어도 ${short(v.left.one)}입니다.`,
    `학습한 뒤의 정답률은 ${v.ways.map(({ masks, accuracy }) => `${koWays[masks]} ${percent(accuracy)}`).join(', ')}입니다. 우연 수준은 50\u00a0%입니다.`,
  ],
  limits: [
    '드롭아웃이 도움이 되는지는 다른 문제입니다. 작은 데이터를 외워 버리는 신경망에는 도움이 되지만, 여기서는 새 데이터가 끝없이 나오므로 필요하지 않습니다.',
    'Zoneout(Krueger 등 2017)은 유닛을 0으로 만드는 대신 옛 값을 지키므로 단계마다 마스크가 달라도 해롭지 않습니다.',
  ],
  commands: en.commands,
};

export const dropoutWords: Readonly<Record<LessonLanguage, DropoutWords>> = { en, ko };
