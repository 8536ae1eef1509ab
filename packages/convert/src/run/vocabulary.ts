// The tokens of a model by their ids, from the files in which people keep them: none of the formats of weights has a place for them.
//
//   ["a", "b", …]            a list by id                {"a": 0, "b": 1, …}      ids by token            {"0": "a", "1": "b", …}    tokens by id
//   "abc…"                   JSON of one text: characters by id
//   lines of text            a token a line by id; or, where there are as many characters as ids, the characters

import { ConvertError, quoted } from '../errors.ts';

const mostIds = 2 ** 22;

/** Tokens by id; null for an id that none has. */
export type TokenList = readonly (string | null)[];

/** Reads a vocabulary of at most `size` ids, or of an unknown number. `source` names it in errors. Throws a ConvertError that says what is wrong in it. */
export function vocabularyOf(text: string, source: string, size: number): TokenList {
  return listed(text, source, size, charactersOf(text, size));
}

/** `characters`: what the text is where it is neither JSON nor a line for each id; null for lines all the same. */
function listed(text: string, source: string, size: number, characters: readonly string[] | null): TokenList {
  const json = jsonOf(text);
  const lines = linesOf(text);
  const tokens =
    json !== undefined ? fromJSON(json, source, size) : lines.length === size ? lines : (characters ?? lines);
  const fail = (where: string | null, expected: string, got: string, advice?: string) => {
    throw new ConvertError(source, { where, expected, got, advice });
  };
  if (tokens.length === 0) fail(null, 'tokens', 'none');
  if (tokens.length > size) throw tooLarge(source, tokens.length - 1, size);
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    if (token === null) continue;
    const before = ids.get(token);
    if (before !== undefined)
      fail(`id ${id}`, 'another token for each id', `${quoted(token)}, which is that of id ${before} too`);
    ids.set(token, id);
  }
  return Array.from({ length: size }, (_, id) => tokens[id] ?? null);
}

/** Labels in the order of the classes, from a list, a map or lines. */
export function labelsOf(text: string, source: string, classes: number): readonly string[] {
  const labels = listed(text, source, classes, null);
  const missing = labels.indexOf(null);
  if (missing < 0) return labels as readonly string[];
  throw new ConvertError(source, {
    expected: `${classes} labels, one for each class`,
    got: `none for class ${missing}`,
  });
}

function tooLarge(source: string, id: number, size: number): ConvertError {
  return new ConvertError(source, {
    expected: `ids 0 to ${size - 1}, which the model has`,
    got: `id ${id}`,
    advice: 'is it that of this model?',
  });
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // lines of text may begin so, too
  }
}

function fromJSON(json: unknown, source: string, size: number): (string | null)[] {
  const fail = (where: string, expected: string, got: string): never => {
    throw new ConvertError(source, { where, expected, got });
  };
  if (typeof json === 'string') return Array.from(json);
  if (Array.isArray(json))
    return json.map((token, id) =>
      typeof token === 'string' ? token : fail(`id ${id}`, 'a text', JSON.stringify(token).slice(0, 40)),
    );
  const entries = Object.entries(json as object);
  const byId = entries.every(([key, token]) => /^\d{1,9}$/.test(key) && typeof token === 'string');
  const tokens: (string | null)[] = [];
  for (const [key, value] of entries) {
    const [token, id] = byId ? [value as string, Number(key)] : [key, value as unknown];
    if (!(typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 && id < mostIds))
      return fail(quoted(token), `its id, a whole number below ${mostIds}`, JSON.stringify(id).slice(0, 40));
    if (id >= size) throw tooLarge(source, id, size); // before so long a list is made
    while (tokens.length < id) tokens.push(null);
    const other = tokens[id] ?? null;
    if (other !== null) return fail(quoted(token), 'an id of its own', `${id}, which ${quoted(other)} has`);
    tokens[id] = token;
  }
  return tokens;
}

function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** The characters of a text, where they are all different and as many as the model has ids; the last line break may be none of them. */
function charactersOf(text: string, size: number): string[] | null {
  const tries = [text, text.replace(/\r?\n$/, '')].map((whole) => Array.from(whole));
  return tries.find((characters) => characters.length === size && new Set(characters).size === size) ?? null;
}
