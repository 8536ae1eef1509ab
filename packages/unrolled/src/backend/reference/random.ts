// Philox 4x32-10: random numbers by counting. Block n of a stream is a function of (key, n) alone, so any thread on any
// backend draws the same word i without having drawn the ones before it.
// Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011).

import type { Storage } from '../storage.ts';

const rounds = 10;
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9; // the golden ratio
const weyl1 = 0xbb67ae85; // √3 − 1

type Words2 = readonly [number, number];
type Words4 = readonly [number, number, number, number];

/** Four random 32-bit words. `key` and `counter` are whole numbers from 0 to 2⁵³ − 1; the counter's upper 64 bits are 0. */
export function philox(key: number, counter: number): Words4 {
  return philoxWords(split(key), [...split(counter), 0, 0]);
}

/** The generator itself, on words, the lowest first. */
export function philoxWords(key: Words2, counter: Words4): Words4 {
  let [k0, k1] = key;
  let [c0, c1, c2, c3] = counter;
  for (let round = 0; round < rounds; round++) {
    const [low0, high0] = multiply(multiplier0, c0);
    const [low1, high1] = multiply(multiplier1, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Element i takes word i mod 4 of block counter + ⌊i / 4⌋; its upper 24 bits make a u in [0, 1), and it is dropped where u < p. */
export function dropoutMask(out: Storage, p: number, key: number, counter: number): void {
  const reserve = 1 / (1 - p);
  for (let start = 0; start < out.length; start += 4) {
    const words = philox(key, counter + start / 4);
    for (let w = 0; w < 4 && start + w < out.length; w++) {
      const u = (words[w] >>> 8) * 2 ** -24;
      out.array[start + w] = u < p ? 0 : reserve;
    }
  }
}

/** A whole number as its low and its high 32 bits. */
function split(n: number): Words2 {
  return [n >>> 0, Math.floor(n / 2 ** 32)];
}

/** The 64-bit product of two 32-bit words, as its low and its high half. A double holds 53 bits, so a goes in 16 bits at a time. */
function multiply(a: number, b: number): Words2 {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const lower = aLow * b; // below 2⁴⁸
  const upper = aHigh * b + Math.floor(lower / 2 ** 16); // the product without its lowest 16 bits
  return [Math.imul(a, b) >>> 0, Math.floor(upper / 2 ** 16)];
}
