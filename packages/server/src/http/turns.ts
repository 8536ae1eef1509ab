// Requests that come at the same moment are begun a few in each turn of the event loop. So whoever asks for nothing that is computed, as /health does,
// waits for a few of them and not for all.

/** Requests that begin in a turn: some two milliseconds. */
const together = 8;

export class Turns {
  readonly #waiting: (() => void)[] = [];
  #begun = 0;
  #isAsked = false;

  /** Resolves when it is this request's turn, in the order in which they came. */
  begin(): Promise<void> {
    this.#ask();
    if (this.#begun < together && this.#waiting.length === 0) {
      this.#begun++;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Asks for the next turn. */
  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    const { setImmediate: soon = setTimeout } = globalThis as { setImmediate?: (run: () => void) => unknown };
    soon(() => this.#next());
  }

  #next(): void {
    const next = this.#waiting.splice(0, together);
    this.#begun = next.length;
    this.#isAsked = false;
    if (next.length > 0) this.#ask();
    for (const resolve of next) resolve();
  }
}
