// What a task reads and gives, for a model that has ids: its vocabulary as the library's own, and the model's rows in the order of that vocabulary.
//
//   characters of a text generator     a Vocabulary with the file's ids; ids without a token are written as characters of the private use area
//   words, and texts of a classifier   a Hugging Face tokenizer of whole tokens with the file's ids; special tokens that it lacks get rows behind the last
//   tokens of a tagger                 a TokenVocabulary, whose padding is 0 and whose unknown token is 1: the rows change their places

import type { SavedTensor, StateDict } from 'unrolled';
import { TokenVocabulary, Tokenizer, Vocabulary } from 'unrolled/data';
import { transposed } from '../arrays/layout.ts';
import { ConvertError } from '../errors.ts';
import type { OwnModel } from '../match/models.ts';
import type { ConversionReport } from '../model/report.ts';
import { type TokenList, vocabularyOf } from './vocabulary.ts';

/** How a text becomes tokens: characters (code points), words and signs apart, or what stands between white space. */
export const units = ['character', 'word', 'space'] as const;

/** One of these. */
export type Unit = (typeof units)[number];

/** What a run says of its text besides the vocabulary. */
export interface TextSettings {
  /** Default: characters where the tokens are, else what stands between white space. */
  readonly unit?: Unit;
  /** Whether texts are lowercased before they are taken apart. Default false. */
  readonly lowercase?: boolean;
}

/** A file of the run, and for each of its ids the id of the imported model; null for one that it does not have. */
export interface RunTokens {
  readonly name: 'vocabulary' | 'tokenizer' | 'tokens';
  readonly content: unknown;
  readonly rows: readonly (number | null)[];
  readonly unit: Unit;
  /** The model's id of padding: that of a token of such a name, or 0 where no token has it; null where nothing tells. */
  readonly padding: number | null;
}

type WithoutPadding = Omit<RunTokens, 'padding'>;

const unknownNames = ['<unk>', '[UNK]', '<UNK>', '<OOV>', '<oov>', 'UNK', 'unk', '<unknown>', '<UNKNOWN>'];
const paddingNames = ['<pad>', '[PAD]', '<PAD>', 'PAD', '_PAD_', '<padding>'];

/** A model that reads symbols: its type, and how many it knows. */
export interface SymbolReader {
  readonly type: OwnModel['type'];
  readonly vocabularySize: number;
  /** Whether it can get rows for tokens that its vocabulary lacks; a graph cannot, and they are left out. Default true. */
  readonly grows?: boolean;
}

/** The tokens of a run from the text of a vocabulary's file. Throws a ConvertError for what is no vocabulary of this model. */
export function runTokens(
  own: SymbolReader,
  file: { readonly text: string; readonly source: string },
  settings: TextSettings,
  report: ConversionReport,
): RunTokens {
  const size = own.vocabularySize;
  const readied = readyMade(own, file, size);
  if (readied) return readied;
  const tokens = vocabularyOf(file.text, file.source, size);
  const found = tokens.filter((token) => token !== null);
  const single = found.filter((token) => Array.from(token).length === 1).length;
  const unit = settings.unit ?? (single * 2 > found.length ? 'character' : 'space');
  if (settings.unit === undefined)
    report.decide('unit', null, unit, `${single} of ${found.length} tokens are one character`);
  const { lowercase = false } = settings;
  if (own.type === 'sequence-tagger') return { ...taggerTokens(tokens, lowercase, unit, report), padding: null };
  const symbols = filled(tokens, report);
  const made =
    own.type === 'language-model' && unit === 'character' && !lowercase
      ? characters(symbols, file.source)
      : wholeTokens(symbols, { unit, lowercase }, file.source, { report, grows: own.grows ?? true });
  const named = paddingNames.find((name) => tokens.includes(name));
  return { ...made, padding: named !== undefined ? tokens.indexOf(named) : tokens[0] ? null : 0 };
}

