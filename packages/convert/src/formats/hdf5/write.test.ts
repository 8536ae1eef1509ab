// Written HDF5 is read by our own reader, by HDF5 itself compiled to WebAssembly (h5wasm), and by h5py where python3 has it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readWithH5wasm } from '../../../../../test/hdf5-files.ts';
import { ConvertError } from '../../errors.ts';
import { lookup3 } from './checksum.ts';
import { Hdf5File } from './file.ts';
import { groupOf, hdf5Bytes, type Hdf5Floats } from './write.ts';

const floats = (shape: readonly number[], seed = 1): Hdf5Floats => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i + seed)),
});

/** Values that only bits tell apart. */
const bits = { shape: [6], values: Float32Array.of(-0, Number.NaN, Infinity, -Infinity, 1e-45, 3.4e38) };

const datasets = new Map<string, Hdf5Floats>([
  ['layers/lstm/cell/vars/0', floats([3, 5])],
  ['layers/lstm/cell/vars/1', floats([2, 1, 2], 2)],
  ['layers/dense/vars/0', bits],
  ['scalar', floats([], 3)],
  ['empty', floats([0, 4])],
  ...Array.from({ length: 70 }, (_, i) => [`many/layer_${i}/vars/0`, floats([1], i)] as const),
]);
const texts = new Map<string, Record<string, string>>([
  ['', { made: 'here' }],
  ['vars', { name: '' }],
  ['layers/lstm/cell', { name: 'lstm_cell 한', other: 'x'.repeat(5000) }],
]);
const bytes = hdf5Bytes(groupOf(datasets, texts), 'x.h5');

const bitsOf = (values: ArrayLike<number>) => Array.from(new Uint32Array(Float32Array.from(values).buffer));

describe('what is written', () => {
  test('is read by our own reader, equal to the bit', async () => {
    const file = new Hdf5File(bytes, 'x.h5');
    const arrays = await file.arrays((path, why) => expect.fail(`${path} ${why}`));
    expect([...arrays.keys()].sort()).toEqual([...datasets.keys()].sort());
    for (const [path, { shape, values }] of datasets) {
      expect([path, arrays.get(path)?.shape]).toEqual([path, shape]);
      expect(bitsOf(arrays.get(path)?.values() as Float32Array), path).toEqual(bitsOf(values));
    }
    expect(file.root.attributes.get('made')).toBe('here');
    expect(file.get('vars')?.children?.size).toBe(0);
    expect(file.get('layers/lstm/cell')?.attributes.get('name')).toBe('lstm_cell 한');
    expect(file.get('layers/lstm/cell')?.attributes.get('other')).toHaveLength(5000);
  });

  test('is read by HDF5 itself, equal to the bit', async () => {
    const read = await readWithH5wasm(bytes, [...datasets.keys()], [['layers/lstm/cell', 'name']]);
    for (const [path, { shape, values }] of datasets) {
      const found = read.datasets.get(path);
      expect([path, found?.shape]).toEqual([path, shape]);
      expect(bitsOf(found?.values ?? []), path).toEqual(bitsOf(values));
    }
    expect(read.attributes).toEqual(['lstm_cell 한']);
  });

  test.skipIf(!hasH5py())('is read by h5py, equal to the bit (skipped where python3 has none)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'unrolled-hdf5-'));
    writeFileSync(join(folder, 'x.h5'), bytes);
    const program = [
      'import h5py, json, sys',
      'f, found = h5py.File(sys.argv[1], "r"), {}',
      'f.visititems(lambda n, o: found.__setitem__(n, [list(o.shape), o.dtype.str, o[()].tobytes().hex()]) if hasattr(o, "shape") else None)',
      'print(json.dumps([found, f["layers/lstm/cell"].attrs["name"].decode(), len(f["many"]), len(f["vars"])]))',
    ];
    const out = execFileSync('/usr/bin/python3', ['-c', program.join('\n'), join(folder, 'x.h5')], {
      encoding: 'utf8',
    });
    const [found, name, many, vars] = JSON.parse(out) as [Record<string, [number[], string, string]>, ...unknown[]];
    expect(Object.keys(found).sort()).toEqual([...datasets.keys()].sort());
    for (const [path, { shape, values }] of datasets)
      expect([path, ...found[path]]).toEqual([path, shape, '<f4', Buffer.from(values.buffer).toString('hex')]);
    expect([name, many, vars]).toEqual(['lstm_cell 한', 70, 0]);
  });
});

test('the checksum is lookup3', () => {
  // The values that the hash function's own test prints.
  expect(lookup3(new Uint8Array())).toBe(0xdeadbeef);
  expect(lookup3(Buffer.from('Four score and seven years ago'))).toBe(0x17770551);
});

describe('what cannot be written is a ConvertError', () => {
  test.each([
    ['a name with a slash', { members: new Map([['a/b', floats([1])]]) }, /names of 1 to 1000 bytes without a slash, got "a\/b"/],
    ['a name that is empty', { members: new Map([['', floats([1])]]) }, /without a slash, got ""/],
    ['a long name', { members: new Map([['x'.repeat(1001), floats([1])]]) }, /1 to 1000 bytes/],
    ['a long text', { members: new Map(), attributes: { a: 'x'.repeat(60_001) } }, /x\.h5: a: expected at most 60000 bytes of text, got 60001/],
  ] as const)('%s', (_, group, message) => {
    expect(() => hdf5Bytes(group, 'x.h5')).toThrow(ConvertError);
    expect(() => hdf5Bytes(group, 'x.h5')).toThrow(message);
  }); // biome-ignore format: a table

  test('groups deeper than a reader follows', () => {
    const deep = new Map([[new Array<string>(65).fill('g').join('/'), floats([1])]]);
    expect(() => hdf5Bytes(groupOf(deep), 'x.h5')).toThrow(/at most 64 groups in groups, got more/);
  });

  test('a dataset where a group is', () => {
    const both = [['a', floats([1])], ['a/b', floats([1])]] as const; // biome-ignore format: pairs
    expect(() => groupOf(new Map(both))).toThrow(/expected a group or one dataset, got both/);
    expect(() => groupOf(new Map([...both].reverse()))).toThrow(/expected a group or one dataset, got both/);
  });
});

function hasH5py(): boolean {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import h5py'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
