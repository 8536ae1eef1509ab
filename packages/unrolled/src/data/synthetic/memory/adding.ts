import { checkOptions } from '../../../errors.ts';
import { requireWhole } from '../../../checks.ts';
import { type MemoryProblem, requireMeasurable, requireRequest } from './problem.ts';

/**
 * The adding problem (Hochreiter and Schmidhuber 1997; the form is that of Le 2015 and Bai 2018). Two inputs a step: a number, uniform in [0, 1),
 * and a mark. Two random steps are marked; the target is the sum of their numbers.
 *
 *   number  .31 .72 .05 .88 .41 .19 … .63
 *   mark     0   1   0   0   1   0  …  0       ──▶  .72 + .41 = 1.13
 *
 * Always predicting 1 has a mean squared error of 2 · 1/12 = 0.1667. `within` is the fraction with an error below 0.04, the criterion of 1997.
 */
export function addingProblem(options: { /** Steps T. Default 100. */ readonly length?: number } = {}): MemoryProblem {
  checkOptions('addingProblem', options, ['length']);
  const { length: T = 100 } = options;
  requireWhole('addingProblem', 'length', T, 2);
  return {
    name: 'adding',
    inputSize: 2,
    outputSize: 1,
    asks: 'number',
    memoryless: 1 / 6,
    levels: 1,
    batch(random, request) {
      requireRequest('addingProblem.batch', random, request);
      const { rows: B } = request;
      const input = new Float32Array(T * B * 2);
      const target = new Float32Array(B);
      for (let b = 0; b < B; b++) {
        for (let t = 0; t < T; t++) input[(t * B + b) * 2] = random.uniform();
        const first = random.integer(T);
        const second = (first + 1 + random.integer(T - 1)) % T;
        for (const t of [first, second]) {
          input[(t * B + b) * 2 + 1] = 1;
          target[b] += input[(t * B + b) * 2];
        }
      }
      return { steps: T, rows: B, input, lengths: null, target };
    },
    measure(output, batch) {
      requireMeasurable('addingProblem.measure', output, batch, 1);
      const { target } = batch;
      let [square, within] = [0, 0];
      for (let b = 0; b < target.length; b++) {
        const error = output[b] - target[b];
        square += error * error;
        if (Math.abs(error) < 0.04) within++;
      }
      return { mse: square / target.length, within: within / target.length };
    },
  };
}
