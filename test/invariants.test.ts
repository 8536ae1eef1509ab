// What must hold for every cell and every layer, whatever its equation: time, batching, padding and state are handled.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CarriedState,
  cat,
  manualSeed,
  mapState,
  noGrad,
  Recurrent,
  ReferenceBackend,
  setDefaultDtype,
  type Tensor,
  tensor,
  useBackend,
  currentBackend,
  type Backend,
} from 'unrolled';
import * as unrolled from 'unrolled';
import { type AnyCell, cells } from './cells.ts';

const [T, B, I, H] = [5, 3, 4, 6];
let before: Backend;

beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
  manualSeed(11);
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

/** Values by formula: no zeros, no symmetry. */
function wave(shape: number[], phase = 0): Tensor {
  const n = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float64Array.from({ length: n }, (_, k) => Math.sin(1.3 * k + phase) + 0.1 * Math.cos(k)),
    shape,
  );
}

function tensorsOf(state: Tensor | object): Tensor[] {
  const found: Tensor[] = [];
  mapState(state, (t) => (found.push(t), t));
  return found;
}

function values(...parts: (Tensor | object)[]): number[] {
  return parts.flatMap(tensorsOf).flatMap((t) => [...t.dataSync()]);
}

function close(a: number[], b: number[], tolerance = 1e-12): void {
  expect(a.length).toBe(b.length);
  a.forEach((v, k) => expect(Math.abs(v - b[k])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b[k]))));
}

/** A layer of two levels and two directions around this kind of cell. */
function deep(make: (i: number, h: number) => AnyCell, options: object = {}): Recurrent<Tensor | object> {
  return new Recurrent<Tensor | object>((i) => make(i, H) as never, {
    inputSize: I,
    numLayers: 2,
    bidirectional: true,
    ...options,
  });
}

/** Output, state and every gradient of a layer on x. */
function everything(
  layer: Recurrent<Tensor | object>,
  x: Tensor,
  lengths?: number[],
  state: Tensor | object | null = null,
) {
  x.requiresGrad = true;
  const [y, after] = layer.forward(x, state, { lengths });
  const loss = tensorsOf(after).reduce(
    (sum, t, k) => sum.add(t.mul(wave([...t.shape], k)).sum()),
    y.mul(wave([...y.shape], 2)).sum(),
  );
  loss.backward();
  const gradients = [...layer.parameters(), x].map((p) => [...(p.grad as Tensor).dataSync()]);
  for (const p of [...layer.parameters(), x]) p.zeroGrad();
  return { y: values(y), state: values(after), gradients };
}

/** The same cells without their kernels. */
function withoutKernel<S>(layer: Recurrent<S>): Recurrent<S> {
  for (const cell of layer.cells) {
    Object.defineProperty(cell, 'fused', { get: () => null });
    Object.defineProperty(cell, 'over', { value: undefined });
  }
  return layer;
}

test('every exported cell is in the table', () => {
  const shipped = Object.entries(unrolled).filter(
    ([name]) => name.endsWith('Cell') && name !== 'Cell' && name !== 'GatedCell' && name !== 'ScanCell',
  );
  const made = Object.values(cells).map((make) => make(3, 4).constructor);
  for (const [name, cell] of shipped) expect(made, name).toContain(cell);
});

