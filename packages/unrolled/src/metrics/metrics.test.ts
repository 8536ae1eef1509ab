import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors.ts';
import {
  accuracy,
  bleu,
  calibrationError,
  captionScores,
  chrf,
  ciderD,
  confusionMatrix,
  editDistance,
  errorRate,
  exactMatch,
  f1,
  meteorExact,
  perplexity,
  rougeL,
  tokenize13a,
  vqaAccuracy,
} from './index.ts';

interface Case {
  hypotheses: string[];
  references: string[][];
  bleu: {
    tokenize: '13a' | 'none' | 'char';
    lowercase: boolean;
    score: number;
    precisions: number[];
    brevityPenalty: number;
    signature: string;
  }[];
  chrf: { options: object; score: number; signature: string }[];
  tokens13a: string[];
}

const golden = new URL('../../../../test/golden/text-metrics.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { cases: Case[] };

describe.each(cases)(
  "sacreBLEU's numbers of $hypotheses.0 …",
  ({ hypotheses, references, bleu: scores, chrf: chrfs, tokens13a }) => {
    test('BLEU, its parts and its signature', () => {
      for (const { tokenize, lowercase, ...expected } of scores) {
        const score = bleu(hypotheses, references, { tokenize, lowercase });
        expect(score.signature).toBe(expected.signature);
        expect(score.score).toBeCloseTo(expected.score, 10);
        expect(score.brevityPenalty).toBeCloseTo(expected.brevityPenalty, 12);
        for (const [n, p] of expected.precisions.entries()) expect(score.precisions[n]).toBeCloseTo(p, 10);
      }
    });

    test('chrF and its signature', () => {
      for (const { options, score, signature } of chrfs) {
        const mine = chrf(hypotheses, references, options);
        expect(mine.signature).toBe(signature);
        expect(mine.score).toBeCloseTo(score, 10);
      }
    });

    test('13a tokens', () => {
      expect(hypotheses.map((text) => tokenize13a(text.trimEnd()).join(' '))).toEqual(tokens13a);
    });
  },
);

describe('text', () => {
  // Published: sacreBLEU's README gives 48.53 for its first example.
  test("sacreBLEU's README", () => {
    const { score, signature } = bleu(cases[0].hypotheses, cases[0].references);
    expect(score).toBeCloseTo(48.530827, 5);
    expect(signature).toBe('nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0');
  });

  // Papineni et al. (2002), example 2: "the" ×7 against "The cat is on the mat": 2/7 of the single words, clipped (their case is folded).
  test('a word said seven times counts twice', () => {
    const { precisions } = bleu(
      ['the the the the the the the'],
      [['the cat is on the mat', 'there is a cat on the mat']],
    );
    expect(precisions[0]).toBeCloseTo(200 / 7, 12);
    // BLEU-1 of five words, all in a reference of six: exp(1 − 6/5)
    expect(bleu(['the cat is on the'], ['the cat is on the mat'], { maxOrder: 1 }).score).toBeCloseTo(
      100 * Math.exp(-0.2),
      10,
    );
  });

  // Three words lie between references of two and of four: the shorter one counts, and there is no penalty. Two against four would be exp(1 − 4/3).
  test('of two references equally near in length the shorter counts', () => {
    for (const list of [
      ['a b', 'a b c d'],
      ['a b c d', 'a b'],
    ]) {
      const { referenceLength, brevityPenalty } = bleu(['a b c'], [list], { maxOrder: 1 });
      expect([referenceLength, brevityPenalty]).toEqual([2, 1]);
    }
    // Of five words: the one of six is nearer than the one of three, exp(1 − 6/5).
    expect(bleu(['a b c d e'], [['a b c', 'a b c d e f']], { maxOrder: 1 }).brevityPenalty).toBeCloseTo(
      Math.exp(-0.2),
      12,
    );
    expect(bleu(['a b c d'], ['a b c d']).brevityPenalty).toBe(1);
  });

  // "abcd" for "ab" and "abcdef" for itself, orders 1 to 3. Said, wanted and in both: 4 + 6, 2 + 6, 2 + 6; then 3 + 5, 1 + 5, 1 + 5; of three
  // letters "ab" has none, so that those of "abcd" do not count: 4, 4, 4. P = (8/10 + 6/8 + 4/4) / 3 = .85, R = 1, F = 5 · .85 / (4 · .85 + 1).
  test('chrF where a reference is shorter than the order', () => {
    const { score } = chrf(['abcd', 'abcdef'], ['ab', 'abcdef'], { charOrder: 3 });
    expect(score).toBeCloseTo((100 * 5 * 0.85) / 4.4, 10);
    // One letter for one: only the first order has anything, P = R = 1.
    expect(chrf(['a'], ['a']).score).toBeCloseTo(100, 10);
    expect(chrf(['a'], ['b']).score).toBe(0);
    expect(chrf(['a'], ['']).score).toBe(0);
    // Of two references that match as little the first counts: P = 2/4, R = 2/(1 + 2), F = 5/3 / (2 + 2/3).
    expect(chrf(['ab', 'cd'], [['x', 'xyz'], ['cd']], { charOrder: 1 }).score).toBeCloseTo(62.5, 10);
  });

  test('edit distance, and the rates made of it', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('👍🏽', '👍')).toBe(1);
    expect(editDistance([1, 2, 3], [2, 3, 4])).toBe(2);
    expect(editDistance('abcabc', 'abc')).toBe(3);
    for (const [a, b] of [
      [[], [undefined]],
      [[1], [undefined]],
      [[undefined], [1]],
    ])
      expect(editDistance(a, b)).toBe(1); // what is beyond an end is not an undefined there
    expect(errorRate(['the cat sat', 'a'], ['the cat sat down', 'a'])).toBe(1 / 5);
    expect(errorRate(['kat'], ['cat'], 'character')).toBe(1 / 3);
    expect(errorRate([['K', 'AE', 'T']], [['K', 'AH', 'T', 'S']])).toBe(2 / 4);
    expect([errorRate([''], ['']), errorRate(['a'], [''])]).toEqual([0, Infinity]);
    expect(exactMatch(['a', 'b', 'c'], ['a', ['x', 'b'], 'x'])).toBe(2 / 3);
    expect(perplexity(Math.log(7))).toBeCloseTo(7, 12);
  });

  // Lin (2004): "police killed the gunman" has with "police kill the gunman" an LCS of 3, with "the gunman kill police" of 2.
  test('ROUGE-L', () => {
    expect(rougeL(['police kill the gunman'], ['police killed the gunman'], 1)).toBeCloseTo(0.75, 12);
    expect(rougeL(['the gunman kill police'], ['police killed the gunman'], 1)).toBeCloseTo(0.5, 12);
    // P = 2/2, R = 2/4: 2.44 · .5 / (.5 + 1.44)
    expect(rougeL(['a b'], [['a b c d', 'x']])).toBeCloseTo(1.22 / 1.94, 12);
    expect(rougeL([''], ['a'])).toBe(0);
    expect(rougeL(['a b'], [['', 'a b']])).toBe(1); // an empty reference is none to compare with
    expect(rougeL(['a b', 'a b'], ['', 'c'])).toBe(0);
  });

  test('METEOR of equal words', () => {
    // Six matches in one chunk, all of both: 1 − ½ · (1/6)³
    expect(meteorExact(['the cat sat on the mat'], ['the cat sat on the mat'])).toBeCloseTo(1 - 0.5 / 216, 12);
    // "on the mat sat the cat": m = 6, chunks: on the mat | sat | the cat
    expect(meteorExact(['on the mat sat the cat'], ['the cat sat on the mat'])).toBeCloseTo(1 - 0.5 * (3 / 6) ** 3, 12);
    // P = 2/3, R = 2/4: F = (10/3) / (1/2 + 6)
    expect(meteorExact(['a b x'], ['a b c d'])).toBeCloseTo((10 / 3 / 6.5) * (1 - 0.5 / 8), 12);
    expect(meteorExact(['a b x'], [['nothing', 'a b']])).toBeCloseTo(((10 * 2) / 3 / (1 + 6)) * (1 - 0.5 / 8), 12);
  });

  // Two images, ln N = ln 2; every n-gram is of one image, weight ln 2 · count. "a b" against "a b": cosine 1 for one and two words, none of
  // three and four: 10 · 2/4. Against "a c": of one word ½ (1·1 / (√2·√2)), of two none: 10 · ½ / 4. Pairs of words are one on each side.
  test('CIDEr-D by hand', () => {
    expect(ciderD(['a b', 'x'], ['a b', 'y']).each[0]).toBeCloseTo(5, 12);
    expect(ciderD(['a b', 'x'], [['a c'], ['y z']]).each[0]).toBeCloseTo(10 / 8, 12);
    // b is of both images, so it weighs nothing: of one word a alone counts, cosine 1; of two "a b" counts.
    expect(ciderD(['a b', 'x'], ['a b', 'b']).each[0]).toBeCloseTo(5, 12);
    // Two pairs more than the reference: exp(−4/72). "a b q r" with "a b": one word 2/(2·√2), two words 1/√3.
    const long = ciderD(['a b q r', 'x'], ['a b', 'y']).each[0];
    expect(long).toBeCloseTo((10 / 4) * Math.exp(-4 / 72) * (1 / Math.SQRT2 + 1 / Math.sqrt(3)), 12);
  });

  // "a a" for "a b", ln N = ln 2: a weighs 2 on one side and 1 on the other, and counts as 1: 1·1 / (2 · √2) of one word, nothing of two.
  test('CIDEr-D: n-gram counts are clipped to those of the reference', () => {
    expect(ciderD(['a a', 'x'], ['a b', 'y']).each[0]).toBeCloseTo(10 / 4 / (2 * Math.SQRT2), 12);
    // The other way round nothing is clipped: "a b" for "a a" has 1·2 / (√2 · 2).
    expect(ciderD(['a b', 'x'], ['a a', 'y']).each[0]).toBeCloseTo(10 / 4 / Math.SQRT2, 12);
  });

  // "a b c d" and "x" for "a b c d" and "y". 4 of 5 words match, and all of the longer n-grams; each metric of a sentence is 1 and 0, but for
  // METEOR's one chunk of four words, 1 − ½ (1/4)³.
  test('all metrics of captions', () => {
    const { rougeL, cider, meteorExact, exact, ...orders } = captionScores(['a b c d', 'x'], ['a b c d', ['y']]);
    expect(Object.values(orders)).toEqual([1, 2, 3, 4].map((n) => expect.closeTo(0.8 ** (1 / n), 12) as number));
    expect([rougeL, cider, meteorExact, exact]).toEqual([
      0.5,
      expect.closeTo(5, 12),
      expect.closeTo((1 - 0.5 / 64) / 2, 12),
      0.5,
    ]);
  });

  test('BLEU without smoothing is 0 where an order has no match', () => {
    const { score, precisions } = bleu(['a b c d'], ['a c b d'], { tokenize: 'none', smoothing: 'none' });
    expect([score, ...precisions]).toEqual([0, 100, 0, 0, 0]);
    expect(bleu(['a b'], ['a b'], { maxOrder: 100 }).precisions).toEqual([100, 100, ...Array<number>(98).fill(0)]);
  });

  // Three of ten: one of the three left out, 2/3, or one of the seven, 1: (3 · 2/3 + 7) / 10.
  test('VQA accuracy', () => {
    const people = (n: number, all: number) => Array.from({ length: all }, (_, k) => (k < n ? 'red' : `other ${k}`));
    const of = (all: number, ...some: number[]) => some.map((n) => vqaAccuracy('red', people(n, all)));
    expect(of(10, 0, 1, 2, 3, 4)).toEqual([0, 0.3, 0.6, 0.9, 1].map((v) => expect.closeTo(v, 12) as number));
    expect(of(4, 1, 4)).toEqual([expect.closeTo(1 / 4, 12), 1]);
    expect(of(3, 0, 1, 3)).toEqual([0, 1, 1]);
  });

  test.each<[string, () => unknown, string]>([
    ['a smoothing', () => bleu(['a'], ['a'], { smoothing: 'add-k' as 'exp' }), `smoothing: expected 'exp' or 'none'`],
    ['one order too many', () => bleu(['a'], ['a'], { maxOrder: 101 }), 'from 1 to 100, got 101'],
    ['a β of chrF', () => chrf(['a'], ['a'], { beta: 0 }), 'chrf: beta: expected a number above 0, got 0'],
    ['a β of 0', () => rougeL(['a'], ['a'], 0), 'rougeL: beta: expected a number above 0, got 0'],
    ['an endless β of ROUGE', () => rougeL(['a'], ['a'], Infinity), 'rougeL: beta: expected a number above 0'],
    [
      'a unit',
      () => errorRate(['a'], ['a'], 'phoneme' as 'word'),
      `errorRate: unit: expected 'word' or 'character', got "phoneme"`,
    ],
    ['a number for an answer', () => vqaAccuracy(7 as unknown as string, []), 'answer: expected a text, got 7'],
    ['a text for answers', () => vqaAccuracy('a', 'a' as unknown as string[]), 'people: expected a list of strings'],
    [
      'a text for a list',
      () => bleu('abc' as unknown as string[], 'abc' as unknown as string[]),
      'bleu: hypotheses: expected a list of strings, got "abc"',
    ],
    [
      'references that are one text',
      () => chrf(['a'], 'a' as unknown as string[]),
      'chrf: references: expected a list, got "a"',
    ],
    ['no text', () => bleu([null as unknown as string], ['a']), 'hypotheses: example 0: expected a text, got null'],
    [
      'a number for references',
      () => ciderD(['a'], [7 as unknown as string]),
      'example 0: expected a text or a list of texts, got 7',
    ],
    [
      'a list of numbers',
      () => exactMatch(['a'], [[7] as unknown as string[]]),
      'expected a text or a list of texts, got [7]',
    ],
    [
      'nothing',
      () => rougeL(undefined as unknown as string[], []),
      'rougeL: hypotheses: expected a list of strings, got undefined',
    ],
    [
      'a prototype',
      () => bleu(['a'], ['a'], { tokenize: 'toString' as 'none' }),
      `tokenize: expected '13a', 'none' or 'char'`,
    ],
    [
      'too high an order',
      () => bleu(['a'], ['a'], { maxOrder: 2 ** 31 }),
      'maxOrder: expected a whole number from 1 to 100',
    ],
    ['no order', () => chrf(['a'], ['a'], { charOrder: 0 }), 'charOrder: expected a whole number from 1 to 100, got 0'],
    ['an endless β', () => chrf(['a'], ['a'], { beta: Infinity }), 'beta: expected a number above 0, got Infinity'],
    [
      'a number for a list',
      () => accuracy(7 as unknown as number[], [1]),
      'accuracy: predicted: expected a list, got 7',
    ],
    ['a class of a million', () => f1([1_000_000], [0]), 'classes: 1000001 × 1000001 are too many to count'],
    [
      'classes that are none',
      () => f1([1], [0], { classes: Number.NaN }),
      'classes: expected a whole number from 1 to 8192',
    ],
    [
      'too many bins',
      () => calibrationError([1], [1], { bins: 1e9 }),
      'bins: expected a whole number from 1 to 1000000',
    ],
    [
      'a number to edit',
      () => editDistance(7 as unknown as string, 'a'),
      'editDistance: symbols: expected a list, got 7',
    ],
    [
      'more to edit than is compared',
      () => editDistance(new Array<number>(2 ** 26 + 1), [1]),
      'editDistance: symbols: expected at most 67108864, got 67108865',
    ],
    ['a loss that is a text', () => perplexity('0.5' as never), 'perplexity: loss: expected a number, got "0.5"'],
  ])('%s is refused', (_, run, message) => {
    expect(run).toThrow(message);
    expect(run).toThrow(OptionError);
  });

  test('references that are no texts are refused, whichever they are', () => {
    for (const some of [3, [3], ['a', 3], [3, 'a'], {}, null])
      expect(() => bleu(['a'], [some as never])).toThrow('bleu: references: example 0: expected a text or a list of');
    for (const list of [{ length: 1, 0: 1 }, new DataView(new ArrayBuffer(8)), '1', new Set([1])])
      expect(() => accuracy(list as never, [1])).toThrow('accuracy: predicted: expected a list, got');
    expect(accuracy(Int32Array.of(1), Float32Array.of(1))).toBe(1);
  });

  test('BLEU is 0 where no word is common, whatever smoothing would give', () => {
    for (const smoothing of ['exp', 'none'] as const)
      expect(bleu(['a b c d e'], ['v w x y z'], { smoothing }).score).toBe(0);
    expect(bleu(['a b c d e'], ['a w x y z']).score).toBeGreaterThan(0);
    expect(bleu([''], ['a']).score).toBe(0);
  });

  test('chrF: of references with the same score the first counts, as in sacreBLEU', () => {
    // Characters alone: 4 of 8 predicted match; the references have 4 and 3 of them, or 4 and 6.
    const of = (p: number, r: number) => (100 * 5 * p * r) / (4 * p + r);
    const score = (...tied: string[]) => chrf(['abcd', 'qqqq'], [['abcd'], tied], { charOrder: 1 }).score;
    expect(score('xyz', 'uvwxyz')).toBeCloseTo(of(4 / 8, 4 / 7), 10);
    expect(score('uvwxyz', 'xyz')).toBeCloseTo(of(4 / 8, 4 / 10), 10);
  });

  test('nothing to compare with is refused', () => {
    expect(() => bleu(['a'], [])).toThrow('bleu: references: expected one for each of 1 predictions, got 0');
    expect(() => chrf([], [])).toThrow('chrf: references: expected at least one prediction');
    expect(() => ciderD(['a'], [[]])).toThrow('ciderD: references: example 0 has none');
    expect(() => bleu(['a'], ['a'], { tokenize: 'intl' as 'none' })).toThrow(
      `tokenize: expected '13a', 'none' or 'char', got "intl"`,
    );
  });
});

