// What a hostile caller hands over: values of every kind that are no size, no tensor, no list, no name; and honest ones among them, so that
// calls get further than their first argument.

import * as unrolled from 'unrolled';

/** A generator of its own, so that the calls do not depend on the library's (mulberry32). */
export function dice(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) % n) as number;
  };
}

export type Made = readonly [name: string, make: () => unknown];

const deep = () => {
  let nest: unknown = 1;
  for (let i = 0; i < 10_000; i++) nest = [nest];
  return nest;
};

/** Each made anew for every call, so that no call sees what another left. */
export const hostile: readonly Made[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['NaN', () => NaN],
  ['-1', () => -1],
  ['0', () => 0],
  ['1.5', () => 1.5],
  ['Infinity', () => Infinity],
  ['2**31', () => 2 ** 31],
  ['2**53', () => 2 ** 53],
  ['1e300', () => 1e300],
  ['10n', () => 10n],
  ["'3'", () => '3'],
  ["'abc'", () => 'abc'],
  ["''", () => ''],
  ["'__proto__'", () => '__proto__'],
  ["'\\ud800'", () => '\ud800'],
  ['true', () => true],
  ['Symbol()', () => Symbol('hostile')],
  ['() => undefined', () => () => undefined],
  ['{}', () => ({})],
  ['{ units: 20 }', () => ({ units: 20 })],
  ['{ length: 1e9 }', () => ({ length: 1e9 })],
  ['Object.create(null)', () => Object.create(null) as unknown],
  ['[]', () => []],
  ['[NaN]', () => [NaN]],
  ['[-1, 2]', () => [-1, 2]],
  ['[1.5]', () => [1.5]],
  ["['3', '2']", () => ['3', '2']],
  ['[null]', () => [null]],
  ['[2**31, 2**31]', () => [2 ** 31, 2 ** 31]],
  ['[[1, 2], [3]]', () => [[1, 2], [3]]],
  ['new Array(3)', () => new Array(3)],
  ['10,000 deep', deep],
  ['Float32Array [NaN]', () => Float32Array.of(NaN)],
  ['BigInt64Array', () => BigInt64Array.of(1n)],
  ['Uint8Array of 3', () => Uint8Array.of(1, 2, 3)],
  ['Map', () => new Map()],
  ['Date', () => new Date(NaN)],
  ['tensor []', () => unrolled.zeros([])],
  ['tensor [0, 3]', () => unrolled.zeros([0, 3])],
  ['int32 [2] of -1, 9', () => unrolled.indices([-1, 9])],
  [
    'freed tensor',
    () => {
      let x = unrolled.zeros([2, 3]);
      unrolled.scope(() => {
        x = unrolled.zeros([2, 3]);
      });
      return x;
    },
  ],
];

/** Honest values, which make calls go further. */
export const honest: readonly Made[] = [
  ['1', () => 1],
  ['2', () => 2],
  ['3', () => 3],
  ['0.5', () => 0.5],
  ["'en'", () => 'en'],
  ['[2, 3]', () => [2, 3]],
  ["['a b', 'c']", () => ['a b', 'c']],
  ['tensor [2, 3]', () => unrolled.ones([2, 3])],
  ['tensor [4, 2, 3]', () => unrolled.ones([4, 2, 3])],
  ['tensor [1, 3, 8, 8]', () => unrolled.ones([1, 3, 8, 8])],
  ['int32 [4, 2]', () => unrolled.indices([0, 1, 2, 0, 1, 2, 0, 1], [4, 2])],
  ['int32 [2]', () => unrolled.indices([0, 1])],
  ['GRU(3, 2)', () => new unrolled.GRU(3, 2)],
  ['GRUCell(3, 2)', () => new unrolled.GRUCell(3, 2)],
  ['LanguageModel(3)', () => new unrolled.LanguageModel(3, { hiddenSize: 2, numLayers: 1 })],
  ['Random', () => new unrolled.Random(1)],
  ['(x) => x', () => (x: unknown) => x],
];
