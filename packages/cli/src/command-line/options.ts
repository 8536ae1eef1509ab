// One table per command feeds parsing, --help, the configuration file and its checks. An option's key is the name in the configuration file
// and in the code; its flag is the same name with dashes.

import { OptionError, suggest } from 'unrolled';
import { namesOf } from './names.ts';
import { checkNeeds, type From, type Needs } from './needs.ts';
import { type Hint, renamedFlag, renamedValue } from './renamed.ts';

interface Base {
  readonly help: string;
  /** Heading in --help. */
  readonly group?: string;
  /** One letter. */
  readonly short?: string;
  /** Other names for the flag that are in people's fingers: char-rnn's, PyTorch's. */
  readonly also?: readonly string[];
  /** What other options must be for this one to mean something: an option that would be ignored is an error. */
  readonly needs?: Needs;
}

export type OptionSpec =
  | (Base & {
      readonly kind: 'integer' | 'number';
      readonly default: number | null;
      readonly min?: number;
      readonly max?: number /** min itself is out. */;
      readonly above?: boolean;
    })
  | (Base & { readonly kind: 'string'; readonly default: string | null; readonly placeholder?: string })
  | (Base & { readonly kind: 'choice'; readonly default: string | null; readonly choices: readonly string[] })
  | (Base & { readonly kind: 'flag'; readonly default: boolean });

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What parsing gives for a table: every key, with its default where nothing was said. */
export type Values<T extends OptionTable> = {
  -readonly [K in keyof T]: T[K] extends { kind: 'flag' }
    ? boolean
    : T[K] extends { kind: 'integer' | 'number'; default: infer D }
      ? number | (D extends null ? null : never)
      : T[K] extends { kind: 'choice'; choices: readonly (infer C)[]; default: infer D }
        ? C | (D extends null ? null : never)
        : T[K] extends { default: infer D }
          ? string | (D extends null ? null : never)
          : never;
};

/** A table's values where nothing was said. */
export function defaultsOf<T extends OptionTable>(table: T): Values<T> {
  return Object.fromEntries(Object.entries(table).map(([key, spec]) => [key, spec.default])) as Values<T>;
}

/** seqLength → seq-length */
export function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `<n>` and the like, for --help. */
export function placeholderOf(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'integer':
      return '<n>';
    case 'number':
      return '<x>';
    case 'choice':
      return '<name>';
    case 'string':
      return `<${spec.placeholder ?? 'text'}>`;
    case 'flag':
      return '';
    default:
      return spec satisfies never;
  }
}

/** A value as typed or as it stands in a configuration file, checked. Throws an OptionError that says what would do. */
export function checkValue(who: string, key: string, spec: OptionSpec, value: unknown): unknown {
  const fail = (expected: string) =>
    new OptionError(
      who,
      `--${flagOf(key)}`,
      `expected ${expected}, got ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
  switch (spec.kind) {
    case 'integer':
    case 'number': {
      const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const { min = -Infinity, max = Infinity, above = false } = spec;
      const what = spec.kind === 'integer' ? 'a whole number' : 'a number';
      const range = `${what}${min > -Infinity ? (above ? ` above ${min}` : ` from ${min}`) : ''}${max < Infinity ? ` to ${max}` : ''}`;
      const fits =
        typeof n === 'number' &&
        Number.isFinite(n) &&
        n <= max &&
        (above ? n > min : n >= min) &&
        (spec.kind === 'number' || Number.isSafeInteger(n));
      if (!fits) throw fail(range);
      return n;
    }
    case 'string':
      if (typeof value !== 'string') throw fail('a text');
      return value;
    case 'choice':
      if (typeof value !== 'string' || !spec.choices.includes(value))
        throw new OptionError(
          who,
          `--${flagOf(key)}`,
          `there is no ${String(value)}; ${suggest(String(value), spec.choices)}`,
        );
      return value;
    case 'flag':
      if (typeof value !== 'boolean') throw fail('true or false');
      return value;
    default:
      return spec satisfies never;
  }
}

/** The options of a configuration file by their keys: other spellings and old names are read, the latter with a hint; unknown names are refused. */
export function byKey(
  who: string,
  table: OptionTable,
  file: Readonly<Record<string, unknown>>,
  hint: Hint = () => {},
): Record<string, unknown> {
  const names = namesOf([table]);
  return Object.fromEntries(
    Object.entries(file).map(([name, value]) => {
      const dashed = flagOf(name).replaceAll('_', '-');
      const flag = names.get(dashed) ?? renamedFlag(dashed, names, hint) ?? name;
      const key = flag.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
      if (!Object.hasOwn(table, key))
        throw new OptionError(
          `${who}, configuration file`,
          name,
          `unknown option; ${suggest(name, Object.keys(table))}`,
        );
      return [key, renamedValue(flag, value, hint)];
    }),
  );
}

/** Defaults, then the configuration file, then the flags. */
export function settle<T extends OptionTable>(
  who: string,
  table: T,
  file: Readonly<Record<string, unknown>>,
  flags: Readonly<Record<string, unknown>>,
): Values<T> {
  const values: Record<string, unknown> = defaultsOf(table);
  const given = new Map<string, From>();
  for (const [key, value] of Object.entries(byKey(who, table, file))) {
    const spec = table[key];
    given.set(key, 'file');
    values[key] =
      value === null && spec.default === null ? null : checkValue(`${who}, configuration file`, key, spec, value);
  }
  for (const [key, value] of Object.entries(flags)) {
    if (!Object.hasOwn(table, key) || value === undefined) continue;
    values[key] = checkValue(who, key, table[key], value);
    given.set(key, 'flag');
  }
  checkNeeds(who, table, values, given);
  return values as Values<T>;
}
