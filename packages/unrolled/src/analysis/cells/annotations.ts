// What a unit might encode, computed by code: a number for every symbol of a text, at the step after it has been read.
//
//   text                  " S t o p ! " ⏎ h e …
//   position in the line  1 2 3 4 5 6 7 0 1 2 …
//   inside quotes         1 1 1 1 1 1 0 0 0 0 …
//
// An annotation that is constant carries no information and is left out.

import { requireKinds, shown } from '../../checks.ts';
import { OptionError } from '../../errors.ts';
import { type ReportLanguage, requireLanguage } from '../language.ts';

/** A property of the text, 0 or 1 (or a number) at each symbol, to be compared with units. */
export interface Annotation {
  /** 'position in the line' */
  readonly name: string;
  /** One value for each symbol read. */
  readonly values: Float64Array;
  /** The predictions that it should affect: symbol n + 1, where `at[n]` is 1. Default: where the annotation is high. */
  readonly focus: { readonly name: string; readonly at: Uint8Array };
}

/** Reads the symbols in order and returns the value after each. */
type Rule = () => (symbol: string, before: string) => number;

const isLetter = /^[\p{L}\p{M}]/u;
const isCapital = /^\p{Lu}/u;
const isDigit = /^\p{Nd}/u;
const isSpace = /^\s/u;
const [opening, closing] = ['([{⟨「『', ')]}⟩」』'];
const [openingQuotes, closingQuotes] = ['“«„', '”»'];

const rules: Readonly<Record<string, Rule>> = {
  'position in the line': () => {
    let n = 0;
    return (symbol) => (symbol === '\n' ? (n = 0) : ++n);
  },
  'inside quotes': () => {
    let inside = false;
    let newlines = 0;
    return (symbol) => {
      newlines = symbol === '\n' ? newlines + 1 : 0;
      if (newlines > 1)
        inside = false; // a quote that was never closed ends with its paragraph
      else if (symbol === '"') inside = !inside;
      else if (openingQuotes.includes(symbol)) inside = true;
      else if (closingQuotes.includes(symbol)) inside = false;
      return Number(inside);
    };
  },
  'bracket depth': () => {
    let depth = 0;
    return (symbol) => {
      if (opening.includes(symbol)) depth++;
      else if (closing.includes(symbol)) depth = Math.max(0, depth - 1);
      return depth;
    };
  },
  indentation: () => {
    let [n, leading] = [0, true];
    return (symbol) => {
      if (symbol === '\n') [n, leading] = [0, true];
      else if (leading && (symbol === ' ' || symbol === '\t')) n += symbol === '\t' ? 4 : 1;
      else leading = false;
      return n;
    };
  },
  'a new line': () => (symbol) => Number(symbol === '\n'),
  'after an empty line': () => {
    let newlines = 0;
    return (symbol) => {
      newlines = symbol === '\n' ? newlines + 1 : 0;
      return Number(newlines > 1);
    };
  },
  'the start of a word': () => (symbol, before) => Number(isLetter.test(symbol) && !isLetter.test(before)),
  'position in the word': () => {
    let n = 0;
    return (symbol) => (isLetter.test(symbol) ? ++n : (n = 0));
  },
  'a capital': () => (symbol) => Number(isCapital.test(symbol)),
  'a digit': () => (symbol) => Number(isDigit.test(symbol)),
  'a space': () => (symbol) => Number(isSpace.test(symbol) && symbol !== '\n'),
};

/** Annotations that should matter at a particular place, with an adverb for it. */
const places: Readonly<Record<string, { readonly name: string; at(next: string, value: number): boolean }>> = {
  'position in the line': { name: 'at line ends', at: (next) => next === '\n' },
  'position in the word': { name: 'at word ends', at: (next, value) => value > 0 && !isLetter.test(next) },
  'inside quotes': { name: 'inside quotes', at: (_, value) => value > 0 },
  'bracket depth': { name: 'inside brackets', at: (_, value) => value > 0 },
};