describe.each(Object.entries(cells))('%s', (_name, make) => {
  test('reading a sequence whole or in two parts gives the same outputs', () => {
    const layer = new Recurrent<Tensor | object>(make(I, H) as never);
    const x = wave([T, B, I]);
    const [whole, end] = layer.forward(x);
    const [first, between] = layer.forward(x.slice(0, 0, 2));
    const [second, last] = layer.forward(x.slice(0, 2), between);
    close(values(cat([first, second], 0)), values(whole));
    close(values(last), values(end));
  });

  test('no state is a state of zeros', () => {
    const layer = deep(make);
    const x = wave([T, B, I]);
    const [a, sa] = layer.forward(x);
    const [b, sb] = layer.forward(x, layer.initialState(B));
    expect(values(a, sa)).toEqual(values(b, sb));
  });

  test('a batch is its rows', () => {
    const layer = deep(make);
    const x = wave([T, B, I]);
    const [together] = layer.forward(x, null, { lengths: [5, 2, 4] });
    const rows = [5, 2, 4].map((n, b) => layer.forward(x.slice(1, b, b + 1), null, { lengths: [n] })[0]);
    close(values(cat(rows, 1)), values(together));
  });

  test('padding changes nothing, to the last bit: outputs, states and every gradient', () => {
    const layer = deep(make);
    const x = wave([T, B, I]);
    const cut = everything(layer, x, [5, 0, 3]);
    const garbage = tensor(new Float64Array(2 * B * I).fill(1e3), [2, B, I]);
    const padded = everything(layer, cat([x.detach(), garbage], 0), [5, 0, 3]);
    expect(padded.y.slice(0, cut.y.length)).toEqual(cut.y);
    expect(padded.y.slice(cut.y.length).every((v) => v === 0)).toBe(true);
    expect(padded.state).toEqual(cut.state);
    expect(padded.gradients.slice(0, -1)).toEqual(cut.gradients.slice(0, -1));
    expect((padded.gradients.at(-1) as number[]).slice(0, T * B * I)).toEqual(cut.gradients.at(-1));
    expect((padded.gradients.at(-1) as number[]).slice(T * B * I).every((v) => v === 0)).toBe(true);
  });

  test('what stands in the padding does not matter, to the last bit', () => {
    const layer = deep(make);
    const a = wave([T, B, I]);
    const b = wave([T, B, I]);
    for (let t = 3; t < T; t++) for (let i = 0; i < I; i++) b.storage.array[(t * B + 1) * I + i] = 777 + t;
    const [first, second] = [a, b].map((x) => everything(layer, x, [5, 3, 4]));
    expect(second.y).toEqual(first.y);
    expect(second.state).toEqual(first.state);
    expect(second.gradients.slice(0, -1)).toEqual(first.gradients.slice(0, -1));
  });

  test('the backward direction is the forward one on the reversed sequence', () => {
    const both = new Recurrent<Tensor | object>((i) => make(i, H) as never, { inputSize: I, bidirectional: true });
    const one = new Recurrent<Tensor | object>(both.cells[1]);
    const x = wave([T, B, I]);
    const [y] = both.forward(x);
    const [reversed] = one.forward(x.flip(0));
    const [, backward] = y.chunk(2, 2);
    close(values(backward.flip(0)), values(reversed));
  });

  test('batchFirst only swaps the axes of input and output', () => {
    manualSeed(5);
    const layer = deep(make);
    manualSeed(5);
    const swapped = deep(make, { batchFirst: true });
    const x = wave([T, B, I]);
    const [y, s] = layer.forward(x);
    const [z, r] = swapped.forward(x.transpose(0, 1));
    expect(values(z.transpose(0, 1))).toEqual(values(y));
    expect(values(r)).toEqual(values(s));
  });

  test('the fused path equals the equations: outputs, states and every gradient, with lengths and a given state', () => {
    const layer = deep(make);
    const state = mapState(layer.initialState(B), (t) => wave([...t.shape], 3));
    const fused = everything(layer, wave([T, B, I]), [5, 0, 3], state);
    const stepped = everything(withoutKernel(layer), wave([T, B, I]), [5, 0, 3], state);
    close(fused.y, stepped.y);
    close(fused.state, stepped.state);
    fused.gradients.forEach((g, k) => close(g, stepped.gradients[k], 1e-11));
  });

  test('recurrent dropout uses one mask for all steps, the same in both paths', () => {
    if (!make(I, H).takesMask) return;
    const layer = deep(make, { recurrentDropout: 0.4, dropout: 0.3 });
    manualSeed(9);
    const fused = everything(layer, wave([T, B, I]), [5, 0, 3]);
    manualSeed(9);
    const stepped = everything(withoutKernel(layer), wave([T, B, I]), [5, 0, 3]);
    close(fused.y, stepped.y);
    fused.gradients.forEach((g, k) => close(g, stepped.gradients[k], 1e-11));
    const [a] = layer.eval().forward(wave([T, B, I]));
    const [b] = layer.forward(wave([T, B, I]));
    expect(values(a)).toEqual(values(b));
  });

  test('recomputing gives the gradient of keeping everything', () => {
    const x = () => wave([11, B, I]);
    manualSeed(7);
    const kept = everything(deep(make), x(), [11, 4, 7]);
    manualSeed(7);
    const again = everything(deep(make, { recompute: true }), x(), [11, 4, 7]);
    expect(again.y).toEqual(kept.y);
    again.gradients.forEach((g, k) => close(g, kept.gradients[k], 1e-11));
  });

  test('saved and loaded weights give the same outputs', () => {
    const [a, b] = [deep(make), deep(make)];
    b.loadStateDict(a.stateDict());
    expect(values(b.forward(wave([T, B, I]))[0])).toEqual(values(a.forward(wave([T, B, I]))[0]));
  });

  test('an empty batch, no steps and a hidden size of one are ordinary', () => {
    const layer = deep(make);
    expect(layer.forward(wave([T, 0, I]))[0].shape).toEqual([T, 0, 2 * layer.cells[0].outputSize]);
    const [none, state] = layer.forward(wave([0, B, I]));
    expect(none.shape[0]).toBe(0);
    expect(values(state).every((v) => v === 0)).toBe(true);
    if (!/Projected/.test(make(1, 3).constructor.name)) {
      expect(new Recurrent<Tensor | object>(make(1, 1) as never).forward(wave([T, B, 1]))[0].shape).toEqual([T, B, 1]);
    }
  });
});

test('a carried state continues the forward pass, and its gradient is cut', () => {
  const layer = deep(cells.gru, { bidirectional: false });
  const x = wave([T, B, I]);
  const [whole] = layer.forward(x);
  const carried = new CarriedState<Tensor | object>();
  const parts = [x.slice(0, 0, 2), x.slice(0, 2)].map((part) => {
    const [y, next] = layer.forward(part, carried.value);
    carried.replace(next);
    return y;
  });
  close(values(cat(parts, 0)), values(whole));
  expect(tensorsOf(carried.value as object).every((t) => !t.requiresGrad)).toBe(true);
});

test('nothing is kept for a gradient inside noGrad', () => {
  const layer = deep(cells.lstm);
  const [y] = noGrad(() => layer.forward(wave([T, B, I])));
  expect(y.requiresGrad).toBe(false);
});
