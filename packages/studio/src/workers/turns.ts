// What takes its turn in a loop by the clock: not more often than asked for, and not for more than its part of the time.

interface Turn {
  readonly every: number;
  readonly part: number;
  due: number;
}

export class Turns {
  readonly #turns = new Map<string, Turn>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * A turn every `ms`, or so much more rarely that it takes at most `part` of the time. The first comes after `ms`; that of what is limited to a part
   * after a second at most, since somebody waits to see it.
   */
  every(name: string, ms: number, part = 1): void {
    this.#turns.set(name, { every: ms, part, due: this.#now() + (part < 1 ? Math.min(ms, 1000) : ms) });
  }

  /** Does `body` if its turn has come. */
  async take(name: string, body: () => void | Promise<void>): Promise<void> {
    const turn = this.#turns.get(name);
    const start = this.#now();
    if (!turn || start < turn.due) return;
    await body();
    const end = this.#now();
    turn.due = end + Math.max(turn.every, (end - start) / turn.part);
  }
}
