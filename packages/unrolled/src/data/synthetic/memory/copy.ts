import { checkOptions } from '../../../errors.ts';
import { requireWhole } from '../../../checks.ts';
import { accuracyOf, ignored, type MemoryProblem, oneHot, requireMeasurable, requireRequest } from './problem.ts';

const symbols = 8; // 1 to 8; 0 is a blank, 9 asks
const letters = 10;

/**
 * Copy memory (after Hochreiter and Schmidhuber 1997; the form is that of Arjovsky 2016): ten symbols of eight, T − 1 blanks, a sign, and then
 * the ten have to be reproduced in order.
 *
 *   in    3 7 1 8 2 2 5 4 6 1 · · · · · · · · ? · · · · · · · · · ·
 *   out   · · · · · · · · · · · · · · · · · · · 3 7 1 8 2 2 5 4 6 1
 *
 * Without memory, predicting blanks and ten random symbols costs 10 ln 8 / (T + 20) nats per step. `recall` is the accuracy on the ten.
 */
export function copyProblem(
  options: { /** T, steps between. Default 20. */ readonly length?: number } = {},
): MemoryProblem {
  checkOptions('copyProblem', options, ['length']);
  const { length: T = 20 } = options;
  requireWhole('copyProblem', 'length', T, 1);
  const steps = T + 2 * letters;
  return {
    name: 'copy',
    inputSize: symbols + 2,
    outputSize: symbols + 1,
    asks: 'classes',
    memoryless: (letters * Math.log(symbols)) / steps,
    levels: 1,
    batch(random, request) {
      requireRequest('copyProblem.batch', random, request);
      const { rows } = request;
      const target = new Int32Array(steps * rows);
      const sequences = Array.from({ length: rows }, (_, b) => {
        const row = new Int32Array(steps);
        for (let k = 0; k < letters; k++) {
          row[k] = 1 + random.integer(symbols);
          target[(steps - letters + k) * rows + b] = row[k];
        }
        row[letters + T - 1] = symbols + 1;
        return row;
      });
      return { steps, rows, input: oneHot(sequences, steps, symbols + 2), lengths: null, target };
    },
    measure(output, batch) {
      requireMeasurable('copyProblem.measure', output, batch, symbols + 1);
      const { target, rows } = batch;
      return {
        accuracy: accuracyOf(output, target, symbols + 1),
        recall: accuracyOf(
          output,
          Int32Array.from(target, (y, i) => (i < (steps - letters) * rows ? ignored : y)),
          symbols + 1,
        ),
      };
    },
  };
}
