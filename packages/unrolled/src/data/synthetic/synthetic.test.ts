// Every example is checked by a rule written the other way round: words are parsed back to numbers, dates to days, tags counted anew.

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { seriesLength } from '../series.ts';
import { makeActivities } from './activities.ts';
import { makeBrackets } from './brackets.ts';
import { makeDates } from './dates.ts';
import { makeNumberWords, numberToWords } from './number-words.ts';
import { makeReversals } from './reversals.ts';
import { makeSentiment } from './sentiment.ts';
import { makeSines } from './sines.ts';
import { makeStrokes, strokes } from './strokes.ts';
import { makeSums } from './sums.ts';
import { syntheticData } from './table.ts';

const bytes = (data: Uint8Array) => Buffer.from(data).toString('latin1');

describe.each(Object.entries(syntheticData))('%s', (_name, { make }) => {
  test('the same seed gives the same examples, and another seed others', () => {
    // Not `toEqual`, which visits every byte of the images by itself.
    expect(isDeepStrictEqual(make(40, 3), make(40, 3))).toBe(true);
    expect(isDeepStrictEqual(make(40, 3), make(40, 4))).toBe(false);
  });

  test('gives as many as asked for, none too', () => {
    for (const count of [0, 1, 7]) {
      const made = make(count, 1);
      expect(Array.isArray(made) ? made.length : seriesLength(made)).toBe(count);
    }
  });

  test('no two examples are alike', () => {
    const made = make(400, 2);
    if (!Array.isArray(made)) return;
    const inputs = made.map((e) => {
      if ('image' in e) return `${'question' in e ? e.question : ''} ${bytes(e.image.data)}`;
      if ('clip' in e) return bytes(e.clip.data);
      if ('values' in e) return e.values.join();
      return 'source' in e ? e.source : e.text;
    });
    expect(new Set(inputs).size).toBe(400);
  });

  test('refuses a count that is not one', () => {
    expect(() => make(-1, 1)).toThrow(/count: expected a whole number from 0, got -1/);
  });
});

describe('makeSums', () => {
  test('adds up, forwards and backwards', () => {
    for (const reverse of [false, true]) {
      for (const { source, target } of makeSums(500, 1, { reverse })) {
        const question = reverse ? source.split('').reverse().join('') : source;
        const [a, b] = question.split('+');
        expect(BigInt(a) + BigInt(b)).toBe(BigInt(target));
        expect(question).toMatch(/^\d{1,3}\+\d{1,3}$/);
      }
    }
  });

  test('never asks the same sum with its terms exchanged', () => {
    const keys = makeSums(55, 1, { digits: 1 }).map(({ source }) => source.split('+').sort().join('+'));
    expect(new Set(keys).size).toBe(55); // all there are of one digit
  });

  test('says when there are no more', () => {
    expect(() => makeSums(56, 1, { digits: 1 })).toThrow(
      'makeSums: count: there are about 55 different examples, and 56 are asked for',
    );
    expect(() => makeSums(5, 1, { digits: 0 })).toThrow('digits: expected a whole number from 1, got 0');
  });
});

test('makeReversals: what is reversed twice is what it was, of the lengths asked for', () => {
  const lengths = new Set<number>();
  for (const { source, target } of makeReversals(300, 1, { minLength: 3, maxLength: 6, alphabet: '가나다🙂' })) {
    const [a, b] = [Array.from(source), Array.from(target)];
    a.forEach((letter, i) => expect(b[b.length - 1 - i]).toBe(letter));
    expect(b.length).toBe(a.length);
    lengths.add(a.length);
  }
  expect(lengths).toEqual(new Set([3, 4, 5, 6]));
});

/** Words → number, by adding up what each word is worth. */
function parseEnglish(words: string): number {
  const worth: Record<string, number> = {};
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .forEach((w, i) => (worth[w] = i));
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').forEach((w, i) => (worth[w] = 20 + 10 * i));
  let [total, group] = [0, 0];
  for (const word of words.split(/[ -]/)) {
    if (word === 'thousand') [total, group] = [total + 1000 * group, 0];
    else if (word === 'hundred') group *= 100;
    else if (word in worth) group += worth[word];
    else throw new Error(`not a number word: ${word}`);
  }
  return total + group;
}

