// Advice names options, and comes from parts that several commands share: `--bad-rows skip` does not help in a command without that option.
// The output of a command is checked here, once, against the options that it has.

import { flagOf, type OptionTable } from './options.ts';
import { t } from '../language/index.ts';

/** Flags of `table`, with the forms that switch one off. */
function flagsOf(table: OptionTable): Set<string> {
  return new Set(
    Object.entries(table).flatMap(([key, spec]) => [
      flagOf(key),
      ...(spec.default === true ? [`no-${flagOf(key)}`] : []),
    ]),
  );
}

const named = /(?<![\w-])--([a-z][a-z-]*[a-z])/g;

/** The flags in a text that none of `tables` has. */
export function foreignFlags(text: string, tables: readonly OptionTable[]): string[] {
  const own = tables.map(flagsOf);
  const flags = Array.from(text.matchAll(named), ([, flag]) => flag);
  return [...new Set(flags)].filter((flag) => !own.some((flags_) => flags_.has(flag)));
}

/** `text`, with a note on options that the command does not have. */
export function withOwners(text: string, table: OptionTable, others: ReadonlyMap<string, OptionTable>): string {
  const lines = foreignFlags(text, [table]).flatMap((flag) => {
    const owners = [...others].filter(([, options]) => flagsOf(options).has(flag)).map(([name]) => name);
    return owners.length > 0 ? [t`(--${flag} is an option of unrolled ${owners.join(', ')})`] : [];
  });
  return [text, ...lines].join('\n');
}

/** A line without `; see --max-length`, or `. --max-length를 보세요`, where the command has no such option. */
export function withoutForeign(line: string, table: OptionTable): string {
  return line.replace(/; see (--[a-z-]+)|\. (--[a-z-]+)[을를] 보세요/g, (advice, flag?: string, korean?: string) =>
    foreignFlags(flag ?? korean ?? '', [table]).length > 0 ? '' : advice,
  );
}
