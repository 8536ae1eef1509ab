import { checkOptions } from '../../../errors.ts';
import { requireWhole } from '../../../checks.ts';
import { accuracyOf, type MemoryProblem, oneHot, requireMeasurable, requireRequest } from './problem.ts';

/** E and B begin and end a sequence, a to d are distractors, X and Y are relevant. */
export const temporalOrderSymbols = 'EBabcdXY';

/** Options of `temporalOrderProblem`. */
export interface TemporalOrderOptions {
  /** Minimum number of steps T; sequences are up to a tenth longer. Default 50 (1997: 100). */
  readonly length?: number;
  /** Number of relevant symbols: 2 (task 6a, four classes) or 3 (task 6b, eight). Default 2. */
  readonly relevant?: 2 | 3;
}

/**
 * Temporal order (Hochreiter and Schmidhuber 1997, tasks 6a and 6b): among distractors, two (or three) symbols are X or Y. The class
 * depends on their order, and half the sequence follows without information:
 *
 *   E a c d b X a a d c b d a Y c a b … d B       XX, XY, YX or YY?
 *             └ T/10 to T/5    └ T/2 to 6T/10     (three: T/10 to T/5, T/3 to 43T/100, 2T/3 to 76T/100)
 *
 * Chance level is 1/4 (1/8).
 */
export function temporalOrderProblem(options: TemporalOrderOptions = {}): MemoryProblem {
  checkOptions('temporalOrderProblem', options, ['length', 'relevant']);
  const { length = 50, relevant = 2 } = options;
  requireWhole('temporalOrderProblem', 'length', length, 20);
  requireWhole('temporalOrderProblem', 'relevant', relevant, 2, 3);
  const places = (
    relevant === 2
      ? [
          [10, 20],
          [50, 60],
        ]
      : [
          [10, 20],
          [33, 43],
          [66, 76],
        ]
  ).map((range) => range.map((percent) => Math.floor((percent * length) / 100)));
  const classes = 2 ** relevant;
  const [E, B, , , , , X] = temporalOrderSymbols.split('').keys();
  return {
    name: 'temporal-order',
    inputSize: temporalOrderSymbols.length,
    outputSize: classes,
    asks: 'class',
    memoryless: Math.log(classes),
    levels: 1,
    batch(random, request) {
      requireRequest('temporalOrderProblem.batch', random, request);
      const { rows } = request;
      const target = new Int32Array(rows);
      const sequences = Array.from({ length: rows }, (_, b) => {
        const symbols = new Int32Array(length + random.integer(Math.floor(length / 10) + 1));
        for (let t = 0; t < symbols.length; t++) symbols[t] = 2 + random.integer(4);
        for (const [from, to] of places) {
          const which = random.integer(2);
          symbols[from + random.integer(to - from + 1)] = X + which;
          target[b] = 2 * target[b] + which;
        }
        symbols[0] = E;
        symbols[symbols.length - 1] = B;
        return symbols;
      });
      const lengths = Int32Array.from(sequences, (s) => s.length);
      const steps = Math.max(0, ...lengths);
      return { steps, rows, input: oneHot(sequences, steps, temporalOrderSymbols.length), lengths, target };
    },
    measure(output, batch) {
      requireMeasurable('temporalOrderProblem.measure', output, batch, classes);
      const { target } = batch;
      return { accuracy: accuracyOf(output, target, classes) };
    },
  };
}
