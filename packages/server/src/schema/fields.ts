// The fields that requests have in common. Null is the same as absence: clients send it for what they leave to the server.

import * as v from 'valibot';
import type { ServerLimits } from '../limits.ts';

/** A field that may be absent, or null. */
export const optional = <S extends v.GenericSchema>(schema: S) => v.nullish(schema);

const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer('expected a whole number'),
    v.minValue(least, `expected at least ${least}`),
    v.maxValue(most, `expected at most ${most}`),
  );

export const whole = (least: number, most: number) => wholeNumber(least, most);

export const number = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.finite('expected a finite number'),
    v.minValue(least, `expected at least ${least}`),
    v.maxValue(most, `expected at most ${most}`),
  );

export const text = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most, ({ received }) => `expected at most ${most} characters, got ${received}`),
  );

/**
 * The schema, which looks at no part of a value that has more of them than `most`. The check of their number comes behind it and refuses the value; without
 * this it would come after all of them were looked at, which for a body of 2 MiB can take seconds.
 */
function counted<S extends v.GenericSchema>(schema: S, most: number, count: (value: unknown) => number): S {
  const run: S['~run'] = (dataset, config) =>
    count(dataset.value) > most ? { typed: true, value: dataset.value } : schema['~run'](dataset, config);
  return { ...schema, '~run': run };
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const keysOf = (value: unknown): number => Object.keys(Object(value) as object).length;

/** Values by names, at most so many. */
export const record = <S extends v.GenericSchema>(schema: S, most: number, what: string) =>
  v.pipe(
    counted(v.record(text(256), schema), most, keysOf),
    v.check((all) => keysOf(all) <= most, `expected at most ${most} ${what}`),
  );

export const list = <S extends v.GenericSchema>(schema: S, most: number, least = 0) =>
  v.pipe(
    counted(v.array(schema), most, lengthOf),
    v.minLength(least, least === 1 ? 'expected at least one' : `expected at least ${least}`),
    v.maxLength(most, ({ received }) => `expected at most ${most}, got ${received}`),
  );

/** The id of a model, or nothing where only one can be meant. */
export const model = () => v.pipe(text(256), v.description('The id of a model, as GET /v1/models lists them.'));

export const flag = () => v.boolean();

/** Ids of symbols. */
export const ids = (limits: ServerLimits) => list(wholeNumber(0, 2 ** 31 - 1), limits.characters, 1);

/** One text or several. */
export const oneOrMore = (limits: ServerLimits) =>
  v.union([text(limits.characters), list(text(limits.characters), limits.inputs, 1)]);

/** Texts before which a continuation ends. */
export const stop = (limits: ServerLimits) =>
  v.union([text(limits.stopLength), list(text(limits.stopLength), limits.stops)]);

/** Any whole number that JSON can hold; it is folded into the range of the library's seeds. */
export const seed = () =>
  v.pipe(
    v.number(),
    v.integer('expected a whole number'),
    v.minValue(-Number.MAX_SAFE_INTEGER, 'expected a safe integer'),
    v.maxValue(Number.MAX_SAFE_INTEGER, 'expected a safe integer'),
  );

export const temperature = () =>
  v.pipe(number(0, 100), v.description('0 takes the most probable symbol at every step.'));
export const topP = () =>
  v.pipe(
    number(0, 1),
    v.check((p) => p > 0, 'expected a number above 0'),
  );
export const topK = () => whole(0, 2 ** 20);

/** `true` asks for the state as a token; a token goes on from it, and asks for the next one. */
export const state = () =>
  v.pipe(
    v.union([v.boolean(), text(16 * 2 ** 20)]),
    v.description('true: return the state of the session as a token. A token: go on from it, and return the next.'),
  );

/** How a text is sampled, under the names that OpenAI's and Ollama's clients send. */
export const samplingFields = (limits: ServerLimits) => ({
  temperature: optional(temperature()),
  top_p: optional(v.pipe(number(0, 1), v.description('0 takes the most probable symbol at every step.'))),
  top_k: optional(topK()),
  min_p: optional(number(0, 1)),
  seed: optional(seed()),
  stop: optional(stop(limits)),
});
