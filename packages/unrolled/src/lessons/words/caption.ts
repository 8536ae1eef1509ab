import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, percent } from '../numbers.ts';

type Form = 'inject' | 'soft' | 'hard';

export interface CaptionValues {
  readonly tests: number;
  /** inject, soft, hard. */
  readonly forms: readonly {
    readonly form: Form;
    readonly steps: number;
    readonly losses: readonly number[];
    readonly loss: number;
    /** Captions without a mistake. */
    readonly exact: number;
    /** At the words for colors: attention on the cell of what is named, and how often it is the largest there; null without attention. */
    readonly mass: number | null;
    readonly peak: number | null;
  }[];
  /** The first new image: each form's words, END included, and where each attended. */
  readonly shown: readonly {
    readonly form: Form;
    readonly words: readonly string[];
    readonly maps: readonly (readonly number[])[];
  }[];
  /** A corner of W_ih. */
  readonly matrix: readonly (readonly number[])[];
  readonly image: { readonly width: number; readonly height: number; readonly data: readonly number[] };
  readonly target: readonly string[];
  readonly named: readonly { readonly cell: number; readonly color: string }[];
}

const en = {
  title: 'Image captioning, and where it attends',
  question:
    'A CNN sees an image, a recurrent network writes a sentence about it, and both are trained together. How does the image get into the sentence?',
  prediction:
    'Two shapes on nine cells; the caption names the color of each. Where will a model with attention look while it writes the color of the star?',
  choices: ['At the star.', 'At the circle.', 'Everywhere alike.'],
  experiment:
    'Images of 24 × 24 pixels with a star and a circle, captions such as “star red circle blue END”. A CNN of three stages gives a map of 3 × 3 regions; a classifier on top of it, with its softmax, is left off: what is wanted is what was seen, not a class. A GRU of 32 units writes. Three ways in: inject (a third weight matrix W_ih brings the vector v of the image into the first state: in a tanh cell h_1 = tanh(… + W_ih v)), soft attention (a weighted mean of the regions before every word), hard attention (one region, sampled; REINFORCE). 200 to 240 steps of 32 new images each, tested on 200 others.',
  picture: 'inject: START and the image go in, each word is read again, END closes',
  plusImage: '+ image',
  table: 'New images',
  header: ['form', 'steps', 'captions right', 'α largest on what is named', 'mean α there'],
  forms: { inject: 'inject (W_ih)', soft: 'soft attention', hard: 'hard attention' } as Readonly<Record<Form, string>>,
  maps: 'α at the words for the two colors, on the same image: the clearer a region, the more it is attended to; the number is the largest α',
  soft: 'soft',
  hard: 'hard',
  matrix: 'A corner of W_ih (inject): rows are hidden units, columns are channels of the image',
  chart: 'The loss while training',
  shows: ({ forms: [inject, soft, hard] }: CaptionValues) => [
    `Captions without a mistake: inject ${percent(inject.exact)}, soft attention ${percent(soft.exact)}, hard attention ${percent(hard.exact)}. One vector for the whole image has to say which color belongs to which shape; attention looks there.`,
    `While the color of a shape is written, soft attention is largest on its cell for ${percent(soft.peak ?? 0)} of the words, with α = ${fixed(soft.mass ?? 0, 2)} there on the average; hard attention for ${percent(hard.peak ?? 0)}, with α = ${fixed(hard.mass ?? 0, 2)}. Nobody told it which cell: the words alone taught it.`,
    'α is a softmax over the nine regions: it adds up to 1. Soft attention is differentiable; hard attention draws one region, and is rewarded when the words become probable.',
  ],
  limits: [
    'Colors and shapes on a plain background are easy, and each region sees only its own square. In photographs regions overlap, and what a word depends on is spread over many.',
    'An attention map says what was read, not why it was needed.',
  ],
  commands: [
    'npx unrolled demo caption',
    'npx unrolled train caption photos/ --form soft',
    'npx unrolled train caption photos/ --encoder mobilenet.onnx',
  ],
};

export type CaptionWords = typeof en & LessonWords<CaptionValues>;

