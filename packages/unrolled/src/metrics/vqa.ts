// How right an answer is that ten people gave differently (Antol et al. 2015): fully where three of them said it.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { checkTexts } from './check.ts';

/**
 *   min(how many people said it / 3, 1), the mean over all choices of all people but one
 *
 * With fewer than four people there is nobody to leave out, and it is 1 where anyone said it. Texts are compared as they are.
 */
export function vqaAccuracy(answer: string, people: readonly string[]): number {
  checkTexts('vqaAccuracy', 'people', people);
  if (typeof answer !== 'string')
    throw new OptionError('vqaAccuracy', 'answer', `expected a text, got ${shown(answer)}`);
  if (people.length < 4) return people.includes(answer) ? 1 : 0;
  const same = people.filter((predicted) => predicted === answer).length;
  // Left out is one of those who said it (same times), or one of the others.
  const without = (n: number) => Math.min(n / 3, 1);
  return (same * without(same - 1) + (people.length - same) * without(same)) / people.length;
}