const korean: Readonly<Record<string, string>> = {
  'position in the line': '줄 안의 위치',
  'inside quotes': '따옴표 안',
  'bracket depth': '괄호의 깊이',
  indentation: '들여쓰기',
  'a new line': '줄 바꿈',
  'after an empty line': '빈 줄 다음',
  'the start of a word': '단어의 시작',
  'position in the word': '단어 안의 위치',
  'a capital': '대문자',
  'a digit': '숫자',
  'a space': '공백',
  'at line ends': '줄 끝',
  'at word ends': '단어 끝',
  'inside brackets': '괄호 안',
};

/** The name of a built-in annotation, or of its focus, in a language: `annotationName('a digit', 'ko')` is 숫자. A name of your own stays as it is. */
export function annotationName(name: string, language: ReportLanguage = 'en'): string {
  requireKinds('annotationName', { name }, { name: 'text' });
  requireLanguage('annotationName', language);
  if (language === 'en') return name;
  const [, own] = /^where “(.*)” is high$/s.exec(name) ?? [];
  if (own !== undefined) return `“${annotationName(own, language)}” 값이 큰 곳`;
  return Object.hasOwn(korean, name) ? korean[name] : name;
}

/** An annotation, as what reads one requires it. */
export const annotationKind = { name: 'text', values: 'numbers', focus: { name: 'text', at: 'numbers' } } as const;

/** Computes all built-in annotations of a text (characters, or tokens as strings). */
export function annotate(symbols: readonly string[]): Annotation[] {
  requireKinds('annotate', { symbols }, { symbols: 'texts' });
  return Object.entries(rules).flatMap(([name, rule]) => {
    const say = rule();
    const values = Float64Array.from(symbols, (symbol, n) => say(symbol, symbols[n - 1] ?? '\n'));
    return isConstant(values) ? [] : [annotation(name, values, symbols)];
  });
}

/** Makes an annotation of your own: a value for every symbol, or a function that computes it. */
export function annotation(name: string, values: ArrayLike<number>, symbols: readonly string[]): Annotation {
  requireKinds('annotation', { name, values, symbols }, { name: 'text', values: 'numbers', symbols: 'texts' });
  if (values.length !== symbols.length)
    throw new OptionError(
      'annotation',
      name,
      `expected a value for each of ${symbols.length} symbols, got ${values.length}`,
    );
  const own = Float64Array.from(values);
  const wrong = own.findIndex((v) => !Number.isFinite(v));
  if (wrong >= 0)
    throw new OptionError('annotation', name, `expected finite numbers, got ${shown(own[wrong])} at ${wrong}`);
  const place = Object.hasOwn(places, name) ? places[name] : null;
  const high = place ? 0 : highFrom(own);
  const at = Uint8Array.from(own, (value, n) =>
    n + 1 < symbols.length && (place ? place.at(symbols[n + 1], value) : value >= high) ? 1 : 0,
  );
  return { name, values: own, focus: { name: place?.name ?? `where “${name}” is high`, at } };
}

/** 1 inside every match of a pattern in the text, 0 elsewhere. */
export function annotateMatches(name: string, pattern: RegExp, symbols: readonly string[]): Annotation {
  requireKinds('annotateMatches', { name, symbols }, { name: 'text', symbols: 'texts' });
  if (!(pattern instanceof RegExp))
    throw new OptionError('annotateMatches', 'pattern', `expected a regular expression, got ${shown(pattern)}`);
  const values = new Float64Array(symbols.length);
  const starts: number[] = [];
  let length = 0;
  for (const symbol of symbols) {
    starts.push(length);
    length += symbol.length;
  }
  const everywhere = new RegExp(pattern.source, [...new Set(`${pattern.flags}g`)].join(''));
  let n = 0;
  for (const match of symbols.join('').matchAll(everywhere)) {
    const end = match.index + match[0].length;
    while (n < starts.length && starts[n] < match.index) n++;
    for (; n < starts.length && starts[n] < end; n++) values[n] = 1;
  }
  return annotation(name, values, symbols);
}

function isConstant(values: Float64Array): boolean {
  return values.every((v) => v === values[0]);
}

/** The upper quartile of the values, if it exceeds their minimum. */
function highFrom(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const quarter = sorted[Math.floor(sorted.length * 0.75)];
  if (quarter > sorted[0]) return quarter;
  return sorted.find((v) => v > sorted[0]) ?? Infinity;
}
