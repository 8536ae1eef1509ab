// Words as Unicode defines them (UAX 29, by Intl.Segmenter), with punctuation as tokens of its own. White space is not a token: between two
// tokens there is a space, unless one of them carries a joiner, ￭, on that side. So the words of a text are the same with and without
// punctuation next to them, and the text can be restored, with any run of white space as one space:
//
//   "Stop, (really)!"   Stop  ￭,  (￭  really  ￭)  ￭!
//
// A ￭ in the text itself is read as ■, its full-width form. Where words are not separated by spaces (Chinese, Japanese, Thai), their boundaries
// come from the host's dictionaries and may differ between versions of a host; for these, characters or byte pairs are safer.

import { UnrolledError } from '../../errors.ts';
import { eachMatch, isLow } from './slabs.ts';
import type { Unit } from './unit.ts';

const joiner = '￭';

/** One word in any context: runs of these need no segmenter. */
const plain = /^(?:[A-Za-z]{1,64}|[0-9]{1,64}|[가-힣]{1,64})$/;

/** Intl.Segmenter's time grows faster than the text, so longer runs without white space are cut. */
const longest = 256;

/** `lines`: the ends of lines are tokens too, so that a text is restored line by line. */
export function words({ lines = false }: { readonly lines?: boolean } = {}): Unit {
  if (typeof Intl.Segmenter !== 'function')
    throw new UnrolledError('host', `unit 'word' needs Intl.Segmenter, which this host does not have; use 'bpe'`);
  let segmenter: Intl.Segmenter | null = null; // made where one is needed: that takes 9 ms
  const known = new Map<string, readonly string[]>();
  const tokensOf = (run: string): readonly string[] => {
    let tokens = known.get(run);
    if (tokens) return tokens;
    segmenter ??= new Intl.Segmenter('en', { granularity: 'word' }); // not the user's language: the same words for everybody
    tokens = segmentRun(run.replaceAll(joiner, '■'), segmenter);
    if (run.length <= 64) {
      if (known.size >= 0x10000) known.clear();
      known.set(run, tokens);
    }
    return tokens;
  };
  return {
    split: (text, each) =>
      eachMatch(lines ? /\S+|\n/gu : /\S+/gu, text, (run) =>
        run === '\n' || plain.test(run) ? each(run) : tokensOf(run).forEach(each),
      ),
    join,
  };
}

/** The tokens of a run without white space. */
function segmentRun(run: string, segmenter: Intl.Segmenter): string[] {
  const parts: { text: string; isWord: boolean }[] = [];
  for (let start = 0, end = 0; start < run.length; start = end) {
    end = Math.min(start + longest, run.length);
    if (end < run.length && isLow(run.charCodeAt(end))) end--;
    for (const { segment, isWordLike } of segmenter.segment(run.slice(start, end)))
      parts.push({ text: segment, isWord: isWordLike === true });
  }
  // Of two neighbors the one that is not a word carries the joiner; of two alike, the second.
  return parts.map(({ text, isWord }, k) => {
    const left = k > 0 && (!isWord || parts[k - 1].isWord);
    const right = k + 1 < parts.length && !isWord && parts[k + 1].isWord;
    return (left ? joiner : '') + text + (right ? joiner : '');
  });
}

function join(tokens: readonly string[]): string {
  let text = '';
  let joined = true;
  for (const token of tokens) {
    if (token === '\n') {
      text += token;
      joined = true;
      continue;
    }
    const left = token.length > 1 && token.startsWith(joiner);
    const right = token.length > 1 && token.endsWith(joiner);
    text += (joined || left ? '' : ' ') + token.slice(left ? 1 : 0, right ? -1 : undefined);
    joined = right;
  }
  return text;
}
