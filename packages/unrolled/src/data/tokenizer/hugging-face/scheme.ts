// Hugging Face's tokenizer.json: added tokens → normalizer → pre-tokenizer → model, and a decoder. Its post-processor, which puts start and end
// around a sequence, is left to the caller. A special token that the file lacks is added after its last.

import { shown } from '../../../checks.ts';
import { FormatError } from '../../../errors.ts';
import type { Scheme, SpecialIds, TokenizerJSON } from '../scheme.ts';
import { slabs } from '../slabs.ts';
import { type AddedToken, finder, readAddedTokens, type Stretch } from './added-tokens.ts';
import { type Decoder, readDecoder } from './decoders.ts';
import type { Model } from './model.ts';
import { readModel } from './models.ts';
import { type Normalizer, normalizeBy, readNormalizer } from './normalizers.ts';
import { checkDepth, Part } from './part.ts';
import { lengthOf, mostOf } from './patterns.ts';
import { type PreTokenizer, readPreTokenizer } from './pre-tokenizers.ts';

/** Maximum number of unused ids in a file: some leave a few hundred free. */
const gaps = 4096;

/** Other common names of the special tokens. */
const names: Record<keyof SpecialIds, readonly string[]> = {
  pad: ['<pad>', '[PAD]', '<|pad|>', '<|padding|>', '<|finetune_right_pad_id|>'],
  unknown: ['<unk>', '[UNK]', '<|unk|>'],
  start: ['<s>', '[CLS]', '<bos>', '[BOS]', '<|startoftext|>', '<|begin_of_text|>'],
  end: ['</s>', '[SEP]', '<eos>', '[EOS]', '<|endoftext|>', '<|end_of_text|>', '<|im_end|>'],
};

export class HuggingFaceScheme implements Scheme {
  readonly tokens: readonly string[];
  readonly ids: SpecialIds;
  readonly special: ReadonlySet<number>;
  readonly #file: unknown;
  readonly #findRaw: (text: string) => Stretch[];
  readonly #findNormal: (text: string) => Stretch[];
  readonly #normalizer: Normalizer;
  readonly #preTokenizer: PreTokenizer;
  readonly #model: Model;
  readonly #decoder: Decoder;
  readonly #known = new Map<string, readonly number[]>();

  constructor(json: unknown, source: string) {
    const file = new Part(source, json);
    checkDepth(json, source);
    const read = <T>(name: string, reader: (part: Part) => T, missing: T): T =>
      file.fields[name] == null ? missing : reader(new Part(`${source}: ${name}`, file.fields[name]));
    if (file.fields.model == null) throw new FormatError(source, 'this is not a tokenizer.json: there is no model');
    this.#file = json;
    this.#normalizer = read('normalizer', readNormalizer, (text) => text);
    this.#preTokenizer = read('pre_tokenizer', readPreTokenizer, (piece) => [piece]);
    this.#decoder = read<Decoder>('decoder', readDecoder, (tokens) => [tokens.join(' ')]);
    this.#model = readModel(new Part(`${source}: model`, file.fields.model));
    const added = readAddedTokens(file);
    this.#findRaw = finder(
      added.filter((token) => !token.normalized),
      (token) => token.content,
      file,
    );
    this.#findNormal = finder(
      added.filter((token) => token.normalized),
      (token) => normalizeBy(this.#normalizer, token.content),
      file,
    );
    checkGaps(this.#model, added, file);

    const tokens: string[] = [];
    for (const [token, id] of this.#model.vocabulary) tokens[id] = token;
    for (const { id, content } of added) tokens[id] = content;
    const numbers = new Map(this.#model.vocabulary);
    for (const { id, content } of added) numbers.set(content, id);
    const special = new Set(added.filter((token) => token.special).map((token) => token.id));
    const idOf = (what: keyof SpecialIds, ...preferred: readonly (string | null)[]): number => {
      const name = [...preferred, ...names[what]].find((candidate) => candidate !== null && numbers.has(candidate));
      const id = name == null ? tokens.push(names[what][0]) - 1 : (numbers.get(name) as number);
      special.add(id);
      return id;
    };
    const padding = Object(file.fields.padding) as Record<string, unknown>;
    this.ids = {
      pad: idOf('pad', typeof padding.pad_token === 'string' ? padding.pad_token : null),
      unknown: idOf('unknown', this.#model.unknown),
      start: idOf('start'),
      end: idOf('end'),
    };
    for (let id = 0; id < tokens.length; id++) {
      if (tokens[id] !== undefined) continue;
      tokens[id] = ''; // a number that the file leaves out
      special.add(id);
    }
    this.tokens = tokens;
    this.special = special;
  }

  split(text: string): string[] {
    return this.encode(text).map((id) => this.tokens[id]);
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    this.#eachPart(text, (part) => {
      if (typeof part === 'number') ids.push(part);
      else for (const id of this.#encodePiece(part)) ids.push(id);
    });
    return ids;
  }

  get lowercase(): boolean {
    return normalizeBy(this.#normalizer, 'A').toUpperCase() !== normalizeBy(this.#normalizer, 'A');
  }

  /** A piece with an unknown token is left as it is. */
  normalize(text: string): string {
    const tokens: string[] = [];
    this.#eachPart(text, (part) => {
      if (typeof part === 'number') {
        if (!this.special.has(part)) tokens.push(this.tokens[part]);
        return;
      }
      const ids = this.#encodePiece(part);
      if (ids.includes(this.ids.unknown)) tokens.push(part);
      else for (const id of ids) if (!this.special.has(id)) tokens.push(this.tokens[id]);
    });
    return this.decode(tokens);
  }

  /** The numbers of added tokens, and the pieces of text between them. */
  #eachPart(text: string, each: (part: number | string) => void): void {
    for (const raw of this.#findRaw(text)) {
      if ('id' in raw) {
        each(raw.id);
        continue;
      }
      for (const stretch of this.#findNormal(normalizeBy(this.#normalizer, raw.text))) {
        if ('id' in stretch) {
          each(stretch.id);
          continue;
        }
        let begins = raw.first && stretch.first;
        for (const slab of slabs(stretch.text)) {
          for (const piece of this.#preTokenizer(slab, begins)) each(piece);
          begins = false;
        }
      }
    }
  }

  #encodePiece(piece: string): readonly number[] {
    const known = this.#known.get(piece);
    if (known) return known;
    const ids = this.#model.encode(piece, this.ids.unknown);
    if (piece.length <= 64) {
      if (this.#known.size >= 0x10000) this.#known.clear();
      this.#known.set(piece, ids);
    }
    return ids;
  }

  decode(tokens: readonly string[]): string {
    return this.#decoder(tokens, mostOf(lengthOf(tokens))).join('');
  }

  toJSON(): TokenizerJSON {
    return { format: 'unrolled tokenizer', version: 1, unit: 'huggingface', file: this.#file };
  }
}

/** Ids are indices into the list of tokens, so that ids far beyond the number of tokens would make a long list of a short file. */
function checkGaps(model: Model, added: readonly AddedToken[], file: Part): void {
  const most = 4 * (model.vocabulary.size + added.length) + gaps;
  const check = (token: string, id: number) => {
    if (id >= most)
      throw file.error(
        `${shown(token)} has the number ${id}, with ${model.vocabulary.size + added.length} tokens in all`,
      );
  };
  for (const [token, id] of model.vocabulary) check(token, id);
  for (const { content, id } of added) check(content, id);
}
