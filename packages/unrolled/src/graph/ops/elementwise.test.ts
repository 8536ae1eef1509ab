// Ops that are made of another op of the library, against JavaScript's own functions.

import { type Tensor, tensor } from 'unrolled';
import { expect, test } from 'vitest';
import { GraphModel } from '../graph-model.ts';

test('Cos and Sin of a tensor of any shape, with their derivatives', () => {
  const port = (name: string) => ({ name, element: 'float', shape: [2, 3] }) as const;
  const graph = {
    inputs: [],
    parameters: { x: [2, 3] },
    outputs: [port('c'), port('s')],
    nodes: [
      { name: 'c', op: 'Cos', inputs: ['x'], outputs: ['c'] },
      { name: 's', op: 'Sin', inputs: ['x'], outputs: ['s'] },
    ],
  };
  const angles = [-7, -1.5, -0.2, 0.4, 2.5, 9];
  const model = new GraphModel({ graph });
  const [x] = model.parameters();
  x.set(tensor(angles, [2, 3]));
  const { c, s } = model.forward({}) as Record<string, Tensor>;
  expect([c.shape, s.shape]).toEqual([
    [2, 3],
    [2, 3],
  ]);
  c.add(s.mul(2)).sum().backward();
  const close = (values: ArrayLike<number> | undefined, f: (x: number) => number) => {
    for (const [i, angle] of angles.entries()) expect(values?.[i]).toBeCloseTo(f(angle), 5);
  };
  close(c.dataSync(), Math.cos);
  close(s.dataSync(), Math.sin);
  close(x.grad?.dataSync(), (a) => 2 * Math.cos(a) - Math.sin(a));
});
