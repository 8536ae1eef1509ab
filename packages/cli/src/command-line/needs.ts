// Options that only have an effect with others: `--decay-every` with the schedule `step`, `--temperature` with `--sample`. Each lists in its table
// what it needs, and an option without effect is refused.

import { OptionError } from 'unrolled';
import { flagOf, type OptionTable } from './options.ts';

/** By the name of the other option: the values it may have; or `given`, or `none` for one that must not be given. */
export type Needs = Readonly<Record<string, 'given' | 'none' | readonly (string | boolean)[]>>;

/** Where an option was given. */
export type From = 'file' | 'flag';

/**
 * Throws an OptionError for an option that was given, is not at its default, and has no effect. Flags win over the file: where a flag makes an option
 * of the file ineffective, or contradicts it, the file's option goes back to its default.
 */
export function checkNeeds(
  who: string,
  table: OptionTable,
  values: Record<string, unknown>,
  predicted: ReadonlyMap<string, From>,
): void {
  // Contradictions first: what a flag drops from the file cannot conflict with anything.
  for (const [key, other] of unmet(table, values, predicted)) {
    const rivals = table[key].needs?.[other] === 'none';
    if (rivals && predicted.get(key) === 'flag' && predicted.get(other) === 'file')
      values[other] = table[other].default;
  }
  for (const [key, other] of unmet(table, values, predicted)) {
    if (predicted.get(key) === 'file' && predicted.get(other) === 'flag') {
      values[key] = table[key].default;
      continue;
    }
    throw new OptionError(who, flagAs(table, key), problem(table, values, key, other));
  }
}

/** Options that were given and have no effect, with the other option that is the reason. */
function unmet(
  table: OptionTable,
  values: Readonly<Record<string, unknown>>,
  predicted: ReadonlyMap<string, From>,
): [key: string, other: string][] {
  return [...predicted.keys()].flatMap((key) => {
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
  const given = value !== null && value !== false && value !== '';
  if (need === 'given') return given;
  return need === 'none' ? !given : need.includes(value as string | boolean);
}

function problem(table: OptionTable, values: Readonly<Record<string, unknown>>, key: string, other: string): string {
  const need = table[key].needs?.[other] as Needs[string];
  const flag = flagAs(table, other);
  if (need === 'given' || (need !== 'none' && need.includes(true))) return `means nothing without ${flag}`;
  if (need === 'none' || need.includes(false)) return `means nothing with ${flag}`;
  return `is for ${flag} ${need.join(' or ')}; here it is ${String(values[other])}`;
}
