// An untrusted regular expression, run in bounded time. JavaScript's own engine backtracks: (a+)+$ on thirty letters
// takes minutes. This one memoizes, for every position in the text and every fork of the pattern, that the branch from there failed, and so tries
// each branch once, over all matches of a text together:
//
//   steps  ≤  instructions of the pattern × characters of the text
//
// A pattern is compiled to a small program. `set` reads one character, `split` continues at `to` and, if that fails, at `or`,
// `save` notes where the first group begins or ends.

import type { CharacterSet } from './character-set.ts';

export type Instruction =
  | { readonly op: 'set'; readonly set: CharacterSet }
  | { readonly op: 'split'; to: number; or: number; readonly fork: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'look'; readonly set: CharacterSet; readonly ahead: boolean; readonly negated: boolean }
  | { readonly op: 'line'; readonly end: boolean }
  | { readonly op: 'border'; readonly word: CharacterSet; readonly negated: boolean }
  | { readonly op: 'save'; readonly end: boolean }
  | { readonly op: 'match' };

/** Finds matches in a text, from left to right, without overlap. */
export interface Pattern {
  find(text: string): Iterable<Found>;
}

export interface Found {
  readonly start: number;
  readonly end: number;
  /** Where the first group matched; null where it did not, or the program notes none. */
  readonly group?: { readonly start: number; readonly end: number } | null;
}

/** Positions whose failures are stored together. */
const page = 1024;

/** Maximum number of bytes of stored failures: more than any pattern for text needs. */
const mostMemory = 2 ** 26;

export class Matcher implements Pattern {
  readonly #program: readonly Instruction[];
  readonly #words: number;
  readonly #tooMuch: () => Error;
  /** Where the first group of the match at hand begins and ends, or −1. */
  #group: [start: number, end: number] = [-1, -1];

  /** `tooMuch` is the error for a pattern that reads on and on ahead of its matches. */
  constructor(program: readonly Instruction[], tooMuch: () => Error) {
    this.#program = program;
    this.#words = Math.ceil(program.filter(({ op }) => op === 'split').length / 32);
    this.#tooMuch = tooMuch;
  }

  *find(text: string): Generator<Found, void> {
    const failed = new Map<number, Uint32Array>(); // page → one bit for every fork, position by position
    for (let start = 0; start <= text.length; ) {
      const end = this.#matchAt(text, start, failed);
      const step = start < text.length && (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
      if (end < 0) {
        start += step;
        continue;
      }
      const [from, to] = this.#group;
      yield { start, end, group: from >= 0 && to >= from ? { start: from, end: to } : null };
      // The way that matched did not fail: what is known of its last position is forgotten, and of those before it not needed any more.
      const at = end % page;
      failed.get((end - at) / page)?.fill(0, at * this.#words, (at + 1) * this.#words);
      for (const known of failed.keys()) if ((known + 1) * page <= end) failed.delete(known);
      start = end > start ? end : start + step;
    }
  }

  /** Returns where the match that begins at `start` ends, or −1. */
  #matchAt(text: string, start: number, failed: Map<number, Uint32Array>): number {
    const program = this.#program;
    const later = [0, start]; // branches not tried yet: instruction, position; or −1 − end and what was noted there before
    this.#group = [-1, -1];
    for (;;) {
      let at = later.pop();
      let pc = later.pop();
      if (at === undefined || pc === undefined) return -1;
      if (pc < 0) {
        this.#group[-1 - pc] = at;
        continue;
      }
      way: for (;;) {
        const one: Instruction = program[pc];
        switch (one.op) {
          case 'set': {
            if (at >= text.length) break way;
            const character: number = text.codePointAt(at) ?? 0;
            if (!one.set.has(character)) break way;
            at += character > 0xffff ? 2 : 1;
            pc++;
            break;
          }
          case 'split':
            if (this.#seen(failed, at, one.fork)) break way;
            later.push(one.or, at);
            pc = one.to;
            break;
          case 'jump':
            pc = one.to;
            break;
          case 'look': {
            const beside = one.ahead ? text.codePointAt(at) : before(text, at);
            if ((beside !== undefined && one.set.has(beside)) === one.negated) break way;
            pc++;
            break;
          }
          case 'line': {
            const beside = one.end ? text.codePointAt(at) : before(text, at);
            if (beside !== undefined && beside !== 0x0a) break way;
            pc++;
            break;
          }
          case 'border': {
            const [left, right] = [before(text, at), text.codePointAt(at)];
            const isBorder =
              (left !== undefined && one.word.has(left)) !== (right !== undefined && one.word.has(right));
            if (isBorder === one.negated) break way;
            pc++;
            break;
          }
          case 'save': {
            const which = one.end ? 1 : 0;
            later.push(-1 - which, this.#group[which]);
            this.#group[which] = at;
            pc++;
            break;
          }
          case 'match':
            return at;
          default:
            one satisfies never;
        }
      }
    }
  }

  /** Whether the branch from this fork was tried before; marks it as tried. */
  #seen(failed: Map<number, Uint32Array>, at: number, fork: number): boolean {
    const place = at % page;
    const key = (at - place) / page;
    let bits = failed.get(key);
    if (!bits) {
      if ((failed.size + 1) * page * this.#words * 4 > mostMemory) throw this.#tooMuch();
      failed.set(key, (bits = new Uint32Array(page * this.#words)));
    }
    const word = place * this.#words + (fork >> 5);
    const bit = 1 << (fork & 31);
    if (bits[word] & bit) return true;
    bits[word] |= bit;
    return false;
  }
}

/** The character that ends at `at`. */
function before(text: string, at: number): number | undefined {
  if (at === 0) return undefined;
  const low = text.charCodeAt(at - 1);
  const pair = at > 1 && (low & 0xfc00) === 0xdc00 ? text.codePointAt(at - 2) : undefined;
  return pair !== undefined && pair > 0xffff ? pair : low;
}
