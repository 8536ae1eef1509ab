// Ops that look something up.

import { embedding } from '../../packages/unrolled/src/tensor/index.ts';
import type { Sample } from '../ops.ts';
import { ints, wave } from './inputs.ts';

const pick = [3, 0, 3, 1, 3, 2];

export const tableOps: Record<string, Record<string, Sample>> = {
  embedding: {
    'rows, one of them thrice': {
      inputs: [wave([4, 3])],
      run: (weight) => embedding(ints(weight, pick, [2, 3]), weight),
      plain: (weight) => pick.flatMap((i) => weight.slice(3 * i, 3 * i + 3)),
    },
    'no rows': { inputs: [wave([4, 3])], run: (weight) => embedding(ints(weight, [], [0]), weight), plain: () => [] },
  },
  gather: {
    'along the last axis': {
      inputs: [wave([2, 4])],
      run: (x) => x.gather(1, ints(x, [3, 3, 0, 2, 1, 2], [2, 3])),
      plain: (x) => [x[3], x[3], x[0], x[6], x[5], x[6]],
    },
    'along the first axis': {
      inputs: [wave([3, 2])],
      run: (x) => x.gather(0, ints(x, [2, 0], [1, 2])),
      plain: (x) => [x[4], x[1]],
    },
    'along a middle axis': {
      inputs: [wave([2, 3, 2])],
      run: (x) => x.gather(-2, ints(x, [0, 2, 1, 1], [2, 1, 2])),
      plain: (x) => [x[0], x[5], x[8], x[9]],
    },
    nothing: { inputs: [wave([2, 3])], run: (x) => x.gather(1, ints(x, [], [2, 0])), plain: () => [] },
  },
};
