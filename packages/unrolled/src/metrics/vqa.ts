// VQA accuracy of an answer given ten human answers (Antol et al. 2015): 1 if at least three agree with it.

import { comparable } from '../encoding.ts';
import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { checkTexts } from './check.ts';

/**
 *   min(number of people with this answer / 3, 1), averaged over all subsets that leave one person out.
 *
 * With fewer than four people no one is left out, and it is 1 where anyone agrees. Answers are compared trimmed, with single
 * spaces and in NFC; case, articles and punctuation count.
 */
export function vqaAccuracy(answer: string, people: readonly string[]): number {
  checkTexts('vqaAccuracy', 'people', people);
  if (typeof answer !== 'string')
    throw new OptionError('vqaAccuracy', 'answer', `expected a text, got ${shown(answer)}`);
  const own = comparable(answer);
  const same = people.filter((given) => comparable(given) === own).length;
  if (people.length < 4) return same > 0 ? 1 : 0;
  // The one left out gave this answer (`same` of the cases), or another.
  const without = (n: number) => Math.min(n / 3, 1);
  return (same * without(same - 1) + (people.length - same) * without(same)) / people.length;
}
