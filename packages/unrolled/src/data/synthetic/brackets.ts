import { requireOneOf, requireWhole } from '../../checks.ts';
import { checkOptions } from '../../errors.ts';
import { Random } from '../../random.ts';
import { distinct, type TaggedText } from './synthetic.ts';

/** Options of `makeBrackets`. */
export interface BracketsOptions {
  /** Tag for each character: its depth, or whether it is matched. Default 'depth'. */
  readonly tags?: 'depth' | 'match';
  /** Minimum and maximum number of characters. Default 8 and 24. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Maximum depth for 'depth'. Default 4. */
  readonly maxDepth?: number;
}

const opening = '([{'.split('');
const closing = ')]}'.split('');
const letters = 'abc'.split('');

/**
 * Brackets of three kinds with letters between them, and a tag for each character.
 *
 *   tags: 'depth'                              tags: 'match'
 *     a ( b [ c ] ) a                            ( a ] [ b ] (
 *     0 1 1 2 2 2 1 0                            ✗ · ✗ ✓ · ✓ ✗       (✓ matched, ✗ unmatched, · none)
 *
 * Depth: the number of brackets around a character, its own included; every bracket has its partner. A network that reads from
 * left to right can compute it. Match: a closing bracket matches if it is of the kind of the last bracket that is still open; otherwise it is
 * unmatched and closes nothing. Whether an opening one will be matched stands to its right: this needs both directions.
 */
export function makeBrackets(count: number, seed: number, options: BracketsOptions = {}): TaggedText[] {
  checkOptions('makeBrackets', options, ['tags', 'minLength', 'maxLength', 'maxDepth']);
  const { tags = 'depth', minLength = 8, maxLength = 24, maxDepth = 4 } = options;
  requireOneOf('makeBrackets', 'tags', tags, ['depth', 'match']);
  requireWhole('makeBrackets', 'minLength', minLength, 1);
  requireWhole('makeBrackets', 'maxLength', maxLength, minLength);
  requireWhole('makeBrackets', 'maxDepth', maxDepth, 1, 9);
  const random = new Random(seed);
  const draw = () => {
    const length = minLength + random.integer(maxLength - minLength + 1);
    return tags === 'depth' ? nested(random, length, maxDepth) : loose(random, length);
  };
  return distinct('makeBrackets', count, draw, ({ text }) => text);
}

/** Balanced brackets: at each place a letter, an opening bracket if there is room to close it, or the matching closing one. */
function nested(random: Random, length: number, maxDepth: number): TaggedText {
  const open: number[] = [];
  let text = '';
  const tags: string[] = [];
  while (text.length < length) {
    const left = length - text.length;
    const choices = [
      ...(left > open.length ? ['letter'] : []),
      ...(left > open.length + 1 && open.length < maxDepth ? ['open'] : []),
      ...(open.length > 0 ? ['close'] : []),
    ];
    const choice = choices[random.integer(choices.length)];
    if (choice === 'open') {
      open.push(random.integer(3));
      text += opening[open[open.length - 1]];
    }
    tags.push(String(open.length));
    if (choice === 'letter') text += letters[random.integer(letters.length)];
    if (choice === 'close') text += closing[open.pop() as number];
  }
  return { text, tags };
}

/** Brackets at random, each tagged by the rule of the stack. */
function loose(random: Random, length: number): TaggedText {
  const open: { readonly kind: number; readonly at: number }[] = [];
  let text = '';
  const tags: string[] = [];
  while (text.length < length) {
    const kind = random.integer(3);
    const choice = random.integer(5);
    if (choice < 2) {
      open.push({ kind, at: text.length });
      text += opening[kind];
      tags.push('unmatched');
    } else if (choice < 4) {
      // Half of the closing brackets match, so that there are enough of both.
      const last = open.at(-1);
      const own = last && random.integer(2) === 0 ? last.kind : kind;
      const matches = last?.kind === own;
      if (matches) tags[(open.pop() as { at: number }).at] = 'matched';
      text += closing[own];
      tags.push(matches ? 'matched' : 'unmatched');
    } else {
      text += letters[kind];
      tags.push('none');
    }
  }
  return { text, tags };
}
