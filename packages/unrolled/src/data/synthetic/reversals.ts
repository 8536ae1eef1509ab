import { requireWhole } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { Random } from '../../random.ts';
import { distinct, type TextPair } from './synthetic.ts';

/** Options of `makeReversals`. */
export interface ReversalsOptions {
  /** Minimum and maximum number of letters. Default 4 and 8. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Letters to sample from. Default 'abcdefghij'. */
  readonly alphabet?: string;
}

/**
 * Strings and their reversal. Without attention the whole string has to fit into one state; with it, step i only has to attend to position n − i:
 *
 *   c a b e  ──▶  e b a c          attention:   · · · █
 *  · · █ ·      the positions that output 1, 2, 3, 4 attends to
 *                                               · █ · ·
 *                                               █ · · ·
 */
export function makeReversals(count: number, seed: number, options: ReversalsOptions = {}): TextPair[] {
  checkOptions('makeReversals', options, ['minLength', 'maxLength', 'alphabet']);
  const { minLength = 4, maxLength = 8 } = options;
  const alphabet = Array.from(options.alphabet ?? 'abcdefghij');
  requireWhole('makeReversals', 'minLength', minLength, 0);
  requireWhole('makeReversals', 'maxLength', maxLength, minLength);
  if (alphabet.length === 0) throw new OptionError('makeReversals', 'alphabet', 'expected at least one letter');
  const random = new Random(seed);
  const letters = distinct(
    'makeReversals',
    count,
    () =>
      Array.from(
        { length: minLength + random.integer(maxLength - minLength + 1) },
        () => alphabet[random.integer(alphabet.length)],
      ),
    (word) => word.join(''),
  );
  return letters.map((word) => ({ source: word.join(''), target: word.toReversed().join('') }));
}
