// Korean: the catalogue has every sentence that the command prints and no other, and a translation has the values of its sentence.

import { afterEach, describe, expect, test } from 'vitest';
import { DataError, FormatError, OptionError } from 'unrolled';
import { korean, messages, screens } from '../packages/cli/src/language/ko/index.ts';
import { afterLanguage, askedLanguage, english, errorText, speak, t } from '../packages/cli/src/language/index.ts';
import { RunFolderError } from '../packages/cli/src/run-folder/error.ts';
import { keysOfCommand, sentencesIn, sentencesOf, sentencesOfLibrary } from './sentences.ts';
import { processorTime } from './processor-time.ts';

const sentences = [...sentencesIn('packages/cli/src'), ...sentencesOfLibrary()];
const keys = keysOfCommand(sentences);
const entries = Object.entries({ ...screens, ...messages }).flatMap(([part, catalogue]) =>
  Object.entries(catalogue).map(([key, text]) => ({ part, key, text })),
);
const holesOf = (text: string) =>
  Array.from(text.matchAll(/\{(\d+)(?:[:~][^}]+)?\}/g), ([, hole]) => Number(hole)).sort((a, b) => a - b);
const quoted = (text: string) => JSON.stringify(text).replaceAll("'", "\\'").replace(/^"|"$/g, "'");

