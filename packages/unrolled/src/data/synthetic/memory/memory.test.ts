// Each problem's sequences are read again from the numbers that a network gets, and its answer worked out by a rule of the test's own.

import { describe, expect, test } from 'vitest';
import { Random } from '../../../random.ts';
import { addingProblem } from './adding.ts';
import { copyProblem } from './copy.ts';
import { parityProblem } from './parity.ts';
import { ignored, type MemoryBatch, type MemoryProblem } from './problem.ts';
import {
  embeddedReberNext,
  embeddedReberProblem,
  embeddedReberString,
  isEmbeddedReber,
  reberSymbols,
} from './reber.ts';
import { memoryProblems } from './table.ts';
import { temporalOrderProblem, temporalOrderSymbols } from './temporal-order.ts';

/** Row b as the symbols that its one-hot steps stand for. */
function symbolsOf({ input, steps, rows, lengths }: MemoryBatch, b: number, size: number): number[] {
  return Array.from({ length: lengths?.[b] ?? steps }, (_, t) => {
    const step = Array.from(input.subarray((t * rows + b) * size, (t * rows + b + 1) * size));
    expect(step.filter((v) => v !== 0)).toEqual([1]);
    return step.indexOf(1);
  });
}

/** Outputs that name the right answers. */
function perfect(problem: MemoryProblem, { target }: MemoryBatch): Float32Array {
  if (problem.asks === 'number') return Float32Array.from(target);
  const output = new Float32Array(target.length * problem.outputSize);
  for (let i = 0; i < target.length; i++) if (target[i] !== ignored) output[i * problem.outputSize + target[i]] = 1;
  return output;
}

const make = (problem: MemoryProblem, rows = 200, test = false) => problem.batch(new Random(5), { rows, test });

describe.each(Object.entries(memoryProblems))('%s', (_name, { make: makeProblem, solved }) => {
  const problem = makeProblem();

  test('the same generator makes the same batch, and past a row there are zeros', () => {
    const batch = make(problem, 20);
    expect(make(problem, 20)).toEqual(batch);
    const { input, steps, rows, lengths } = batch;
    expect(input.length).toBe(steps * rows * problem.inputSize);
    for (let t = 0; t < steps; t++)
      for (let b = 0; b < rows; b++)
        if (lengths && t >= lengths[b])
          for (let i = 0; i < problem.inputSize; i++) expect(input[(t * rows + b) * problem.inputSize + i]).toBe(0);
  });

  test('right answers solve it', () => {
    if (problem.name === 'embedded-reber') return; // of two symbols that may follow, a target names one
    const batch = make(problem, 50);
    const value = problem.measure(perfect(problem, batch), batch)[solved.metric];
    const { atLeast = -Infinity, atMost = Infinity } = solved;
    expect(value >= atLeast && value <= atMost).toBe(true);
  });

  test('an empty batch is a batch', () => {
    expect(make(problem, 0)).toMatchObject({ rows: 0, input: new Float32Array(0) });
  });
});

test('adding: the target is the sum of the two numbers that are marked, anywhere', () => {
  const [T, rows] = [7, 2000];
  const { input, target } = make(addingProblem({ length: T }), rows);
  const places = new Set<string>();
  let square = 0;
  for (let b = 0; b < rows; b++) {
    const marked = Array.from({ length: T }, (_, t) => t).filter((t) => input[(t * rows + b) * 2 + 1] === 1);
    expect(marked.length).toBe(2);
    expect(target[b]).toBeCloseTo(input[(marked[0] * rows + b) * 2] + input[(marked[1] * rows + b) * 2], 6);
    places.add(marked.join());
    square += (target[b] - 1) ** 2 / rows;
  }
  expect(places.size).toBe((T * (T - 1)) / 2);
  expect(square).toBeCloseTo(addingProblem().memoryless, 1);
});

test.each([2, 3] as const)('temporal order: the class tells the order of the %i symbols that count', (relevant) => {
  const length = 100;
  const batch = make(temporalOrderProblem({ length, relevant }), 400);
  const seen = new Set<number>();
  for (let b = 0; b < batch.rows; b++) {
    const text = symbolsOf(batch, b, temporalOrderSymbols.length)
      .map((k) => temporalOrderSymbols[k])
      .join('');
    expect(text).toMatch(
      relevant === 2 ? /^E[a-d]+[XY][a-d]+[XY][a-d]+B$/ : /^E[a-d]+[XY][a-d]+[XY][a-d]+[XY][a-d]+B$/,
    );
    expect(text.length).toBeGreaterThanOrEqual(length);
    expect(text.length).toBeLessThanOrEqual(1.1 * length);
    const places = [...text.matchAll(/[XY]/g)].map((m) => m.index);
    const ranges =
      relevant === 2
        ? [
            [10, 20],
            [50, 60],
          ]
        : [
            [10, 20],
            [33, 43],
            [66, 76],
          ];
    places.forEach((at, k) => expect(at >= ranges[k][0] && at <= ranges[k][1]).toBe(true));
    const order = places.map((at) => text[at]).join('');
    const all = relevant === 2 ? ['XX', 'XY', 'YX', 'YY'] : ['XXX', 'XXY', 'XYX', 'XYY', 'YXX', 'YXY', 'YYX', 'YYY'];
    expect(all[batch.target[b]]).toBe(order);
    seen.add(batch.target[b]);
  }
  expect(seen.size).toBe(2 ** relevant);
});

