// Rows of JSON: an object per line, or one list of objects. A cell is the text as it stands in the file: "21-11-2007" is no date, 1.50 keeps its zero,
// and an id of twenty digits all of them. Lists and objects in a cell stay JSON.

import { FormatError } from 'unrolled';

/** Keys and cells. */
export type JsonRow = ReadonlyMap<string, string | null>;

/** Parses an object, or says what is wrong with it. */
export function jsonRow(text: string): JsonRow | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'without a JSON object';
  } catch {
    return 'not in JSON';
  }
  return membersOf(text);
}

/** Key and cell of every member; the last of a duplicate key, as usual. The text is known to be an object. */
function membersOf(text: string): JsonRow {
  const members = new Map<string, string | null>();
  let i = text.indexOf('{') + 1;
  for (;;) {
    i = afterSpace(text, i);
    if (text[i] === '}') return members;
    const keyEnd = afterString(text, i);
    const key = JSON.parse(text.slice(i, keyEnd)) as string;
    const start = afterSpace(text, afterSpace(text, keyEnd) + 1); // past the colon
    const end = afterValue(text, start);
    members.set(key, cellOf(text.slice(start, end)));
    i = afterSpace(text, end);
    if (text[i] === ',') i++;
  }
}

function cellOf(json: string): string | null {
  if (json[0] === '"') return JSON.parse(json) as string;
  return json === 'null' ? null : json;
}

/** The elements of a list as texts; the text is known to be a JSON list. */
export function elementsOf(text: string): string[] {
  const elements: string[] = [];
  let i = text.indexOf('[') + 1;
  for (;;) {
    i = afterSpace(text, i);
    if (text[i] === ']') return elements;
    const end = afterValue(text, i);
    elements.push(text.slice(i, end));
    i = afterSpace(text, end);
    if (text[i] === ',') i++;
  }
}

/** The objects of a .json file: of its list, or of its lines. */
export function rowTexts(text: string, source: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (typeof jsonRow(lines[0]) !== 'string') return lines;
    throw new FormatError(source, `is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (Array.isArray(value)) return elementsOf(text);
  if (typeof value === 'object' && value !== null) return [text];
  throw new FormatError(source, 'is no table: expected a list of objects, or an object on every line');
}

function afterSpace(text: string, i: number): number {
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++;
  return i;
}

function afterString(text: string, i: number): number {
  for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
  return i + 1;
}

function afterValue(text: string, i: number): number {
  if (text[i] === '"') return afterString(text, i);
  if (text[i] !== '{' && text[i] !== '[') {
    while (i < text.length && !/[\s,\]}]/.test(text[i])) i++;
    return i;
  }
  let depth = 0;
  for (; ; i++) {
    if (text[i] === '"') i = afterString(text, i) - 1;
    else if (text[i] === '{' || text[i] === '[') depth++;
    else if ((text[i] === '}' || text[i] === ']') && (depth -= 1) === 0) return i + 1;
  }
}
