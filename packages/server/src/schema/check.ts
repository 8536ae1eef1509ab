// A request's body against its schema: the first thing that is wrong, by its path, in the words of the library's errors.

import * as v from 'valibot';
import { suggest } from 'unrolled';
import { ApiError, badRequest } from '../http/api-error.ts';

/** The body as the schema gives it. Throws an ApiError 400 that names the field. */
export function checked<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest(`expected a JSON object, got ${kindOf(body)}`, null, 'invalid_type');
  const found = v.safeParse(schema, body, { abortEarly: true, abortPipeEarly: true });
  if (found.success) return found.output;
  throw problemOf(schema, found.issues[0]);
}

function problemOf(schema: v.GenericSchema, issue: v.BaseIssue<unknown>): ApiError {
  const deepest = deepestOf(issue);
  const param = pathOf(deepest).slice(0, 200) || null;
  const key = deepest.path?.at(-1)?.key;
  if (deepest.expected === 'never' && typeof key === 'string') {
    const entries = (schema as { entries?: object }).entries;
    const advice = entries && deepest.path?.length === 1 ? `; ${suggest(key, Object.keys(entries))}` : '';
    return badRequest(`unknown field ${short(key)}${advice}`, param, 'unknown_field');
  }
  const missing = deepest.kind === 'schema' && deepest.input === undefined;
  if (missing) return badRequest(`${param ?? 'the body'} is missing`, param, 'missing_field');
  const problem =
    deepest.kind === 'schema' ? `expected ${expectedOf(deepest)}, got ${kindOf(deepest.input)}` : deepest.message;
  return badRequest(
    `${param ?? 'the body'}: ${problem}`,
    param,
    deepest.kind === 'schema' ? 'invalid_type' : 'invalid_value',
  );
}

/** Of the members of a union the issue that came furthest, and of two of them the one about a value of the right kind: the member that was meant. */
function deepestOf(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  const within = (issue.issues ?? []).filter(({ path, kind }) => (path?.length ?? 0) > 0 || kind === 'validation');
  if (within.length === 0) return issue;
  const inner = within.map((one) => {
    const deep = deepestOf(one);
    return { ...deep, path: [...(issue.path ?? []), ...(deep.path ?? [])] as typeof deep.path };
  });
  const depth = ({ path, kind }: v.BaseIssue<unknown>) => 2 * (path?.length ?? 0) + (kind === 'validation' ? 1 : 0);
  return inner.sort((a, b) => depth(b) - depth(a))[0];
}

function pathOf({ path }: v.BaseIssue<unknown>): string {
  return (path ?? []).map(({ key }) => String(key).slice(0, 60)).join('.');
}

const names: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'an object',
};

function expectedOf({ expected }: v.BaseIssue<unknown>): string {
  const members = (expected ?? 'another value').replace(/^\(|\)$/g, '').split(' | ');
  return members
    .map((one) => names[one] ?? one)
    .join(' or ')
    .slice(0, 200);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the text ${short(value)}`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'nothing';
}

function short(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
