// What is written as .npz is read by NumPy, equal to the bit.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SavedTensor, StateDict } from 'unrolled';
import { expect, test } from 'vitest';
import { exportedModel } from '../../../../../test/layer-exports.ts';
import { exportModel } from '../../export-model.ts';

const program = [
  'import json, sys, numpy',
  'arrays = numpy.load(sys.argv[1], allow_pickle=False)',
  'print(json.dumps({n: [list(arrays[n].shape), arrays[n].dtype.str, arrays[n].tobytes().hex()] for n in arrays.files}))',
].join('\n');

const dtypes = { float32: '<f4', float64: '<f8', int32: '<i4' } as const;

function hasNumpy(): boolean {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasNumpy())('NumPy reads every array (skipped where python3 has no numpy)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-npz-'));
  const model = exportedModel('captioner, soft, from images'); // its convolutions count batches: int32, of no axis
  const { files } = await exportModel(model, 'npz');
  writeFileSync(join(folder, 'model.npz'), files.get('model.npz') as Uint8Array);
  const out = execFileSync('/usr/bin/python3', ['-c', program, join(folder, 'model.npz')], { encoding: 'utf8' });
  const read = JSON.parse(out) as Record<string, [shape: number[], dtype: string, bytes: string]>;
  const state: StateDict = model.stateDict();
  expect(Object.keys(read)).toEqual([...state.keys()]);
  for (const [name, { dtype = 'float32', shape, data }] of state as ReadonlyMap<string, SavedTensor>) {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
    expect([name, ...read[name]]).toEqual([name, shape, dtypes[dtype], bytes]);
  }
});
