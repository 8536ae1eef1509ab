// sweep.json, read and checked: the command that is run, the parameters that differ, how their values are chosen, and what decides.
//
//   {
//     "command": "train text notes.txt --steps 2000",
//     "parameters": { "hidden": [64, 128, 256], "lr": { "log-uniform": [1e-4, 1e-2] } },
//     "method": "random", "trials": 24, "metric": "loss"
//   }

import { OptionError, suggest } from 'unrolled';
import { wordsOf } from './words.ts';

export const methods = ['grid', 'random', 'halving'] as const;
export type Method = (typeof methods)[number];

/** What may stand in a command line: a text, a number, whether a flag is on; null where the option is left out. */
export type ParameterValue = string | number | boolean | null;

/** Values to choose from, in the order that they were given in, or the ends of a range. */
export type Parameter =
  | { readonly choice: readonly ParameterValue[] }
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly 'log-uniform': readonly [low: number, high: number] }
  | { readonly integer: readonly [low: number, high: number] };

/** Successive halving: of each rung's trials the best 1/eta are trained eta times as long. */
export interface Halving {
  readonly eta: number;
  readonly rungs: number;
}

export interface SweepSpec {
  /** Words of the training command, without `unrolled`: `train text notes.txt --steps 2000`. */
  readonly command: readonly string[];
  /** By the names of options, as configuration files have them: `hidden`, `seqLength`. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly method: Method;
  /** Number of trials; null for a grid, which has one for each combination. */
  readonly trials: number | null;
  /** Of the values that are drawn. */
  readonly seed: number;
  /** `loss`, the best validation loss, or the name of another metric of the validation. */
  readonly metric: string;
  readonly direction: 'minimize' | 'maximize';
  readonly halving: Halving | null;
}

/** No sweep has more. */
export const mostTrials = 10_000;

const distributions = ['choice', 'uniform', 'log-uniform', 'integer'] as const;
const fields = ['command', 'parameters', 'method', 'trials', 'seed', 'metric', 'direction', 'halving'];

/** Checks the content of a sweep.json; `path` is for messages. Throws an OptionError that names the field. */
export function readSpec(path: string, content: unknown): SweepSpec {
  const given = objectOf(path, 'sweep', content, fields);
  const fail = (field: string, problem: string) => new OptionError(path, field, problem);
  const method = given.method as Method;
  if (!methods.includes(method))
    throw fail('method', `expected ${methods.join(', ')}, got ${shownValue(given.method)}`);
  const halving = halvingOf(path, method, given.halving);
  const metric = given.metric ?? 'loss';
  if (typeof metric !== 'string' || metric === '') throw fail('metric', `expected loss or the name of a metric, got ${shownValue(metric)}`); // biome-ignore format: a line
  const direction = given.direction ?? (metric === 'loss' ? 'minimize' : undefined);
  if (direction !== 'minimize' && direction !== 'maximize')
    throw fail('direction', `expected minimize or maximize for the metric ${metric}, got ${shownValue(direction)}`);
  return {
    command: commandOf(path, given.command),
    parameters: parametersOf(path, method, given.parameters),
    method,
    trials: trialsOf(path, method, given.trials),
    seed: wholeOf(path, 'seed', given.seed ?? 1, 0, Number.MAX_SAFE_INTEGER),
    metric,
    direction,
    halving,
  };
}

function commandOf(path: string, command: unknown): readonly string[] {
  const isWords = Array.isArray(command) && command.every((word) => typeof word === 'string');
  if (typeof command !== 'string' && !isWords)
    throw new OptionError(
      path,
      'command',
      `expected a training command such as "train text notes.txt --steps 2000", got ${shownValue(command)}`,
    );
  const words = typeof command === 'string' ? wordsOf(path, command) : (command as readonly string[]);
  const own = words[0] === 'npx' ? words.slice(1) : words;
  const train = own[0] === 'unrolled' ? own.slice(1) : own;
  if (train[0] !== 'train' || train.length < 2)
    throw new OptionError(path, 'command', `expected train and a task, got ${shownValue(words.join(' '))}`);
  return train;
}

