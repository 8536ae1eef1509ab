import type { Tensor } from '../../packages/unrolled/src/tensor/index.ts';
import type { Sample } from '../ops.ts';
import { wave } from './inputs.ts';

const shape = [2, 3, 4];

/** f over the elements of each cell of what is left when `axes` of [2, 3, 4] are gone. */
function along(x: readonly number[], axes: readonly number[], f: (cell: number[]) => number): number[] {
  const cells = new Map<string, number[]>();
  x.forEach((v, k) => {
    const index = [Math.floor(k / 12), Math.floor(k / 4) % 3, k % 4];
    const key = index.filter((_, d) => !axes.includes(d)).join();
    cells.set(key, [...(cells.get(key) ?? []), v]);
  });
  return [...cells.values()].map(f);
}

function folding(
  run: (x: Tensor, dims?: number | number[], keepdim?: boolean) => Tensor,
  plain: (cell: number[]) => number,
): Record<string, Sample> {
  const sample = (dims: number[]): Sample => ({
    inputs: [wave(shape)],
    run: (x) => run(x, dims),
    plain: (x) => along(x, dims, plain),
  });
  return {
    all: { inputs: [wave(shape)], run: (x) => run(x), plain: (x) => [plain([...x])] },
    'the first axis': sample([0]),
    'the middle axis': sample([1]),
    'the last axis': { inputs: [wave(shape)], run: (x) => run(x, -1), plain: (x) => along(x, [2], plain) },
    'two axes together': sample([0, 1]),
    'two axes apart': sample([0, 2]),
    'kept as 1': { inputs: [wave(shape)], run: (x) => run(x, [0, 2], true), plain: (x) => along(x, [0, 2], plain) },
    'a scalar': { inputs: [wave([])], run: (x) => run(x), plain: (x) => x },
    'none of the axes': { inputs: [wave([3])], run: (x) => run(x, []), plain: (x) => x },
    'a tensor with nothing in it': { inputs: [wave([0, 3])], run: (x) => run(x, 1), plain: () => [] },
  };
}

function extreme(
  run: (x: Tensor, dim?: number, keepdim?: boolean) => Tensor,
  plain: (cell: number[]) => number,
): Record<string, Sample> {
  return {
    'of all': { inputs: [wave(shape)], run: (x) => run(x), plain: (x) => [plain([...x])] },
    'of the first axis': { inputs: [wave(shape)], run: (x) => run(x, 0), plain: (x) => along(x, [0], plain) },
    'of the middle axis': { inputs: [wave(shape)], run: (x) => run(x, 1, true), plain: (x) => along(x, [1], plain) },
    'of the last axis': { inputs: [wave(shape)], run: (x) => run(x, -1), plain: (x) => along(x, [2], plain) },
    'of no rows': { inputs: [wave([0, 3])], run: (x) => run(x, 1), plain: () => [] },
  };
}

// An index has no gradient.
const position = (
  run: (x: Tensor, dim?: number, keepdim?: boolean) => Tensor,
  plain: (cell: number[]) => number,
): Record<string, Sample> =>
  Object.fromEntries(
    Object.entries(extreme(run, plain)).map(([name, sample]) => [name, { ...sample, gradient: 'none' as const }]),
  );

const sum = (cell: number[]): number => cell.reduce((a, b) => a + b, 0);

export const reduceOps: Record<string, Record<string, Sample>> = {
  sum: {
    ...folding((x, dims, keepdim) => x.sum(dims, keepdim), sum),
    'an axis with nothing in it': { inputs: [wave([0, 3])], run: (x) => x.sum(0), plain: () => [0, 0, 0] },
  },
  mean: folding(
    (x, dims, keepdim) => x.mean(dims, keepdim),
    (cell) => sum(cell) / cell.length,
  ),
  max: extreme(
    (x, dim, keepdim) => x.max(dim, keepdim),
    (cell) => Math.max(...cell),
  ),
  min: extreme(
    (x, dim, keepdim) => x.min(dim, keepdim),
    (cell) => Math.min(...cell),
  ),
  argmax: position(
    (x, dim, keepdim) => x.argmax(dim, keepdim),
    (cell) => cell.indexOf(Math.max(...cell)),
  ),
  argmin: position(
    (x, dim, keepdim) => x.argmin(dim, keepdim),
    (cell) => cell.indexOf(Math.min(...cell)),
  ),
};
