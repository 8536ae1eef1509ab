import { requireOneOf, requireWhole } from '../../checks.ts';
import { checkOptions } from '../../errors.ts';
import { Random } from '../../random.ts';
import { distinct, type TextPair } from './synthetic.ts';

/** English; Korean with Chinese numerals (일, 이, 삼: prices, dates, arithmetic); Korean with native ones (하나, 둘, 셋: counting, ages). */
export type NumberLanguage = 'en' | 'ko' | 'ko-native';

/** Largest number in each language: native Korean ends at 99. */
const range: Record<NumberLanguage, readonly [least: number, most: number]> = {
  en: [0, 999_999],
  ko: [0, 999_999],
  'ko-native': [1, 99],
};

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** 0 to 999: `four hundred five`, American, without "and". */
function hundredsInEnglish(n: number): string {
  if (n < 20) return small[n];
  if (n < 100) return tens[Math.floor(n / 10)] + (n % 10 ? `-${small[n % 10]}` : '');
  return `${small[Math.floor(n / 100)]} hundred${n % 100 ? ` ${hundredsInEnglish(n % 100)}` : ''}`;
}

function english(n: number): string {
  if (n < 1000) return hundredsInEnglish(n);
  return `${hundredsInEnglish(Math.floor(n / 1000))} thousand${n % 1000 ? ` ${hundredsInEnglish(n % 1000)}` : ''}`;
}

const sino = '영일이삼사오육칠팔구'.split('');

/** 1 to 9999: 삼천사백오. A one before 천, 백 and 십 is omitted. */
function thousandsInKorean(n: number): string {
  let words = '';
  for (const [unit, name] of [
    [1000, '천'],
    [100, '백'],
    [10, '십'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(n / unit) % 10;
    if (digit > 0) words += (digit > 1 || unit === 1 ? sino[digit] : '') + name;
  }
  return words;
}

/** Large numbers go by ten thousands (만), with a space after it: 십이만 삼천사백오. 10000 itself is 만. */
function sinoKorean(n: number): string {
  if (n === 0) return sino[0];
  const [high, low] = [Math.floor(n / 10_000), n % 10_000];
  const words = [high > 0 ? `${high > 1 ? thousandsInKorean(high) : ''}만` : '', low > 0 ? thousandsInKorean(low) : ''];
  return words.filter(Boolean).join(' ');
}

const nativeOnes = ['', '하나', '둘', '셋', '넷', '다섯', '여섯', '일곱', '여덟', '아홉'];
const nativeTens = ['', '열', '스물', '서른', '마흔', '쉰', '예순', '일흔', '여든', '아흔'];

/**
 * A number in words:
 *
 *     numberToWords(123405);              // one hundred twenty-three thousand four hundred five
 *     numberToWords(123405, 'ko');        // 십이만 삼천사백오
 *     numberToWords(42, 'ko-native');     // 마흔둘
 */
export function numberToWords(n: number, language: NumberLanguage = 'en'): string {
  requireOneOf('numberToWords', 'language', language, Object.keys(range));
  requireWhole('numberToWords', 'n', n, ...range[language]);
  if (language === 'en') return english(n);
  return language === 'ko' ? sinoKorean(n) : nativeTens[Math.floor(n / 10)] + nativeOnes[n % 10];
}

/** Options of `makeNumberWords`. */
export interface NumberWordsOptions {
  /** Language of the words. Default 'en'. */
  readonly language?: NumberLanguage;
  /** The largest number. Default: the largest that the language has, 999,999, or 99 in native Korean. */
  readonly most?: number;
}

/**
 * Numbers and their words. Short inputs, long outputs, and the word for a digit depends on its place and its neighbors:
 *
 *   4 0 5  ──▶  f o u r   h u n d r e d   f i v e          1 2 3 4 0 5  ──▶  십 이 만   삼 천 사 백 오
 *
 * The number of digits is sampled first, so that short numbers are not rare.
 */
export function makeNumberWords(count: number, seed: number, options: NumberWordsOptions = {}): TextPair[] {
  checkOptions('makeNumberWords', options, ['language', 'most']);
  const { language = 'en' } = options;
  requireOneOf('makeNumberWords', 'language', language, Object.keys(range));
  const [least, largest] = range[language];
  const { most = largest } = options;
  requireWhole('makeNumberWords', 'most', most, least, largest);
  const random = new Random(seed);
  const digits = String(most).length;
  const draw = () => {
    for (;;) {
      const n = random.integer(10 ** (1 + random.integer(digits)));
      if (n >= least && n <= most) return n;
    }
  };
  return distinct('makeNumberWords', count, draw, String).map((n) => ({
    source: String(n),
    target: numberToWords(n, language),
  }));
}
