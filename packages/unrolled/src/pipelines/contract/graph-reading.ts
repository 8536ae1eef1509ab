// How a graph that is a text model reads symbols and answers: a model of another system that is none of the library's own, run as it is.

import { shown } from '../../checks.ts';
import { FormatError } from '../../errors.ts';

/** How a graph reads the symbols of a text, and what it answers. */
export interface GraphReading {
  /** The names of its input and output. */
  readonly input: string;
  readonly output: string;
  /** Ids, or one-hot rows. */
  readonly form: 'ids' | 'one-hot';
  /** How many symbols it knows: what has a larger id is left out. */
  readonly symbols: number;
  /** Whether the first axis is time, and the second the batch. */
  readonly timeFirst: boolean;
  /** Symbols that it reads at once: that many, or at most that many. Null: any number. */
  readonly length: number | null;
  /** The id that stands before a text of less than `length` symbols; null where a shorter text is read as it is. One-hot rows are zeros there. */
  readonly padding: number | null;
  readonly gives: 'logits' | 'log-probabilities' | 'probabilities' | 'probability';
}

const mostLength = 2 ** 20;

/** Validates a reading that comes from a file. Throws a FormatError that names the field. */
export function checkReading(value: unknown, source: string): void {
  const fields = Object(value) as Readonly<Record<string, unknown>>;
  const check = (name: keyof GraphReading, is: boolean, expected: string) => {
    if (!is)
      throw new FormatError(source, `model.input.graph.${name}: expected ${expected}, got ${shown(fields[name])}`);
  };
  const isWhole = (v: unknown, least: number, most: number) => Number.isInteger(v) && Number(v) >= least && Number(v) <= most; // biome-ignore format: a line
  for (const name of ['input', 'output'] as const) check(name, typeof fields[name] === 'string', 'a text');
  check('form', ['ids', 'one-hot'].includes(fields.form as string), 'ids or one-hot');
  check('symbols', isWhole(fields.symbols, 1, 2 ** 31), 'a whole number from 1');
  check('timeFirst', typeof fields.timeFirst === 'boolean', 'true or false');
  check('length', fields.length === null || isWhole(fields.length, 1, mostLength), `null, or a whole number from 1 to ${mostLength}`); // biome-ignore format: a call
  check('padding', fields.padding === null || isWhole(fields.padding, 0, Number(fields.symbols) - 1), 'null, or an id'); // biome-ignore format: a call
  const gives = ['logits', 'log-probabilities', 'probabilities', 'probability'];
  check('gives', gives.includes(fields.gives as string), `one of ${gives.join(', ')}`);
}