test('copy: the target is the input of T steps before', () => {
  const T = 6;
  const batch = make(copyProblem({ length: T }), 50);
  expect(batch.steps).toBe(T + 20);
  for (let b = 0; b < batch.rows; b++) {
    const row = symbolsOf(batch, b, 10);
    const predicted = row.slice(0, 10);
    expect(predicted.every((s) => s >= 1 && s <= 8)).toBe(true);
    expect(row.slice(10)).toEqual([...new Array<number>(T - 1).fill(0), 9, ...new Array<number>(10).fill(0)]);
    const asked = Array.from({ length: batch.steps }, (_, t) => batch.target[t * batch.rows + b]);
    expect(asked).toEqual([...new Array<number>(T + 10).fill(0), ...predicted]);
  }
  expect(copyProblem({ length: 20 }).memoryless).toBeCloseTo(0.52, 3);
  expect(copyProblem({ length: 50 }).memoryless).toBeCloseTo(0.297, 3);
});

describe('embedded Reber', () => {
  // The language again, as a regular expression: T and P lead into two loops that meet.
  const afterP = 'T*V(?:PXT*V)*'; // node 2, back to it over 4 P 3 X
  const inner = `B(?:TS*X(?:S|X${afterP}(?:V|PS))|P${afterP}(?:V|PS))E`;
  const language = new RegExp(`^B(?:T${inner}T|P${inner}P)E$`);

  test('every string made is of the language, by graph and by regular expression', () => {
    const random = new Random(1);
    const seen = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      const text = embeddedReberString(random);
      expect(text).toMatch(language);
      expect(isEmbeddedReber(text)).toBe(true);
      seen.add(text);
    }
    expect(seen.size).toBeGreaterThan(300);
  });

  test('a string with one symbol changed is of the language only if the expression says so', () => {
    const random = new Random(2);
    for (let i = 0; i < 3000; i++) {
      const text = embeddedReberString(random);
      const at = random.integer(text.length);
      const changed = text.slice(0, at) + reberSymbols[random.integer(7)] + text.slice(at + 1);
      expect(isEmbeddedReber(changed)).toBe(language.test(changed));
    }
    for (const text of ['', 'B', 'BTBTXSET', 'BTBTXSEPE', 'BTBTXSETEE', 'BPBPVVEPE'])
      expect(isEmbeddedReber(text)).toBe(language.test(text));
  });

  test.each([
    ['', 'B'],
    ['B', 'TP'],
    ['BP', 'B'],
    ['BPB', 'TP'],
    ['BPBT', 'SX'],
    ['BPBTXX', 'TV'],
    ['BPBTXS', 'E'],
    ['BPBTXSE', 'P'],
    ['BPBTXSEP', 'E'],
    ['BPBTXSEPE', ''],
    ['BPBE', null],
  ])('after %j may come %j', (beginning, next) => {
    expect(embeddedReberNext(beginning)).toBe(next);
  });

  test('a model that knows the graph is legal and strict; one that forgets the second symbol is neither', () => {
    const problem = embeddedReberProblem();
    const batch = make(problem, 100);
    const knows = new Float32Array(batch.steps * batch.rows * 7);
    const forgets = new Float32Array(knows.length);
    for (let b = 0; b < batch.rows; b++) {
      let text = 'B';
      const T = batch.lengths?.[b] as number;
      for (let t = 0; t < T; t++) {
        const next = embeddedReberNext(text) as string;
        const start = (t * batch.rows + b) * 7;
        for (const symbol of next) knows[start + reberSymbols.indexOf(symbol)] = 1;
        for (const symbol of t === T - 2 ? 'T' : next) forgets[start + reberSymbols.indexOf(symbol)] = 1;
        text += reberSymbols[batch.target[t * batch.rows + b]];
      }
      expect(text).toMatch(language);
    }
    expect(problem.measure(knows, batch)).toEqual({ legal: 1, strict: 1, outer: 1 });
    const { legal, strict, outer } = problem.measure(forgets, batch);
    expect(legal).toBe(outer);
    expect(strict).toBe(outer);
    expect(outer).toBeGreaterThan(0.3);
    expect(outer).toBeLessThan(0.7);
  });
});

describe('parity', () => {
  test.each([false, true])('counts ones (everyStep %s)', (everyStep) => {
    const batch = make(parityProblem({ length: 20, testLength: 40, everyStep }), 100);
    for (let b = 0; b < batch.rows; b++) {
      const bits = symbolsOf(batch, b, 2);
      expect(bits.length).toBeLessThanOrEqual(20);
      const ones = (t: number) => bits.slice(0, t + 1).filter((bit) => bit === 1).length % 2;
      if (!everyStep) expect(batch.target[b]).toBe(ones(bits.length - 1));
      else bits.forEach((_, t) => expect(batch.target[t * batch.rows + b]).toBe(ones(t)));
    }
  });

  test('climbs from 3 bits to all of them, and is tested on more', () => {
    const problem = parityProblem({ length: 20, testLength: 40 });
    const longest = (level: number) => problem.batch(new Random(1), { rows: 300, level }).steps;
    expect(longest(0)).toBe(3);
    expect(longest(2)).toBe(9);
    expect(longest(problem.levels - 1)).toBe(20);
    expect(longest(problem.levels - 2)).toBeLessThan(20);
    const test = make(problem, 300, true);
    expect(test.steps).toBe(40);
    expect(Math.min(...(test.lengths as Int32Array))).toBe(20);
  });
});

test.each([
  [() => addingProblem({ length: 1 }), 'addingProblem: length: expected a whole number from 2, got 1'],
  [() => temporalOrderProblem({ length: 5 }), 'temporalOrderProblem: length: expected a whole number from 20, got 5'],
  [
    () => parityProblem({ length: 40, testLength: 30 }),
    'parityProblem: testLength: expected a whole number from 40, got 30',
  ],
])('refuses what makes no problem', (act, message) => {
  expect(act).toThrow(message);
});
