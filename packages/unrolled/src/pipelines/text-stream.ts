// Converts a stream of symbols to pieces of text. A symbol's text may depend on those before it (a space between two words), and a character
// may need several symbols (bytes of one letter): a piece is the new part of the decoded text, once it is whole. What may be the beginning of a
// stop text is held back until it is clear.

export class TextStream {
  readonly #decode: (ids: readonly number[]) => string;
  readonly #stops: readonly string[];
  #ids: number[] = [];
  /** The text of `ids`, as far as it was emitted. */
  #given = '';
  /** Emitted text of symbols that are no longer needed: as much of its end as a stop text could begin in. */
  #text = '';
  /** Length of the text before the first symbol, in which nothing stops. */
  #before: number;
  stopped = false;

  /** `before`: the symbols that the first one follows, whose text is not given. */
  constructor(
    decode: (ids: readonly number[]) => string,
    stop: string | readonly string[] | null = null,
    before: readonly number[] = [],
  ) {
    this.#decode = decode;
    this.#stops = (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((text) => text !== '');
    this.#ids = [...before];
    this.#given = before.length > 0 ? decode(before).replace(/\ufffd+$/, '') : '';
    this.#before = this.#given.length;
  }

  /** Returns the text that this symbol adds. */
  push(id: number): string {
    if (this.stopped) return '';
    this.#ids.push(id);
    const text = this.#decode(this.#ids);
    return this.#give(text, text.endsWith('\ufffd') ? text.replace(/\ufffd+$/, '') : text);
  }

  /** Returns the text that was held back. */
  end(): string {
    if (this.stopped || this.#ids.length === 0) return '';
    const text = this.#decode(this.#ids);
    const rest = text.startsWith(this.#given) ? text.slice(this.#given.length) : '';
    this.#given = text;
    return rest;
  }

  #give(all: string, whole: string): string {
    let safe = whole;
    if (this.#stops.length > 0) {
      const seen = this.#text + whole;
      const found = this.#stops.map((stop) => seen.indexOf(stop, this.#before)).filter((at) => at >= 0);
      if (found.length > 0) {
        this.stopped = true;
        safe = whole.slice(0, Math.max(0, Math.min(...found) - this.#text.length));
      } else safe = whole.slice(0, whole.length - Math.max(...this.#stops.map((stop) => heldBack(whole, stop))));
    }
    const piece = safe.startsWith(this.#given) ? safe.slice(this.#given.length) : '';
    if (piece !== '') this.#given = safe;
    // A symbol depends on the one before it at most: the rest need not be decoded again.
    if (this.#ids.length > 64 && safe === all && this.#given === all) {
      const kept = this.#ids.slice(-16);
      const tail = this.#decode(kept);
      if (all.endsWith(tail)) {
        const longest = Math.max(0, ...this.#stops.map((stop) => stop.length - 1));
        const before = this.#text + all.slice(0, all.length - tail.length);
        this.#text = longest > 0 ? before.slice(-longest) : '';
        this.#before = Math.max(0, this.#before - (before.length - this.#text.length));
        [this.#ids, this.#given] = [kept, tail];
      }
    }
    return piece;
  }
}

/** Length of the longest suffix of `text` that is a prefix of `stop`. */
function heldBack(text: string, stop: string): number {
  for (let n = Math.min(stop.length - 1, text.length); n > 0; n--) if (stop.startsWith(text.slice(-n))) return n;
  return 0;
}
