// Hostile calls of everything that the library exports, in processes of their own, on every backend: none ends its process, what is thrown is the
// library's own, and a call that failed has changed nothing. `npm run torture -- hostile-calls` makes 2,000 on each backend and more.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as unrolled from 'unrolled';
import { bleu } from 'unrolled/metrics';
import { everyDoor } from './every-door.ts';
import { compiledBackends } from './backends.ts';
import { targets } from './hostile/calls.ts';
import { methods } from './hostile/methods.ts';
import { recipes, unasked } from './hostile/recipes.ts';
import { hostileCalls } from './hostile/run.ts';

const backends = ['reference', ...(await compiledBackends()).flatMap(({ backend }) => (backend ? [backend.name] : []))];

describe('hostile calls', () => {
  test.each(backends)('of every export, on the %s backend', async (backend) => {
    const { calls, refused, faults } = await hostileCalls(backend, 1, targets().length);
    expect(faults).toEqual([]);
    expect(calls).toBe(targets().length);
    expect(refused).toBeGreaterThan(calls / 2); // most were hostile indeed
  });

  test('every function and class that is exported is called, or a reason is given', () => {
    const called = new Set(targets().map(([name]) => name));
    for (const [name, value] of Object.entries(everyDoor))
      if (typeof value === 'function') expect(called.has(name) || Object.hasOwn(unasked, name), name).toBe(true);
    for (const name of Object.keys(unasked)) expect(everyDoor, name).toHaveProperty(name);
  });

  test('honest arguments of a method are those of a method that there is', () => {
    for (const name of Object.keys(methods)) {
      const target = name.replace(/\.\w+$|\(\)$/, '');
      expect(Object.hasOwn(recipes, target), name).toBe(true);
    }
  });

  // A recipe that is refused itself would let no hostile argument get far.
  test.each(Object.entries(recipes))('the honest call of %s', async (name, recipe) => {
    const f = new Map(targets()).get(name) as Function;
    const isClass = Function.prototype.toString.call(f).startsWith('class');
    await (isClass ? Reflect.construct(f, recipe()) : (f as unknown as (...a: unknown[]) => unknown)(...recipe()));
  });
});

describe('sizes that are none', () => {
  const unsized: [string, () => unknown, RegExp][] = [
    [
      'LSTM({ units: 20 })',
      () => new unrolled.LSTM({ units: 20 } as never, undefined as never),
      /LSTM: inputSize: expected a whole number from 1, got an object with units; .*new LSTM\(inputSize, hiddenSize\); units is hiddenSize here/,
    ],
    [
      'LSTM(10)',
      () => new unrolled.LSTM(10, undefined as never),
      /LSTM: hiddenSize: expected a whole number from 1, got undefined/,
    ],
    [
      "GRU('10', '20')",
      () => new unrolled.GRU('10' as never, '20' as never),
      /GRU: inputSize: .* got "10" \(a string\); did you mean 10\?/,
    ],
    [
      'numLayers: 2 ** 31',
      () => new unrolled.LSTM(2, 2, { numLayers: 2 ** 31 }),
      /LSTM: numLayers: expected a whole number from 1 to 1024/,
    ],
    ['Linear(2 ** 20, 2 ** 20)', () => new unrolled.Linear(2 ** 20, 2 ** 20), /out of memory/],
    ['Embedding(2 ** 31, 2)', () => new unrolled.Embedding(2 ** 31, 2), /out of memory/],
    ['zeros([NaN])', () => unrolled.zeros([NaN]), /expected whole numbers from 0, got NaN/],
    ['ones([-1])', () => unrolled.ones([-1]), /got -1/],
    ['ones([-1, -2])', () => unrolled.ones([-1, -2]), /got -1/],
    ['ones([1.5, 2])', () => unrolled.ones([1.5, 2]), /got 1.5/],
    ["full(['3', 2])", () => unrolled.full(['3', 2] as never, 1), /got "3" \(a string\)/],
    ['zeros([2 ** 31, 2 ** 31])', () => unrolled.zeros([2 ** 31, 2 ** 31]), /out of memory/],
    ['arange(0, 2 ** 31)', () => unrolled.arange(0, 2 ** 31), /out of memory/],
    ['linspace(0, 1, 2 ** 31)', () => unrolled.linspace(0, 1, 2 ** 31), /out of memory/],
  ];

  test.each(unsized)('%s is refused in 50 ms, before a number is drawn', (_name, call, message) => {
    const before = unrolled.randomState();
    const took = [1, 2, 3].map(() => {
      const start = performance.now();
      expect(call).toThrow(message);
      return performance.now() - start;
    });
    expect(Math.min(...took)).toBeLessThan(50);
    expect(call).toThrow(unrolled.UnrolledError);
    expect(unrolled.randomState()).toEqual(before);
  });

  test('memory itself is given out in whole numbers only, on every backend', async () => {
    const before = unrolled.currentBackend();
    for (const name of backends) {
      const backend = await unrolled.useBackend(name as 'reference');
      for (const length of [NaN, -1, 1.5, Infinity, 2 ** 31, 2 ** 53, '3'])
        expect(() => backend.allocate('float32', length as number), `${name} ${length}`).toThrow(
          unrolled.UnrolledError,
        );
    }
    await unrolled.useBackend(before);
  });
});

