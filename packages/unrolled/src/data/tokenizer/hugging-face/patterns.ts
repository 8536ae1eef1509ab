// Patterns of a tokenizer.json: a string, or an untrusted regular expression. And splitting text by a pattern.

import { shown } from '../../../checks.ts';
import type { Part } from './part.ts';
import { type Found, Matcher, type Pattern } from './regex.ts';
import { programOf } from './regex-program.ts';

/** The pattern in `part.pattern`, `{ String }` or `{ Regex }`. */
export function readPattern(part: Part): Pattern {
  const { String: text, Regex: regex } = Object(part.fields.pattern) as Record<string, unknown>;
  if (typeof text === 'string' && text !== '') return exactly(text);
  if (typeof regex !== 'string') throw part.error('pattern: expected { "String": … } or { "Regex": … }');
  try {
    return new Matcher(programOf(regex), () =>
      part.error(`pattern: ${shown(regex)} takes too much memory on this text`),
    );
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw part.error(`pattern: ${shown(regex)} cannot be read here: ${cause.message}`, { cause });
  }
}

/** Matches `wanted` as a substring. */
export function exactly(wanted: string): Pattern {
  return {
    *find(text) {
      for (let end = 0, start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, end)) {
        end = start + wanted.length;
        yield { start, end };
      }
    },
  };
}

function* found(pattern: Pattern | RegExp, text: string): Iterable<Found> {
  if (!(pattern instanceof RegExp)) return yield* pattern.find(text);
  for (const { 0: match, index } of text.matchAll(pattern)) yield { start: index, end: index + match.length };
}

/** Replaces every match in `text` by `content`, up to `most` characters. */
export function replaceBy(text: string, pattern: Pattern, content: string, most: number, part: Part): string {
  let [result, done, length] = ['', 0, text.length];
  for (const { start, end } of pattern.find(text)) {
    length += content.length - (end - start);
    if (length > most) throw tooLong(part);
    result += text.slice(done, start) + content;
    done = end;
  }
  return done === 0 && result === '' ? text : result + text.slice(done);
}

/** Maximum length that a text of `length` characters may grow to: above every normal form and any real tokenizer. */
export function mostOf(length: number): number {
  return 64 * length + 1024;
}

/** Total number of characters. */
export function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

export function tooLong(part: Part): Error {
  return part.error('makes more than 64 characters of each one; this is not a tokenizer for text');
}

export type Behavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

export function readBehavior(part: Part, missing?: Behavior): Behavior {
  const given = part.fields.behavior == null && missing ? missing : part.text('behavior');
  const known = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
  const behavior = known.find((name) => name === given);
  if (!behavior) throw part.error(`behavior: ${shown(given)} is not known here; known are ${known.join(', ')}`);
  return behavior;
}

/** Splits `text` into non-empty pieces: the matches of `pattern` and what is between, as `behavior` says; with `invert` the two are swapped. */
export function splitBy(text: string, pattern: Pattern | RegExp, behavior: Behavior, invert = false): string[] {
  const spans: { text: string; match: boolean }[] = [];
  const add = (piece: string, match: boolean) => piece !== '' && spans.push({ text: piece, match: match !== invert });
  let end = 0;
  for (const match of found(pattern, text)) {
    add(text.slice(end, match.start), false);
    add(text.slice(match.start, match.end), true);
    end = match.end;
  }
  add(text.slice(end), false);
  if (behavior === 'Removed') return spans.filter((span) => !span.match).map((span) => span.text);
  const backwards = behavior === 'MergedWithNext';
  if (backwards) spans.reverse();
  const pieces: string[] = [];
  for (const [k, { text: piece, match }] of spans.entries()) {
    const before = k > 0 && spans[k - 1].match;
    const merge = k > 0 && (behavior === 'Contiguous' ? match === before : behavior !== 'Isolated' && match && !before);
    if (!merge) pieces.push(piece);
    else pieces[pieces.length - 1] = backwards ? piece + pieces[pieces.length - 1] : pieces[pieces.length - 1] + piece;
  }
  return backwards ? pieces.reverse() : pieces;
}
