import { FormatError } from 'unrolled';
import { expect, test } from 'vitest';
import { ownPartName, requireOwnData, requireSameData } from './own-data.ts';

test("an imported model's run has no data of its own", () => {
  const imported = { source: 'model.h5', imported: true } as unknown as Parameters<typeof requireOwnData>[0];
  expect(() => requireOwnData(imported, '--text')).toThrow(FormatError);
  expect(() => requireOwnData(imported, '--text')).toThrow(
    'model.h5: was imported, and what it was trained on is not known here; name data with --text',
  );
  requireOwnData({ ...imported, imported: undefined } as typeof imported, '--text');
});

test('data that have changed are refused, with where others are named', () => {
  const now = { source: 'a.csv', sha256: 'ab' };
  requireSameData(now, { sha256: 'ab' });
  expect(() => requireSameData(now, { sha256: 'ac' })).toThrow(
    'a.csv: is not what this run was trained on any more; name other data with --file',
  );
  expect(() => requireSameData(now, { sha256: 'ac' }, '--images')).toThrow('name other data with --images');
});

test('the part that a run kept has a name: its file, or what it is a part of', () => {
  expect(ownPartName({ source: 'a.csv' }, 3, null)).toBe('a.csv (its validation part)');
  expect(ownPartName({ source: 'a.csv' }, 1, 'b.csv')).toBe('b.csv');
  for (const validation of [null, 'b.csv'])
    expect(() => ownPartName({ source: 'a.csv' }, 0, validation)).toThrow(
      'a.csv: nothing was kept for validation; name other data with --file',
    );
});
