// SHA-256 (FIPS 180-4). The host computes it where it can: Node's own module is there in half the time of its WebCrypto, which starts a thread. A page in
// an insecure context has neither, and then the loop below does, so that a damaged file is noticed there too.

import { host } from './host.ts';

/** SHA-256 of some bytes, in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const node = host.process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined;
  if (node) return node.createHash('sha256').update(bytes).digest('hex');
  const { subtle } = host.crypto ?? {};
  return hex(subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : sha256Loop(bytes));
}

interface NodeCrypto {
  createHash(name: string): { update(bytes: Uint8Array): { digest(encoding: 'hex'): string } };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The first 32 bits of the fractional parts of x^(1/n) of the first primes, exactly: ⌊2³² x^(1/n)⌋ mod 2³² in whole numbers. */
function primeRoots(count: number, n: 2n | 3n): Uint32Array {
  const roots = new Uint32Array(count);
  const primes: number[] = [];
  for (let p = 2; primes.length < count; p++) if (primes.every((q) => p % q !== 0)) primes.push(p);
  for (const [k, p] of primes.entries()) {
    const target = BigInt(p) << (32n * n);
    let [low, high] = [0n, BigInt(p) << 32n];
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** n <= target) low = middle;
      else high = middle - 1n;
    }
    roots[k] = Number(low & 0xffffffffn);
  }
  return roots;
}

let constants: { readonly initial: Uint32Array; readonly round: Uint32Array } | undefined;

/** The digest's 32 bytes, in plain loops. */
export function sha256Loop(bytes: Uint8Array): Uint8Array {
  constants ??= { initial: primeRoots(8, 2n), round: primeRoots(64, 3n) };
  const H = constants.initial.slice();
  const w = new Uint32Array(64);
  const tail = new Uint8Array(bytes.length % 64 < 56 ? 64 : 128); // the last bytes, a 1, zeros, the length in bits
  const whole = bytes.length - (bytes.length % 64);
  tail.set(bytes.subarray(whole));
  tail[bytes.length - whole] = 0x80;
  const length = new DataView(tail.buffer);
  length.setUint32(tail.length - 8, Math.floor(bytes.length / 2 ** 29));
  length.setUint32(tail.length - 4, bytes.length * 8);
  for (let at = 0; at < whole; at += 64) block(H, w, bytes, at, constants.round);
  for (let at = 0; at < tail.length; at += 64) block(H, w, tail, at, constants.round);
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  for (const [k, word] of H.entries()) view.setUint32(4 * k, word);
  return digest;
}

const rotate = (x: number, k: number): number => (x >>> k) | (x << (32 - k));

function block(H: Uint32Array, w: Uint32Array, bytes: Uint8Array, at: number, K: Uint32Array): void {
  for (let t = 0; t < 16; t++) {
    const i = at + 4 * t;
    w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
  }
  for (let t = 16; t < 64; t++) {
    const s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ (w[t - 15] >>> 3);
    const s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ (w[t - 2] >>> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = H;
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  for (const [k, v] of [a, b, c, d, e, f, g, h].entries()) H[k] += v;
}
