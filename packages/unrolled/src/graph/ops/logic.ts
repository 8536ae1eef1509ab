// Comparisons and booleans. Of host values they are host values; of floats they are tensors of 0 and 1, so that a mask needs no reading of the device.

import { compare, where } from '../../tensor/ops/elementwise.ts';
import { hostExpand } from '../host-arrays.ts';
import type { GraphOp } from '../op.ts';
import { HostArray } from '../value.ts';
import { bothHost, broadcastHost, broadcastShape } from './elementwise.ts';

type Comparison = Parameters<typeof compare>[0];

function comparison(op: Comparison, whole: (a: number, b: number) => boolean): GraphOp {
  return {
    inputs: ['A', 'B'],
    run: (node) =>
      bothHost(node)
        ? broadcastHost(node, (a, b) => Number(whole(a, b)), 'bool')
        : compare(op, node.tensor(0), node.tensor(1)),
  };
}

/** A boolean function of two: masks that are tensors are compared as numbers. */
function logical(whole: (a: boolean, b: boolean) => boolean, combine: Comparison, threshold: number | null): GraphOp {
  return {
    inputs: ['A', 'B'],
    run: (node) => {
      if (bothHost(node)) return broadcastHost(node, (a, b) => Number(whole(a !== 0, b !== 0)), 'bool');
      const [a, b] = [node.tensor(0).ne(0), node.tensor(1).ne(0)];
      return threshold === null ? compare(combine, a, b) : compare(combine, a.add(b), threshold);
    },
  };
}

export const logicOps: Readonly<Record<string, GraphOp>> = {
  Equal: comparison('eq', (a, b) => a === b),
  Less: comparison('lt', (a, b) => a < b),
  LessOrEqual: comparison('le', (a, b) => a <= b),
  Greater: comparison('gt', (a, b) => a > b),
  GreaterOrEqual: comparison('ge', (a, b) => a >= b),
  And: logical((a, b) => a && b, 'ge', 2),
  Or: logical((a, b) => a || b, 'ge', 1),
  Xor: logical((a, b) => a !== b, 'ne', null),

  Not: {
    inputs: ['X'],
    run: (node) => {
      const x = node.value(0);
      if (!(x instanceof HostArray)) return node.tensor(0).eq(0);
      return new HostArray(
        'bool',
        x.shape,
        Float64Array.from(x.values, (v) => (v === 0 ? 1 : 0)),
      );
    },
  },

  /** condition ? X : Y, all broadcast. */
  Where: {
    inputs: ['condition', 'X', 'Y'],
    run: (node) => {
      const [condition, x, y] = [node.value(0), node.value(1), node.value(2)];
      if (!(x instanceof HostArray && y instanceof HostArray)) {
        const [a, b] = [node.tensor(1), node.tensor(2)];
        return where(node.tensor(0).cast(a.dtype), a, b);
      }
      const shape = [x, y].reduce((s, v) => broadcastShape(node, s, v.shape), condition.shape);
      const [mask, p, q] = [node.host(0), x, y].map((v) => hostExpand(v, shape).values);
      return new HostArray(
        x.element,
        shape,
        Float64Array.from(mask, (m, i) => (m === 0 ? q[i] : p[i])),
      );
    },
  },
};
