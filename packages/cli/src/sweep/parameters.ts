// The values of the trials: every combination of a grid, or draws that depend on the sweep's seed, the trial and the parameter alone, so that more
// trials change none of the first ones.

import { OptionError, Random, suggest } from 'unrolled';
import { checkValue, flagOf, type OptionSpec, type OptionTable } from '../command-line/options.ts';
import { mostTrials, type Parameter, type ParameterValue, type SweepSpec } from './spec.ts';

/** What a trial has by the names of its parameters. */
export type TrialValues = Readonly<Record<string, ParameterValue>>;

/** The values of every trial, in order. Throws an OptionError for a grid that is too large. */
export function valuesOf(path: string, { parameters, method, trials, seed }: SweepSpec): readonly TrialValues[] {
  if (method === 'grid') return combinations(path, parameters);
  const random = new Random(seed);
  return Array.from({ length: trials as number }, (_, trial) =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, one]) => [name, drawn(one, random.fork(`trial ${trial} ${name}`))]),
    ),
  );
}

/** The last parameter changes first. */
function combinations(path: string, parameters: SweepSpec['parameters']): TrialValues[] {
  const lists = Object.entries(parameters).map(([name, one]) => [name, 'choice' in one ? one.choice : []] as const);
  const count = lists.reduce((product, [, list]) => product * list.length, 1);
  if (count > mostTrials)
    throw new OptionError(path, 'parameters', `have ${count} combinations, and a sweep has at most ${mostTrials} trials; the method random tries some of them`); // biome-ignore format: a line
  return Array.from({ length: count }, (_, trial) => {
    let rest = trial;
    const values = lists.toReversed().map(([name, list]) => {
      const value = list[rest % list.length];
      rest = Math.floor(rest / list.length);
      return [name, value] as const;
    });
    return Object.fromEntries(values.toReversed());
  });
}

/** One draw. Numbers have four digits: as many as matter, and few enough to be typed again. */
function drawn(parameter: Parameter, random: Random): ParameterValue {
  if ('choice' in parameter) return parameter.choice[random.integer(parameter.choice.length)];
  if ('integer' in parameter) {
    const [low, high] = parameter.integer;
    return low + random.integer(high - low + 1);
  }
  const within = ([low, high]: readonly [number, number], value: number) =>
    Math.min(high, Math.max(low, Number(value.toPrecision(4))));
  if ('uniform' in parameter) {
    const [low, high] = parameter.uniform;
    return within(parameter.uniform, low + (high - low) * random.uniform());
  }
  const [low, high] = parameter['log-uniform'];
  return within(parameter['log-uniform'], low * (high / low) ** random.uniform());
}

/** Options of the command that belong to the sweep. */
export const ofSweep = ['out', 'fresh', 'json', 'quiet', 'debug', 'refit'];

/** Checks that each parameter is an option of the training command, which takes all of its values. Returns them by the options' own names. */
export function checkParameters(path: string, table: OptionTable, spec: SweepSpec): SweepSpec['parameters'] {
  const keys = Object.keys(table).filter((key) => !ofSweep.includes(key));
  const seen = new Map<string, string>();
  return Object.fromEntries(
    Object.entries(spec.parameters).map(([name, parameter]) => {
      const where = `parameters.${name}`;
      const key = name.replace(/^-+/, '').replace(/[-_]+([a-z])/g, (_, letter: string) => letter.toUpperCase());
      if (ofSweep.includes(key)) throw new OptionError(path, where, 'belongs to the sweep as a whole');
      if (!keys.includes(key))
        throw new OptionError(path, where, `the command has no such option; ${suggest(name, keys)}`);
      if (seen.has(key)) throw new OptionError(path, where, `is the same option as ${seen.get(key)}`);
      seen.set(key, name);
      checkKind(path, where, table[key], parameter);
      for (const value of examples(parameter)) {
        if (value === null && table[key].default === null) continue;
        checkValue(`${path}, parameters`, key, table[key], value);
      }
      return [key, parameter];
    }),
  );
}

function checkKind(path: string, where: string, option: OptionSpec, parameter: Parameter): void {
  if ('choice' in parameter) return;
  const [kind] = Object.keys(parameter);
  if (option.kind !== 'number' && option.kind !== 'integer')
    throw new OptionError(path, where, `is no number: give a list of values instead of ${kind}`);
  if (option.kind === 'integer' && kind !== 'integer')
    throw new OptionError(path, where, `is a whole number: use integer or a list of values instead of ${kind}`);
}

/** Values that are all in range where these are. */
function examples(parameter: Parameter): readonly ParameterValue[] {
  return Object.values(parameter)[0] as readonly ParameterValue[];
}

/** The words of a command line that give a trial its values. */
export function flagsOf(table: OptionTable, values: TrialValues): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const { kind, default: usual } = table[key];
    if (kind !== 'flag') return value === null ? [] : worded(`--${flagOf(key)}`, String(value));
    return value === usual ? [] : [`--${usual ? 'no-' : ''}${flagOf(key)}`];
  });
}

/** A value that begins with a dash would be taken for an option. */
const worded = (flag: string, value: string) => (value.startsWith('-') ? [`${flag}=${value}`] : [flag, value]);

/** `lr 0.003  hidden 128` */
export function describeValues(values: TrialValues, between = '  '): string {
  return Object.entries(values)
    .map(([key, value]) => `${flagOf(key)} ${value === null ? '–' : String(value)}`)
    .join(between);
}
