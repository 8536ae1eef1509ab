import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, short } from '../numbers.ts';

export interface LayersValues {
  readonly steps: number;
  readonly every: number;
  readonly trained: readonly {
    readonly layers: number;
    readonly parameters: number;
    readonly loss: number;
    readonly losses: readonly number[];
  }[];
  /** Layers in which the gradient was measured. */
  readonly deep: number;
  /** Norm of the gradient at each layer, the lowest first. */
  readonly gradients: { readonly plain: readonly number[]; readonly residual: readonly number[] };
  /** Lowest to highest. */
  readonly ratios: { readonly plain: number; readonly residual: number };
}

const en = {
  title: 'More layers',
  question:
    'The states of one recurrent layer can be the inputs of another. Two to four layers are usual. Do more layers learn faster, and what does the gradient meet on its way down?',
  prediction:
    'Through eight layers of a tanh network: is the gradient at the lowest layer larger or smaller than at the highest, and by how much?',
  choices: ['Larger.', 'Smaller, but not by half.', 'Less than half as large.'],
  experiment:
    'LSTMs with 1, 2 and 4 layers of 48 units learn the same stories for 240 steps (Adam, learning rate 0.006). Then, untrained, two tanh networks with 8 layers: plain, and with a residual connection around every layer. Measured is the gradient of the loss at each layer’s output.',
  header: ['layers', 'parameters', 'mean loss of the last 20 steps'],
  layers: (n: number) => (n === 1 ? '1 layer' : `${n} layers`),
  chart: 'The loss while training',
  gradients: 'Gradient norm at each layer, before training',
  layer: 'layer, 1 is the lowest',
  plain: '8 layers, plain',
  residual: '8 layers, residual',
  ratioHeader: ['', 'lowest / highest layer'],
  shows: (v: LayersValues) => [
    `After the same ${v.steps} steps: ${v.trained.map((one) => `${one.layers} ${one.layers === 1 ? 'layer' : 'layers'} ${fixed(one.loss, 3)}`).join(', ')}. Deeper networks start more slowly, and here the deeper ones are still behind: the layers below learn from what the layers above let through.`,
    `Through eight plain layers the gradient at the lowest is ${short(v.ratios.plain)} times that at the highest. With residual connections, y = x + f(x), it is ${short(v.ratios.residual)} times: there is a path down without a matrix, as the LSTM has one back in time.`,
  ],
  limits: [
    '240 steps are a beginning. Given time and text enough, two or three layers usually end lower than one of the same size; that takes minutes to hours.',
    'A connection over time, h_t from h_{t−k}, is another kind of skip: it shortens the way back through time, not through the layers.',
  ],
  commands: ['npx unrolled train text my.txt --layers 3', 'npx unrolled train text my.txt --layers 4 --block residual'],
};

export type LayersWords = typeof en & LessonWords<LayersValues>;

const ko: LayersWords = {
  title: '층을 더 쌓기(multilayer RNN)',
  question:
    '순환 층 하나의 상태를 다른 순환 층의 입력으로 줄 수 있습니다. 보통 2~4층을 씁니다. 층이 많으면 더 빨리 배울까요? 기울기는 아래층으로 내려가면서 무엇을 만날까요?',
  prediction: '여덟 층짜리 tanh 신경망에서 맨 아래층의 기울기는 맨 위층보다 클까요, 작을까요? 얼마나 다를까요?',
  choices: ['더 큽니다.', '더 작지만 절반보다는 큽니다.', '절반도 안 됩니다.'],
  experiment:
    '유닛 48개짜리 LSTM을 1, 2, 4층으로 쌓아 같은 이야기를 240단계 동안 배웁니다(Adam, 학습률 0.006). 그다음 갓 초기화한 8층짜리 tanh 신경망 둘을 견줍니다. 하나는 그대로, 하나는 층마다 잔차 연결(residual connection)을 두었습니다. 층마다 출력에서 손실의 기울기를 잽니다.',
  header: ['층', '매개변수', '마지막 20단계의 평균 손실'],
  layers: (n) => `${n}층`,
  chart: '학습하는 동안의 손실',
  gradients: '층마다의 기울기 노름(학습 전)',
  layer: '층, 1이 맨 아래',
  plain: '8층, 그대로',
  residual: '8층, 잔차 연결',
  ratioHeader: ['', '맨 아래층 / 맨 위층'],
  shows: (v) => [
    `똑같이 ${v.steps}단계를 배운 뒤의 손실은 ${v.trained.map((one) => `${one.layers}층 ${fixed(one.loss, 3)}`).join(', ')}입니다. 깊은 신경망은 처음에 더 느리고, 여기서는 깊을수록 아직 뒤처져 있습니다. 아래층은 위층을 지나온 기울기로 배우기 때문입니다.`,
    `그대로 쌓은 여덟 층에서 맨 아래층의 기울기는 맨 위층의 ${short(v.ratios.plain)}배입니다. 잔차 연결 y = x + f(x)가 있으면 ${short(v.ratios.residual)}배가 됩니다. LSTM이 시간 방향으로 그랬듯이, 행렬을 거치지 않고 내려가는 길이 있습니다.`,
  ],
  limits: [
    '240단계는 시작일 뿐입니다. 시간과 글이 넉넉하면 같은 크기의 한 층보다 2~3층의 손실이 대개 더 낮아지지만, 몇 분에서 몇 시간이 걸립니다.',
    'h_{t−k}에서 h_t로 시간을 건너뛰는 연결도 있습니다. 이것은 층이 아니라 시간을 거슬러 가는 길을 줄입니다.',
  ],
  commands: en.commands,
};

export const layersWords: Readonly<Record<LessonLanguage, LayersWords>> = { en, ko };
