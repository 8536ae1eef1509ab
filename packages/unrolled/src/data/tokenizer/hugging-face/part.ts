// A part of a tokenizer.json: an object with a `type`. What is not known is refused by its name, never passed over: a tokenizer that leaves out a
// step gives numbers that look right and are not.

import { FormatError } from '../../../errors.ts';

export class Part {
  /** Where it is, for errors: `tokenizer.json: pre_tokenizer`. */
  readonly where: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(where: string, json: unknown) {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw new FormatError(where, `expected an object, got ${JSON.stringify(json)?.slice(0, 60)}`);
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

  /** A text, or null where there is none. */
  maybe(name: string): string | null {
    return this.fields[name] == null ? null : this.text(name);
  }

  /** The parts in a list, as of a Sequence. */
  parts(name: string): Part[] {
    return this.list(name).map((json, k) => new Part(`${this.where}.${name}[${k}]`, json));
  }

  unknownType(known: readonly string[]): FormatError {
    return this.error(`${JSON.stringify(this.type)} is not known here; known are ${known.join(', ')}`);
  }

  error(problem: string, options?: ErrorOptions): FormatError {
    return new FormatError(this.where, problem, options);
  }

  #take<T>(name: string, is: (value: unknown) => value is T, expected: string, missing?: T): T {
    const value = this.fields[name];
    if (is(value)) return value;
    if (value == null && missing !== undefined) return missing;
    throw this.error(`${name}: expected ${expected}, got ${JSON.stringify(value)?.slice(0, 60)}`);
  }
}