/** A file of the library's own, or a tokenizer.json of Hugging Face. */
function readyMade(
  own: SymbolReader,
  { text, source }: { text: string; source: string },
  size: number,
): RunTokens | null {
  if (!/^\s*\{/.test(text)) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const { format, model } = Object(json) as { readonly format?: unknown; readonly model?: unknown };
  const identity = (count: number) => Array.from({ length: count }, (_, id) => (id < size ? id : null));
  const name = {
    'language-model': 'vocabulary',
    'sequence-classifier': 'tokenizer',
    'sequence-tagger': 'tokens',
  } as const;
  const isTagger = own.type === 'sequence-tagger';
  if (format === 'unrolled vocabulary' && own.type === 'language-model') {
    const vocabulary = requireSize(Vocabulary.fromJSON(json, source), size, source, true);
    return { name: name[own.type], content: json, rows: identity(vocabulary.size), unit: 'character', padding: null };
  }
  if (format === 'unrolled tokens' && isTagger) {
    const vocabulary = requireSize(TokenVocabulary.fromJSON(json, source), size, source, true);
    return { name: name[own.type], content: json, rows: identity(vocabulary.size), unit: 'space', padding: null };
  }
  const isHuggingFace = format === undefined && typeof model === 'object' && model !== null;
  if (isTagger || (format !== 'unrolled tokenizer' && !isHuggingFace)) return null;
  const tokenizer = isHuggingFace ? Tokenizer.fromHuggingFace(json, source) : Tokenizer.fromJSON(json, source);
  requireSize(tokenizer, size, source, !isHuggingFace);
  return {
    name: 'tokenizer',
    content: tokenizer.toJSON(),
    rows: identity(Math.max(size, tokenizer.size)),
    unit: 'word',
    padding: tokenizer.pad < size ? tokenizer.pad : null,
  };
}

function requireSize<T extends { readonly size: number }>(
  vocabulary: T,
  size: number,
  source: string,
  exactly: boolean,
): T {
  const special = 4; // a tokenizer adds those that its file lacks
  if (exactly ? vocabulary.size === size : vocabulary.size <= size + special) return vocabulary;
  throw new ConvertError(source, {
    expected: `the vocabulary of this model, ${size} tokens`,
    got: String(vocabulary.size),
  });
}

const privateUse = 0xf0000; // and 65,534 code points from there

/** Tokens for all ids: one that the vocabulary leaves out is a character of the private use area, which no text has. */
function filled(tokens: TokenList, report: ConversionReport): readonly string[] {
  const missing = tokens.filter((token) => !token).length;
  if (missing > 0)
    report.decide(
      'vocabulary',
      null,
      `${missing} ids without a token are U+F0000 and so on`,
      'the model has rows for them',
    );
  return tokens.map((token, id) => token || String.fromCodePoint(privateUse + (id % 0xfffe)));
}

function characters(symbols: readonly string[], source: string): WithoutPadding {
  const vocabulary = { format: 'unrolled vocabulary', version: 1, unit: 'codepoint', normalization: 'none', symbols };
  const content = Vocabulary.fromJSON(vocabulary, source).toJSON();
  return { name: 'vocabulary', content, rows: [...symbols.keys()], unit: 'character' };
}

/** Whole tokens by their ids, as Hugging Face's WordLevel model has them. */
function wholeTokens(
  tokens: readonly string[],
  { unit, lowercase }: Required<TextSettings>,
  source: string,
  { report, grows }: { readonly report: ConversionReport; readonly grows: boolean },
): WithoutPadding {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id] as const));
  const unknown = unknownNames.find((name) => tokens.includes(name)) ?? null;
  const padding = paddingNames.find((name) => tokens.includes(name)) ?? null;
  noteUnknown(unknown, report, grows);
  const everyCharacter = { type: 'Split', pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated', invert: false };
  const tokenizer = Tokenizer.fromHuggingFace(
    {
      version: '1.0',
      added_tokens: [],
      normalizer: lowercase ? { type: 'Lowercase' } : null,
      pre_tokenizer:
        unit === 'character' ? everyCharacter : { type: unit === 'word' ? 'Whitespace' : 'WhitespaceSplit' },
      decoder: unit === 'character' ? { type: 'Fuse' } : null,
      ...(padding !== null && { padding: { pad_token: padding } }),
      model: { type: 'WordLevel', vocab, unk_token: unknown ?? '<unk>' },
    },
    source,
  );
  const size = Math.max(tokens.length, tokenizer.size);
  const rows = Array.from({ length: size }, (_, id) => (id < tokens.length ? id : null));
  return { name: 'tokenizer', content: tokenizer.toJSON(), rows, unit };
}

