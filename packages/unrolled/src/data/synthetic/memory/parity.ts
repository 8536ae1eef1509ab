import { checkOptions } from '../../../errors.ts';
import { requireWhole } from '../../../checks.ts';
import { accuracyOf, ignored, type MemoryProblem, oneHot, requireMeasurable, requireRequest } from './problem.ts';

/** Options of `parityProblem`. */
export interface ParityOptions {
  /** Maximum number of bits in training. Default 40. */
  readonly length?: number;
  /** Bits in the test: from `length` to this. Default 256. */
  readonly testLength?: number;
  /** Whether there is a target after every bit, and not only after the last; then no curriculum of lengths is needed. Default false. */
  readonly everyStep?: boolean;
}

/**
 * Parity: is the number of ones odd? One bit of memory, but every input may flip it, so that nothing can be inferred from a part, and a recurrence
 * whose gates depend on the input alone cannot do it at all.
 *
 *   1 0 0 1 1 0 1   ──▶  even         h flips at every 1
 *
 * With a target only after the last bit, it is learned by a curriculum: level k has 2 to 3 + 3k bits. The test has rows that are longer than
 * any in training: a network that found the rule, and not a table, generalizes.
 */
export function parityProblem(options: ParityOptions = {}): MemoryProblem {
  checkOptions('parityProblem', options, ['length', 'testLength', 'everyStep']);
  const { length = 40, testLength = 256, everyStep = false } = options;
  requireWhole('parityProblem', 'length', length, 3);
  requireWhole('parityProblem', 'testLength', testLength, length);
  return {
    name: 'parity',
    inputSize: 2,
    outputSize: 2,
    asks: everyStep ? 'classes' : 'class',
    memoryless: Math.LN2,
    levels: everyStep ? 1 : 1 + Math.ceil((length - 3) / 3),
    batch(random, request) {
      requireRequest('parityProblem.batch', random, request);
      const { rows, level = Number.POSITIVE_INFINITY, test = false } = request;
      const longest = everyStep ? length : Math.min(length, 3 + 3 * level);
      const [from, to] = test ? [length, testLength] : [2, longest];
      const sequences = Array.from({ length: rows }, () => {
        const bits = new Int32Array(from + random.integer(to - from + 1));
        for (let t = 0; t < bits.length; t++) bits[t] = random.integer(2);
        return bits;
      });
      const lengths = Int32Array.from(sequences, (s) => s.length);
      const steps = Math.max(0, ...lengths);
      const parities = sequences.map((bits) => {
        let parity = 0;
        return bits.map((bit) => (parity ^= bit));
      });
      const target = everyStep
        ? new Int32Array(steps * rows).fill(ignored)
        : Int32Array.from(parities, (p) => p[p.length - 1]);
      if (everyStep)
        for (const [b, p] of parities.entries()) for (let t = 0; t < p.length; t++) target[t * rows + b] = p[t];
      return { steps, rows, input: oneHot(sequences, steps, 2), lengths, target };
    },
    measure(output, batch) {
      requireMeasurable('parityProblem.measure', output, batch, 2);
      const { target, rows, lengths } = batch;
      if (!everyStep) return { accuracy: accuracyOf(output, target, 2) };
      // Only the last bit of each row counts, as in the other form.
      const last = Int32Array.from(target, (y, i) =>
        Math.floor(i / rows) === (lengths as Int32Array)[i % rows] - 1 ? y : ignored,
      );
      return { accuracy: accuracyOf(output, last, 2) };
    },
  };
}
