// What the public edge asks of its arguments. A caller may be JavaScript, or a file: types promise nothing there. Every function names who asked,
// which argument, what was expected and what came instead, and is called before anything is allocated or changed; behind it, code trusts.

import { OptionError } from './errors.ts';
import { shown } from './shown.ts';

export { shown };

/** The largest size of anything: as many elements as the 4 GiB of a heap could hold at one byte each. */
export const largestSize = 2 ** 32;

/** More layers than this are a mistake: they would be made for minutes before memory ends. */
const mostLayers = 1024;

/** A whole number from `least` to `most`. */
export function requireWhole(
  who: string,
  option: string,
  n: unknown,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): asserts n is number {
  if (!(typeof n === 'number' && Number.isInteger(n) && n >= least && n <= most)) {
    const isOpen = most === Number.MAX_SAFE_INTEGER || (typeof n === 'number' && n < least);
    throw new OptionError(
      who,
      option,
      isOpen
        ? `expected a whole number from ${least}, got ${shown(n)}`
        : `expected a whole number from ${least} to ${most}, got ${shown(n)}`,
    );
  }
}

/** A list with one item for each of `count`, which `things` names: `12 frames`. `where` comes before: `row 3: `. */
export function requireOneEach(
  who: string,
  option: string,
  list: ArrayLike<unknown>,
  things: string,
  count: number,
  where = '',
): void {
  requireList(who, option, list);
  if (list.length !== count)
    throw new OptionError(who, option, `${where}expected one for each of ${things}, got ${list.length}`);
}

/** A weight of so many numbers that memory may hold it: asked before the first random number of a model with several is drawn. */
export function requireRoom(who: string, option: string, ...shape: readonly number[]): void {
  const numbers = shape.reduce((product, n) => product * n, 1);
  if (numbers > largestSize / 4)
    throw new OptionError(who, option, `a weight of ${shape.join(' × ')} numbers is more than memory holds`);
}

// What other libraries call our sizes.
const elsewhere: Record<string, string> = {
  units: 'hiddenSize',
  hidden: 'hiddenSize',
  hidden_size: 'hiddenSize',
  input_size: 'inputSize',
  input_dim: 'inputSize',
  inputDim: 'inputSize',
  inputShape: 'inputSize',
  output_dim: 'embeddingDim',
  outputDim: 'embeddingDim',
  filters: 'outChannels',
};

/**
 * Sizes of a module, by name and in the order of its constructor: each a whole number from 1. Where they come by position, the message says so:
 *
 *     LSTM: hiddenSize: expected a whole number from 1, got undefined; the sizes come first: new LSTM(inputSize, hiddenSize)
 */
export function requireSizes(who: string, sizes: Readonly<Record<string, unknown>>, positional = false): void {
  const usage = positional ? `${who}(${Object.keys(sizes).join(', ')})` : '';
  for (const [name, n] of Object.entries(sizes)) {
    const most = name === 'numLayers' ? mostLayers : largestSize;
    if (typeof n === 'number' && Number.isInteger(n) && n >= 1 && n <= most) continue;
    const isLarge = typeof n === 'number' && n > most;
    throw new OptionError(
      who,
      name,
      isLarge
        ? `expected a whole number from 1 to ${most}, got ${shown(n)}${hint(n, usage)}`
        : `expected a whole number from 1, got ${shown(n)}${hint(n, usage)}`,
    );
  }
}

function hint(n: unknown, usage: string): string {
  if (typeof n === 'string' && n.trim() !== '' && Number.isInteger(Number(n))) return `; did you mean ${Number(n)}?`;
  if (usage === '' || (typeof n === 'number' && n === n)) return '';
  const renamed =
    typeof n === 'object' && n !== null
      ? Object.keys(n).flatMap((key) => (Object.hasOwn(elsewhere, key) ? [`${key} is ${elsewhere[key]} here`] : []))
      : [];
  return ['', `the sizes come first: new ${usage}`, ...renamed].join('; ');
}

/** A number, finite unless said otherwise, in [low, high]. */
export function requireNumber(
  who: string,
  option: string,
  x: unknown,
  { low = -Infinity, high = Infinity }: { readonly low?: number; readonly high?: number } = {},
): asserts x is number {
  if (typeof x === 'number' && Number.isFinite(x) && x >= low && x <= high) return;
  const range =
    low === -Infinity
      ? high === Infinity
        ? 'a finite number'
        : `a number up to ${high}`
      : high === Infinity
        ? `a finite number from ${low}`
        : `a number from ${low} to ${high}`;
  throw new OptionError(who, option, `expected ${range}, got ${shown(x)}`);
}

/** One of a few strings. */
export function requireOneOf(who: string, option: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'string' || !known.includes(value))
    throw new OptionError(who, option, `expected one of ${known.join(', ')}, got ${shown(value)}`);
}

/** A string. */
export function requireText(who: string, option: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw new OptionError(who, option, `expected a string, got ${shown(value)}`);
}

/** A function. */
export function requireFunction(who: string, option: string, value: unknown): void {
  if (typeof value !== 'function') throw new OptionError(who, option, `expected a function, got ${shown(value)}`);
}

