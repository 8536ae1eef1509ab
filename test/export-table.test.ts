// The table of docs/convert.md that says what Keras and TensorFlow.js cannot have is the one that the writers' tests go by.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trainedTypes } from './exported-models.ts';
import { exportedModel, exportedModelNames, refusals, refusalsOf } from './layer-exports.ts';

const page = readFileSync(new URL('../docs/convert.md', import.meta.url), 'utf8');

/** The rows of the table, cell by cell. */
const rows = page
  .slice(page.indexOf('| what a model may have |'))
  .split('\n\n')[0]
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())); // biome-ignore format: a chain

test('every reason is a row, and every row a reason', () => {
  expect(rows.map(([what]) => refusals.find(({ row }) => what.startsWith(row))?.row)).toEqual(
    refusals.map(({ row }) => row),
  );
});

test.each(refusals)('$row: as the table says, and some model has it', ({ row, formats, of }) => {
  const [, keras, tfjs, instead] = rows.find(([what]) => what.startsWith(row)) as string[];
  const said = (format: 'keras' | 'tfjs') => (formats.includes(format) ? 'refused' : 'written');
  expect([keras, tfjs]).toEqual([said('keras'), said('tfjs')]);
  expect(instead).not.toBe('');
  expect(exportedModelNames.some((name) => of(exportedModel(name).config as never))).toBe(true);
});

test('every type of model is written for both, in one form at least', () => {
  const written = (format: 'keras' | 'tfjs') =>
    exportedModelNames
      .filter((name) => refusalsOf(name, format).length === 0)
      .map((name) => String(exportedModel(name).config.type));
  const types = [...new Set(exportedModelNames.map((name) => String(exportedModel(name).config.type)))].toSorted();
  expect(types).toEqual(trainedTypes);
  for (const format of ['keras', 'tfjs'] as const) expect([...new Set(written(format))].toSorted()).toEqual(types);
});