describe('the catalogue', () => {
  test('has every sentence; what is missing is printed as lines to translate', () => {
    const known = new Set(entries.map(({ key }) => key));
    const missing = sentences.filter(({ key }) => keys.has(key) && !known.has(key));
    const lines = [...new Map(missing.map((one) => [one.key, one])).values()].map(
      ({ file, key }) => `  ${quoted(key)}: '', // ${file}`,
    );
    expect(lines.join('\n')).toBe('');
  });

  test('has no entry that nothing prints', () => {
    const unused = entries.filter(({ key }) => !keys.has(key)).map(({ part, key }) => `${part}: ${quoted(key)}`);
    expect(unused).toEqual([]);
  });

  test('has no sentence twice', () => {
    const parts = new Map<string, string>();
    const twice = entries.filter(({ part, key }) => {
      const before = parts.get(key);
      parts.set(key, part);
      return before !== undefined;
    });
    expect(twice).toEqual([]);
  });

  test('a translation has the values of its sentence, each at least once', () => {
    const wrong = entries.filter(({ key, text }) => {
      const [wanted, given] = [new Set(holesOf(key)), new Set(holesOf(text))];
      return wanted.size !== given.size || [...wanted].some((hole) => !given.has(hole));
    });
    expect(wrong).toEqual([]);
  });

  test('particles behind values are pairs that are known', () => {
    const known = new Set([
      '은/는',
      '이/가',
      '을/를',
      '과/와',
      '으로/로',
      '이라고/라고',
      '이면/면',
      '이고/고',
      '이며/며',
    ]);
    const pairs = entries.flatMap(({ text }) => Array.from(text.matchAll(/\{\d+[:~]([^}]+)\}/g), ([, pair]) => pair));
    expect(pairs.length).toBeGreaterThan(100);
    expect(pairs.filter((pair) => !known.has(pair))).toEqual([]);
  });

  test('no particle that depends on a sound stands behind a value without its rule', () => {
    const loose = entries.filter(({ text }) => /\{\d+\}["”’']?(?:은|는|을|를|과|와|로|으로)(?=[\s.,])/.test(text));
    expect(loose).toEqual([]);
  });

  test('commands, options and file names stay as they are', () => {
    const names = (text: string) =>
      [...new Set(text.match(/--[a-z][a-z-]+|npx unrolled|\.[a-z]{3,7}\b/g) ?? [])].sort();
    const wrong = entries.filter(({ key, text }) => names(key).join() !== names(text).join());
    expect(wrong).toEqual([]);
  });
});

describe('sentencesOf', () => {
  const keysIn = (source: string) => sentencesOf(source, 'a.ts').map(({ key, place }) => [place, key]);

  test('finds what t and english mark, tables of options, and the parts of errors', () => {
    expect(keysIn("say(t`step ${n} of ${m}`, t('loss'), english('a word'));")).toEqual([
      ['marked', 'step {0} of {1}'],
      ['marked', 'loss'],
      ['marked', 'a word'],
    ]);
    expect(keysIn("const o = { help: 'hidden size', kind: 'integer', examples: ['unrolled a b'] };")).toEqual([
      ['help', 'hidden size'],
    ]);
    expect(keysIn('throw new FormatError(path, `has ${n} rows`);')).toEqual([['error', 'has {0} rows']]);
  });

  test('a condition between two texts makes two sentences', () => {
    expect(keysIn("throw new OptionError(a, b, `has ${n} ${n === 1 ? 'row' : 'rows'} left`);")).toEqual([
      ['error', 'has {0} row left'],
      ['error', 'has {0} rows left'],
    ]);
  });

  test('prose that nobody marked is found too', () => {
    expect(keysIn("print('this was forgotten');")).toEqual([['other', 'this was forgotten']]);
  });
});

describe('in Korean', () => {
  afterEach(() => speak('en'));

  test('a sentence has its values, with particles that fit them', async () => {
    expect(t`wrote ${'report.html'}`).toBe('wrote report.html');
    await speak('ko');
    expect(t`wrote ${'report.html'}`).toBe('report.html을 썼습니다');
    expect(t`wrote ${'a.svg'}`).toBe('a.svg를 썼습니다');
    expect(t('last step')).toBe('마지막 단계');
    expect(t('no such sentence')).toBe('no such sentence');
  });

  test('an error is printed in Korean and thrown in English', async () => {
    await speak('ko');
    const error = new OptionError('train text', '--hidden', 'expected a whole number from 1 to 65536, got 0');
    expect(error.message).toBe('train text: --hidden: expected a whole number from 1 to 65536, got 0');
    expect(errorText(error)).toBe('train text: --hidden: 1에서 65536까지의 정수여야 하는데 0입니다');
    expect(errorText(new OptionError('eval', '--hiden', 'unknown option; did you mean hidden?'))).toBe(
      'eval: --hiden: 모르는 옵션입니다. 혹시 hidden?',
    );
    expect(errorText(new DataError('a.csv', 'has no number in the training data', 3))).toBe(
      'a.csv: 행 3: 학습 데이터에 수가 없습니다',
    );
  });

  test('parts of a message are translated, and what a person wrote is not', async () => {
    await speak('ko');
    const reasons = '3 without a label (a.csv, row 1; a.csv, row 4; …), 1 without a text (a.csv, row 9)';
    const message = `4 of 9 rows cannot be used: ${reasons}; fix the file, or skip them with --bad-rows skip`;
    expect(errorText(new FormatError('a.csv', message))).toBe(
      'a.csv: 9개(rows) 가운데 4개를 쓸 수 없습니다: 레이블 없음 3개(a.csv, row 1; a.csv, row 4; …), 글 없음 1개(a.csv, row 9). 파일을 고치거나, --bad-rows skip으로 건너뛰세요',
    );
    expect(
      errorText(new OptionError('train classify', '--text', 'there is no image; known are text, label')),
    ).toContain('text, label');
  });

  test('of a problem, what it asks is translated and its name is not', async () => {
    await speak('ko');
    expect(t('parity: whether the number of ones is odd, on rows longer than any in training')).toBe(
      'parity: 1의 개수가 홀수인지, 학습한 것보다 긴 비트열에서',
    );
  });

  test('a reason that has a value is translated with it', async () => {
    await speak('ko');
    const problem = 'no row can be used: 2 with a label that is seen once, "긍정" (a.csv, row 1; a.csv, row 2)';
    expect(errorText(new FormatError('a.csv', problem))).toBe(
      'a.csv: 쓸 수 있는 것(row)이 하나도 없습니다: 한 번만 나오는 레이블 "긍정" 2개(a.csv, row 1; a.csv, row 2)',
    );
  });

  test('a clause that may be missing is translated apart', async () => {
    await speak('ko');
    const problem = 'means nothing to a run of train tag';
    expect(errorText(new OptionError('eval', '--cache', problem))).toBe(
      'eval: --cache: train tag 실행에서는 뜻이 없습니다',
    );
    expect(errorText(new OptionError('eval', '--cache', `${problem}; what does is --file`))).toBe(
      'eval: --cache: train tag 실행에서는 뜻이 없습니다. 쓸 수 있는 것은 --file입니다',
    );
  });

  test('an error without a translation says what it is, in Korean, above the English', async () => {
    await speak('ko');
    const error = new RunFolderError('run-io', 'runs/a', 'a sentence of its own');
    expect(errorText(error)).toBe('실행 폴더를 쓸 수 없습니다:\nruns/a: a sentence of its own');
  });

  test('a long message costs no more than its length', async () => {
    expect(await processorTime(() => korean.text(`expected ${', got '.repeat(20_000)}`))).toBeLessThan(1000);
  });

  test('every sentence with values can be found again, filled', () => {
    const lost = entries.filter(({ part, key, text }) => {
      if (key === text || part in screens) return false; // names, and what is never found by its text
      const values = holesOf(key).map((hole) => `⟨${hole}⟩`);
      const filled = key.replace(/\{(\d+)\}/g, (_, hole: string) => values[Number(hole)] ?? '');
      return /\p{L}{6}/u.test(key.replace(/\{\d+\}/g, '')) && korean.text(filled) === filled;
    });
    expect(lost).toEqual([]);
  });
});

describe('askedLanguage', () => {
  test('--lang goes before the locale', () => {
    expect(askedLanguage(['eval', 'runs/a', '--lang', 'ko'], {})).toBe('ko');
    expect(askedLanguage(['--lang=en'], { LANG: 'ko_KR.UTF-8' })).toBe('en');
    expect(askedLanguage(['eval'], { LANG: 'ko_KR.UTF-8' })).toBe('ko');
    expect(askedLanguage(['predict', '--', '--lang', 'ko'], {})).toBe('en');
    expect(askedLanguage(['--lang', 'fr'], {})).toBe('en');
  });

  test('a --lang before the command goes behind it, where the command reads it', () => {
    expect(afterLanguage(['--lang', 'ko', 'eval', 'runs/a'])).toEqual(['eval', 'runs/a', '--lang', 'ko']);
    expect(afterLanguage(['--lang=ko', 'predict', 'runs/a', '--', '-'])).toEqual([
      'predict',
      'runs/a',
      '--lang=ko',
      '--',
      '-',
    ]);
    expect(afterLanguage(['--lang', 'ko', '--help'])).toEqual(['--help']);
    expect(afterLanguage(['eval', '--lang', 'ko'])).toEqual(['eval', '--lang', 'ko']);
  });

  test('english marks a text and leaves it', () => {
    expect(english('a word')).toBe('a word');
  });
});
