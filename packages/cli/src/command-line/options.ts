// One table per command feeds parsing, --help, the configuration file and its checks. An option's key is its name in the configuration file
// and in the code; its flag is the same name with dashes.

import { OptionError, suggest } from 'unrolled';
import { parseDecimal } from 'unrolled/data';
import { namesOf } from './names.ts';
import { checkNeeds, type From } from './needs.ts';
import { defaultsOf, flagOf, type OptionSpec, type OptionTable, type Values } from './option-table.ts';
import { type Hint, renamedFlag, renamedValue } from './renamed.ts';

export {
  defaultsOf,
  flagOf,
  type OptionSpec,
  type OptionTable,
  placeholderOf,
  type Values,
} from './option-table.ts';

/** Checks a value as typed or as it stands in a configuration file. Throws an OptionError that says what is allowed. */
export function checkValue(who: string, key: string, spec: OptionSpec, value: unknown): unknown {
  const fail = (expected: string) =>
    new OptionError(
      who,
      `--${flagOf(key)}`,
      `expected ${expected}, got ${typeof value === 'string' && value.trim() !== '' ? value : JSON.stringify(value)}`,
    );
  switch (spec.kind) {
    case 'integer':
    case 'number': {
      const n = typeof value === 'string' ? parseDecimal(value) : value;
      const { min = -Infinity, max = Infinity, above = false } = spec;
      const fits =
        typeof n === 'number' &&
        Number.isFinite(n) &&
        n <= max &&
        (above ? n > min : n >= min) &&
        (spec.kind === 'number' || Number.isSafeInteger(n));
      // 0x10 may be in the range: what is wrong with it is its notation.
      if (!fits) throw fail(typeof value === 'string' && /^0[xob]/i.test(value) ? 'a decimal number' : rangeOf(spec));
      return n;
    }
    case 'string':
      if (typeof value !== 'string') throw fail('a text');
      return value;
    case 'choice': {
      const name =
        typeof value === 'string' && Object.hasOwn(spec.aliases ?? {}, value) ? spec.aliases?.[value] : value;
      if (typeof name !== 'string' || !spec.choices.includes(name))
        throw new OptionError(
          who,
          `--${flagOf(key)}`,
          `there is no ${value === '' ? '""' : String(value)}; ${suggest(String(value), spec.choices)}`,
        );
      return name;
    }
    case 'flag':
      if (typeof value !== 'boolean') throw fail('true or false');
      return value;
    default:
      return spec satisfies never;
  }
}

/** What a number may be: whole sentences, which are translated as such. */
function rangeOf({ kind, min, max, above = false }: Extract<OptionSpec, { kind: 'integer' | 'number' }>): string {
  const whole = kind === 'integer';
  if (min === undefined && max === undefined) return whole ? 'a whole number' : 'a number';
  if (min === undefined) return whole ? `a whole number to ${max}` : `a number to ${max}`;
  if (max === undefined) {
    if (above) return whole ? `a whole number above ${min}` : `a number above ${min}`;
    return whole ? `a whole number from ${min}` : `a number from ${min}`;
  }
  if (above) return whole ? `a whole number above ${min} to ${max}` : `a number above ${min} to ${max}`;
  return whole ? `a whole number from ${min} to ${max}` : `a number from ${min} to ${max}`;
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
