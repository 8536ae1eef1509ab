// A part of a tokenizer.json: an object with a `type`. Unknown parts are refused by name, never skipped: a tokenizer that leaves out a
// step gives ids that look right and are not.

import { shown } from '../../../checks.ts';
import { type ErrorCause, FormatError } from '../../../errors.ts';

/** Maximum number of steps in all sequences of a normalizer, a pre-tokenizer or a decoder. */
const mostSteps = 64;

export class Part {
  /** Location for errors: `tokenizer.json: pre_tokenizer`. */
  readonly where: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(where: string, json: unknown) {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new FormatError(where, `expected an object, got ${shown(json)}`);
    this.where = where;
    this.fields = json as Record<string, unknown>;
  }

  get type(): string {
    return this.text('type');
  }

  text(name: string): string {
    return this.#take(name, (v): v is string => typeof v === 'string', 'a text');
  }

  flag(name: string, missing?: boolean): boolean {
    return this.#take(name, (v): v is boolean => typeof v === 'boolean', 'true or false', missing);
  }

  number(name: string, missing?: number): number {
    return this.#take(name, (v): v is number => typeof v === 'number', 'a number', missing);
  }

  list(name: string): readonly unknown[] {
    return this.#take(name, (v): v is readonly unknown[] => Array.isArray(v), 'a list');
  }

  /** A string, or null where there is none. */
  maybe(name: string): string | null {
    return this.fields[name] == null ? null : this.text(name);
  }

  /** A whole number from 0. */
  count(name: string): number {
    return this.#take(name, (v): v is number => Number.isSafeInteger(v) && (v as number) >= 0, 'a whole number from 0');
  }

  /** A string of one character. */
  character(name: string): string {
    return this.#take(
      name,
      (v): v is string => typeof v === 'string' && Array.from(v.slice(0, 3)).length === 1,
      'one character',
    );
  }

  /** The parts in a list. */
  parts(name: string): Part[] {
    return this.list(name).map((json, k) => new Part(`${this.where}.${name}[${k}]`, json));
  }

  /** The parts of a Sequence: each processes the whole text, so that their number is limited. */
  steps(name: string): Part[] {
    const parts = this.parts(name);
    if (stepsIn(this.fields) > mostSteps)
      throw this.error(`${name}: more than ${mostSteps} steps; this is not a tokenizer for text`);
    return parts;
  }

  unknownType(known: readonly string[]): FormatError {
    return this.error(`${shown(this.type)} is not known here; known are ${known.join(', ')}`);
  }

  error(problem: string, options?: ErrorCause): FormatError {
    return new FormatError(this.where, problem, options);
  }

  #take<T>(name: string, is: (value: unknown) => value is T, expected: string, missing?: T): T {
    const value = this.fields[name];
    if (is(value)) return value;
    if (value == null && missing !== undefined) return missing;
    throw this.error(`${name}: expected ${expected}, got ${shown(value)}`);
  }
}

/** Nesting depth of lists and objects, up to the limit. */
function stepsIn(fields: Readonly<Record<string, unknown>>): number {
  let count = 0;
  const open: unknown[] = [fields];
  for (let one = open.pop(); one !== undefined && count <= mostSteps; one = open.pop()) {
    for (const value of Object.values(Object(one) as object)) {
      if (!Array.isArray(value)) continue;
      count += value.length;
      for (let k = 0; k < value.length && k <= mostSteps; k++) open.push(value[k]);
    }
  }
  return count;
}

/** Throws a FormatError for lists and objects within each other, deeper than any tokenizer.json has them: they could not be saved again. */
export function checkDepth(json: unknown, source: string, deepest = 32): void {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest)
      throw new FormatError(source, `lists and objects lie within each other, more than ${deepest} deep`);
    const next: unknown[] = [];
    for (const one of level)
      for (const value of Object.values(one as object))
        if (typeof value === 'object' && value !== null) next.push(value);
    level = next;
  }
}
