import { requireOneOf } from '../../checks.ts';
import { checkOptions } from '../../errors.ts';
import { Random } from '../../random.ts';
import { distinct, type TextPair } from './synthetic.ts';
import { numberToWords } from './number-words.ts';

/** Options of `makeDates`. */
export interface DatesOptions {
  /** Language of the dates. Default 'en'. */
  readonly language?: 'en' | 'ko';
}

interface CalendarDate {
  readonly year: number;
  readonly month: number; // 1 to 12
  readonly day: number;
  readonly weekday: number; // 0 is Sunday
}

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const koreanWeekdays = '일월화수목금토'.split('');

const two = (n: number) => String(n).padStart(2, '0');

function ordinal(n: number): string {
  const teen = n % 100 > 10 && n % 100 < 14;
  return n + (teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'));
}

/** 유월 and 시월 are pronounced without their last consonant. */
function koreanMonth(month: number): string {
  return month === 6 ? '유' : month === 10 ? '시' : numberToWords(month, 'ko');
}

/** Date formats. Where an English date has only numbers the month comes first, as in the United States. */
const forms: Record<'en' | 'ko', readonly ((d: CalendarDate) => string)[]> = {
  en: [
    ({ year, month, day }) => `${day} ${months[month - 1]} ${year}`,
    ({ year, month, day }) => `${months[month - 1]} ${day}, ${year}`,
    ({ year, month, day }) => `${months[month - 1].slice(0, 3)} ${day}, ${year}`,
    ({ year, month, day }) => `the ${ordinal(day)} of ${months[month - 1]} ${year}`,
    ({ year, month, day, weekday }) => `${weekdays[weekday]}, ${months[month - 1]} ${day}, ${year}`,
    ({ year, month, day, weekday }) =>
      `${weekdays[weekday].slice(0, 3)} ${two(day)} ${months[month - 1].slice(0, 3)} ${year}`,
    ({ year, month, day }) => `${month}/${day}/${year}`,
    ({ year, month, day }) => `${months[month - 1].toUpperCase()} ${ordinal(day)} ${year}`,
  ],
  ko: [
    ({ year, month, day }) => `${year}년 ${month}월 ${day}일`,
    ({ year, month, day, weekday }) => `${year}년 ${month}월 ${day}일 ${koreanWeekdays[weekday]}요일`,
    ({ year, month, day, weekday }) => `${year}년 ${month}월 ${day}일(${koreanWeekdays[weekday]})`,
    ({ year, month, day }) => `${year}. ${month}. ${day}.`,
    ({ year, month, day }) => `서기 ${year}년 ${two(month)}월 ${two(day)}일`,
    ({ year, month, day }) => `${numberToWords(year, 'ko')}년 ${koreanMonth(month)}월 ${numberToWords(day, 'ko')}일`,
  ],
};

/**
 * Dates as people write them, and ISO 8601:
 *
 *   F r i d a y ,   M a r c h   5 ,   2 0 2 1  ──▶  2 0 2 1 - 0 3 - 0 5        the order changes, names become numbers,
 *   이 천 이 십 일 년   삼 월   오 일           ──▶  2 0 2 1 - 0 3 - 0 5        the weekday is not needed
 *
 * From 1950-01-01 to 2049-12-31, in eight English forms or six Korean ones. No source comes twice; a date may, in another form.
 */
export function makeDates(count: number, seed: number, options: DatesOptions = {}): TextPair[] {
  checkOptions('makeDates', options, ['language']);
  const { language = 'en' } = options;
  requireOneOf('makeDates', 'language', language, Object.keys(forms));
  const random = new Random(seed);
  const dayLength = 86_400_000;
  const first = Date.UTC(1950, 0, 1);
  const days = (Date.UTC(2050, 0, 1) - first) / dayLength;
  const draw = (): TextPair => {
    const date = new Date(first + random.integer(days) * dayLength);
    const form = forms[language][random.integer(forms[language].length)];
    const source = form({
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      weekday: date.getUTCDay(),
    });
    return { source, target: date.toISOString().slice(0, 10) };
  };
  return distinct('makeDates', count, draw, ({ source }) => source);
}
