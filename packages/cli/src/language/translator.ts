// A catalogue at work. A sentence with values is found by its text with the values numbered, "step {0} was skipped". A finished English message
// is compared with all entries of this form, and its values are translated in turn: "expected {0}, got {1}".
// In a translation {0:을/를} is a value with the particle that its sound asks for, and {0~을/를} the particle alone: “{0}”{0~을/를}.

import { stripVTControlCharacters } from 'node:util';

/** English sentences and their translations. */
export type Catalogue = Readonly<Record<string, string>>;

/** `은` or `는`, behind this text. */
export type ParticleAfter = (text: string, pair: string) => string;

export class Translator {
  readonly #words: ReadonlyMap<string, string>;
  /** Of finished texts: what t`…` says is never compared. */
  readonly #messages: ReadonlyMap<string, string>;
  readonly #kinds: Readonly<Record<string, string>>;
  readonly #particle: ParticleAfter;
  readonly #keys = new WeakMap<TemplateStringsArray, string>();
  #patterns: readonly Pattern[] | null = null;

  /**
   * `screens`: sentences of which the values are known apart. `messages`: help, errors and notices, which are also found when they are finished.
   * `kinds`: what an error of a class is, before a message that has no translation.
   */
  constructor(
    { screens, messages }: Readonly<Record<'screens' | 'messages', readonly Catalogue[]>>,
    kinds: Readonly<Record<string, string>>,
    particle: ParticleAfter,
  ) {
    this.#messages = new Map(messages.flatMap((catalogue) => Object.entries(catalogue)));
    this.#words = new Map([...screens.flatMap((catalogue) => Object.entries(catalogue)), ...this.#messages]);
    this.#kinds = kinds;
    this.#particle = particle;
  }

  /** A sentence of which the values are known apart. */
  sentence(strings: TemplateStringsArray, values: readonly unknown[]): string {
    let key = this.#keys.get(strings);
    if (key === undefined) {
      key = keyOf(strings);
      this.#keys.set(strings, key);
    }
    return this.#fill(this.#words.get(key) ?? key, values.map(String));
  }

  /** A finished text: itself where it has no translation. */
  text(text: string): string {
    return this.#translated(text, 0) ?? text;
  }

  /** An error's message: who and what stay, the problem is translated. */
  error(error: Error): string {
    if (error.name === 'ConvertError') return this.#asItIs(error);
    const [before, problem] = splitMessage(error);
    const text = this.#translated(problem, 0);
    if (text !== null) return `${this.#names(before)}${text}`;
    const whole = before === '' ? null : this.#translated(error.message, 0);
    if (whole !== null) return whole;
    return this.#asItIs(error);
  }

  /** The English message below what it is: of a model file's insides, in the terms of its format, there is nothing else. */
  #asItIs({ name, message }: Error): string {
    return `${this.#kinds[name] ?? this.#kinds.Error}\n${message}`;
  }

  /** `train text, configuration file: --hidden: row 3: ` part by part. */
  #names(before: string): string {
    return before.replace(/[^:]+(?=: )/g, (name) => {
      const [, row] = /^ ?row (\d+)$/.exec(name) ?? [];
      const known = row === undefined ? undefined : this.#words.get('row {0}');
      return known === undefined ? (this.#translated(name, 1) ?? name) : this.#fill(` ${known}`, [row]);
    });
  }

  #translated(text: string, depth: number): string | null {
    const exact = this.#words.get(text);
    // A word alone that is a value may be a person's: a column that is called text.
    if (exact !== undefined && (depth === 0 || /\s/.test(text))) return exact;
    if (depth > deepest || !/\p{L}/u.test(text)) return null;
    this.#patterns ??= patternsOf(this.#messages);
    for (const { parts, translation, holes } of this.#patterns) {
      const found = valuesIn(text, parts);
      if (found === null) continue;
      const values: string[] = [];
      holes.forEach((hole, k) => {
        values[hole] = this.#translated(found[k], depth + 1) ?? found[k];
      });
      return this.#fill(translation, values);
    }
    const [, name, rest = ''] = /^([\w-]+): (.* .*)$/s.exec(text) ?? []; // a problem and what it asks
    const known = this.#words.get(rest);
    return known === undefined ? this.#reasons(text) : `${name}: ${known}`;
  }

  /** `3 without a label (a.csv, row 1; …), 1 without a text (a.csv, row 9)`: counted reasons, each translated. */
  #reasons(text: string): string | null {
    const translation = this.#words.get('{0} {1} ({2})');
    if (translation === undefined) return null;
    const reasons = text.split(/(?<=\)), (?=\d)/).map((reason) => {
      const [, count, why, where] = /^([\d,]+) ([^(]+) \((.*)\)$/s.exec(reason) ?? [];
      const known = why === undefined ? null : this.#translated(why, 1);
      return known === null ? null : this.#fill(translation, [count, known, where]);
    });
    return reasons.includes(null) ? null : reasons.join(', ');
  }

  #fill(translation: string, values: readonly string[]): string {
    return translation.replace(/\{(\d+)(?:([:~])([^}]+))?\}/g, (_, hole: string, sign = '', pair = '') => {
      const value = values[Number(hole)] ?? '';
      const particle = sign === '' ? '' : this.#particle(stripVTControlCharacters(value), pair);
      return sign === '~' ? particle : value + particle;
    });
  }
}

