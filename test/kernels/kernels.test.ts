import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkOperations } from '../../packages/unrolled/src/backend/kernel/kernels.ts';
import { operationNames } from '../../packages/unrolled/src/backend/kernel/operations.ts';
import { ReferenceBackend } from '../../packages/unrolled/src/backend/reference/reference.ts';
import type { TypedArray } from '../../packages/unrolled/src/backend/backend.ts';
import { allBuilds, type Build, bits, Draw, missing, put } from './builds.ts';
import { cases } from './cases.ts';
import { imageCases } from './image-cases.ts';
import { recurrentCases } from './recurrent-cases.ts';

// The reference sums in double and rounds once; kernels sum in float, in pieces.
const relative = 2e-5;
const absolute = 2e-5;
const shapesPerCase = 40;

const reference = new ReferenceBackend();
let builds: Build[] = [];

beforeAll(async () => {
  builds = await allBuilds();
  for (const reason of missing) console.warn(`not tested: ${reason}`);
}, 60_000);

afterAll(() => {
  for (const { backend } of builds) backend.kernels.dispose();
});

function expectClose(got: TypedArray, wanted: TypedArray, where: string): void {
  if (got.length !== wanted.length) expect.fail(`${where}: ${got.length} elements, not ${wanted.length}`);
  for (let i = 0; i < got.length; i++) {
    const difference = Math.abs(got[i] - wanted[i]);
    const same = difference <= absolute + relative * Math.abs(wanted[i]) || Object.is(got[i], wanted[i]);
    if (!same) expect.fail(`${where}: element ${i} is ${got[i]}, the reference has ${wanted[i]}`);
  }
}

/** The same bits, where every NaN has one pattern. */
function expectSameBits(got: TypedArray, wanted: TypedArray, where: string, on: string): void {
  const [mine, theirs] = [bits(got), bits(wanted)];
  const at = mine.findIndex((word, i) => word !== theirs[i]);
  if (at >= 0 || mine.length !== theirs.length) expect.fail(`${where}: element ${at} has other bits on ${on}`);
}

const bytes = ({ buffer, byteOffset, byteLength }: TypedArray): Buffer => Buffer.from(buffer, byteOffset, byteLength);

describe.each([...cases, ...imageCases, ...recurrentCases])('%s', (name, draws) => {
  test('every build agrees with the reference, and all that fuse multiply-add with each other to the bit', () => {
    for (let seed = 1; seed <= shapesPerCase; seed++) {
      const run = draws(new Draw(seed * 7919 + name.length, seed === 1)); // the first one large
      const wanted = run(reference);
      const firsts: Record<string, TypedArray[]> = {};
      for (const build of builds) {
        const got = run(build.backend);
        const first = (firsts[build.fuses ? 'fused' : 'unfused'] ??= got);
        for (const [k, array] of got.entries()) {
          const where = `${name}, seed ${seed}, output ${k}`;
          // Equal bytes are as close to the reference as those of the first build were, which is most of what there is to compare.
          if (got !== first && bytes(array).equals(bytes(first[k]))) continue;
          expectClose(array, wanted[k], `${where} on ${build.name}`);
          if (got !== first) expectSameBits(array, first[k], where, build.name);
        }
      }
    }
  });
});

test('an operation has one number, and every build here has the same list', () => {
  expect(new Set(operationNames).size).toBe(operationNames.length);
  // Loading refuses a build whose list differs from ours, so a build that is here has this one.
  expect(builds.length).toBeGreaterThan(0);
});

test('a build with another list of operations is refused', () => {
  expect(() => checkOperations('old.wasm', 'fill,cast')).toThrow('old.wasm: built from other sources');
});

describe('the seam', () => {
  test('refuses tensors that are too small, freed, foreign or of another type', () => {
    for (const { backend: b } of builds) {
      const [x, y] = [b.allocate('float32', 10), b.allocate('float32', 20)];
      expect(() => b.softmax(x, y, 4, 5)).toThrow('a kernel needs 20 elements, the tensor has 10');
      expect(() => b.stridedCopy(x, 0, [1], y, 5, [-1], [10], false)).toThrow('a kernel needs Infinity elements');
      expect(() => b.unary('exp', x, b.allocate('int32', 10))).toThrow('expected a tensor of float32, got int32');
      expect(() => b.unary('exp', x, b.allocate('float64', 10))).toThrow('float64 is for the reference backend');
      expect(() => b.unary('exp', x, reference.allocate('float32', 10))).toThrow('of the reference backend');
      y.block.release();
      expect(() => b.unary('exp', x, y)).toThrow('inside a scope that has ended');
    }
  });

  test('a call with an argument block outside of the heap is a RangeError natively', () => {
    for (const { backend } of builds.filter((build) => build.backend.name === 'native')) {
      const { call } = backend.kernels;
      for (const offset of [-8, 0, 12, 2 ** 40, Number.NaN]) expect(() => call(0, offset)).toThrow(RangeError);
      expect(() => call(10_000, 2 ** 20)).toThrow(RangeError);
    }
  });

  test('an index outside of the table reads NaN and writes nothing', () => {
    for (const { backend: b } of builds) {
      const weight = put(b, Float32Array.of(1, 2, 3, 4));
      const index = put(b, Int32Array.of(1, 2, -1));
      const out = b.allocate('float32', 6);
      b.embedding(out, weight, index, 3, 2);
      expect([...out.array]).toEqual([3, 4, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
      b.embeddingBackward(weight, put(b, new Float32Array(6).fill(1)), index, 3, 2, -1);
      expect([...weight.array]).toEqual([1, 2, 4, 5]);
    }
  });
});
