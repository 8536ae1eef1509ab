// Recurrent layers in residual blocks: time, batching, padding and state are handled as by the layers themselves.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Backend,
  type Cell,
  cat,
  currentBackend,
  GRUCell,
  LanguageModel,
  LRUCell,
  manualSeed,
  mapState,
  MinGRUCell,
  RecurrentBlocks,
  ReferenceBackend,
  setDefaultDtype,
  stepperOf,
  type Tensor,
  tensor,
  useBackend,
  indices,
} from 'unrolled';

const [T, B, I, H] = [5, 3, 4, 6];
let before: Backend;

beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
  manualSeed(13);
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

function wave(shape: number[], phase = 0): Tensor {
  const n = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float64Array.from({ length: n }, (_, k) => Math.sin(1.3 * k + phase) + 0.1 * Math.cos(k)),
    shape,
  );
}

function values(...parts: unknown[]): number[] {
  const found: number[] = [];
  for (const part of parts) mapState(part, (t) => (found.push(...t.dataSync()), t));
  return found;
}

function close(a: number[], b: number[], tolerance = 1e-12): void {
  expect(a.length).toBe(b.length);
  a.forEach((v, k) => expect(Math.abs(v - b[k])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b[k]))));
}

const kinds: [string, (i: number) => Cell<unknown>][] = [
  ['gru', (i) => new GRUCell(i, H) as Cell<unknown>],
  ['mingru', (i) => new MinGRUCell(i, H) as Cell<unknown>],
  ['lru', (i) => new LRUCell(i, H) as Cell<unknown>],
];

describe.each(kinds.flatMap(([name, make]) => [0, 3].map((taps) => [name, taps, make] as const)))(
  '%s with a convolution of %i taps',
  (_name, taps, make) => {
    const blocks = (options = {}) =>
      new RecurrentBlocks(make, H, { inputSize: I, numLayers: 2, convolution: taps, ...options });

    test('reading a sequence whole or in parts gives the same outputs and states', () => {
      const layer = blocks();
      const x = wave([T, B, I]);
      const [whole, end] = layer.forward(x);
      let state: unknown = null;
      const parts = [x.slice(0, 0, 1), x.slice(0, 1, 2), x.slice(0, 2)].map((part) => {
        const [y, next] = layer.forward(part, state);
        state = next;
        return y;
      });
      close(values(cat(parts, 0)), values(whole));
      close(values(state), values(end));
    });

    test('a batch is its rows, and what stands in the padding does not matter', () => {
      const layer = blocks();
      const x = wave([T, B, I]);
      const [clean, after] = layer.forward(x, null, { lengths: [5, 0, 2] });
      const dirty = wave([T, B, I]);
      for (let t = 2; t < T; t++) for (let i = 0; i < I; i++) dirty.storage.array[(t * B + 2) * I + i] = Number.NaN;
      const [y, state] = layer.forward(dirty, null, { lengths: [5, 0, 2] });
      expect(values(y, state)).toEqual(values(clean, after));
      expect(values(y.slice(0, 2, 5).slice(1, 2)).every((v) => v === 0)).toBe(true);
      const [alone, last] = layer.forward(x.slice(1, 2).slice(0, 0, 2));
      close(values(alone), values(y.slice(1, 2).slice(0, 0, 2)));
      close(values(last), values(mapState(state, (t) => t.slice(1, 2))));
    });

    test('no state is a state of zeros, also in the convolution', () => {
      const layer = blocks();
      const [a, sa] = layer.forward(wave([T, B, I]));
      const [b, sb] = layer.forward(wave([T, B, I]), layer.initialState(B));
      expect(values(a, sa)).toEqual(values(b, sb));
    });

    test('every parameter, the input and the state get the gradient of central differences', () => {
      const layer = blocks({ numLayers: 1 });
      const x = wave([3, 2, I]);
      x.requiresGrad = true;
      const start = mapState(layer.initialState(2), (t) =>
        wave([...t.shape], 3)
          .mul(0.5)
          .detach(),
      );
      const leaves = [x, ...layer.parameters()];
      mapState(start, (t) => {
        t.requiresGrad = true;
        leaves.push(t);
        return t;
      });
      const loss = (): Tensor => {
        const [y, after] = layer.forward(x, start, { lengths: [3, 2] });
        let sum = y.mul(wave([...y.shape], 2)).sum();
        let k = 0;
        mapState(after, (t) => ((sum = sum.add(t.mul(wave([...t.shape], k++)).sum())), t));
        return sum;
      };
      loss().backward();
      for (const leaf of leaves) {
        const array = leaf.storage.array;
        for (const i of [0, array.length - 1]) {
          const [was, by] = [array[i], 1e-6];
          const [up, down] = [by, -by].map((d) => {
            array[i] = was + d;
            return loss().itemSync();
          });
          array[i] = was;
          expect(leaf.grad?.dataSync()[i] ?? 0).toBeCloseTo((up - down) / (2 * by), 5);
        }
      }
    });

    test('saved and loaded weights give the same outputs, and every weight has one name', () => {
      const [a, b] = [blocks(), blocks()];
      b.loadStateDict(a.stateDict());
      expect(values(b.forward(wave([T, B, I]))[0])).toEqual(values(a.forward(wave([T, B, I]))[0]));
      const names = [...a.namedParameters()].map(([name]) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toContain('weight_ih_l1');
      expect(names).toContain('blocks.1.up.weight');
    });
  },
);

test('a language model in blocks reads symbol by symbol what it reads as a sequence', async () => {
  await useBackend(before);
  setDefaultDtype('float32');
  manualSeed(2);
  const model = new LanguageModel(9, { cell: 'mingru', hiddenSize: 8, block: 'residual', convolution: 4 }).eval();
  const symbols = [3, 1, 4, 1, 5, 8, 2];
  const stepper = stepperOf(model);
  const stepped = symbols.flatMap((symbol) => [...stepper.step(symbol)]);
  const [logits] = model.forward(indices(symbols, [symbols.length, 1]));
  close(stepped, [...logits.dataSync()], 1e-5);
  expect(() => stepperOf(model, 'int8')).toThrow('mingru in blocks decodes in float32 only');
});

test('options that cannot be are refused', () => {
  expect(() => new RecurrentBlocks((i) => new GRUCell(i, 4) as Cell<unknown>, 4, { convolution: 1 })).toThrow(
    'RecurrentBlocks: convolution: expected 0 for none, or taps from 2, got 1',
  );
  expect(() => new LanguageModel(9, { convolution: 4 })).toThrow("block: 'residual'");
  expect(() => new LanguageModel(9, { block: 'resdual' as 'residual' })).toThrow(
    'LanguageModel: block: expected one of none, residual, got "resdual"',
  );
});
