// Several stop texts at once: what could be the beginning of one is held back until it is known.

export class StopTexts {
  readonly #stops: readonly string[];
  #held = '';
  stopped = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** The part of what has come so far that can be given: no part of a stop text. */
  push(text: string): string {
    if (this.stopped) return '';
    const all = this.#held + text;
    const found = this.#stops.map((stop) => all.indexOf(stop)).filter((at) => at >= 0);
    if (found.length > 0) {
      this.stopped = true;
      this.#held = '';
      return all.slice(0, Math.min(...found));
    }
    const back = Math.max(0, ...this.#stops.map((stop) => heldBack(all, stop)));
    this.#held = all.slice(all.length - back);
    return all.slice(0, all.length - back);
  }

  /** What was held back, at the end. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}

/** Length of the longest suffix of `text` that is a prefix of `stop`. */
function heldBack(text: string, stop: string): number {
  for (let n = Math.min(stop.length - 1, text.length); n > 0; n--) if (stop.startsWith(text.slice(-n))) return n;
  return 0;
}
