// A graph of a few bytes can ask for any number of iterations.

import { expect, test } from 'vitest';
import { tensor } from '../../tensor/create.ts';
import { GraphModel } from '../graph-model.ts';
import type { GraphSpec } from '../spec.ts';

test('a scan over more steps than any sequence has is refused before the first one', () => {
  const rows = [{ name: 'row', element: 'float', shape: null }] as const;
  const body: GraphSpec = { inputs: rows, outputs: rows, nodes: [] };
  const attributes = { body: { graph: body }, num_scan_inputs: 1 };
  const graph: GraphSpec = {
    inputs: [{ name: 'x', element: 'float', shape: ['time', 'batch'] }],
    outputs: [{ name: 'y', element: 'float', shape: null }],
    nodes: [{ name: 'node', op: 'Scan', inputs: ['x'], outputs: ['y'], attributes }],
  };
  const model = new GraphModel({ graph });
  expect(() => model.forward({ x: tensor([], [1_000_001, 0]) })).toThrow(
    'node "node" (Scan): more than 1000000 iterations',
  );
  expect(model.forward({ x: tensor([1, 2], [2, 1]) }).y.shape).toEqual([2, 1]);
});