const deepest = 4; // values in values: no message has more

/** `["step ", " of ", ""]` → `step {0} of {1}` */
export function keyOf(strings: readonly string[]): string {
  return strings.reduce((before, part, i) => `${before}{${i - 1}}${part}`);
}

interface Pattern {
  /** The text around the holes. */
  readonly parts: readonly string[];
  readonly translation: string;
  /** The number of each hole, in the order of the text. */
  readonly holes: readonly number[];
}

const fewest = 5; // characters of a pattern: "{0} is {1}" would be found in every second sentence

/** Those with the most text of their own come first. */
function patternsOf(words: ReadonlyMap<string, string>): Pattern[] {
  const own = (key: string) => key.replace(/\{\d+\}/g, '').length;
  return Array.from(words)
    .filter(([key]) => /\{\d+\}/.test(key) && key.replace(/\{\d+\}|\s/g, '').length >= fewest)
    .sort(([a], [b]) => own(b) - own(a))
    .map(([key, translation]) => {
      const split = key.split(/\{(\d+)\}/);
      return {
        parts: split.filter((_, i) => i % 2 === 0),
        translation,
        holes: split.filter((_, i) => i % 2 === 1).map(Number),
      };
    });
}

/** What stands in the holes of a text that has these parts in this order, or null. Each part is taken where it comes first: a text is read once. */
function valuesIn(text: string, parts: readonly string[]): string[] | null {
  const [first] = parts;
  const last = parts[parts.length - 1];
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return null;
  const end = text.length - last.length;
  const values: string[] = [];
  let [at, together] = [first.length, 1];
  const take = (value: string) => {
    values.push(...(together === 1 ? [value] : clauses(value, together)));
    together = 1;
  };
  for (const part of parts.slice(1, -1)) {
    if (part === '') {
      together++; // two holes with nothing between them
      continue;
    }
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return null;
    take(text.slice(at, found));
    at = found + part.length;
  }
  take(text.slice(at, end));
  return values;
}

/** The values of holes next to each other: the second is a clause that may be missing, `; known are …`. */
function clauses(text: string, count: number): string[] {
  const at = text.indexOf('; ');
  const [value, clause] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
  return [value, clause, ...Array.from({ length: count - 2 }, () => '')];
}

/** Who and what an error names, and its problem. */
function splitMessage(error: Error): [before: string, problem: string] {
  const { who, option, source, path, row } = error as Error &
    Readonly<Record<'who' | 'option' | 'source' | 'path' | 'row', unknown>>;
  const named = [who, option, source, path].filter((name) => typeof name === 'string').map((name) => `${name}: `);
  const before = [...named, ...(typeof row === 'number' ? [`row ${row}: `] : [])].join('');
  const { message } = error;
  return message.startsWith(before) ? [before, message.slice(before.length)] : ['', message];
}
