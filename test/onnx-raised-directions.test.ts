// Two recurrent operators that read a sequence from both ends are read as one bidirectional layer.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, useBackend } from 'unrolled';
import { array, B, H, I, ints, node, raised, T } from './onnx-raised.ts';
import type { OnnxNode } from './onnx-writer.ts';

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

describe('two directions', () => {
  const G = { RNN: 1, GRU: 3, LSTM: 4 } as const;
  const arrays = (op: keyof typeof G) =>
    Object.fromEntries(
      ['1', '2'].flatMap((d) => [
        [`W${d}`, [1, G[op] * H, I]],
        [`R${d}`, [1, G[op] * H, H]],
        [`B${d}`, [1, 2 * G[op] * H]],
      ]),
    );
  const axes = { one: ints(1), last: ints(-1), first: ints(0), least: ints(-(2 ** 53) + 1) };
  const flip = (from: string, to: string, axis = 'first') => node('Slice', `${from} last least ${axis} last`, to);
  const squeezed = (name: string) => node('Squeeze', `${name} one`, `${name}_`);
  const x = array(T, B, I);
  const ports = { x: ['time', 'batch', I], xb: ['batch', 'time', I] };

  test.each(['RNN', 'GRU', 'LSTM'] as const)('of %s: two operators, one of them `reverse`', async (op) => {
    const tail = op === 'LSTM' ? ['h1 c1', 'h2 c2'] : ['h1', 'h2'];
    const { layers, ops, parameters, decisions } = await raised({
      nodes: [
        node(op, 'x W1 R1 B1', `y1 ${tail[0]}`, { hidden_size: H }),
        node(op, 'x W2 R2 B2', `y2 ${tail[1]}`, { hidden_size: H, direction: 'reverse' }),
        squeezed('y1'),
        squeezed('y2'),
        node('Concat', 'y1_ y2_', 'y', { axis: 2 }),
      ],
      inputs: { x },
      outputs: ['y', ...tail.flatMap((names) => names.split(' '))],
      weights: arrays(op),
      constants: axes,
      ports,
    });
    expect(layers.map(({ attributes }) => attributes?.bidirectional)).toEqual([true]);
    expect(ops.filter((name) => name === 'Concat')).toEqual([]);
    expect(parameters).toContain(`${layers[0].name}.weight_hh_l0_reverse`);
    expect(decisions.map(({ what, choice }) => `${what}: ${choice}`)).toContain(
      'directions: one bidirectional layer of "y1" and "y2"',
    );
  });

  test('around a forward operator the sequence is turned, batch first', async () => {
    const { layers, ops } = await raised({
      nodes: [
        node('Transpose', 'xb', 'x', { perm: [1, 0, 2] }),
        flip('xb', 'turned', 'one'),
        node('Transpose', 'turned', 'xr', { perm: [1, 0, 2] }),
        node('GRU', 'x W1 R1 B1', 'y1', { hidden_size: H, linear_before_reset: 1 }),
        node('GRU', 'xr W2 R2 B2', 'y2', { hidden_size: H, linear_before_reset: 1 }),
        squeezed('y1'),
        squeezed('y2'),
        node('Transpose', 'y1_', 't1', { perm: [1, 0, 2] }),
        node('Transpose', 'y2_', 't2', { perm: [1, 0, 2] }),
        flip('t2', 'back', 'one'),
        node('Concat', 't1 back', 'y', { axis: -1 }),
      ],
      inputs: { xb: array(B, T, I) },
      outputs: ['y'],
      weights: arrays('GRU'),
      constants: axes,
      ports,
    });
    expect(layers.map(({ attributes }) => [attributes?.bidirectional, attributes?.resetAfter])).toEqual([[true, true]]);
    expect(ops.filter((op) => op === 'Slice').length).toBeLessThanOrEqual(2); // the halves, put together behind a Transpose
  });

  test('turned by lengths that are those of the whole sequence', async () => {
    const rnn = (name: string, d: number) => node('RNN', `${name} W${d} R${d} B${d}`, `y${d}`, { hidden_size: H });
    const lengths = (time: string) => [
      node('Shape', 'x', 'shape'),
      node('Slice', `shape ${time}`, 'steps'),
      node('Slice', 'shape one two', 'rows'),
      node('Expand', 'steps rows', 'lens'),
    ];
    const turned = (from: string, to: string) =>
      node('ReverseSequence', `${from} lens`, to, { time_axis: 0, batch_axis: 1 });
    const nodes = [
      turned('x', 'xr'),
      rnn('x', 1),
      rnn('xr', 2),
      squeezed('y1'),
      squeezed('y2'),
      turned('y2_', 'back'),
      node('Concat', 'y1_ back', 'y', { axis: 2 }),
    ];
    const model = (made: readonly OnnxNode[], size: number, given = ports) => ({
      nodes: [...made, ...nodes],
      inputs: { x: array(size, size, I) },
      outputs: ['y'],
      weights: arrays('RNN'),
      constants: { ...axes, two: ints(2) },
      ports: given,
    });
    const { layers, ops } = await raised(model(lengths('first one'), T));
    expect(layers.map(({ attributes }) => attributes?.bidirectional)).toEqual([true]);
    expect(ops).not.toContain('ReverseSequence');
    expect((await raised(model(lengths('first one'), T, { ...ports, x: [T, T, I] as never }))).layers.length).toBe(1);
    // The number of rows is another size, though it may be the same.
    expect((await raised(model(lengths('one two'), T))).layers.length).toBe(2);
  });

  test('with lengths and states', async () => {
    const { layers, ops } = await raised({
      nodes: [
        node('LSTM', 'x W1 R1 B1 lens h1 c1', 'y1 -', { hidden_size: H }),
        node('LSTM', 'x W2 R2 B2 lens h2 c2', 'y2 h_', { hidden_size: H, direction: 'reverse' }),
        squeezed('y1'),
        squeezed('y2'),
        node('Concat', 'y1_ y2_', 'y', { axis: 2 }),
      ],
      inputs: { x, h1: array(1, B, H), c1: array(1, B, H), h2: array(1, B, H), c2: array(1, B, H) },
      outputs: ['y', 'h_'],
      weights: arrays('LSTM'),
      constants: { ...axes, lens: { shape: [B], values: [T, 1, 2], type: 'int32' } },
    });
    expect(layers.map(({ attributes }) => attributes?.bidirectional)).toEqual([true]);
    expect(ops).not.toContain('ReverseSequence');
  });

  test('stay two layers where they read different sequences, or one reads what the other gives', async () => {
    const two = (second: string) => ({
      nodes: [
        node('GRU', 'x W1 R1 B1', 'y1 h1', { hidden_size: H }),
        node('GRU', second, 'y2 h2', { hidden_size: H, direction: 'reverse' }),
      ],
      inputs: { x, z: array(T, B, I), h0: array(1, B, H) },
      outputs: ['y1', 'y2'],
      weights: arrays('GRU'),
    });
    expect((await raised(two('z W2 R2 B2'))).layers.length).toBe(2);
    const { nodes, ...rest } = two('x W2 R2 B2 - h1');
    const [forward, backward] = nodes;
    const given = { ...forward, inputs: [...forward.inputs, '', 'h0'] };
    expect((await raised({ nodes: [given, backward], ...rest })).layers.length).toBe(2);
    expect(
      (
        await raised({
          nodes: [given, { ...backward, inputs: 'x W2 R2 B2 - h0'.split(' ').map((n) => n.replace('-', '')) }],
          ...rest,
        })
      ).layers.length,
    ).toBe(1);
  });
});