describe('windows', () => {
  const x = unrolled.arange(0, 12).reshape(6, 2);
  const windows: [string, () => unknown][] = [
    ['slice(0, 3.5)', () => x.slice(0, 3.5)],
    ['slice(0, 0, 3.5)', () => x.slice(0, 0, 3.5)],
    ['slice(0, NaN)', () => x.slice(0, NaN)],
    ["slice(0, '1')", () => x.slice(0, '1' as never)],
    ['split([1.5, 4.5])', () => x.split([1.5, 4.5], 0)],
    ['split([-1, 7])', () => x.split([-1, 7], 0)],
    ['split([NaN])', () => x.split([NaN], 0)],
    ['chunk(1.5)', () => x.chunk(1.5, 0)],
    ['chunk(0)', () => x.chunk(0, 0)],
    ['select(0, 0.5)', () => x.select(0, 0.5)],
    ['expand(6.5)', () => unrolled.ones([1]).expand(6.5)],
    ['storage.slice(3.5, 2)', () => x.storage.slice(3.5, 2)],
    ['storage.slice(8, 8)', () => x.storage.slice(8, 8)],
    ['storage.slice(-1, 2)', () => x.storage.slice(-1, 2)],
    ['storage.slice(0, NaN)', () => x.storage.slice(0, NaN)],
  ];

  test.each(windows)('%s is refused where it is made', (_name, call) => {
    expect(call).toThrow(unrolled.UnrolledError);
    expect(x.toArray()).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
      [8, 9],
      [10, 11],
    ]);
  });

  test('and whole numbers that reach over the ends are cut off, as NumPy has it', () => {
    expect(x.slice(0, -2, 100).toArray()).toEqual([
      [8, 9],
      [10, 11],
    ]);
    expect(x.slice(0, 4, Infinity).toArray()).toEqual([
      [8, 9],
      [10, 11],
    ]);
  });
});

describe('arguments of another kind', () => {
  const model = new unrolled.GRU(3, 2);
  const x = unrolled.ones([4, 2, 3]);
  const wrong: [string, () => unknown, RegExp][] = [
    [
      "lengths: ['3', '2']",
      () => model.forward(x, null, { lengths: ['3', '2'] as never }),
      /GRU: lengths\[0\]: expected a whole number from 0, got "3"/,
    ],
    ['lengths: [2.5, NaN]', () => model.forward(x, null, { lengths: [2.5, NaN] }), /GRU: lengths\[0\]: .* got 2.5/],
    ["tensor(['a'])", () => unrolled.tensor(['a'] as never), /tensor: values: expected numbers/],
    ['indices([2.5, NaN])', () => unrolled.indices([2.5, NaN]), /expected whole numbers of 32 bits for int32, got 2.5/],
    [
      'new Adam(model)',
      () => new unrolled.Adam(model as never),
      /Adam: parameters: expected a list of parameters, got a GRU; did you mean model.parameters\(\)\?/,
    ],
    [
      'labelSmoothing: 2',
      () => unrolled.crossEntropy(unrolled.ones([2, 3]), unrolled.indices([0, 1]), { labelSmoothing: 2 }),
      /labelSmoothing: expected a probability/,
    ],
    [
      'weight: [1, -1, 1]',
      () => unrolled.crossEntropy(unrolled.ones([2, 3]), unrolled.indices([0, 1]), { weight: [1, -1, 1] }),
      /weight of class 1: expected a finite number from 0, got -1/,
    ],
    [
      'weight: [1, NaN, 1]',
      () => unrolled.crossEntropy(unrolled.ones([2, 3]), unrolled.indices([0, 1]), { weight: [1, NaN, 1] }),
      /weight of class 1: .* got NaN/,
    ],
    [
      "bleu('abc', …)",
      () => bleu('abc' as never, 'abc' as never),
      /bleu: hypotheses: expected a list of strings, got "abc"/,
    ],
    ['manualSeed(a module)', () => unrolled.manualSeed(model as never), /manualSeed: seed/],
  ];

  test.each(wrong)('%s', (_name, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(unrolled.UnrolledError);
  });
});

test('the library checks its arguments with one set of words', () => {
  const checks = readFileSync(new URL('../packages/unrolled/src/checks.ts', import.meta.url), 'utf8');
  expect(checks).not.toMatch(/^import (?!\{ OptionError \} from '\.\/errors\.ts';|\{ shown \} from '\.\/shown\.ts';)/m); // beneath everything else
});
