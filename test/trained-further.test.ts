// A model of Keras and one of ONNX are trained further after their import: the losses over 50 steps are PyTorch's and those of a module of the library with the same weights,
// to 1e-5, on every backend. In a page it is read and trained in a worker: test/browser/imported.test.ts.

import { readModel } from '@unrolled/convert';
import * as unrolled from 'unrolled';
import { afterAll, describe, expect, test } from 'vitest';
import { further, kerasFile, onnxFile, weights } from './keras-further.ts';
import { importedLosses, ownLosses } from './trained-further.ts';

const before = unrolled.currentBackend();
afterAll(() => unrolled.useBackend(before));

const largestDifference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, n) => Math.abs(value - b[n])));

describe.each(['reference', 'native', 'wasm'] as const)('%s', (name) => {
  test.for([
    ['Keras', kerasFile, 'net.h5'],
    ['ONNX', onnxFile, 'net.onnx'],
  ] as const)(
    'an imported network of %s is trained further as PyTorch trains it, and as our own modules are',
    async ([, file, title], { skip }) => {
      const failed = await unrolled.useBackend(name).then(
        () => null,
        (error: unknown) => String(error).split('\n')[0],
      );
      if (failed !== null) return skip(failed);
      const network = (await readModel(await file(), { name: title })).module();
      const imported = await importedLosses(unrolled, further, network);
      expect(imported).toHaveLength(50);
      expect(imported[49]).toBeLessThan(imported[0] / 2); // it learns
      expect(largestDifference(imported, await ownLosses(unrolled, further, weights))).toBeLessThan(1e-5);
      expect(largestDifference(imported, further.losses)).toBeLessThan(1e-5);
    },
  );
});
