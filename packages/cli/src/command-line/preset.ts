// Presets: the settings of a paper or a program by its name, as a configuration file that is already here. A file that is given goes before a preset,
// and flags before both.

import { OptionError, suggest } from 'unrolled';
import { flagOf, type OptionTable, type Presets } from './option-table.ts';
import { t } from '../language/index.ts';

/** The option `--preset` of a command with these presets. */
export function presetOption<const P extends Presets>(presets: P) {
  const names = Object.keys(presets);
  return {
    preset: {
      kind: 'choice',
      default: null,
      choices: names,
      presets,
      help: `the settings of a paper or program, printed at the start; other options override them: ${names.join(', ')}`,
    },
  } as const;
}

/** What the named preset sets; nothing where none is named. */
export function presetValues(
  who: string,
  table: OptionTable,
  ...sources: readonly Readonly<Record<string, unknown>>[]
): Readonly<Record<string, unknown>> {
  const { preset: spec } = table;
  const name = sources.map(({ preset }) => preset).find((value) => value !== undefined && value !== null);
  if (spec?.kind !== 'choice' || !spec.presets || name === undefined) return {};
  if (typeof name !== 'string') throw new OptionError(who, '--preset', `expected a name, got a ${typeof name}`);
  if (!Object.hasOwn(spec.presets, name))
    throw new OptionError(who, '--preset', `there is no ${name}; ${suggest(name, spec.choices)}`);
  return spec.presets[name].values;
}

/** The preset of a run for its first screen: their source, the settings, and the options that override them. */
export function presetLines(table: OptionTable, values: Readonly<Record<string, unknown>>): string[] {
  const { preset: spec } = table;
  if (spec?.kind !== 'choice' || !spec.presets || typeof values.preset !== 'string') return [];
  const { from, values: set, differs } = spec.presets[values.preset];
  const shown = (key: string, value: unknown) =>
    typeof value === 'boolean' ? `--${value ? '' : 'no-'}${flagOf(key)}` : `--${flagOf(key)} ${String(value)}`;
  const keys = Object.keys(set);
  const kept = keys.filter((key) => values[key] === set[key]);
  const other = keys.filter((key) => values[key] !== set[key]);
  return [
    t`preset ${values.preset}: ${t(from)}`,
    `${kept.map((key) => shown(key, set[key])).join(' ')}`,
    ...(other.length > 0
      ? [
          t`overridden: ${other.map((key) => t`${values[key] === null ? t`no --${flagOf(key)}` : shown(key, values[key])} instead of ${String(set[key])}`).join(', ')}`,
        ]
      : []),
    ...(differs === null ? [] : [t`differs: ${t(differs)}`]),
  ];
}
