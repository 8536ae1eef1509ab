import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { percent } from '../numbers.ts';

type Form = 'product' | 'recurrent' | 'question-only';

export interface AskValues {
  readonly tests: number;
  readonly steps: number;
  /** product, recurrent, question-only. */
  readonly forms: readonly {
    readonly form: Form;
    readonly losses: readonly number[];
    readonly accuracy: number;
    /** With the images exchanged; null where none is read. */
    readonly exchanged: number | null;
  }[];
  readonly chance: number;
  readonly shown: readonly {
    readonly question: string;
    readonly answer: string;
    readonly p: readonly { readonly color: string; readonly p: number }[];
    readonly image: { readonly width: number; readonly height: number; readonly data: readonly number[] };
  }[];
}

const en = {
  title: 'Visual question answering: two vectors in',
  question:
    'An image becomes a vector, a question becomes a vector, and a softmax over all answers is what comes out. Does such a model look at the image, or does it only guess from the question?',
  prediction:
    'The image has a star and a circle, each in one of four colors. How many questions for a color does a model get right that never sees the image?',
  choices: ['None.', 'About a quarter.', 'About half.'],
  experiment:
    'Images of 24 × 24 pixels with a star and a circle, and “what color is the star ?” or “… the circle ?”. The two vectors meet as an element-wise product (Antol et al. 2015), or the image is the first input of the network that reads the question (the lecture’s form), or there is no image. 300 steps of 32 new questions each, tested on 200 others.',
  images: 'Two new images with their questions',
  distribution: (question: string, answer: string) => `“${question}”: ${answer} is correct`,
  header: ['form', 'correct', 'correct with images exchanged'],
  forms: {
    product: 'product of the two vectors',
    recurrent: 'image as first input',
    'question-only': 'question alone',
  } as Readonly<Record<Form, string>>,
  chart: 'The loss while training',
  shows: ({ forms: [product, recurrent, questionOnly], chance }: AskValues) => [
    `Correct answers to new questions: product ${percent(product.accuracy)}, image as first input ${percent(recurrent.accuracy)}, question alone ${percent(questionOnly.accuracy)}. Four colors are equally frequent, so that chance is ${percent(chance)}.`,
    `With the images exchanged between questions the product model falls to ${percent(product.exchanged ?? 0)}: it looked.`,
  ],
  limits: [
    'Here the question says nothing about the answer. In real data sets it does: “what color is the banana” can be answered from the question, and a model has to be compared with the question alone.',
    'Counting and comparing need more than two vectors; the form `map` moves attention over the image word by word.',
  ],
  commands: ['npx unrolled demo vqa', 'npx unrolled train vqa questions.jsonl --form product'],
};

export type AskWords = typeof en & LessonWords<AskValues>;

const ko: AskWords = {
  title: '이미지에 대한 질문에 답하기(visual question answering): 벡터 둘을 넣기',
  question:
    '이미지도 벡터가 되고 질문도 벡터가 되어, 모든 답에 대한 소프트맥스가 나옵니다. 이런 모델은 정말 이미지를 볼까요, 아니면 질문만 보고 짐작할까요?',
  prediction:
    '이미지에 별과 원이 하나씩 있고 색은 저마다 네 가지 가운데 하나입니다. 이미지를 전혀 보지 않는 모델은 색을 묻는 질문을 얼마나 맞힐까요?',
  choices: ['하나도 못 맞힙니다.', '4분의 1쯤', '절반쯤'],
  experiment:
    '별과 원이 하나씩 있는 24 × 24 픽셀 이미지에 대해 “what color is the star ?”나 “… the circle ?”이라고 묻습니다. 두 벡터를 원소별로 곱하거나(Antol 등 2015), 질문을 읽는 신경망의 첫 입력으로 이미지를 넣거나(강의의 방식), 이미지 없이 질문만 읽습니다. 새 질문 32개씩 300단계 학습하고 다른 질문 200개로 시험합니다.',
  images: '새 이미지 둘과 질문',
  distribution: (question, answer) => `“${question}”: 정답은 ${answer}`,
  header: ['방식', '정답률', '이미지를 바꿔치기했을 때의 정답률'],
  forms: { product: '두 벡터의 곱', recurrent: '이미지를 첫 입력으로', 'question-only': '질문만' },
  chart: '학습하는 동안의 손실',
  shows: ({ forms: [product, recurrent, questionOnly], chance }) => [
    `새 질문의 정답률은 두 벡터의 곱 ${percent(product.accuracy)}, 이미지를 첫 입력으로 ${percent(recurrent.accuracy)}, 질문만 ${percent(questionOnly.accuracy)}입니다. 네 색이 고루 나오므로 우연 수준은 ${percent(chance)}입니다.`,
    `질문끼리 이미지를 바꿔치기하면 두 벡터를 곱하는 모델의 정답률이 ${percent(product.exchanged ?? 0)}로 떨어집니다. 이미지를 보고 있었다는 뜻입니다.`,
  ],
  limits: [
    '여기서는 질문만으로 답을 짐작할 수 없습니다. 실제 데이터에서는 짐작할 수 있습니다. “바나나는 무슨 색인가?”에는 보지 않고도 답할 수 있으므로, 질문만 읽는 모델과 늘 견주어 보아야 합니다.',
    '세거나 견주려면 벡터 둘로는 모자랍니다. `map` 방식은 단어마다 이미지 위에서 주의를 옮깁니다.',
  ],
  commands: en.commands,
};

export const askWords: Readonly<Record<LessonLanguage, AskWords>> = { en, ko };
