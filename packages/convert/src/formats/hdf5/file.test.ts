import { addFloats, hdf5File } from '../../../../../test/hdf5-files.ts';
import { describe, expect, test } from 'vitest';
import { ConvertError } from '../../errors.ts';
import { Hdf5File } from './file.ts';

const numbers = Array.from({ length: 35 }, (_, i) => Math.sin(i));

async function arraysOf(bytes: Uint8Array) {
  const skipped: string[] = [];
  const arrays = await new Hdf5File(bytes, 'x.h5').arrays((path, why) => skipped.push(`${path} ${why}`));
  return { arrays, skipped };
}

describe('datasets', () => {
  test('are read whole, in chunks, compressed and shuffled', async () => {
    const bytes = await hdf5File((file) => {
      const group = file.create_group('a').create_group('b');
      addFloats(group, 'plain', [5, 7], numbers);
      addFloats(group, 'scalar', [], [3.5]);
      const data = Float32Array.from(numbers);
      group.create_dataset({ name: 'chunks', data, shape: [5, 7], chunks: [2, 3] });
      group.create_dataset({ name: 'deflated', data, shape: [5, 7], chunks: [2, 3], compression: 4 });
      group.create_dataset({
        name: 'shuffled',
        data,
        shape: [5, 7],
        chunks: [5, 4],
        compression: 'gzip',
        compression_opts: [1],
      });
      group.create_dataset({ name: 'integers', data: Int32Array.of(1, -2, 3), shape: [3] });
      group.create_dataset({ name: 'doubles', data: Float64Array.of(0.1), shape: [1] });
      group.create_dataset({ name: 'text', data: 'hello' });
    });
    const { arrays, skipped } = await arraysOf(bytes);
    const floats = numbers.map(Math.fround);
    for (const name of ['plain', 'chunks', 'deflated', 'shuffled']) {
      expect(arrays.get(`a/b/${name}`)?.shape).toEqual([5, 7]);
      expect(Array.from(arrays.get(`a/b/${name}`)?.values() ?? []), name).toEqual(floats);
    }
    expect(Array.from(arrays.get('a/b/scalar')?.values() ?? [])).toEqual([3.5]);
    expect(Array.from(arrays.get('a/b/integers')?.values() ?? [])).toEqual([1, -2, 3]);
    expect(arrays.get('a/b/doubles')?.element).toBe('float64');
    expect(skipped).toEqual(['a/b/text holds text']);
  });

  test('of many groups are all found', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `layer_${i}`); // several nodes and blocks
    const bytes = await hdf5File((file) => {
      for (const [i, name] of names.entries()) addFloats(file.create_group(name), 'w', [1], [i]);
    });
    const { arrays } = await arraysOf(bytes);
    expect(new Set(arrays.keys())).toEqual(new Set(names.map((name) => `${name}/w`)));
    expect(arrays.get('layer_299/w')?.values()[0]).toBe(299);
  });
});

test('attributes are numbers and texts, one or many', async () => {
  const bytes = await hdf5File((file) => {
    file.create_attribute('one', '한 word');
    file.create_attribute('list', ['a', 'bcd', '']);
    file.create_attribute('number', 1.5);
    file.create_attribute('numbers', Int32Array.of(1, 2));
    file.create_attribute('long', 'x'.repeat(40_000));
  });
  const { attributes } = new Hdf5File(bytes, 'x.h5').root;
  expect(attributes.get('one')).toBe('한 word');
  expect(attributes.get('list')).toEqual(['a', 'bcd', '']);
  expect(attributes.get('number')).toBe(1.5);
  expect(attributes.get('numbers')).toEqual([1, 2]);
  expect(attributes.get('long')).toHaveLength(40_000);
});

describe('hostile files', () => {
  test('soft and external links lead nowhere, and circles of groups end', async () => {
    const bytes = await hdf5File((file) => {
      const group = file.create_group('a');
      addFloats(group, 'w', [1], [1]);
      file.create_soft_link('/a', '/b');
      file.create_soft_link('/a/loop', '/a/loop');
      file.create_hard_link('/a', '/a/again');
      file.create_external_link('/etc/passwd', '/', 'outside');
    });
    const { arrays, skipped } = await arraysOf(bytes);
    expect([...arrays.keys()]).toEqual(['a/w']);
    expect(skipped).toEqual(['a/again is a second name of a group']);
  });

  test('declared sizes are refused before anything is allocated', async () => {
    const bytes = await hdf5File((file) => addFloats(file, 'w', [6, 7], new Array<number>(42).fill(1)));
    // The dataspace of w: version 1, 2 axes; its first dimension becomes 2⁴⁰, 2³⁰ or 2²⁰.
    const view = new DataView(bytes.buffer);
    const at = Array.from(bytes.keys()).find(
      (i) => i + 16 <= bytes.length && view.getBigUint64(i, true) === 6n && view.getBigUint64(i + 8, true) === 7n,
    ) as number;
    for (const [power, expected] of [
      [40, /elements/],
      [28, /elements|at most/],
      [20, /at most \d+ bytes/],
      [3, /224 bytes/],
    ] as const) {
      const damaged = bytes.slice();
      new DataView(damaged.buffer).setBigUint64(at, 1n << BigInt(power), true);
      await expect(arraysOf(damaged), String(power)).rejects.toThrow(expected);
    }
  });

  test('what is no HDF5 file, or is cut off, is a ConvertError', async () => {
    const bytes = await hdf5File((file) => addFloats(file.create_group('a'), 'w', [3], [1, 2, 3]));
    for (let length = 0; length < bytes.length; length += 7)
      await expect(arraysOf(bytes.slice(0, length)), String(length)).rejects.toThrow(ConvertError);
  });
});
