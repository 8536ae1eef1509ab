import { cat, stack } from '../../packages/unrolled/src/tensor/index.ts';
import type { Sample } from '../ops.ts';
import { wave } from './inputs.ts';

/** Elements of the input by number. */
const take =
  (...index: number[]): Sample['plain'] =>
  (x) =>
    index.map((i) => x[i]);
const same: Sample['plain'] = (x) => x;

export const shapingOps: Record<string, Record<string, Sample>> = {
  reshape: {
    'to other sizes': { inputs: [wave([2, 6])], run: (x) => x.reshape(3, -1), plain: same },
    'to a scalar': { inputs: [wave([1, 1])], run: (x) => x.reshape(), plain: same },
    'of nothing': { inputs: [wave([0, 3])], run: (x) => x.reshape(2, 0, 5), plain: same },
  },
  flatten: {
    'all axes': { inputs: [wave([2, 3, 2])], run: (x) => x.flatten(), plain: same },
    'the last two': { inputs: [wave([2, 3, 2])], run: (x) => x.flatten(1), plain: same },
  },
  squeeze: { 'a middle axis': { inputs: [wave([2, 1, 3])], run: (x) => x.squeeze(1), plain: same } },
  unsqueeze: {
    'in front': { inputs: [wave([2, 3])], run: (x) => x.unsqueeze(0), plain: same },
    'at the end': { inputs: [wave([2, 3])], run: (x) => x.unsqueeze(-1), plain: same },
  },
  permute: {
    'three axes': { inputs: [wave([2, 1, 3])], run: (x) => x.permute(2, 0, 1), plain: take(0, 3, 1, 4, 2, 5) },
    'four axes': { inputs: [wave([2, 3, 2, 2])], run: (x) => x.permute(3, 1, 0, 2) },
    nothing: { inputs: [wave([2, 0])], run: (x) => x.permute(1, 0), plain: same },
  },
  transpose: {
    'a matrix': { inputs: [wave([2, 3])], run: (x) => x.transpose(), plain: take(0, 3, 1, 4, 2, 5) },
    'the outer axes': { inputs: [wave([2, 1, 3])], run: (x) => x.transpose(0, 2), plain: take(0, 3, 1, 4, 2, 5) },
  },
  expand: {
    'a column': { inputs: [wave([2, 1])], run: (x) => x.expand(2, 3), plain: take(0, 0, 0, 1, 1, 1) },
    'new axes': { inputs: [wave([2])], run: (x) => x.expand(3, 2), plain: take(0, 1, 0, 1, 0, 1) },
    'a scalar': { inputs: [wave([])], run: (x) => x.expand(2, 2), plain: take(0, 0, 0, 0) },
    'to nothing': { inputs: [wave([1, 2])], run: (x) => x.expand(0, 2), plain: () => [] },
  },
  slice: {
    'rows, which share memory': { inputs: [wave([4, 2])], run: (x) => x.slice(0, 1, 3), plain: take(2, 3, 4, 5) },
    columns: { inputs: [wave([2, 4])], run: (x) => x.slice(1, 1, 3), plain: take(1, 2, 5, 6) },
    'every second': { inputs: [wave([5])], run: (x) => x.slice(0, 1, undefined, 2), plain: take(1, 3) },
    'from the end': { inputs: [wave([2, 4])], run: (x) => x.slice(-1, -2), plain: take(2, 3, 6, 7) },
    'to before the end': { inputs: [wave([4])], run: (x) => x.slice(0, 0, -1), plain: take(0, 1, 2) },
    nothing: { inputs: [wave([3, 2])], run: (x) => x.slice(1, 2), plain: () => [] },
    all: { inputs: [wave([3])], run: (x) => x.slice(0, 0), plain: same },
  },
  select: {
    'a row': { inputs: [wave([3, 2])], run: (x) => x.select(0, 1), plain: take(2, 3) },
    'a column': { inputs: [wave([3, 2])], run: (x) => x.select(1, -1), plain: take(1, 3, 5) },
  },
  unbind: {
    rows: { inputs: [wave([3, 2])], run: (x) => x.unbind(), plain: same },
    columns: { inputs: [wave([3, 2])], run: (x) => x.unbind(1), plain: take(0, 2, 4, 1, 3, 5) },
    'with one part unused': { inputs: [wave([3, 2])], run: (x) => x.unbind().slice(0, 2), plain: take(0, 1, 2, 3) },
  },
  chunk: {
    columns: { inputs: [wave([2, 4])], run: (x) => x.chunk(2), plain: take(0, 1, 4, 5, 2, 3, 6, 7) },
    one: { inputs: [wave([2, 2])], run: (x) => x.chunk(1), plain: same },
    'with one part unused': { inputs: [wave([2, 3])], run: (x) => [x.chunk(3)[1]], plain: take(1, 4) },
  },
  split: {
    'unequal parts': { inputs: [wave([4, 2])], run: (x) => x.split([1, 3], 0), plain: same },
    'an empty part': { inputs: [wave([2, 3])], run: (x) => x.split([2, 0, 1]), plain: take(0, 1, 3, 4, 2, 5) },
  },
  flip: {
    rows: { inputs: [wave([3, 2])], run: (x) => x.flip(0), plain: take(4, 5, 2, 3, 0, 1) },
    columns: { inputs: [wave([2, 3])], run: (x) => x.flip(-1), plain: take(2, 1, 0, 5, 4, 3) },
    nothing: { inputs: [wave([0, 3])], run: (x) => x.flip(0), plain: () => [] },
  },
  cat: {
    rows: { inputs: [wave([1, 2]), wave([2, 2], 1)], run: (a, b) => cat([a, b]), plain: (a, b) => [...a, ...b] },
    columns: {
      inputs: [wave([2, 1]), wave([2, 2], 1)],
      run: (a, b) => cat([a, b], -1),
      plain: (a, b) => [a[0], b[0], b[1], a[1], b[2], b[3]],
    },
    'with an empty part': { inputs: [wave([0, 2]), wave([2, 2])], run: (a, b) => cat([a, b]), plain: (_a, b) => b },
    'a tensor with itself': { inputs: [wave([2])], run: (a) => cat([a, a]), plain: (a) => [...a, ...a] },
  },
  stack: {
    'in front': { inputs: [wave([2]), wave([2], 1)], run: (a, b) => stack([a, b]), plain: (a, b) => [...a, ...b] },
    'at the end': {
      inputs: [wave([2]), wave([2], 1)],
      run: (a, b) => stack([a, b], -1),
      plain: (a, b) => [a[0], b[0], a[1], b[1]],
    },
  },
};
