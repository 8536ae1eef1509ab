// A regular expression of a stranger, matched in time that grows with the text alone: `(a+)+$` stops JavaScript's own engine for minutes.

import { requireKinds, shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { Matcher } from './tokenizer/hugging-face/regex.ts';
import { programOf } from './tokenizer/hugging-face/regex-program.ts';

/** A regular expression that no text and no pattern makes slow. */
export interface LinearPattern {
  /** The first match in `text`, and what its first group matched (null where it did not); null where nothing matches. */
  match(text: string): { readonly text: string; readonly group: string | null } | null;
}

/**
 * Compiles a regular expression from an untrusted source, such as a saved configuration: characters, classes, groups, alternatives, quantifiers, anchors of
 * lines, word boundaries, and lookaround of one character. It takes at most (size of the pattern) × (length of the text) steps.
 *
 *     linearPattern('_g(\\d+)_').match('v_g07_c01.avi');      // { text: '_g07_', group: '07' }
 *
 * Throws an OptionError for what is no pattern, or one with backreferences and the like, which cannot be bounded.
 */
export function linearPattern(source: string): LinearPattern {
  const who = 'linearPattern';
  requireKinds(who, { source }, { source: 'text' });
  const matcher = matcherOf(who, source);
  return {
    match(text) {
      requireKinds(who, { text }, { text: 'text' });
      for (const { start, end, group } of matcher.find(text))
        return { text: text.slice(start, end), group: group ? text.slice(group.start, group.end) : null };
      return null;
    },
  };
}

function matcherOf(who: string, source: string): Matcher {
  try {
    return new Matcher(
      programOf(source, true),
      () => new OptionError(who, shown(source), 'takes too much memory on this text'),
    );
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new OptionError(who, shown(source), `cannot be read as a pattern: ${cause.message}`);
  }
}