function parseKorean(words: string): number {
  let [total, group, digit] = [0, 0, 0];
  for (const c of words.replaceAll(' ', '')) {
    const unit = { 십: 10, 백: 100, 천: 1000 }[c];
    if (c === '만') [total, group, digit] = [(group + digit || 1) * 10_000, 0, 0];
    else if (unit) [group, digit] = [group + (digit || 1) * unit, 0];
    else digit = '영일이삼사오육칠팔구'.indexOf(c);
    if (digit < 0) throw new Error(`not a numeral: ${c}`);
  }
  return total + group + digit;
}

function parseNative(words: string): number {
  const tens = ['열', '스물', '서른', '마흔', '쉰', '예순', '일흔', '여든', '아흔'];
  const ones = ['하나', '둘', '셋', '넷', '다섯', '여섯', '일곱', '여덟', '아홉'];
  const ten = tens.findIndex((w) => words.startsWith(w));
  const rest = words.slice(ten < 0 ? 0 : tens[ten].length);
  return 10 * (ten + 1) + ones.indexOf(rest) + 1;
}

describe('numbers in words', () => {
  test.each([
    [0, 'zero', '영'],
    [1, 'one', '일'],
    [10, 'ten', '십'],
    [21, 'twenty-one', '이십일'],
    [110, 'one hundred ten', '백십'],
    [1000, 'one thousand', '천'],
    [10_000, 'ten thousand', '만'],
    [11_000, 'eleven thousand', '만 천'],
    [123_405, 'one hundred twenty-three thousand four hundred five', '십이만 삼천사백오'],
    [999_999, 'nine hundred ninety-nine thousand nine hundred ninety-nine', '구십구만 구천구백구십구'],
  ])('%i is %s and %s', (n, english, korean) => {
    expect(numberToWords(n)).toBe(english);
    expect(numberToWords(n, 'ko')).toBe(korean);
  });

  test('every number is read back from its words', () => {
    for (let n = 0; n < 1_000_000; n += n < 12_000 ? 1 : 97) {
      if (parseEnglish(numberToWords(n)) !== n) expect(numberToWords(n)).toBe(n);
      if (parseKorean(numberToWords(n, 'ko')) !== n) expect(numberToWords(n, 'ko')).toBe(n);
      if (n > 0 && n < 100 && parseNative(numberToWords(n, 'ko-native')) !== n)
        expect(numberToWords(n, 'ko-native')).toBe(n);
    }
  });

  test('makeNumberWords gives a number and its words', () => {
    for (const { source, target } of makeNumberWords(300, 1)) expect(parseEnglish(target)).toBe(Number(source));
    for (const { source, target } of makeNumberWords(300, 1, { language: 'ko' }))
      expect(parseKorean(target)).toBe(Number(source));
    for (const { source, target } of makeNumberWords(99, 1, { language: 'ko-native' }))
      expect(parseNative(target)).toBe(Number(source));
  });

  test('native Korean ends at 99', () => {
    expect(() => numberToWords(100, 'ko-native')).toThrow(
      'numberToWords: n: expected a whole number from 1 to 99, got 100',
    );
  });
});

