import type { LessonLanguage, LessonWords } from '../lesson.ts';

interface Texts {
  readonly review: { readonly text: string; readonly label: string };
  readonly date: { readonly source: string; readonly target: string };
}

export interface ShapesValues {
  readonly caption: readonly string[];
  readonly brackets: { readonly letters: readonly string[]; readonly depths: readonly string[] };
  readonly reversal: { readonly source: string; readonly target: string };
  readonly texts: Readonly<Record<LessonLanguage, Texts>>;
}

const en = {
  title: 'Five shapes of sequence problems',
  question:
    'An ordinary network reads one vector of a fixed size and writes one. What else becomes possible, for sequences of variable length, when the state goes on from step to step?',
  prediction:
    'Translating a sentence and labeling every frame of a video both read many and write many. What is the difference between them?',
  choices: [
    'A translation begins when all has been read; a label is written at every frame.',
    'A video has more steps than a sentence.',
    'There is none: both are many to many.',
  ],
  experiment:
    'One example from each of five data sets that the library makes. Drawn are the steps of the network: below, what it reads; above, what it writes; of a long example, its ends.',
  oneToOne: 'one to one: no sequence (XOR of 0 and 1)',
  oneToMany: 'one to many: image captioning',
  manyToOne: 'many to one: sentiment of a review',
  manyToMany: 'many to many (1), first read, then write: translation (here letters back to front)',
  aligned: 'many to many (2), a label at every step: tagging, video by frames (here the depth in brackets)',
  image: 'image',
  end: 'END',
  header: ['shape', 'example', 'command'],
  names: ['one to one', 'one to many', 'many to one', 'many to many (1)', 'many to many (2)'],
  shows: (v: ShapesValues) => [
    'One cell does all of these. They differ only in the steps at which it is given something, and those at which it is asked.',
    `many to many (1) begins to write when everything has been read: in “${v.reversal.source}” → “${v.reversal.target}” the first letter of the output is the last of the input. many to many (2) answers at every step, with what it has read so far.`,
    'many to many (1) is many to one followed by one to many: the last state of the first half is all that the second half knows (lesson `translate`).',
  ],
  limits: ['Nothing is trained here. The commands in the table train each of them in about a minute.'],
  commands: ['npx unrolled demo', 'npx unrolled train video --demo clips --per-frame'],
};

export type ShapesWords = typeof en & LessonWords<ShapesValues>;

const ko: ShapesWords = {
  title: '시퀀스 문제의 다섯 가지 모양',
  question:
    '보통의 신경망은 크기가 정해진 벡터 하나를 읽고 하나를 씁니다. 상태가 단계에서 단계로 이어지면 가변 길이 시퀀스로 무엇이 더 가능해질까요?',
  prediction: '문장 번역과 프레임별 비디오 분류는 둘 다 여러 개를 읽고 여러 개를 씁니다. 무엇이 다를까요?',
  choices: [
    '번역은 다 읽은 뒤에 시작하고, 레이블은 프레임마다 붙입니다.',
    '비디오가 문장보다 깁니다.',
    '다르지 않습니다. 둘 다 다대다입니다.',
  ],
  experiment:
    '라이브러리가 만드는 데이터 다섯 가지에서 예를 하나씩 골랐습니다. 그림은 신경망을 단계마다 한 번씩 그린 것입니다. 아래는 읽는 것, 위는 쓰는 것이고, 긴 예는 가운데를 …로 줄였습니다.',
  oneToOne: '일대일(one to one): 시퀀스가 아님 (0과 1의 XOR)',
  oneToMany: '일대다(one to many): 이미지 캡셔닝(image captioning)',
  manyToOne: '다대일(many to one): 감성 분석(sentiment classification)',
  manyToMany: '다대다(many to many) 1, 다 읽고 나서 쓰기: 기계 번역(machine translation), 여기서는 글자 뒤집기',
  aligned: '다대다(many to many) 2, 단계마다 쓰기: 프레임별 비디오 분류, 여기서는 괄호의 깊이',
  image: '이미지',
  end: 'END',
  header: ['모양', '예', '명령'],
  names: ['일대일', '일대다', '다대일', '다대다 1', '다대다 2'],
  shows: (v) => [
    '모두 셀 하나로 할 수 있습니다. 어느 단계에서 입력을 주고 어느 단계에서 출력을 묻는지만 다릅니다.',
    `다대다 1은 다 읽은 다음에 쓰기 시작합니다. “${v.reversal.source}” → “${v.reversal.target}”에서 출력의 첫 글자는 입력의 마지막 글자입니다. 다대다 2는 지금까지 읽은 것만으로 단계마다 답합니다.`,
    '다대다 1은 다대일 뒤에 일대다를 이은 것입니다. 앞쪽의 마지막 상태가 뒤쪽이 아는 전부입니다(수업 `translate`).',
  ],
  limits: ['아직 아무것도 학습하지 않았습니다. 표의 명령은 저마다 1분쯤 학습합니다.'],
  commands: en.commands,
};

export const shapesWords: Readonly<Record<LessonLanguage, ShapesWords>> = { en, ko };
