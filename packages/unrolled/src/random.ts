// Every random draw of a run comes from one seeded generator whose state is saved with the run.
// xoshiro128** (Blackman and Vigna, 2018) because it needs only 32-bit integer arithmetic, which JavaScript does exactly
// and fast; SplitMix64 spreads the seed over its state. Nothing here calls an engine's Math.log or Math.cos, whose last
// bit differs between engines, so a seed gives the same numbers everywhere.

import { requireList, requireText, shown } from './checks.ts';
import { FormatError, OptionError } from './errors.ts';

/** What `Random` remembers between two draws. Plain JSON. */
export interface RandomState {
  /** The seed's 64 bits in hexadecimal: what `fork` starts from. */
  readonly key: string;
  /** The four 32-bit words of xoshiro128**. */
  readonly words: readonly number[];
  /** The second of the last pair of normal numbers, if it has not been used yet. */
  readonly spare: number | null;
}

/**
 * A seeded generator of random numbers.
 *
 *     const random = new Random(42);
 *     random.uniform();            // in [0, 1)
 *     random.normal();             // mean 0, variance 1
 *     const dropout = random.fork('dropout'); // a stream of its own, the same for every seed 42
 *     const state = random.state;  // JSON; `random.setState(state)` continues from there
 */
export class Random {
  #key: bigint;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  #spare: number | null = null;

  /** `seed`: a safe integer, negative ones included, or a 64-bit one as a bigint. Near seeds give unrelated numbers. */
  constructor(seed: number | bigint = 0) {
    if (!(typeof seed === 'bigint' || Number.isSafeInteger(seed))) {
      throw new OptionError('Random', 'seed', `expected an integer, got ${shown(seed)}`);
    }
    this.#key = BigInt.asUintN(64, BigInt(seed));
    const first = splitMix64(this.#key + GOLDEN);
    const second = splitMix64(this.#key + 2n * GOLDEN);
    this.#a = Number(first & LOW);
    this.#b = Number(first >> 32n);
    this.#c = Number(second & LOW);
    this.#d = Number(second >> 32n);
    if (!(this.#a | this.#b | this.#c | this.#d)) this.#a = 1; // all zeros would stay zero
  }

  /** The next 32 random bits, as an integer in [0, 2³²). */
  bits(): number {
    const b = this.#b;
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    this.#c ^= this.#a;
    this.#d ^= b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return scrambled;
  }

  /** A number in [0, 1), every multiple of 2⁻⁵³ equally likely. */
  uniform(): number {
    return this.#bits53() * 2 ** -53;
  }

  /** A normal number of mean 0 and variance 1, by Marsaglia's polar method, with a logarithm of our own. */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * log(s)) / s);
      this.#spare = y * scale;
      return x * scale;
    }
  }

  /** An integer in [0, n), each equally likely: draws that would favor the small ones are thrown away. */
  integer(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new OptionError('Random.integer', 'n', `expected a positive integer, got ${shown(n)}`);
    }
    const limit = 2 ** 53 - (2 ** 53 % n);
    for (;;) {
      const k = this.#bits53();
      if (k < limit) return k % n;
    }
  }

  /** Shuffles `array` in place, every order equally likely, and returns it. */
  shuffle<A extends { readonly length: number; [index: number]: unknown }>(array: A): A {
    requireList('Random.shuffle', 'array', array);
    const items = array as { [index: number]: unknown };
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
    return array;
  }

  /** A generator of its own for `name`. It depends on the seed and the name alone, not on what was drawn before. */
  fork(name: string): Random {
    requireText('Random.fork', 'name', name);
    let hash = 0xcbf29ce484222325n; // FNV-1a over the UTF-16 code units
    for (let i = 0; i < name.length; i++) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(name.charCodeAt(i))) * 0x100000001b3n);
    }
    return new Random(splitMix64(splitMix64(this.#key + GOLDEN) ^ hash));
  }

  get state(): RandomState {
    return {
      key: this.#key.toString(16),
      words: [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0],
      spare: this.#spare,
    };
  }

  /** Continues from a saved `state`; throws FormatError and changes nothing when it is not one. */
  setState(state: RandomState): void {
    const { key, words, spare } = Object(state) as Record<keyof RandomState, unknown>;
    const bad = (what: string) => new FormatError('random state', `${what} is not what Random saves`);
    if (typeof key !== 'string' || !/^[0-9a-f]{1,16}$/.test(key)) throw bad('key');
    if (!Array.isArray(words) || words.length !== 4 || !words.every(isWord) || words.every((w) => w === 0)) {
      throw bad('words');
    }
    if (spare !== null && !(typeof spare === 'number' && Number.isFinite(spare))) throw bad('spare');
    this.#key = BigInt(`0x${key}`);
    [this.#a, this.#b, this.#c, this.#d] = words as number[];
    this.#spare = spare;
  }

  #bits53(): number {
    const high = this.bits() >>> 5; // 27 bits
    const low = this.bits() >>> 6; // 26 bits
    return high * 0x4000000 + low;
  }
}

const LOW = 0xffffffffn;
const GOLDEN = 0x9e3779b97f4a7c15n;

/** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): 64 bits in, 64 well mixed bits out. */
function splitMix64(x: bigint): bigint {
  let z = BigInt.asUintN(64, x);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

function isWord(w: unknown): boolean {
  return typeof w === 'number' && Number.isInteger(w) && w >= 0 && w <= 0xffffffff;
}

/**
 * ln x for 0 < x ≤ 1 from + − × ÷ alone, so that it has the same bits in every engine; error below 2 ulp.
 *
 *   x = m · 2ᵏ with m in [√½, √2),  s = (m − 1) / (m + 1),  ln x = k ln 2 + 2 (s + s³/3 + s⁵/5 + …)
 */
function log(x: number): number {
  let m = x;
  let k = 0;
  while (m < Math.SQRT1_2) {
    m *= 2;
    k--;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s; // below 0.0295, so the term after z¹¹ is less than one part in 10¹⁷
  let sum = 0;
  for (let n = 23; n >= 3; n -= 2) sum = (sum + 1 / n) * z;
  return k * Math.LN2 + 2 * s * (1 + sum);
}