function taggerTokens(tokens: TokenList, lowercase: boolean, unit: Unit, report: ConversionReport): WithoutPadding {
  const special = [paddingNames, unknownNames].map(
    (names) => names.map((name) => tokens.indexOf(name)).find((id) => id >= 0) ?? null,
  );
  const [, unknown] = special;
  noteUnknown(unknown === null ? null : tokens[unknown], report);
  const ids = [...tokens.keys()].filter((id) => tokens[id] !== null && !special.includes(id));
  report.decide(
    'vocabulary',
    null,
    'padding is 0 and the unknown token 1',
    'rows of the embedding take the places that taggers here have',
  );
  const content = { format: 'unrolled tokens', version: 1, lowercase, tokens: ids.map((id) => tokens[id]) };
  return { name: 'tokens', content, rows: [...special, ...ids], unit };
}

function noteUnknown(name: string | null, report: ConversionReport, grows = true): void {
  if (name !== null) report.decide('unknown', null, name, 'the vocabulary has a token of that name');
  else
    report.warn(
      'the vocabulary has no unknown token',
      null,
      grows
        ? 'what it does not know is read as zeros, which the model was not trained on'
        : 'what it does not know is left out',
    );
}

/** The model for the ids of a vocabulary: row i is its row `rows[i]`, or zeros. What is new is never generated. */
export function withRows(own: OwnModel, rows: RunTokens['rows']): OwnModel {
  const size = own.config.vocabularySize as number;
  if (rows.length === size && rows.every((row, id) => row === id)) return own;
  const weights: StateDict = new Map(own.weights);
  const change = (name: string, how: (tensor: SavedTensor) => SavedTensor) => {
    const tensor = weights.get(name);
    if (tensor) weights.set(name, how(tensor));
  };
  change('embedding.weight', (tensor) => taken(tensor, rows, 0));
  if (!own.weights.has('embedding.weight'))
    for (const direction of ['', '_reverse'])
      change(`recurrent.weight_ih_l0${direction}`, (tensor) => turned(taken(turned(tensor), rows, 0)));
  change('decoder.weight', (tensor) => taken(tensor, rows, 0));
  change('decoder.bias', (tensor) => taken(tensor, rows, neverChosen));
  const config = { ...own.config, vocabularySize: rows.length };
  return { ...own, config, weights } as OwnModel;
}

const neverChosen = -1e9; // a logit whose probability is 0 at any temperature

/** Rows of [n] or [n, m] by their numbers; a new one is filled. */
function taken({ shape, data }: SavedTensor, rows: RunTokens['rows'], fill: number): SavedTensor {
  const width = shape[1] ?? 1;
  const result = new Float32Array(rows.length * width).fill(fill);
  for (const [i, row] of rows.entries())
    if (row !== null) result.set((data as Float32Array).subarray(row * width, (row + 1) * width), i * width);
  return { shape: [rows.length, ...shape.slice(1)], data: result };
}

function turned({ shape: [rows, columns], data }: SavedTensor): SavedTensor {
  return { shape: [columns, rows], data: transposed(data as Float32Array, rows, columns) };
}
