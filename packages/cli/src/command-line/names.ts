// Familiar spellings of options: --seq_length for --seq-length, and char-rnn's -rnn_size 128 for --hidden 128.

import { flagOf, type OptionTable } from './options.ts';

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

/** The arguments with each option by its flag. Other arguments, and all after `--`, are unchanged. */
export function withFlags(args: readonly string[], names: ReadonlyMap<string, string>): string[] {
  const end = args.indexOf('--');
  return args.map((arg, i) => {
    if (end >= 0 && i >= end) return arg;
    const [, dashes, name, value = ''] = /^(--?)([a-zA-Z][\w-]+)(=.*)?$/s.exec(arg) ?? [];
    if (!name) return arg;
    const dashed = name.replaceAll('_', '-');
    const flag = names.get(dashed);
    if (flag) return `--${flag}${value}`;
    return dashes === '--' ? `--${dashed}${value}` : arg; // unknown: the parser says so, of the name with dashes
  });
}
