// VQA accuracy of an answer given ten human answers (Antol et al. 2015): 1 if at least three agree with it.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { checkTexts } from './check.ts';

/**
 *   min(number of people with this answer / 3, 1), averaged over all subsets that leave one person out.
 *
 * With fewer than four people no one is left out, and it is 1 where anyone agrees. Strings are compared as they are.
 */
export function vqaAccuracy(answer: string, people: readonly string[]): number {
  checkTexts('vqaAccuracy', 'people', people);
  if (typeof answer !== 'string')
    throw new OptionError('vqaAccuracy', 'answer', `expected a text, got ${shown(answer)}`);
  if (people.length < 4) return people.includes(answer) ? 1 : 0;
  const same = people.filter((predicted) => predicted === answer).length;
  // The one left out gave this answer (`same` of the cases), or another.
  const without = (n: number) => Math.min(n / 3, 1);
  return (same * without(same - 1) + (people.length - same) * without(same)) / people.length;
}
