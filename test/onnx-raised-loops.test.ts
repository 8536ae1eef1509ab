// A Scan or a Loop over a step that is written out is read as a recurrent layer.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, useBackend } from 'unrolled';
import { array, B, type Case, gemm, gruAfter, gruWeights, H, I, lstmTail, node, raised, scalar, T } from './onnx-raised.ts'; // biome-ignore format: a line
import type { OnnxNode, OnnxPort } from './onnx-writer.ts';

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

const body = (nodes: readonly OnnxNode[], inputs: readonly OnnxPort[], outputs: readonly string[]) => ({
  graph: { nodes, inputs, outputs: outputs.map((name) => ({ name, ...(name === 'on' && { type: 'bool' as const }) })) },
});
const lstmStep = [
  node('Gemm', 'xt W b', 'gx', gemm),
  node('Gemm', 'h R d', 'gh', gemm),
  node('Add', 'gx gh', 'gates'),
  ...lstmTail('iofg'),
];
const lstmWeights = { W: [4 * H, I], b: [4 * H], R: [4 * H, H], d: [4 * H] };
const again = (name: string, to: string) => node('Identity', name, to);
const port = (name: string, ...shape: (number | string)[]): OnnxPort => ({ name, shape });

describe('a loop over a step', () => {
  const first = { h0: array(B, H), c0: array(B, H) };
  const lstmPorts = [port('h', 'batch', H), port('c', 'batch', H), port('xt', 'batch', I)];

  test.each([
    [0, 0, 0, 0],
    [1, 1, 1, 1],
    [0, 1, 1, 0],
  ])(
    'of a Scan along axis %i, direction %i, to axis %i, direction %i',
    async (axis, direction, outAxis, outDirection) => {
      const { layers, ops, decisions } = await raised({
        nodes: [
          node('Scan', 'h0 c0 x', 'hn_ cn_ y', {
            body: body([...lstmStep, again('hn', 'collected')], lstmPorts, ['hn', 'cn', 'collected']),
            num_scan_inputs: 1,
            scan_input_axes: [axis],
            scan_input_directions: [direction],
            scan_output_axes: [outAxis],
            scan_output_directions: [outDirection],
          }),
        ],
        inputs: { ...first, x: axis === 0 ? array(T, B, I) : array(B, T, I) },
        outputs: ['hn_', 'cn_', 'y'],
        weights: lstmWeights,
      });
      expect(layers.map(({ op }) => op)).toEqual(['LSTMLayer']);
      expect(ops).not.toContain('Scan');
      expect(decisions.map(({ what }) => what)).toContain('whole-sequence');
    },
  );

  test('of a Scan over two layers and a sequence of its own, from zeros', async () => {
    const second = gruAfter('hn', 'u', 'un', 'second').map((one) => ({
      ...one,
      inputs: one.inputs.map((name) => (/^[WbRd]$/.test(name) ? `${name}2` : name)),
    }));
    const { layers } = await raised({
      nodes: [
        node('Scan', 'zeros zeros zeros x', 'h_ c_ un_ y', {
          body: body(
            [...lstmStep, ...second, again('un', 'collected')],
            [port('h', B, H), port('c', B, H), port('u', B, H), port('xt', B, I)],
            ['hn', 'cn', 'un', 'collected'],
          ),
          num_scan_inputs: 1,
        }),
      ],
      inputs: { x: array(T, B, I) },
      outputs: ['un_', 'y'],
      weights: { ...lstmWeights, W2: [3 * H, H], b2: [3 * H], R2: [3 * H, H], d2: [3 * H] },
      constants: { zeros: { shape: [B, H], values: new Float32Array(B * H) } },
    });
    expect(layers.map(({ op, inputs }) => [op, inputs.length])).toEqual([
      ['LSTMLayer', 1],
      ['GRULayer', 1],
    ]);
  });

  const loop = (axis: number, trips: string, extra: readonly OnnxNode[] = []) =>
    node('Loop', `${trips} - h0`, 'last all', {
      body: body(
        [
          node('Gather', 'x i', 'xt', { axis }),
          ...gruAfter('xt', 'h', 'hn', 'in'),
          ...extra,
          again('going', 'on'),
          again(extra.length > 0 ? 'more' : 'hn', 'collected'),
        ],
        [{ name: 'i', type: 'int64', shape: [] }, { name: 'going', type: 'bool', shape: [] }, port('h', 'batch', H)],
        ['on', 'hn', 'collected'],
      ),
    });
  const loopCase = (axis: number, nodes: readonly OnnxNode[], trips?: number): Case => ({
    nodes,
    inputs: { x: axis === 0 ? array(T, B, I) : array(B, T, I), h0: first.h0 },
    outputs: ['last', 'all'],
    weights: gruWeights,
    constants: { zero: scalar(0), one: scalar(1), ...(trips !== undefined && { trips: scalar(trips) }) },
    ports: trips === undefined ? { x: axis === 0 ? ['time', 'batch', I] : ['batch', 'time', I] } : {},
  });

  test.each([0, 1])('of a Loop over as many positions as axis %i has', async (axis) => {
    const length = [node('Shape', 'x', 'shape'), node('Gather', `shape ${axis === 0 ? 'zero' : 'one'}`, 'trips')];
    const { layers, ops } = await raised(loopCase(axis, [...length, loop(axis, 'trips')]));
    expect(layers.map(({ op }) => op)).toEqual(['GRULayer']);
    expect(ops).not.toContain('Loop');
  });

  test('of a Loop with a constant count, where that is all there is', async () => {
    expect((await raised(loopCase(0, [loop(0, 'trips')], T))).ops).not.toContain('Loop');
    const fewer = await raised(loopCase(0, [loop(0, 'trips')], T - 1));
    expect(fewer.ops).toContain('Loop');
  });

  test('stays a loop where its body is something else too; its step is a layer', async () => {
    const nodes = [
      node('Shape', 'x', 'shape'),
      node('Gather', 'shape zero', 'trips'),
      loop(0, 'trips', [node('Neg', 'hn', 'more')]),
    ];
    const { ops, decisions } = await raised(loopCase(0, nodes));
    expect(ops).toContain('Loop');
    expect(decisions.map(({ what }) => what)).toContain('written-out-cell');
  });
});