const ko: CaptionWords = {
  title: '이미지 캡셔닝(image captioning), 그리고 어디에 주의를 주는가',
  question:
    'CNN이 이미지를 보고 순환 신경망이 문장을 씁니다. 둘은 함께 학습합니다. 이미지는 어떤 길로 문장에 들어갈까요?',
  prediction:
    '아홉 칸 가운데 두 칸에 도형이 있고 캡션은 두 도형의 색을 말합니다. 어텐션이 있는 모델은 별의 색을 쓸 때 어디에 주의를 줄까요?',
  choices: ['별', '원', '어디나 똑같이'],
  experiment:
    '별과 원이 하나씩 있는 24 × 24 픽셀 이미지와 “star red circle blue END” 같은 캡션입니다. 세 단계짜리 CNN이 3 × 3 영역의 특징 지도(feature map)를 냅니다. 그 위에 있을 분류기의 소프트맥스 점수는 쓰지 않습니다. 필요한 것은 클래스가 아니라 본 것을 요약한 벡터이기 때문입니다. 글은 유닛 32개짜리 GRU가 씁니다. 이미지가 들어가는 길은 세 가지입니다. 세 번째 가중치 행렬 W_ih로 이미지 벡터 v를 첫 상태에 넣기(inject, tanh 셀이라면 h_1 = tanh(… + W_ih v)), 단어마다 영역들을 가중 평균하는 소프트 어텐션(soft attention), 단어마다 영역 하나를 뽑는 하드 어텐션(hard attention, REINFORCE). 새 이미지 32개씩 200~240단계 학습하고 다른 이미지 200개로 시험합니다.',
  picture: 'inject: START와 이미지가 들어가고, 쓴 단어를 다시 읽고, END로 끝납니다',
  plusImage: '+ 이미지',
  table: '새 이미지에서',
  header: ['방식', '단계', '맞힌 캡션', '말하는 도형에서 α 최대', '그곳의 평균 α'],
  forms: { inject: 'inject (W_ih)', soft: '소프트 어텐션', hard: '하드 어텐션' },
  maps: '같은 이미지에서 두 색을 쓸 때의 α: 선명할수록 주의를 많이 주는 곳이고, 숫자는 가장 큰 α입니다',
  soft: '소프트',
  hard: '하드',
  matrix: 'W_ih의 한 귀퉁이(inject): 가로줄은 은닉 유닛, 세로줄은 이미지의 채널',
  chart: '학습하는 동안의 손실',
  shows: ({ forms: [inject, soft, hard] }) => [
    `하나도 틀리지 않은 캡션은 inject ${percent(inject.exact)}, 소프트 어텐션 ${percent(soft.exact)}, 하드 어텐션 ${percent(hard.exact)}입니다. 이미지 전체를 벡터 하나로 요약하면 어느 색이 어느 도형의 것인지까지 담아야 하지만, 어텐션은 그곳을 들여다봅니다.`,
    `도형의 색을 쓸 때 소프트 어텐션은 단어의 ${percent(soft.peak ?? 0)}에서 그 도형이 있는 칸에 가장 큰 주의를 주고, 그곳의 α는 평균 ${withParticle(fixed(soft.mass ?? 0, 2), '이/가')} 됩니다. 하드 어텐션은 ${percent(hard.peak ?? 0)}에서 그렇고 α는 평균 ${fixed(hard.mass ?? 0, 2)}입니다. 어느 칸인지는 아무도 알려 주지 않았습니다. 단어만 보고 배웠습니다.`,
    'α는 아홉 영역에 대한 소프트맥스이므로 더하면 1입니다. 소프트 어텐션은 미분할 수 있습니다. 하드 어텐션은 영역 하나를 뽑고, 그 덕분에 단어의 확률이 높아지면 보상(reward)을 받습니다.',
  ],
  limits: [
    '민무늬 배경의 색과 도형은 쉽고, 영역마다 자기 칸만 봅니다. 사진에서는 영역이 겹치고 단어 하나가 여러 영역에 걸립니다.',
    '어텐션 지도는 무엇을 읽었는지를 보여 줄 뿐, 왜 필요했는지는 말해 주지 않습니다.',
  ],
  commands: en.commands,
};

export const captionWords: Readonly<Record<LessonLanguage, CaptionWords>> = { en, ko };
