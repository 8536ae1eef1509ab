// One case for every kernel that is a product, a whole sequence or a step of decoding.

import {
  type FusedCell,
  fusedCells,
  gateCount,
  packedFloats,
  reserveSize,
  type TypedArray,
  weightFormats,
} from '../../packages/unrolled/src/backend/backend.ts';
import { type Draw, put } from './builds.ts';
import type { Case } from './cases.ts';

const transposes = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

const products: [string, Case][] = transposes.map(([transA, transB]) => [
  `gemm, ${transA ? 'Aᵀ' : 'A'} ${transB ? 'Bᵀ' : 'B'}`,
  (draw) => {
    const [batch, M, N, K] = [draw.whole(0, 2) + (draw.next() < 0.9 ? 1 : 0), draw.size(), draw.size(), draw.size(90)];
    const [a, b] = [draw.floats(batch * M * K, -1, 1), draw.floats(batch * K * N, -1, 1)];
    const bias = draw.next() < 0.5 ? draw.floats(N) : null;
    const before = draw.floats(batch * M * N);
    const accumulate = !bias && draw.next() < 0.5;
    return (backend) => {
      const c = put(backend, before);
      backend.gemm(
        c,
        put(backend, a),
        put(backend, b),
        bias && put(backend, bias),
        batch,
        M,
        N,
        K,
        transA,
        transB,
        M * K,
        K * N,
        M * N,
        accumulate,
      );
      return [c.array.slice()];
    };
  },
]);

const packedProducts: [string, Case][] = [false, true].map((transB) => [
  `packMatrix and gemmPacked, ${transB ? 'Bᵀ' : 'B'}`,
  (draw) => {
    const [M, N, K] = [draw.size(), draw.size(), draw.next() < 0.05 ? 700 : draw.size(90)];
    const [a, b] = [draw.floats(M * K, -1, 1), draw.floats(K * N, -1, 1)];
    const bias = draw.next() < 0.5 ? draw.floats(N) : null;
    const before = draw.floats(M * N);
    const accumulate = draw.next() < 0.5;
    return (backend) => {
      const [c, packed] = [put(backend, before), put(backend, new Float32Array(packedFloats(N, K)))];
      backend.packMatrix(packed, put(backend, b), N, K, transB);
      backend.gemmPacked(c, put(backend, a), packed, bias && put(backend, bias), M, N, K, accumulate);
      const plain = put(backend, before);
      backend.gemm(
        plain,
        put(backend, a),
        put(backend, b),
        bias && put(backend, bias),
        1,
        M,
        N,
        K,
        false,
        transB,
        0,
        0,
        0,
        accumulate,
      );
      const differs = Float32Array.from(c.array, (x, i) => (Object.is(x, plain.array[i]) ? 0 : 1));
      return [c.array.slice(), differs]; // none differs, on any build
    };
  },
]);