/** An object with its fields, no array; `fields` must be there and not undefined. */
export function requireObject(
  who: string,
  option: string,
  value: unknown,
  fields: readonly string[] = [],
): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OptionError(who, option, `expected an object, got ${shown(value)}`);
  for (const field of fields) {
    if ((value as Record<string, unknown>)[field] === undefined)
      throw new OptionError(who, `${option}.${field}`, `missing: got ${shown(value)}`);
  }
}

/** An array or a typed array (and no string). */
export function requireList(who: string, option: string, value: unknown): asserts value is ArrayLike<unknown> {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) return;
  throw new OptionError(who, option, `expected a list, got ${shown(value)}`);
}

/** An array or a typed array of numbers. */
export function requireNumbers(who: string, option: string, value: unknown): asserts value is ArrayLike<number> {
  requireKind(who, option, value, 'numbers');
}

/** A list of lists, strings or whatever `item` asks for. */
export function requireEach(
  who: string,
  option: string,
  value: unknown,
  item: (who: string, option: string, value: unknown) => void,
): void {
  requireList(who, option, value);
  for (let i = 0; i < value.length; i++) item(who, `${option}[${i}]`, value[i]);
}

/**
 * What an argument or a field is, as far as it can be seen from outside. `?`: it may be left out; `|null`: it may be null. An object of kinds asks
 * for the fields of an object, a list of one kind for a list of such.
 */
export type Kind = string | readonly [each: Kind] | Optional | { readonly [field: string]: Kind };

type Fields = Readonly<Record<string, unknown>>;

/** A kind that may be missing or null: `optional({ name: 'text' })`. */
class Optional {
  readonly kind: Kind;

  constructor(kind: Kind) {
    this.kind = kind;
  }
}

/** The kind of what may be missing or null, for kinds that are no string. */
export const optional = (kind: Kind): Kind => new Optional(kind);

const kinds: Readonly<Record<string, readonly [description: string, is: (value: unknown) => boolean]>> = {
  number: ['a number', (v) => typeof v === 'number'],
  text: ['a string', (v) => typeof v === 'string'],
  flag: ['true or false', (v) => typeof v === 'boolean'],
  function: ['a function', (v) => typeof v === 'function'],
  list: ['a list', (v) => Array.isArray(v) || (ArrayBuffer.isView(v) && !(v instanceof DataView))],
  bytes: ['bytes, a Uint8Array', (v) => /^\[object Uint8(?:Clamped)?Array\]$/.test(Object.prototype.toString.call(v))],
  numbers: ['a list of numbers', (v) => isListOf(v, 'number')],
  texts: ['a list of strings', (v) => isListOf(v, 'text')],
  lists: ['a list of lists', (v) => isListOf(v, 'list')],
  objects: ['a list of objects', (v) => isListOf(v, 'object')],
  iterable: ['something to go through', (v) => v !== null && v !== undefined && Symbol.iterator in Object(v)],
  object: ['an object', (v) => typeof v === 'object' && v !== null && !Array.isArray(v)],
  map: ['a Map', (v) => v instanceof Map],
  tensor: [
    'a tensor',
    (v) => isObjectWith(v, ['storage', 'shape', 'backend']) && typeof (v as { detach?: unknown }).detach === 'function',
  ],
  module: ['a module', (v) => hasMethods(v, ['namedParameters', 'namedState', 'children', 'train', 'eval'])],
};

function isListOf(value: unknown, kind: string): boolean {
  if (Array.isArray(value)) {
    const [, is] = kinds[kind];
    for (let i = 0; i < value.length; i++) if (!is(value[i])) return false;
    return true;
  }
  return kind === 'number' && kinds.list[1](value) && typeof (value as ArrayLike<unknown>)[0] !== 'bigint';
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return isObjectWith(value, names) && names.every((name) => typeof (value as Fields)[name] === 'function');
}

function isObjectWith(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}

/** Refuses arguments of another kind than expected: `describeGrowth: growth.factor: expected a number, got undefined`. */
export function requireKinds(
  who: string,
  values: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, Kind>>,
): void {
  for (const name in expected) requireKind(who, name, values[name], expected[name]);
}

const isEach = (kind: Kind): kind is readonly [each: Kind] => Array.isArray(kind);

function requireKind(who: string, option: string, value: unknown, kind: Kind): void {
  if (kind instanceof Optional) {
    if (value !== undefined && value !== null) requireKind(who, option, value, kind.kind);
    return;
  }
  if (isEach(kind)) {
    requireEach(who, option, value, (_, name, item) => requireKind(who, name, item, kind[0]));
    return;
  }
  if (typeof kind !== 'string') {
    requireObject(who, option, value);
    for (const field in kind)
      requireKind(who, `${option}.${field}`, (value as Record<string, unknown>)[field], kind[field]);
    return;
  }
  if (value === undefined && kind.includes('?')) return;
  if (value === null && kind.includes('|null')) return;
  const [description, is] = kinds[kind] ?? kinds[/^[a-z]+/.exec(kind)?.[0] ?? ''];
  if (!is(value)) throw new OptionError(who, option, `expected ${description}, got ${shown(value)}`);
}
