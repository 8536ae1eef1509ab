/** A set of characters, given by a class such as `[\p{L}']` in JavaScript's words: one character of it is tested, which no class makes slow. */
export class CharacterSet {
  readonly #pattern: RegExp;
  readonly #ascii: Uint8Array;
  readonly #others = new Map<number, boolean>();

  /** Throws SyntaxError for what is no class. */
  constructor(source: string) {
    this.#pattern = new RegExp(`^(?:${source})$`, 'u');
    this.#ascii = Uint8Array.from({ length: 128 }, (_, code) => +this.#pattern.test(String.fromCharCode(code)));
  }

  has(character: number): boolean {
    if (character < 128) return this.#ascii[character] === 1;
    let is = this.#others.get(character);
    if (is === undefined) {
      if (this.#others.size >= 0x10000) this.#others.clear();
      this.#others.set(character, (is = this.#pattern.test(String.fromCodePoint(character))));
    }
    return is;
  }
}
