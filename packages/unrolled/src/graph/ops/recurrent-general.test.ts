// The steps of recurrent operators that no layer of the library is: they are watched and changed as those of any other.

import { describe, expect, test } from 'vitest';
import { namedCells, observeSteps, spectrum } from '../../analysis/index.ts';
import { changeGates, changeSteps } from '../../nn/recurrent/observe.ts';
import { tensorsOf } from '../../nn/recurrent/state.ts';
import { tensor } from '../../tensor/create.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { GraphModel } from '../graph-model.ts';
import type { GraphSpec } from '../spec.ts';
import { HostArray } from '../value.ts';

const [T, B, I, H] = [5, 2, 3, 4];
const gates = { LSTM: 4, GRU: 3, RNN: 1 } as const;
const letters = { LSTM: ['i', 'f', 'g', 'o'], GRU: ['z', 'r', 'n'], RNN: [] } as const;

type Attributes = Readonly<Record<string, number | string | readonly string[]>>;

/** Weights by formula: no two alike. */
const wave = (shape: readonly number[], phase: number): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, k) => 0.6 * Math.sin(1.7 * k + phase)),
    shape,
  );

function made(op: keyof typeof gates, more: Attributes = {}) {
  const D = more.direction === 'bidirectional' ? 2 : 1;
  const G = gates[op];
  const state = { W: [D, G * H, I], R: [D, G * H, H], B: [D, 2 * G * H], P: [D, 3 * H] };
  const inputs = ['x', 'W', 'R', 'B', 'lengths', null, ...(op === 'LSTM' ? [null, 'P'] : [])];
  const graph: GraphSpec = {
    inputs: [
      { name: 'x', element: 'float', shape: ['time', 'batch', I] },
      { name: 'lengths', element: 'int', shape: ['batch'] },
    ],
    outputs: [{ name: 'y', element: 'float', shape: null }],
    nodes: [{ name: 'node', op, inputs, outputs: ['y'], attributes: { hidden_size: H, clip: 3, ...more } }],
    parameters: state,
  };
  const model = new GraphModel({ graph }).eval();
  for (const [k, [name, p]] of [...model.namedParameters()].entries()) p.set(wave(state[name as 'W'], k).dataSync());
  const lengths = new HostArray('int', [B], [T, 3]);
  const run = () => model.forward({ x: wave([T, B, I], 9), lengths }).y as Tensor; // [T, D, B, H]
  return { model, run, D };
}

const cases = [
  ['LSTM', {}],
  ['LSTM', { direction: 'bidirectional', input_forget: 1 }],
  ['GRU', { direction: 'reverse' }],
  ['GRU', { linear_before_reset: 1, direction: 'bidirectional' }],
  ['RNN', { activations: ['Softsign'] }],
] as const;

describe.each(cases)('%s %o', (op, more: Attributes) => {
  test('gives the same outputs while it is watched, and its states are what it puts out', () => {
    const { model, run, D } = made(op, more);
    const plain = Array.from(run().dataSync());
    const cells = namedCells(model);
    expect(cells.map(({ name }) => name)).toEqual(D === 2 ? ['l0', 'l0_reverse'] : ['l0']);
    const seen = new Map<string, Tensor>();
    const told = new Set<string>();
    const watched = observeSteps(({ cell, t, after, gates: of, x }) => {
      seen.set(`${cells.findIndex((one) => one.cell === cell)} ${t}`, tensorsOf(after)[0]);
      for (const name of Object.keys(of)) told.add(name);
      expect(x.shape).toEqual([B, I]);
    }, run);
    watched.dataSync().forEach((v, k) => expect(v).toBeCloseTo(plain[k], 6));
    expect([...told]).toEqual(letters[op]);
    for (let d = 0; d < D; d++)
      for (let t = 0; t < T; t++)
        for (let h = 0; h < H; h++)
          expect(seen.get(`${d} ${t}`)?.dataSync()[h]).toBeCloseTo(plain[((t * D + d) * B + 0) * H + h], 6);
  });

  test('a state or a gate that is held changes what comes after it, and the gradient of a step reaches what it read', () => {
    const { model, run } = made(op, more);
    const plain = Array.from(run().dataSync());
    const zeros = (state: unknown) => tensorsOf(state).map((part) => part.mul(0));
    const held = changeSteps(
      ({ after }) => (after instanceof Tensor ? zeros(after)[0] : { h: zeros(after)[0], c: zeros(after)[1] }),
      run,
    );
    expect(held.dataSync().every((v) => v === 0)).toBe(true);
    for (const name of letters[op]) {
      const changed = changeGates(({ gate, value }) => (gate === name ? value.mul(0).add(0.5) : value), run);
      expect(Array.from(changed.dataSync())).not.toEqual(plain);
    }
    const xs: Tensor[] = [];
    const x = wave([T, B, I], 9);
    x.requiresGrad = true;
    const lengths = new HostArray('int', [B], [T, T]);
    const y = observeSteps(
      (step) => xs.push(step.x.retainGrad()),
      () => model.forward({ x, lengths }).y as Tensor,
    );
    y.sum().backward();
    expect(xs.every((one) => (one.grad?.dataSync() ?? []).some((g) => g !== 0))).toBe(true);
  });

  test('its recurrent matrices have a spectrum, by gate', () => {
    const { model, run } = made(op, more);
    const [layer] = spectrum(model, run, { steps: 3 }).layers;
    expect(layer.weights.map(({ gate }) => gate)).toEqual(op === 'RNN' ? [''] : letters[op]);
    expect(layer.product.every((v) => v > 0)).toBe(true);
    const R = wave([1, gates[op] * H, H], 1).dataSync();
    const block = op === 'LSTM' ? 2 : 0; // f of i o f c, z of z r h
    const of = Array.from(R.subarray(block * H * H, (block + 1) * H * H));
    const norm = Math.hypot(...of);
    const found = layer.weights[op === 'LSTM' ? 1 : 0];
    expect(Math.hypot(...found.singular)).toBeCloseTo(norm, 4); // the norm of Frobenius
  });
});

test('more steps than any sequence has are refused before the first one', () => {
  const { model } = made('GRU');
  const nothing = { x: tensor([], [1_000_001, 0, I]), lengths: new HostArray('int', [0], []) };
  expect(() => model.forward(nothing)).toThrow('GraphModel: node "node" (GRU): more than 1000000 iterations');
});

test('the same of a layer, whose steps are taken one by one where they are watched', () => {
  const graph: GraphSpec = {
    inputs: [{ name: 'x', element: 'float', shape: ['time', 'batch', I] }],
    outputs: [{ name: 'y', element: 'float', shape: null }],
    nodes: [
      { name: 'node', op: 'GRULayer', inputs: ['x'], outputs: ['y'], attributes: { inputSize: I, hiddenSize: H } },
    ],
  };
  const model = new GraphModel({ graph }).eval();
  const run = () => model.forward({ x: tensor([], [1_000_001, 0, I]) });
  expect(run().y.shape).toEqual([1_000_001, 0, H]);
  expect(() => observeSteps(() => undefined, run)).toThrow('node "node" (GRULayer): more than 1000000 iterations');
});
