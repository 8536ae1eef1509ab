// A network on tensors behind HTTP: no more outputs than the limit.

import { createServer, type Server, type ServerLimits } from '@unrolled/server';
import { writeSafetensors } from 'unrolled/io';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askOf } from './ask.ts';

/** x [n] → y [n, n]: every product of two of its numbers, and x itself. */
const files = {
  'config.json': {
    format: 'unrolled run',
    version: 2,
    task: 'tensors',
    model: {
      type: 'graph',
      graph: {
        inputs: [{ name: 'x', element: 'float', shape: ['n'] }],
        outputs: [
          { name: 'y', element: 'float', shape: ['n', 'n'] },
          { name: 'z', element: 'float', shape: ['n'] },
        ],
        nodes: [
          { name: 'column', op: 'Unsqueeze', inputs: ['x'], outputs: ['column'], attributes: { axes: [1] } },
          { name: 'y', op: 'Mul', inputs: ['x', 'column'], outputs: ['y'], attributes: {} },
          { name: 'z', op: 'Identity', inputs: ['x'], outputs: ['z'], attributes: {} },
        ],
      },
      input: { kind: 'tensors' },
    },
  },
  'model.safetensors': writeSafetensors(new Map()),
};

const servers: Server[] = [];
const ask = (server: Server, n: number) =>
  askOf(server, '/v1/tensors', {
    method: 'POST',
    body: JSON.stringify({ inputs: { x: { shape: [n], data: Array.from({ length: n }, (_, k) => k + 1) } } }),
    headers: { 'content-type': 'application/json' },
  });
async function serverOf(limits: Partial<ServerLimits>): Promise<Server> {
  const server = createServer({ runs: { net: files }, workers: 0, limits });
  servers.push(server);
  await server.opened();
  return server;
}

let bounded: Server;
beforeAll(async () => {
  bounded = await serverOf({ outputNumbers: 12 });
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

test('outputs as many as the limit come by name', async () => {
  const { status, body } = await ask(bounded, 3);
  expect([status, body.data]).toEqual([
    200,
    [
      {
        y: { shape: [3, 3], data: [1, 2, 3, 2, 4, 6, 3, 6, 9] },
        z: { shape: [3], data: [1, 2, 3] },
      },
    ],
  ]);
});

test('more are refused by kind, all tensors together, and the next request is answered', async () => {
  const { status, body } = await ask(bounded, 4);
  expect([status, body.error]).toEqual([
    413,
    {
      message:
        'the outputs have more than 12 numbers; send shorter inputs, or raise limits.outputNumbers of the server',
      type: 'invalid_request_error',
      param: 'inputs',
      code: 'output_too_large',
    },
  ]);
  expect((await ask(bounded, 3)).status).toBe(200);
});

test('the limit is 1,048,576 numbers by default', async () => {
  const server = await serverOf({});
  expect((await ask(server, 1023)).status).toBe(200); // 1023 · 1024 of them
  expect((await ask(server, 1024)).status).toBe(413); // 1024 more than 2 ** 20
});
