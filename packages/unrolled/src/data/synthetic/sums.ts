import { requireWhole } from '../../checks.ts';
import { checkOptions } from '../../errors.ts';
import { Random } from '../../random.ts';
import { distinct, type TextPair } from './synthetic.ts';

/** Options of `makeSums`. */
export interface SumsOptions {
  /** Maximum number of digits of each number, 1 to 15. Default 3. */
  readonly digits?: number;
  /** Whether to reverse the input, as Keras' example does: the digits that are needed first are read last. Default false. */
  readonly reverse?: boolean;
}

/**
 * Sums, as text to text (Sutskever and Zaremba 2014, and Keras' addition_rnn):
 *
 *   1 3 5 + 6 2  ──▶  ▢ ▢ ▢ ▢ ▢ ▢  ──▶  1 9 7        the encoder has to carry both numbers, the decoder has to carry the one
 *
 * The number of digits is sampled first, 1 to `digits`, so that short numbers are not rare; then the digits. No sum occurs twice, and of a + b and
 * b + a only one.
 */
export function makeSums(count: number, seed: number, options: SumsOptions = {}): TextPair[] {
  checkOptions('makeSums', options, ['digits', 'reverse']);
  const { digits = 3, reverse = false } = options;
  requireWhole('makeSums', 'digits', digits, 1, 15);
  const random = new Random(seed);
  const number = () => random.integer(10 ** (1 + random.integer(digits)));
  const terms = distinct(
    'makeSums',
    count,
    () => [number(), number()],
    ([a, b]) => `${Math.min(a, b)}+${Math.max(a, b)}`,
  );
  return terms.map(([a, b]) => {
    const question = `${a}+${b}`;
    return { source: reverse ? question.split('').reverse().join('') : question, target: `${a + b}` };
  });
}
