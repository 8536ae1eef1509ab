// Korean particles after a number: which of two forms follows is a matter of how its last digit is read, and whether that ends in a consonant.
//
//   0.9 (영 점 구) 가      1.1 (일 점 일) 이, 로      30 (삼십) 이, 으로      41 % (퍼센트) 가      3.1e-4 (… 승) 이

/** The forms after a consonant and after a vowel. */
export type Particle = '이/가' | '은/는' | '을/를' | '으로/로' | '이라고/라고';

const endsInConsonant = [true, true, false, true, false, false, true, true, true, false]; // 영 일 이 삼 사 오 육 칠 팔 구
const endsInRieul = [false, true, false, false, false, false, false, true, true, false]; // 일 칠 팔

/** The number with the form of the particle that follows it. */
export function withParticle(number: string | number, particle: Particle): string {
  const text = String(number);
  const [afterConsonant, afterVowel] = particle.split('/');
  const consonant = closes(text);
  // After ㄹ it is 로, as after a vowel.
  const isOpen = particle === '으로/로' && /\d$/.test(text) && !isRound(text) && endsInRieul[Number(text.at(-1))];
  return text + (consonant && !isOpen ? afterConsonant : afterVowel);
}

/** Whether its reading ends in a consonant. */
function closes(text: string): boolean {
  if (/%$/.test(text)) return false; // 퍼센트
  if (/e[-+]?\d+$/i.test(text) || isRound(text)) return true; // 승; 십, 백, 천, 만
  const digit = /\d(?=\D*$)/.exec(text)?.[0];
  return digit !== undefined && endsInConsonant[Number(digit)];
}

/** A whole number that ends in 0: its last word is 십, 백, 천 or 만. */
const isRound = (text: string): boolean => /^\D*[\d,]*[1-9][\d,]*0$/.test(text) && !text.includes('.');
