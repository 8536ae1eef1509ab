import { requireOneOf, requireWhole } from '../../checks.ts';
import { checkOptions } from '../../errors.ts';
import { Random } from '../../random.ts';
import { distinct, type LabeledText } from './synthetic.ts';

/** Options of `makeSentiment`. */
export interface SentimentOptions {
  /** Language of the reviews. Default 'en'. */
  readonly language?: 'en' | 'ko';
}

interface Templates {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly things: readonly string[];
  readonly openings: readonly string[];
  /** Sentence templates with two adjectives x and y, of which one is good and one bad; and which of the two decides. */
  readonly sentences: readonly (readonly [
    decides: 'x' | 'y',
    sentence: (thing: string, x: string, y: string) => string,
  ])[];
}

const english: Templates = {
  good: 'good great lovely brilliant charming fresh clever excellent delightful superb'.split(' '),
  bad: 'bad awful dull boring bland stale clumsy terrible dreadful tedious'.split(' '),
  things: 'food video story music service acting book show concert room dinner lecture'.split(' '),
  openings: ['', 'honestly , ', 'to be fair , ', 'in the end '],
  sentences: [
    ['x', (a, x, y) => `the ${a} was ${x} , not ${y}`],
    ['y', (a, x, y) => `the ${a} was not ${x} but ${y}`],
    ['y', (a, x, y) => `I expected the ${a} to be ${x} and found it ${y}`],
    ['x', (a, x, y) => `the ${a} was ${x} although people call it ${y}`],
    ['y', (a, x, y) => `the ${a} is never ${x} , always ${y}`],
    ['y', (a, x, y) => `not a ${x} ${a} , a ${y} one`],
    ['x', (a, x, y) => `far more ${x} than ${y} , this ${a}`],
  ],
};

// Both words have the same form (-다, or -다고), so that only their order tells the sentences apart.
const korean: Templates = {
  good: '좋다 재미있다 훌륭하다 즐겁다 알차다 뛰어나다 멋지다 편하다'.split(' '),
  bad: '나쁘다 지루하다 허술하다 답답하다 따분하다 어설프다 시시하다 불편하다'.split(' '),
  things: '영화가 음식이 연기가 이야기가 음악이 책이 공연이 여행이 수업이 노래가'.split(' '),
  openings: ['', '정말 ', '솔직히 ', '역시 '],
  sentences: [
    ['x', (a, x, y) => `${a} ${x} , 안 ${y}`],
    ['y', (a, x, y) => `${a} 안 ${x} , ${y}`],
    ['y', (a, x, y) => `${a} 처음에는 ${x} 했는데 다시 보니 ${y}`],
    ['y', (a, x, y) => `남들은 ${a} ${x} 하지만 나는 ${y} 하겠다`],
    ['y', (a, x, y) => `${a} ${x}고 하면 거짓말이고 ${y}고 해야 맞다`],
    ['y', (a, x, y) => `${a} 절대 안 ${x} , 늘 ${y}`],
  ],
};

const languages = { en: english, ko: korean };

/**
 * Reviews in which word order is everything. Every sentence has a twin with the same words in another order and the other label, and both
 * are in the set:
 *
 *   the food was good , not bad  ──▶ positive            음식이 안 나쁘다 , 좋다  ──▶ positive
 *   the food was bad , not good  ──▶ negative            음식이 안 좋다 , 나쁘다  ──▶ negative
 *
 * So a bag-of-words model is right about exactly half of them. Words are separated by spaces, commas too.
 */
export function makeSentiment(count: number, seed: number, options: SentimentOptions = {}): LabeledText[] {
  checkOptions('makeSentiment', options, ['language']);
  const { language = 'en' } = options;
  requireWhole('makeSentiment', 'count', count, 0);
  requireOneOf('makeSentiment', 'language', language, Object.keys(languages));
  const { good, bad, things, openings, sentences } = languages[language];
  const random = new Random(seed);
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const draw = () => {
    const [opening, [decides, sentence], thing, g, b] = [
      pick(openings),
      pick(sentences),
      pick(things),
      pick(good),
      pick(bad),
    ];
    const [goodFirst, badFirst] = [opening + sentence(thing, g, b), opening + sentence(thing, b, g)];
    return decides === 'x' ? [goodFirst, badFirst] : [badFirst, goodFirst];
  };
  const twins = distinct('makeSentiment', Math.ceil(count / 2), draw, ([positive]) => positive);
  const examples = twins.flatMap(([positive, negative]) => [
    { text: positive, label: 'positive' },
    { text: negative, label: 'negative' },
  ]);
  return random.shuffle(examples.slice(0, count));
}