describe('labels', () => {
  //              said:  0  1  2       are 0: 2 of 3; 1: 1 of 1; 2: 0 of 2
  const targets = [0, 0, 0, 1, 2, 2];
  const predicted = [0, 0, 1, 1, 1, 0];

  test('accuracy and the confusion matrix, with targets as rows', () => {
    expect(accuracy(predicted, targets)).toBe(0.5);
    expect(confusionMatrix(predicted, targets)).toEqual([
      [2, 1, 0],
      [0, 1, 0],
      [1, 1, 0],
    ]);
    expect(accuracy([0, 1, 1], [0, -100, 1])).toBe(1);
    // What is ignored may have any prediction, and makes no class.
    expect(confusionMatrix([0, 9, 1], [0, -100, 1])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(confusionMatrix([0, 1], [0, 0], { ignoreIndex: 1, classes: 3 })[0]).toEqual([1, 1, 0]);
  });

  // Class 0: tp 2, fp 1, fn 1 → 2/3, 2/3, 2/3. Class 1: tp 1, fp 2, fn 0 → 1/3, 1, 1/2. Class 2: never said → 0.
  test('precision, recall and F1, of a class and over classes', () => {
    const { perClass, macro, weighted, micro } = f1(predicted, targets);
    expect(perClass[1]).toEqual({ precision: 1 / 3, recall: 1, f1: 0.5, support: 1 });
    expect(perClass[2]).toEqual({ precision: 0, recall: 0, f1: 0, support: 2 });
    expect(macro.f1).toBeCloseTo((2 / 3 + 1 / 2) / 3, 12);
    expect(macro.recall).toBeCloseTo((2 / 3 + 1) / 3, 12);
    expect(weighted.f1).toBeCloseTo((3 * (2 / 3) + 1 / 2) / 6, 12);
    expect(micro).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5, support: 6 });
  });

  // Bins of a half: (.3, wrong) (.5, right) below, (.9, right) (.7, wrong) above: |.5 − .4| / 2 + |.5 − .8| / 2
  test('calibration', () => {
    const { error, maximum, table } = calibrationError([0.3, 0.9, 0.7, 0.5], [false, true, false, true], { bins: 2 });
    expect(error).toBeCloseTo(0.2, 12);
    expect(maximum).toBeCloseTo(0.3, 12);
    expect(table[1]).toMatchObject({ from: 0.5, to: 1, count: 2, accuracy: 0.5 });
    expect(calibrationError([0, 1], [0, 1]).error).toBe(0);
  });

  test('what is no label or probability is refused', () => {
    expect(() => accuracy([0], [0, 1])).toThrow('accuracy: targets: expected one for each of 1 predictions, got 2');
    expect(() => f1([5], [0], { classes: 3 })).toThrow(
      'confusionMatrix: predicted: example 0: 5 is not a class from 0 to 2',
    );
    expect(() => calibrationError([1.2], [1])).toThrow('example 0: expected a probability, got 1.2');
    for (const correct of ['yes', null, undefined])
      expect(() => calibrationError([0.5, 0.5], [true, correct as never])).toThrow(
        'calibrationError: correct: example 1: expected true or false, got',
      );
    expect(calibrationError([0, 1], [false, 1]).error).toBe(0); // the least and the most that a probability can be
  });
});