describe('makeDates', () => {
  const names = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

  test('every English date is the day that was meant, and its weekday is right', () => {
    for (const { source, target } of makeDates(2000, 1)) {
      const [year, month, day] = target.split('-').map(Number);
      const words = source.toLowerCase().match(/[a-z]+|\d+/g) as string[];
      const numbers = words.filter((w) => /\d/.test(w)).map(Number);
      const named = words.map((w) => names.indexOf(w.slice(0, 3))).find((k) => k >= 0);
      if (named === undefined) expect(numbers).toEqual([month, day, year]);
      else expect([named + 1, ...numbers]).toEqual([month, day, year]);
      const weekday = /\b(sun|mon|tue|wed|thu|fri|sat)/i.exec(source)?.[1].toLowerCase();
      if (weekday) expect('sun mon tue wed thu fri sat'.split(' ')[new Date(target).getUTCDay()]).toBe(weekday);
    }
  });

  test('every Korean date is the day that was meant, and its weekday is right', () => {
    for (const { source, target } of makeDates(2000, 1, { language: 'ko' })) {
      const digits = source.match(/\d+/g);
      const predicted = /^(\S+)년 (\S+)월 (\S+)일$/.exec(source.replace(/^(\S+) (\S+년)/, '$1$2'));
      const numbers =
        digits?.map(Number) ??
        (predicted as RegExpExecArray).slice(1).map((w) => parseKorean(w.replace('유', '육').replace(/^시$/, '십')));
      expect(numbers).toEqual(target.split('-').map(Number));
      const weekday = /(.)요일|\((.)\)/.exec(source);
      if (weekday) expect('일월화수목금토'[new Date(target).getUTCDay()]).toBe(weekday[1] ?? weekday[2]);
    }
    const june = makeDates(3000, 1, { language: 'ko' }).map(({ source }) => source);
    expect(june.some((s) => s.includes('유월'))).toBe(true);
    expect(june.some((s) => / 시월/.test(s))).toBe(true);
    expect(june.some((s) => /육월|십월/.test(s))).toBe(false);
  });
});

describe.each(['en', 'ko'] as const)('makeSentiment in %s', (language) => {
  test('every bag of words is there once with each label: counting words is right half the time', () => {
    const bags = new Map<string, string[]>();
    for (const { text, label } of makeSentiment(1000, 1, { language })) {
      const bag = text.split(' ').sort().join(' ');
      bags.set(bag, [...(bags.get(bag) ?? []), label]);
    }
    for (const labels of bags.values())
      expect(labels.filter((l) => l === 'positive').length).toBe(labels.filter((l) => l === 'negative').length);
  });

  test('labels agree with how the sentence ends or turns', () => {
    const bad =
      language === 'en'
        ? /bad|awful|dull|boring|bland|stale|clumsy|terrible|dreadful|tedious/
        : /나쁘|지루|허술|답답|따분|어설|시시|불편/;
    // Where the second word is denied or only what others say, the first decides; otherwise the last word counts.
    const first =
      language === 'en' ? / was \S+ , not | although | than / : /^(?:(?:정말|솔직히|역시) )?\S+ [^안]\S+ , 안 /;
    for (const { text, label } of makeSentiment(1000, 2, { language })) {
      const judgements = text.split(' ').flatMap((w) => {
        const isBad = bad.test(w);
        const good =
          language === 'en'
            ? /good|great|lovely|brilliant|charming|fresh|clever|excellent|delightful|superb/
            : /좋|재미|훌륭|즐겁|알차|뛰어|멋지|편하/;
        return isBad ? ['negative'] : good.test(w) ? ['positive'] : [];
      });
      expect(judgements.length).toBe(2);
      expect(label).toBe(judgements[first.test(text) ? 0 : 1]);
    }
  });
});

describe('makeBrackets', () => {
  const partner: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

  test('depth: counted again from both sides', () => {
    const deepest = new Set<number>();
    for (const { text, tags } of makeBrackets(500, 1, { maxDepth: 3 })) {
      expect(tags.length).toBe(text.length);
      const open: string[] = [];
      text.split('').forEach((c, i) => {
        const before = text.slice(0, i).replace(/[^([{]/g, '').length - text.slice(0, i).replace(/[^)\]}]/g, '').length;
        expect(Number(tags[i])).toBe(before + ('([{'.includes(c) ? 1 : 0));
        if ('([{'.includes(c)) open.push(c);
        if (c in partner) expect(open.pop()).toBe(partner[c]);
        deepest.add(Number(tags[i]));
      });
      expect(open).toEqual([]);
    }
    expect(deepest).toEqual(new Set([0, 1, 2, 3]));
  });

  test('match: taking out closed pairs again and again leaves what is unmatched', () => {
    for (const { text, tags } of makeBrackets(500, 1, { tags: 'match' })) {
      // A closing bracket that does not fit closes nothing: cut the text there is into its own stack, by hand.
      const stack: number[] = [];
      const matched = new Set<number>();
      for (let i = 0; i < text.length; i++) {
        if ('([{'.includes(text[i])) stack.push(i);
        else if (text[i] in partner && stack.length > 0 && text[stack[stack.length - 1]] === partner[text[i]])
          matched.add(i).add(stack.pop() as number);
      }
      text
        .split('')
        .forEach((c, i) => expect(tags[i]).toBe('abc'.includes(c) ? 'none' : matched.has(i) ? 'matched' : 'unmatched'));
    }
  });
});

