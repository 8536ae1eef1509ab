// Options that only have an effect with others: `--decay-every` with the schedule `step`, `--temperature` with `--sample`. Each lists in its table
// what it needs, and an option without effect is refused.

import { OptionError } from 'unrolled';
import { flagOf, type Needs, type OptionTable } from './option-table.ts';

/** Where an option was given. */
export type From = 'file' | 'flag';

/**
 * Throws an OptionError for an option that was given, is not at its default, and is ignored. Flags win over the file: where a flag is why an option of the
 * file means nothing, and where a flag stands against an option of the file, the file's goes back to its default.
 */
export function checkNeeds(
  who: string,
  table: OptionTable,
  values: Record<string, unknown>,
  given: ReadonlyMap<string, From>,
): void {
  // Rivals first: what a flag drops from the file no longer stands in anything's way.
  for (const [key, other] of unmet(table, values, given)) {
    const rivals = table[key].needs?.[other] === 'none';
    if (rivals && given.get(key) === 'flag' && given.get(other) === 'file') values[other] = table[other].default;
  }
  for (const [key, other] of unmet(table, values, given)) {
    if (given.get(key) === 'file' && given.get(other) === 'flag') {
      values[key] = table[key].default;
      continue;
    }
    throw new OptionError(who, flagAs(table, key), problem(table, values, key, other));
  }
}

/** Options that were given and are ignored, with the other one that is why. */
function unmet(
  table: OptionTable,
  values: Readonly<Record<string, unknown>>,
  given: ReadonlyMap<string, From>,
): [key: string, other: string][] {
  return [...given.keys()].flatMap((key) => {
    const { needs = {}, default: usual } = table[key];
    if (values[key] === usual) return [];
    const other = Object.keys(needs).find((name) => Object.hasOwn(table, name) && !met(needs[name], values[name]));
    return other === undefined ? [] : [[key, other] as [string, string]];
  });
}

/** `--no-header` for a flag that is on by default. */
function flagAs(table: OptionTable, key: string): string {
  return `--${table[key].default === true ? 'no-' : ''}${flagOf(key)}`;
}

function met(need: Needs[string], value: unknown): boolean {
  const isGiven = value !== null && value !== false && value !== '';
  if (need === 'given') return isGiven;
  return need === 'none' ? !isGiven : need.includes(value as string | boolean);
}

function problem(table: OptionTable, values: Readonly<Record<string, unknown>>, key: string, other: string): string {
  const need = table[key].needs?.[other] as Needs[string];
  const flag = flagAs(table, other);
  if (need === 'given' || (need !== 'none' && need.includes(true))) return `means nothing without ${flag}`;
  if (need === 'none' || need.includes(false)) return `means nothing with ${flag}`;
  return `is for ${flag} ${need.join(' or ')}; here it is ${String(values[other])}`;
}
