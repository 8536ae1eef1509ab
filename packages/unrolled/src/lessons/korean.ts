// Korean particles take their form from the sound before them: 은 after a final consonant, 는 after a vowel. Numbers, letters and names have a sound
// too: 3 is read 삼, LSTM ends in 엠, 10⁻⁵ in 제곱.

import { requireKinds } from '../checks.ts';

/** The two forms of a particle, after a final consonant and after a vowel. */
export type Particle =
  | '은/는'
  | '이/가'
  | '을/를'
  | '과/와'
  | '으로/로'
  | '이라고/라고'
  | '이면/면'
  | '이고/고'
  | '이며/며';

type Final = 'none' | 'ㄹ' | 'other';

const digitFinals: readonly Final[] = [
  'other', // 영
  'ㄹ', // 일
  'none', // 이
  'other', // 삼
  'none', // 사
  'none', // 오
  'other', // 육
  'ㄹ', // 칠
  'ㄹ', // 팔
  'none', // 구
];

/** Letters whose Korean name ends in a consonant: 엘, 엠, 엔, 알. */
const letterFinals: Readonly<Record<string, Final>> = { l: 'ㄹ', m: 'other', n: 'other', r: 'ㄹ' };

/** Words that are read as words, by their end. */
const wordFinals: readonly (readonly [end: RegExp, final: Final])[] = [
  [/(ax|ask|batch|loss|norm)$/i, 'none'],
  [/(clip|step|dropout|init|[bcdgkpt])$/i, 'other'],
  [/(el|al|il|ol|ul|le)$/i, 'ㄹ'],
  [/(am|em|im|om|um|an|en|in|on|un|ing)$/i, 'other'],
];

const raisedDigits = /[⁰¹²³⁴⁵⁶⁷⁸⁹]$/;

/**
 * A text with the form of the particle that follows it: `withParticle('LSTM', '은/는')` is `LSTM은`, `withParticle(2, '이/가')` is `2가`.
 *
 * Throws an OptionError for what is no text or number, or no particle.
 */
export function withParticle(text: string | number, particle: Particle): string {
  requireKinds('withParticle', { particle }, { particle: 'text' });
  const written = String(text);
  const [closed, open] = particle.split('/');
  const final = finalOf(written);
  // ㄹ counts as a vowel before 로.
  const isOpen = final === 'none' || (particle === '으로/로' && final === 'ㄹ');
  return written + (isOpen ? open : closed);
}

function finalOf(text: string): Final {
  const spoken = text.replace(/[)\]}”"'’»\s]+$/u, '');
  const last = spoken.at(-1) ?? '';
  if (/[가-힣]/.test(last)) {
    const end = (last.charCodeAt(0) - 0xac00) % 28;
    return end === 0 ? 'none' : end === 8 ? 'ㄹ' : 'other';
  }
  if (last === '%') return 'none'; // 퍼센트
  if (raisedDigits.test(last)) return 'other'; // 제곱
  if (/\d/.test(last)) return finalOfNumber(/[\d.,]+$/.exec(spoken)?.[0] ?? last);
  const word = /[a-z]+$/i.exec(spoken)?.[0] ?? '';
  if (word === '') return 'none';
  // Capitals are spelled out: GRU is 지아르유, LSTM ends in 엠. So are words without a vowel: html ends in 엘.
  if (word === word.toUpperCase() || word.length === 1 || !/[aeiouy]/i.test(word))
    return letterFinals[last.toLowerCase()] ?? 'none';
  return wordFinals.find(([end]) => end.test(word))?.[1] ?? 'none';
}

/** 20 is 이십, 300 삼백; behind a point digits are read one by one. */
function finalOfNumber(number: string): Final {
  const whole = !number.includes('.');
  const zeros = /0+$/.exec(number)?.[0].length ?? 0;
  if (whole && zeros > 0 && zeros < number.length) return 'other'; // 십, 백, 천, 만
  return digitFinals[Number(number.at(-1))] ?? 'none';
}
