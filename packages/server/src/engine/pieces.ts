// An answer that grows: pieces come from a thread, and a reader takes them when it likes. A reader that is slow is not waited for: when much waits for
// it, its text rests (`onFull`) until little does (`onDrained`), so that memory is bounded and nobody else is slower.

/** Bytes that may wait for a reader before its text rests, and those at which it goes on. */
const most = 64 << 10;
const little = 16 << 10;

export interface PiecesOptions {
  /** Begins the work; called when the first piece is asked for. */
  readonly onStart: () => void;
  /** The reader has left: called at most once, and not after the end. */
  readonly onLeave: () => void;
  readonly onFull: () => void;
  readonly onDrained: () => void;
}

type Waiting<T> = { resolve(result: IteratorResult<T, undefined>): void; reject(error: unknown): void };

export class Pieces<T> implements AsyncIterableIterator<T, undefined> {
  readonly #options: PiecesOptions;
  readonly #pieces: { readonly piece: T; readonly bytes: number }[] = [];
  readonly #waiting: Waiting<T>[] = [];
  #bytes = 0;
  #full = false;
  #started = false;
  #ended = false;
  #error: { readonly error: unknown } | null = null;

  constructor(options: PiecesOptions) {
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(piece: T, bytes: number): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader) return reader.resolve({ value: piece, done: false });
    this.#pieces.push({ piece, bytes });
    this.#bytes += bytes;
    if (this.#full || this.#bytes <= most) return;
    this.#full = true;
    this.#options.onFull();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const reader of this.#waiting.splice(0)) reader.resolve({ value: undefined, done: true });
  }

  /** What waits is given out first. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const [first, ...others] = this.#waiting.splice(0);
    if (first) first.reject(error);
    else this.#error = { error };
    for (const reader of others) reader.resolve({ value: undefined, done: true });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.#started) {
      this.#started = true;
      if (!this.#ended) this.#options.onStart();
    }
    const first = this.#pieces.shift();
    if (first) {
      this.#bytes -= first.bytes;
      if (this.#full && this.#bytes <= little && !this.#ended) {
        this.#full = false;
        this.#options.onDrained();
      }
      return Promise.resolve({ value: first.piece, done: false });
    }
    if (this.#error) {
      const { error } = this.#error;
      this.#error = null;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#pieces.length = 0;
    this.#error = null;
    if (!this.#ended) {
      this.end();
      if (this.#started) this.#options.onLeave();
    }
    return Promise.resolve({ value: undefined, done: true });
  }
}
