// Familiar spellings of options: --seq_length for --seq-length, and char-rnn's -rnn_size 128 for --hidden 128.

import { flagOf, type OptionTable } from './option-table.ts';
import { type Hint, renamedFlag, renamedValue } from './renamed.ts';

/** Maps every name of an option, in dashes, to its flag. */
export function namesOf(tables: readonly OptionTable[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const table of tables) {
    for (const [key, { also = [] }] of Object.entries(table)) {
      for (const name of [flagOf(key), ...also]) names.set(name, flagOf(key));
    }
  }
  return names;
}

/** The arguments with each option by its flag, old names under the new ones with a hint. What is no option, and all after `--`, stays as it is. */
export function withFlags(
  args: readonly string[],
  names: ReadonlyMap<string, string>,
  hint: Hint = () => {},
): string[] {
  const end = args.indexOf('--');
  let before: string | undefined; // the flag whose value the next argument is
  return args.map((arg, i) => {
    const of = before;
    before = undefined;
    if (end >= 0 && i >= end) return arg;
    const [, dashes, name, equals = ''] = /^(--?)([a-zA-Z][\w-]+)(=.*)?$/s.exec(arg) ?? [];
    if (!name) return of === undefined ? arg : renamedValue(of, arg, hint);
    const dashed = name.replaceAll('_', '-');
    const flag = names.get(dashed) ?? renamedFlag(dashed, names, hint);
    if (!flag) return dashes === '--' ? `--${dashed}${equals}` : arg; // unknown: the parser says so, of the name with dashes
    if (equals) return `--${flag}=${renamedValue(flag, equals.slice(1), hint)}`;
    before = flag;
    return `--${flag}`;
  });
}