/** Forward and backward with a random choice of everything that may be left out. */
function sequenceCase(cell: FusedCell, draw: Draw, B: number): ReturnType<Case> {
  const [T, I, H] = [draw.size(12, 9), draw.size(40, 70), Math.max(1, draw.size(50))];
  const G = gateCount[cell] * H;
  const D = draw.whole(1, 2);
  const ldy = D * H;
  const rows = T * B;
  const yLength = rows === 0 ? 0 : (rows - 1) * ldy + H;
  const maybe = (n: number, scale = 1): Float32Array | null =>
    draw.next() < 0.5 ? draw.floats(n, -scale, scale) : null;
  const scale = 1 / Math.sqrt(H + 1);
  const data = {
    x: draw.floats(rows * I, -1, 1),
    weightIh: draw.floats(G * I, -scale, scale),
    weightHh: draw.floats(G * H, -scale, scale),
    biasIh: maybe(G),
    biasHh: maybe(G),
    h0: maybe(B * H),
    c0: cell === 'lstm' ? maybe(B * H) : null,
    lengths: draw.next() < 0.5 ? draw.ints(B, 0, T) : null,
    mask: draw.next() < 0.3 ? draw.floats(B * H, 0, 1).map((v) => (v < 0.3 ? 0 : 1 / 0.7)) : null,
  };
  const gradients = { dy: maybe(yLength), dhn: maybe(B * H), dcn: cell === 'lstm' ? maybe(B * H) : null };
  const [wantsDx, wantsState] = [draw.next() < 0.7, draw.next() < 0.7];
  const sizes = { T, B, I, H, ldy, reverse: draw.next() < 0.5 };
  return (b) => {
    const place = <O extends Record<string, TypedArray | null>>(o: O) =>
      Object.fromEntries(Object.entries(o).map(([k, v]) => [k, v && put(b, v)])) as {
        [K in keyof O]: ReturnType<typeof put>;
      };
    const zeros = (n: number) => put(b, new Float32Array(n));
    const inputs = place(data);
    const outputs = {
      y: zeros(yLength),
      hn: zeros(B * H),
      cn: cell === 'lstm' ? zeros(B * H) : null,
      reserve: zeros(reserveSize(cell, T, B, H)),
    };
    b.sequenceForward(cell, outputs, inputs, sizes);
    const forward = [outputs.y, outputs.hn, ...(outputs.cn ? [outputs.cn] : [])].map((s) => s.array.slice());
    const d = {
      dx: wantsDx ? zeros(rows * I) : null,
      dWeightIh: zeros(G * I),
      dWeightHh: zeros(G * H),
      dBiasIh: data.biasIh && zeros(G),
      dBiasHh: data.biasHh && zeros(G),
      dh0: wantsState ? zeros(B * H) : null,
      dc0: wantsState && cell === 'lstm' ? zeros(B * H) : null,
    };
    b.sequenceBackward(cell, d, place(gradients), outputs, inputs, sizes);
    return [...forward, ...Object.values(d).flatMap((s) => (s ? [s.array.slice()] : []))];
  };
}

const sequences: [string, Case][] = fusedCells.map((cell) => [
  `sequenceForward and sequenceBackward, ${cell}`,
  (draw) => {
    if (!draw.large) return sequenceCase(cell, draw, draw.size(12));
    // Threads share the rows of a large batch, and the units of a smaller one.
    const [rows, units] = [30, 13].map((B) => sequenceCase(cell, draw, B));
    return (b) => [...rows(b), ...units(b)];
  },
]);

const decoding: [string, Case][] = [
  ...weightFormats.map((format): [string, Case] => [
    `packWeights and gemv, ${format}`,
    (draw) => {
      const long = draw.next() < 0.2; // several pieces of int8; the weights small, so that the sums stay near 1
      const [n, k] = [draw.size(200), draw.size(long ? 1300 : 150)];
      const limit = long ? 0.1 : 1;
      const [weight, x, before] = [draw.floats(n * k, -limit, limit), draw.floats(k, -1, 1), draw.floats(n)];
      const bias = draw.next() < 0.5 ? draw.floats(n) : null;
      const accumulate = draw.next() < 0.5;
      return (b) => {
        const packed = put(b, new Float32Array(Math.ceil(b.packedBytes(format, n, k) / 4)));
        b.packWeights(packed, format, put(b, weight), n, k);
        const y = put(b, before);
        b.gemv(y, packed, format, put(b, x), bias && put(b, bias), n, k, accumulate);
        return [y.array.slice()];
      };
    },
  ]),
  ...(['rnnTanh', 'rnnRelu', 'lstm', 'gru'] as const).map((cell): [string, Case] => [
    `cellStep, ${cell}`,
    (draw) => {
      const H = draw.size(100);
      const G = gateCount[cell] * H;
      const [h, c, gatesX, gatesH] = [draw.floats(H), draw.floats(H), draw.floats(G), draw.floats(G)];
      return (b) => {
        const [hs, cs] = [put(b, h), put(b, c)];
        b.cellStep(cell, hs, cell === 'lstm' ? cs : null, put(b, gatesX), put(b, gatesH), H);
        return [hs.array.slice(), cs.array.slice()];
      };
    },
  ]),
];

export const recurrentCases: [string, Case][] = [...products, ...packedProducts, ...sequences, ...decoding];
