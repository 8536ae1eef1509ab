// Flags and values that have a new name. The old one keeps working, on the command line and in a configuration file, with one line of hint on
// standard error. This table is the only place that knows the old names.

import { t } from '../language/index.ts';
/** The old flag → the new one. An old name means its new flag only where the command has that flag and no option of the old name. */
export const renamedFlags: Readonly<Record<string, string>> = {
  picture: 'image',
  pictures: 'images',
  film: 'video',
  colour: 'color',
  'colour-channels': 'color-channels',
  'captions-per-picture': 'captions-per-image',
  'block-ngrams': 'no-repeat-ngram-size',
  'min-length': 'min-tokens',
  length: 'max-tokens', // of sample
  top: 'top-k',
};

/** By flag: the old value → the new one. */
export const renamedValues: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cell: { 'gru-before': 'gru-reset-before' },
  form: { blind: 'question-only' },
  split: { chance: 'random' },
};

/** Hint printed for an old name: "--pictures is now --images". */
export type Hint = (line: string) => void;

const ofOne = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** The flag that `name`, which is none of `flags`, is an old name of, with a hint; undefined where it is none either. */
export function renamedFlag(name: string, flags: ReadonlyMap<string, string>, hint: Hint): string | undefined {
  const flag = flags.get(ofOne(renamedFlags, name) ?? '');
  if (flag !== undefined) hint(t`--${name} is now --${flag}`);
  return flag;
}

/** The value under its new name, with a hint where it has one. */
export function renamedValue<T>(flag: string, value: T, hint: Hint): T | string {
  const now =
    typeof value === 'string' && Object.hasOwn(renamedValues, flag) ? ofOne(renamedValues[flag], value) : undefined;
  if (now === undefined) return value;
  hint(t`--${flag} ${String(value)} is now --${flag} ${now}`);
  return now;
}
