// The patterns of a tokenizer.json are Oniguruma's. Here they become JavaScript's, where the two mean different things by the same sign; what
// cannot be said is refused. And: text split by a pattern.

import type { Part } from './part.ts';

const word = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

/** Letters that mean the same after a backslash in both. */
const same = 'nrtfvbB0123456789';

/** The pattern in `part.pattern`, `{ String }` or `{ Regex }`, global. */
export function readPattern(part: Part): RegExp {
  const { String: text, Regex: regex } = Object(part.fields.pattern) as Record<string, unknown>;
  if (typeof text === 'string') return new RegExp(escape(text), 'gu');
  if (typeof regex !== 'string') throw part.error('pattern: expected { "String": … } or { "Regex": … }');
  try {
    return new RegExp(translate(regex), 'gu');
  } catch (cause) {
    throw part.error(`pattern: ${JSON.stringify(regex)} cannot be read here`, { cause });
  }
}

export function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function translate(pattern: string): string {
  let result = '';
  let inClass = false;
  const groups: boolean[] = []; // whether capitals and small letters are one, group by group
  let fold = false;
  for (let k = 0; k < pattern.length; k++) {
    const c = pattern[k];
    if (c === '\\') {
      const next = pattern[++k] ?? '';
      if (next === 's' || next === 'S') result += next === 's' ? '\\p{White_Space}' : '\\P{White_Space}';
      else if (next === 'd' || next === 'D') result += next === 'd' ? '\\p{Nd}' : '\\P{Nd}';
      else if (next === 'w') result += inClass ? word : `[${word}]`;
      else if (next === 'W' && !inClass) result += `[^${word}]`;
      else if (next === 'p' || next === 'P') {
        const [whole, not, name] = /^\{(\^?)([\w=]+)\}/.exec(pattern.slice(k + 1)) ?? [];
        if (whole === undefined) throw new SyntaxError('a property without a name');
        const negated = (next === 'P') !== (not === '^');
        const isScript = name.length > 2 && /^[A-Z]/.test(name) && !/=/.test(name);
        result += `\\${negated ? 'P' : 'p'}{${isScript ? 'Script=' : ''}${name}}`;
        k += whole.length;
      } else if (same.includes(next)) result += `\\${next}`;
      else if (/[a-zA-Z]/.test(next)) throw new SyntaxError(`\\${next} is not known`);
      else result += /[\\^$.*+?()[\]{}|/-]/.test(next) && (next !== '-' || inClass) ? `\\${next}` : next;
    } else if (inClass) {
      if (c === '&' && pattern[k + 1] === '&') throw new SyntaxError('&& is not known');
      if (c === '[') throw new SyntaxError('a class within a class');
      if (c === ']') inClass = false;
      result += c;
    } else if (pattern.startsWith('(?i:', k)) {
      groups.push(fold);
      fold = true;
      result += '(?:';
      k += 3;
    } else {
      if (c === '[') {
        inClass = true;
        if (fold) throw new SyntaxError('a class within (?i:…)');
      }
      if (c === '(') groups.push(fold);
      if (c === ')') fold = groups.pop() ?? false;
      result += fold && /[a-zA-Z]/.test(c) ? `[${c.toLowerCase()}${c.toUpperCase()}]` : c;
    }
  }
  return result;
}

export type Behavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

export function readBehavior(part: Part, missing?: Behavior): Behavior {
  const given = part.fields.behavior == null && missing ? missing : part.text('behavior');
  const known = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;
  const behavior = known.find((name) => name === given);
  if (!behavior)
    throw part.error(`behavior: ${JSON.stringify(given)} is not known here; known are ${known.join(', ')}`);
  return behavior;
}

/** `text` in pieces, none empty: what `pattern` matches and what is between, as `behavior` says; with `invert` the two change places. */
export function splitBy(text: string, pattern: RegExp, behavior: Behavior, invert = false): string[] {
  const spans: { text: string; match: boolean }[] = [];
  const add = (piece: string, match: boolean) => piece !== '' && spans.push({ text: piece, match: match !== invert });
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    add(text.slice(end, found.index), false);
    add(found[0], true);
    end = found.index + found[0].length;
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
