// Batches for truncated back-propagation: the text is cut into B contiguous streams, read in parallel window by window, so
// that the state after one window is the state before the next.
//
//   stream 0   |h e l l o _ w|o r l d . _ A|…      window 0, 1, …: [T, B] symbols,
//   stream 1   |n d _ s o _ i|t _ g o e s _|…      the target of each is the symbol after it

import { requireKinds, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';

/** Options of `StreamBatcher`. */
export interface StreamOptions {
  /** Batch size B: streams read in parallel. */
  readonly streams: number;
  /** Truncated BPTT window: steps T of one window. */
  readonly windowLength: number;
  /** Range of windows to use, from `from` up to, not including, `to`: char-rnn splits its data like this. Default: all. */
  readonly from?: number;
  readonly to?: number;
}

/** One window of a text: inputs and the targets, shifted by one symbol. */
export interface TextWindow {
  /** Inputs, int32 [T, B], time first. */
  readonly input: Int32Array;
  /** Targets, int32 [T, B]: the symbol after each. */
  readonly target: Int32Array;
  /** Whether the streams start (again): the state is then reset to zeros. */
  readonly fresh: boolean;
}

/**
 * Contiguous streams over a sequence of symbols. A stream has as many whole windows as (length − 1) / (B·T) allows; up to B·T − 1 symbols at
 * its end are not read by `next`, but are by `epoch`.
 *
 * Throws an OptionError that says what would fit when the sequence is too short for one window.
 */
export class StreamBatcher {
  readonly streams: number;
  readonly windowLength: number;
  readonly windowsPerEpoch: number;
  readonly #ids: Int32Array;
  readonly #streamLength: number;
  readonly #from: number;
  /** Whether the range ends where the streams do, so that the remainder belongs to it. */
  readonly #toEnd: boolean;
  #window = 0;

  constructor(ids: Int32Array, options: StreamOptions) {
    checkOptions('StreamBatcher', options, ['streams', 'windowLength', 'from', 'to']);
    const { streams, windowLength } = options;
    for (const [name, n] of Object.entries({ streams, windowLength })) {
      if (!(Number.isInteger(n) && n > 0))
        throw new OptionError('StreamBatcher', name, `expected a whole number from 1, got ${shown(n)}`);
    }
    if (!(ids instanceof Int32Array)) requireKinds('StreamBatcher', { ids }, { ids: 'numbers' });
    this.streams = streams;
    this.windowLength = windowLength;
    this.#ids = ids;
    this.#streamLength = Math.floor(Math.max(0, ids.length - 1) / streams);
    const windows = Math.floor(this.#streamLength / windowLength);
    if (windows === 0)
      throw new OptionError('StreamBatcher', 'windowLength', tooShort(ids.length, streams, windowLength));
    const { from = 0, to = windows } = options;
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= windows)) {
      throw new OptionError(
        'StreamBatcher',
        'from, to',
        `expected a range in the ${windows} windows there are, got ${shown(from)} to ${shown(to)}`,
      );
    }
    this.#from = from;
    this.#toEnd = to === windows;
    this.windowsPerEpoch = to - from;
  }

  /** Windows of this epoch read so far. Saving it is enough to continue at the same place. */
  get position(): number {
    return this.#window;
  }

  set position(window: number) {
    if (!(Number.isInteger(window) && window >= 0 && window < this.windowsPerEpoch)) {
      throw new OptionError(
        'StreamBatcher',
        'position',
        `expected a window from 0 to ${this.windowsPerEpoch - 1}, got ${shown(window)}; was the data changed?`,
      );
    }
    this.#window = window;
  }

  /** Returns the next window; after the last one, the first again. */
  next(): TextWindow {
    const window = this.#window;
    this.#window = (window + 1) % this.windowsPerEpoch;
    return this.#read(window, this.windowLength);
  }

  /** How often each of `classes` symbols occurs in the streams. Throws an OptionError for a symbol outside 0 … classes − 1. */
  counts(classes: number): Int32Array {
    const counts = new Int32Array(classes);
    for (const id of this.#ids) {
      if (!(id >= 0 && id < classes))
        throw new OptionError('StreamBatcher.counts', 'classes', `symbol ${id} is outside 0 to ${classes - 1}`);
      counts[id]++;
    }
    return counts;
  }

  /** Returns the first window. Does not move `position`. */
  first(): TextWindow {
    return this.#read(0, this.windowLength);
  }

  /** Iterates over every window once, from the start, and over the shorter remainder. Does not move `position`. */
  *epoch(): Generator<TextWindow> {
    for (let w = 0; w < this.windowsPerEpoch; w++) yield this.#read(w, this.windowLength);
    const rest = this.#streamLength - (this.#from + this.windowsPerEpoch) * this.windowLength;
    if (this.#toEnd && rest > 0) yield this.#read(this.windowsPerEpoch, rest);
  }

  #read(window: number, T: number): TextWindow {
    const B = this.streams;
    const input = new Int32Array(T * B);
    const target = new Int32Array(T * B);
    for (let b = 0; b < B; b++) {
      let k = b * this.#streamLength + (this.#from + window) * this.windowLength;
      for (let t = 0; t < T; t++, k++) {
        input[t * B + b] = this.#ids[k];
        target[t * B + b] = this.#ids[k + 1];
      }
    }
    return { input, target, fresh: window === 0 };
  }
}

function tooShort(length: number, streams: number, windowLength: number): string {
  const needed = streams * windowLength + 1;
  const most = Math.max(0, length - 1);
  const fits =
    most === 0
      ? 'at least 2 are needed'
      : streams <= most
        ? `${streams} streams of ${Math.floor(most / streams)} would fit`
        : `1 stream of ${Math.min(windowLength, most)} would fit`;
  return `${streams} streams of ${windowLength} need ${needed} symbols, and there are ${length}; ${fits}`;
}
