// Texts from small grammars, the same ones everywhere: what a model of characters is to find out is known, from near to far. Spelling, the order of
// words, quotation marks and brackets that close, a pronoun that belongs to a name.

import { Random } from 'unrolled';

const english = {
  people: [
    ['Ada', 'she'],
    ['Mina', 'she'],
    ['Rosa', 'she'],
    ['Boris', 'he'],
    ['Jonas', 'he'],
    ['Omar', 'he'],
  ],
  places: ['the garden', 'the old harbor', 'the kitchen', 'a quiet street', 'the library', 'the edge of the wood'],
  animals: ['cat', 'crow', 'fox', 'hedgehog', 'horse', 'owl', 'rabbit'],
  qualities: ['big', 'clever', 'gray', 'hungry', 'little', 'patient', 'tired'],
  things: ['a brass key', 'a letter', 'an apple', 'a paper boat', 'a red lantern', 'the last map'],
  doings: ['sleeps', 'waits', 'listens', 'sings', 'runs away', 'looks up'],
  times: ['In the morning', 'At noon', 'In the evening', 'After the rain', 'Before the snow', 'One day'],
  remarks: ['Where have you been?', 'Nobody will believe this.', 'It is getting late.', 'Come with me!', 'I knew it.'],
} as const;

const korean = {
  people: ['민지', '서연', '지우', '도윤', '하준', '은서'],
  places: ['정원', '항구', '부엌', '골목', '도서관', '숲'],
  animals: ['고양이', '까마귀', '여우', '고슴도치', '부엉이', '토끼'],
  qualities: ['커다란', '영리한', '배고픈', '작은', '지친', '조용한'],
  things: ['열쇠를', '편지를', '사과를', '종이배를', '등불을', '지도를'],
  doings: ['잔다', '기다린다', '귀를 기울인다', '노래한다', '달아난다', '올려다본다'],
  times: ['아침에', '한낮에', '저녁에', '비가 그친 뒤', '눈이 오기 전', '어느 날'],
  remarks: ['어디 있었어?', '아무도 안 믿을 거야.', '늦었다.', '같이 가자!', '그럴 줄 알았어.'],
} as const;

type Draw = <T>(list: readonly T[]) => T;

/** At least `length` characters of paragraphs that `paragraph` makes. */
function written(length: number, seed: number, paragraph: (of: Draw) => string): string {
  const random = new Random(seed);
  const of: Draw = (list) => list[Math.floor(random.uniform() * list.length)];
  let text = '';
  while (text.length < length) text += paragraph(of);
  return text;
}

const capital = (text: string) => text[0].toUpperCase() + text.slice(1);

/** Little stories: `One day, Mina walks to the garden. "Come with me!" says Mina. …` */
export const stories = (length: number, seed: number): string =>
  written(length, seed, (of) => {
    const e = english;
    const [name, who] = of(e.people);
    const kinds = [
      () => `${capital(who)} finds ${of(e.things)} and puts it away.`,
      () => `A ${of(e.qualities)} ${of(e.animals)} ${of(e.doings)}.`,
      () => `"${of(e.remarks)}" says ${name}.`,
      () => `${name} thinks that ${who} has seen ${of(e.things)} before.`,
    ];
    const middle = Array.from({ length: 3 }, () => of(kinds)());
    return `${of(e.times)}, ${name} walks to ${of(e.places)}.\n${middle.join('\n')}\nThen ${who} goes home.\n\n`;
  });

/** 짧은 이야기: 받침 없이도 맞는 조사만 쓴다. */
export const koreanStories = (length: number, seed: number): string =>
  written(length, seed, (of) => {
    const k = korean;
    const name = of(k.people);
    const kinds = [
      () => `${of(k.things)} 찾아서 주머니에 넣는다.`,
      () => `${of(k.qualities)} ${of(k.animals)} 한 마리가 ${of(k.doings)}.`,
      () => `"${of(k.remarks)}" ${name}의 목소리다.`,
    ];
    const middle = Array.from({ length: 3 }, () => of(kinds)());
    return `${of(k.times)} ${name}, ${of(k.places)} 쪽으로 걷는다.\n${middle.join('\n')}\n그리고 집으로 돌아간다.\n\n`;
  });

/** Nested brackets, each closed by its own kind, up to six deep: `([]{()})` … */
export const brackets = (length: number, seed: number): string => {
  const random = new Random(seed);
  const pairs = ['()', '[]', '{}'];
  const nested = (depth: number): string => {
    let text = '';
    do {
      const [open, close] = pairs[Math.floor(random.uniform() * pairs.length)];
      text += open + (depth < 6 && random.uniform() < 0.62 ? nested(depth + 1) : '') + close;
    } while (random.uniform() < 0.4);
    return text;
  };
  let text = '';
  while (text.length < length) text += `${nested(1)}\n`;
  return text;
};
