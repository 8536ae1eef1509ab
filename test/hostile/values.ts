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

/** What a caller's own getter, callback or trap throws. It may pass through the library as it is, and is no fault. */
export class Theirs extends Error {
  constructor() {
    super('the caller’s own');
  }
}

function own(): never {
  throw new Theirs();
}

/** Every trap of a proxy that throws. */
const traps: ProxyHandler<object> = {
  get: own,
  has: own,
  ownKeys: own,
  getPrototypeOf: own,
  getOwnPropertyDescriptor: own,
};

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const deep = () => {
  let nest: unknown = 1;
  for (let i = 0; i < 10_000; i++) nest = [nest];
  return nest;
};

const deepObject = () => {
  let nest: unknown = {};
  for (let i = 0; i < 10_000; i++) nest = { nest };
  return nest;
};

function circle(): unknown {
  const list: unknown[] = [1];
  list.push(list);
  return list;
}

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
  ['new Array(2**31)', () => new Array(2 ** 31)],
  ['[Symbol()]', () => [Symbol('hostile')]],
  ['[10n]', () => [10n]],
  ['[Object.create(null)]', () => [Object.create(null) as unknown]],
  ['10,000 deep', deep],
  ['{} 10,000 deep', deepObject],
  ['[10,000 deep]', () => [1, deep()]],
  ['a list in itself', circle],
  ['-Infinity', () => -Infinity],
  ["'a' × 100,000", () => 'a'.repeat(100_000)],
  ['Object(3)', () => Object(3) as unknown],
  ['class {}', () => class {}],
  ['{ get … throws }', () => new Proxy({}, traps)],
  ['[ get … throws ]', () => new Proxy([1, 2], { ...traps, getPrototypeOf: () => Array.prototype })],
  ['revoked proxy', () => revoked({})],
  ['revoked proxy of []', () => revoked([])],
  ['{ toString throws }', () => ({ toString: own, valueOf: own, toJSON: own, [Symbol.toPrimitive]: own })],
  ['{ next throws }', () => ({ [Symbol.iterator]: () => ({ next: own }) })],
  ['() => throw', () => own],
  ['() => Symbol()', () => () => Symbol('hostile')],
  ['async () => null', () => async () => null],
  ['Set', () => new Set([1, 'a'])],
  ['/a/y', () => /a/y],
  ['DataView', () => new DataView(new ArrayBuffer(8))],
  ['ArrayBuffer', () => new ArrayBuffer(8)],
  ['like a tensor', () => ({ storage: {}, shape: [2, 3], backend: {}, rank: 2, dtype: 'float32' })],
  ['like a module', () => ({ namedParameters: own, children: () => [], train: () => undefined, config: {} })],
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
