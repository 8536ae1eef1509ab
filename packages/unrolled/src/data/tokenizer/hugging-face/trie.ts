// A trie, to find in one pass the strings that a text has at a position.

import type { Part } from './part.ts';

/** Maximum length of one string, which bounds the time of a lookup. */
const longest = 512;

/** Maximum number of nodes. */
const mostNodes = 2 ** 23;

export class Trie {
  /** Node · 2¹⁶ + letter → node. */
  readonly #next = new Map<number, number>();
  /** The number of the text that ends at a node. */
  readonly #numbers = new Map<number, number>();
  #nodes = 1;

  /** Of two equal strings the last counts. `part` names their origin in errors. */
  add(text: string, number: number, part: Part): void {
    if (text.length > longest)
      throw part.error(`a token of ${text.length} letters; at most ${longest} can be looked for`);
    let node = 0;
    for (let k = 0; k < text.length; k++) {
      const key = node * 0x10000 + text.charCodeAt(k);
      let next = this.#next.get(key);
      if (next === undefined) {
        if (this.#nodes >= mostNodes) throw part.error(`the tokens have more than ${mostNodes} letters`);
        this.#next.set(key, (next = this.#nodes++));
      }
      node = next;
    }
    this.#numbers.set(node, number);
  }

  /** Calls `each` with the end of every match at `start` and its id, the shortest first. */
  walk(text: string, start: number, each: (end: number, number: number) => void): void {
    let node: number | undefined = 0;
    for (let at = start; at < text.length; ) {
      node = this.#next.get(node * 0x10000 + text.charCodeAt(at++));
      if (node === undefined) return;
      const number = this.#numbers.get(node);
      if (number !== undefined) each(at, number);
    }
  }
}