function trialsOf(path: string, method: Method, trials: unknown): number | null {
  if (method !== 'grid') return wholeOf(path, 'trials', trials, 1, mostTrials);
  if (trials === undefined || trials === null) return null;
  throw new OptionError(path, 'trials', 'a grid has a trial for each combination; leave it out');
}

function halvingOf(path: string, method: Method, halving: unknown): Halving | null {
  if (method !== 'halving') {
    if (halving === undefined || halving === null) return null;
    throw new OptionError(path, 'halving', `is for the method halving; here it is ${method}`);
  }
  const { eta = 3, rungs = 3 } = objectOf(path, 'halving', halving ?? {}, ['eta', 'rungs']);
  return {
    eta: wholeOf(path, 'halving.eta', eta, 2, 100),
    rungs: wholeOf(path, 'halving.rungs', rungs, 2, 20),
  };
}

function parametersOf(path: string, method: Method, parameters: unknown): SweepSpec['parameters'] {
  const given = Object.entries(objectOf(path, 'parameters', parameters));
  if (given.length === 0) throw new OptionError(path, 'parameters', 'name at least one option and its values');
  return Object.fromEntries(given.map(([name, one]) => [name, parameterOf(path, method, name, one)]));
}

function parameterOf(path: string, method: Method, name: string, given: unknown): Parameter {
  const where = `parameters.${name}`;
  const fail = (problem: string) => new OptionError(path, where, problem);
  const entry = Array.isArray(given) ? { choice: given } : given;
  if (typeof entry !== 'object' || entry === null)
    throw fail(`expected a list of values or a distribution such as { "log-uniform": [1e-4, 1e-2] }, got ${shownValue(given)}`); // biome-ignore format: a line
  const [[kind, content] = ['', null], ...others] = Object.entries(entry);
  if (others.length > 0 || !(distributions as readonly string[]).includes(kind))
    throw fail(
      others.length > 0
        ? `expected one distribution, got ${Object.keys(entry).join(' and ')}`
        : `there is no distribution ${kind}; ${suggest(kind, distributions)}`,
    );
  if (kind === 'choice') return { choice: choicesOf(path, where, content) };
  if (method === 'grid') throw fail(`a grid needs a list of values; ${kind} is for the methods random and halving`);
  const ends = content as readonly [number, number];
  const fits = kind === 'integer' ? Number.isSafeInteger : Number.isFinite;
  if (!Array.isArray(content) || content.length !== 2 || !content.every(fits) || ends[0] >= ends[1])
    throw fail(`expected ${kind} of two ${kind === 'integer' ? 'whole ' : ''}numbers, the lower one first, got ${shownValue(content)}`); // biome-ignore format: a line
  if (kind === 'log-uniform' && ends[0] <= 0) throw fail(`log-uniform needs numbers above 0, got ${ends[0]}`);
  return { [kind]: [ends[0], ends[1]] } as unknown as Parameter;
}

function choicesOf(path: string, where: string, content: unknown): readonly ParameterValue[] {
  const isValue = (one: unknown) => one === null || ['string', 'number', 'boolean'].includes(typeof one);
  if (!Array.isArray(content) || content.length === 0 || !content.every(isValue))
    throw new OptionError(path, where, `expected texts, numbers, true, false or null, got ${shownValue(content)}`);
  const seen = new Set<unknown>();
  const twice = content.find((one) => seen.size === seen.add(one).size);
  if (twice !== undefined) throw new OptionError(path, where, `has ${shownValue(twice)} twice`);
  return content as ParameterValue[];
}

function objectOf(
  path: string,
  where: string,
  content: unknown,
  known?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new OptionError(path, where, `expected a JSON object, got ${shownValue(content)}`);
  const unknown = known && Object.keys(content).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new OptionError(path, unknown, `unknown field; ${suggest(unknown, known ?? [])}`);
  return content as Readonly<Record<string, unknown>>;
}

function wholeOf(path: string, field: string, n: unknown, least: number, most: number): number {
  if (Number.isSafeInteger(n) && (n as number) >= least && (n as number) <= most) return n as number;
  const range = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
  throw new OptionError(path, field, `expected a whole number from ${least}${range}, got ${shownValue(n)}`);
}

/** A value of JSON in a message, cut where it is long. */
export function shownValue(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