test('makeSines: without noise, a value is what it was a day and a week ago together', () => {
  const { values, names } = makeSines(400, 5, { channels: 2, noise: 0 });
  expect(names).toEqual(['wave 1', 'wave 2']);
  for (let t = 168; t < 400; t++)
    for (let c = 0; c < 2; c++) expect(values[t * 2 + c]).toBeCloseTo(values[(t - 168) * 2 + c], 4);
});

test('makeSines: the noise has the deviation asked for, and what is left is a sine', () => {
  const clean = makeSines(5000, 5, { noise: 0, channels: 1 });
  const noisy = makeSines(5000, 5, { noise: 0.3, channels: 1 });
  const square = Array.from(clean.values).reduce((sum, v, i) => sum + (noisy.values[i] - v) ** 2, 0) / 5000;
  expect(Math.sqrt(square)).toBeCloseTo(0.3, 1);
  const second = (t: number) => clean.values[t + 12] + clean.values[t];
  // Half a day apart the fast wave cancels: what is left is twice the level and a slow wave of known height.
  const slow = Array.from({ length: 168 }, (_, t) => second(t));
  const mean = slow.reduce((a, b) => a + b, 0) / 168;
  slow.forEach((v, t) => expect((v - mean + (slow[(t + 84) % 168] - mean)) / 2).toBeCloseTo(0, 4));
});

describe('strokes', () => {
  test('have 20 to 45 steps of x and y, and every figure occurs', () => {
    const made = makeStrokes(400, 1);
    for (const { names, values } of made) {
      expect(names).toEqual(['x', 'y']);
      expect(values.length / 2).toBeGreaterThanOrEqual(20);
      expect(values.length / 2).toBeLessThanOrEqual(45);
    }
    expect(new Set(made.map(({ label }) => label))).toEqual(new Set(strokes));
  });

  test('a circle and the same drawn back turn in opposite directions', () => {
    // The signed area of the path, by the shoelace formula.
    const area = (values: Float32Array) => {
      let sum = 0;
      for (let k = 0; k + 3 < values.length; k += 2) sum += values[k] * values[k + 3] - values[k + 2] * values[k + 1];
      return sum / 2;
    };
    for (const { values, label } of makeStrokes(400, 2)) {
      if (label === 'circle') expect(area(values)).toBeGreaterThan(0.3);
      if (label === 'circle back') expect(area(values)).toBeLessThan(-0.3);
    }
  });

  test('refuse a noise that is no number from 0', () => {
    expect(() => makeStrokes(1, 1, { noise: -1 })).toThrow('makeStrokes: noise: expected a number from 0, got -1');
  });
});

test('activities label every step, last 15 to 40 steps, and running moves more than resting', () => {
  const heights = { still: [] as number[], run: [] as number[] };
  for (const { values, labels } of makeActivities(60, 3)) {
    expect(values.length).toBe(3 * labels.length);
    const changes = labels.flatMap((label, t) => (t > 0 && label !== labels[t - 1] ? [t] : []));
    for (const [k, t] of changes.entries()) {
      if (k === 0) continue;
      expect(t - changes[k - 1]).toBeGreaterThanOrEqual(15);
      expect(t - changes[k - 1]).toBeLessThanOrEqual(40);
    }
    for (const [t, label] of labels.entries()) if (label in heights) heights[label as 'run'].push((values[3 * t + 2] - 1) ** 2); // biome-ignore format: a line
  }
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  expect(mean(heights.run)).toBeGreaterThan(10 * mean(heights.still));
});
