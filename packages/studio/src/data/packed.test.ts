import { expect, test } from 'vitest';
import { packed, unpacked } from './packed.ts';

test('data with arrays come back as they were, from any place in memory', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const value = {
    kind: 'captions',
    rows: [{ image: { height: 1, width: 1, data: bytes }, captions: ['가', 'b'] }, { data: bytes.slice(1) }],
    series: { names: ['x'], values: Float64Array.of(0.1, Number.NaN) },
    none: null,
  };
  const all = packed(value);
  const moved = new Uint8Array(all.length + 3);
  moved.set(all, 3);
  expect(unpacked(moved.subarray(3))).toEqual(value);
  expect(unpacked(packed('text'))).toBe('text');
});

test('an array that stands at several places is written once, and is one again', () => {
  const image = new Uint8Array(1000);
  const rows = Array.from({ length: 50 }, () => ({ image }));
  expect(packed(rows).length).toBeLessThan(5000);
  const [a, b] = unpacked(packed(rows)) as typeof rows;
  expect(a.image).toBe(b.image);
});
