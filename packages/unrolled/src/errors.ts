// Every error of the library: who met it, what was expected, what was there, and what to do.
// The classes are few; each carries its data, so that a program can act on it as well as a person can read it.

import { shown } from './shown.ts';

/** What led to an error. JavaScript's own `ErrorOptions`, which older type libraries (ES2020) lack. */
export interface ErrorCause {
  readonly cause?: unknown;
}

// Names are written out: a minifier renames classes.

/** The common ancestor: `catch (e) { if (e instanceof UnrolledError) … }`. */
export class UnrolledError extends Error {
  override name = 'UnrolledError';
  /** A short name that stays the same when the text changes. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorCause) {
    super(message, options);
    this.code = code;
  }
}

/** A shape as it stands in an error message: sizes, or names of sizes. */
type Dims = readonly (number | string)[];

const mostAxes = 16; // of a shape in a message

/** `[32, time, 10]` */
function formatShape(shape: Dims): string {
  if (!Array.isArray(shape)) return shown(shape);
  const sizes = shape.slice(0, mostAxes).map((n: unknown) => (typeof n === 'string' ? n.slice(0, 60) : shown(n)));
  return `[${sizes.join(', ')}${shape.length > mostAxes ? ', …' : ''}]`;
}

/** A name in a message: itself, whatever was handed over for it. */
const named = (name: unknown): string => (typeof name === 'string' ? name : shown(name));

/** A shape that does not fit: `GRU: expected input of shape [batch, time, 10], got [32, 100, 12]`. */
export class ShapeError extends UnrolledError {
  override name = 'ShapeError';
  readonly who: string;
  readonly expected: string;
  readonly got: readonly number[];

  constructor(who: string, what: string, expected: string | Dims, got: readonly number[], hint = '') {
    const text = typeof expected === 'string' ? expected : formatShape(expected);
    super('shape', `${named(who)}: expected ${what} of shape ${text}, got ${formatShape(got)}${hint && `; ${hint}`}`);
    this.who = who;
    this.expected = text;
    this.got = got;
  }
}

/** An option or argument that cannot be used: `LSTM: unknown option hidden_size; did you mean hiddenSize?`. */
export class OptionError extends UnrolledError {
  override name = 'OptionError';
  readonly who: string;
  readonly option: string;

  constructor(who: string, option: string, problem: string) {
    super('option', `${named(who)}: ${named(option)}: ${problem}`);
    this.who = who;
    this.option = option;
  }
}

/** A tensor used in a way it does not allow: freed, of another backend or dtype, without a gradient. */
export class TensorError extends UnrolledError {
  override name = 'TensorError';
  readonly who: string;

  constructor(who: string, problem: string) {
    super('tensor', `${named(who)}: ${problem}`);
    this.who = who;
  }
}

/** No backend could do what was asked; `attempts` says what was tried and why it was not taken. */
export class BackendError extends UnrolledError {
  override name = 'BackendError';
  readonly attempts: readonly string[];

  constructor(problem: string, attempts: readonly string[] = []) {
    super('backend', problem + Array.from(attempts, (a) => `\n  ${String(a)}`).join(''));
    this.attempts = attempts;
  }
}

/** Processes that cannot train together: no library of MPI, or not the launcher's; `attempts` says what was tried and why it was not taken. */
export class MpiError extends UnrolledError {
  override name = 'MpiError';
  readonly attempts: readonly string[];

  constructor(problem: string, attempts: readonly string[] = []) {
    super('mpi', problem + Array.from(attempts, (a) => `\n  ${String(a)}`).join(''));
    this.attempts = attempts;
  }
}

/** A loss or gradient that is not a finite number. The step was refused: no parameter has changed. */
export class NonFiniteError extends UnrolledError {
  override name = 'NonFiniteError';
  /** Where it began: an op, a parameter, a layer and a step, as far as is known. */
  readonly where: string;

  constructor(where: string, problem: string, after = 'The step was refused and no weight has changed') {
    super('non-finite', `${problem}; it began in ${where}. ${after}`);
    this.where = where;
  }
}

/** A file or text that cannot be read as what it should be. */
export class FormatError extends UnrolledError {
  override name = 'FormatError';
  readonly source: string;

  constructor(source: string, problem: string, options?: ErrorCause) {
    super('format', `${named(source)}: ${problem}`, options);
    this.source = source;
  }
}

/** Data that can be read but not learned from: `train.csv: row 17: the label is empty`. Rows count from 0. */
export class DataError extends UnrolledError {
  override name = 'DataError';
  readonly source: string;
  readonly row: number | null;

  constructor(source: string, problem: string, row: number | null = null) {
    super('data', `${named(source)}: ${row === null ? '' : `row ${row}: `}${problem}`);
    this.source = source;
    this.row = row;
  }
}

/** A symbol that the vocabulary does not know. */
export class VocabularyError extends UnrolledError {
  override name = 'VocabularyError';
  readonly symbol: string;
  readonly position: number;

  constructor(symbol: string, position: number, hint: string) {
    super('vocabulary', `unknown symbol ${JSON.stringify(symbol)} at position ${position}; ${hint}`);
    this.symbol = symbol;
    this.position = position;
  }
}

/** Work that was stopped by an AbortSignal. Nothing was changed; `cause` is the signal's reason. */
export class AbortError extends UnrolledError {
  override name = 'AbortError';
  readonly who: string;

  constructor(who: string, reason?: unknown) {
    super('abort', `${named(who)}: stopped by its signal`, { cause: reason });
    this.who = who;
  }
}

/** The nearest of `known` to a misspelt `name`, as `did you mean hiddenSize?`, or a list of what there is. */
export function suggest(name: string, known: readonly string[]): string {
  requireNames('suggest', known);
  if (typeof name !== 'string' || name.length > longestName) return `known are ${known.join(', ')}`;
  const plain = (s: string) => s.toLowerCase().replace(/[^a-z0-9]/g, '');
  let best = '';
  let least = Infinity;
  for (const candidate of known) {
    const [given, right] = [plain(name), plain(candidate)];
    const distance = editDistance(given, right) - sameStart(given, right) / 4; // slips are rare at the start of a word, and ends are left out
    if (distance < least) [best, least] = [candidate, distance];
  }
  return least <= Math.max(2, best.length / 3) ? `did you mean ${best}?` : `known are ${known.join(', ')}`;
}

/** How many letters two names begin with alike, at most four. */
function sameStart(a: string, b: string): number {
  let n = 0;
  while (n < 4 && n < a.length && a[n] === b[n]) n++;
  return n;
}

function requireNames(who: string, known: unknown): void {
  const wrong = Array.isArray(known) ? known.findIndex((name) => typeof name !== 'string') : 0;
  if (wrong >= 0) throw new OptionError(who, 'known', `expected a list of names, got ${shown(known)}`);
}

const longestName = 200; // a longer one is nobody's slip, and the comparison takes its length squared

/** Letters that are added, left out, replaced, or exchanged with their neighbor: `vaq` is one slip away from `vqa`. */
function editDistance(a: string, b: string): number {
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], above[j - 2] + 1);
    }
    [above, row] = [row, next];
  }
  return row[b.length];
}

/** Throws an OptionError for options that are no object, and for every key of them that is not among `known`. */
export function checkOptions(who: string, options: object, known: readonly string[]): void {
  requireNames('checkOptions', known);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const got = options === null ? 'null' : Array.isArray(options) ? 'a list' : `a ${typeof options}`;
    throw new OptionError(who, 'options', `expected an object such as { ${known[0] ?? ''}: … }, got ${got}`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new OptionError(who, key, `unknown option; ${suggest(key, known)}`);
  }
}
