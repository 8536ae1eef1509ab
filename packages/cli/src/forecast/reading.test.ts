// From tables to series, windows and what a forecast reads: small files, and tables made by hand.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Forecaster, FormatError } from 'unrolled';
import type { Series } from 'unrolled/data';
import type { TimeSeriesForecastingPipeline } from 'unrolled/pipelines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settle } from '../command-line/options.ts';
import { inputOf } from './ask.ts';
import { knownBeside, readForecast } from './data.ts';
import { forecast } from './kind.ts';
import { readSeries, type SeriesTable, type TableSource } from './read.ts';
import { seriesColumn } from './several.ts';
import { cutWindows, scaleWarnings, standardize } from './windows.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-series-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, ...lines: string[]): string => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
};
const plain: TableSource = { columns: null, known: null, time: null, where: null, header: true };
const read = (path: string, source: Partial<TableSource> = {}) => readSeries([path], { ...plain, ...source });
const numbers = ({ values }: Series) => [...values];

describe('a table', () => {
  test('has its time in the column that was named, though another is called so', async () => {
    const path = write('time.csv', 'date,when,y', '2024-01-03,2024-02-01,1', '2024-01-02,2024-02-02,2');
    const { tables, found } = await read(path, { time: 'when' });
    expect([found.time, tables[0].time?.label(2)]).toEqual(['when', '2024-02-03']);
    await expect(read(write('no.csv', 'a,y', 'x,1', 'z,2'), { time: 'a' })).rejects.toThrow('"x" is no time');
  });

  test('takes dates in order for its time, whatever they are called, and no numbers', async () => {
    const dates = write('gemessen.csv', 'n,ref,gemessen,y', '1,20240101,2024-01-01,5', '2,20240102,2024-01-02,6');
    const { tables, found } = await read(dates);
    expect([found.time, tables[0].series.names]).toEqual(['gemessen', ['n', 'ref', 'y']]);
    // Dates in no order are of something else.
    const born = ['2001-02-03', '1990-01-01', '2005-05-05', '1980-03-04', '1999-09-09'].map((d, t) => `${d},${t}`);
    expect((await read(write('born.csv', 'born,y', ...born))).found.time).toBe(null);
  });

  test('with a column twice, without rows, or without numbers is refused', async () => {
    const path = write('both.csv', 'a,b', '1,2');
    await expect(read(path, { columns: 'a,b', known: 'b' })).rejects.toThrow(
      'column b is to be forecast, and known in advance; name it once',
    );
    await expect(read(write('none.csv', 'a,b'))).rejects.toThrow('holds no rows');
    await expect(read(write('texts.csv', 'a,b', 'x,y'))).rejects.toThrow(
      'no column holds numbers; there are a, b; name them with --columns',
    );
  });

  test('of several series keeps the gaps of each by its own rows', async () => {
    const path = write('two.csv', 'shop,y', 'A,1', 'A,', 'A,3', 'B,4', 'B,5', 'B,', 'B,7');
    const { tables } = await read(path, { series: 'shop' });
    expect(tables.map(({ name, gaps, place }) => [name, gaps.map(({ at, row }) => [at, row]), place(1).replace(/.*, /, '')])).toEqual([
      ['A', [[1, 2]], 'row 2'],
      ['B', [[2, 6]], 'row 5'],
    ]); // biome-ignore format: one line
  });

  test('ends where only what is known in advance goes on, even if that is everything', async () => {
    const ahead = async (...rows: string[]) => {
      const { tables } = await read(write('ahead.csv', 'y,k', ...rows), { columns: 'y', known: 'k' });
      const [{ series, known, ahead: more }] = tables;
      return [numbers(series), known && numbers(known), more];
    };
    expect(await ahead('1,5', '2,6', ',7')).toEqual([[1, 2], [5, 6, 7], 1]);
    expect(await ahead('1,5', ',6', '3,7')).toEqual([[1, Number.NaN, 3], [5, 6, 7], 0]);
    await expect(ahead(',5', ',6')).rejects.toThrow('column y holds no number; its first cell is empty');
    const group = write('groups.csv', 's,y,k', 'A,1,5', 'A,2,6', 'B,,7');
    const { tables } = await read(group, { columns: 'y', known: 'k', series: 's' });
    expect(tables.map(({ series, ahead: more }) => [numbers(series), more])).toEqual([[[1, 2], 0], [[], 1]]); // biome-ignore format: one line
  });

  test('says of three series what their steps are, and of more how many', async () => {
    const days = [1, 2, 3, 5].map((d) => `2024-01-0${d}`);
    const of = (names: string) => names.split('').flatMap((name) => days.map((d) => `${name},${d},1`));
    const warnings = async (names: string) =>
      (await read(write(`${names}.csv`, 's,date,y', ...of(names)), { series: 's' })).warnings;
    expect((await warnings('ABC')).length).toBe(3);
    const four = await warnings('ABCD');
    expect([four.length, four[3]]).toEqual([4, 'and so in 1 more series']);
  });
});

describe('a column that says which series a row is of', () => {
  const question = (cells: string[], given: string | null) => ({
    given,
    columns: ['unique_id'],
    cellsOf: () => cells,
    axis: null,
    name: 'x.csv',
    place: (t: number) => `row ${t + 1}`,
  });

  test('says it in each row', () => {
    expect(seriesColumn(question(['A', 'B'], 'shop'))).toBe('shop');
    expect(() => seriesColumn(question(['', 'B'], 'shop'))).toThrow('row 1, column shop: is empty');
    expect(() => seriesColumn(question(['A', ' '], 'shop'))).toThrow('row 2, column shop: is empty');
  });

  test('is one by its name where at least two series have at least two rows', () => {
    expect(seriesColumn(question(['A', 'A', 'A'], null))).toBe(null);
    expect(seriesColumn(question(['A', 'B', 'C'], null))).toBe(null);
    expect(() => seriesColumn(question(['A', 'A', 'B'], null))).toThrow(
      'holds 2 series, one for each unique_id (A, B)',
    );
    expect(() => seriesColumn(question(['A', 'A', 'B', 'C', 'D'], null))).toThrow('(A, B, C, …)');
  });
});

const tableOf = (values: number[], changes: Partial<SeriesTable> = {}): SeriesTable => ({
  name: null,
  series: { names: ['y'], values: Float64Array.from(values) },
  known: null,
  ahead: 0,
  time: null,
  gaps: values.flatMap((v, at) => (Number.isNaN(v) ? [{ at, file: 'x.csv', row: at + 1, column: 'y', what: 'empty' }] : [])), // biome-ignore format: one line
  place: (t) => `x.csv, row ${t + 1}`,
  ...changes,
});
const upTo = (n: number) => Array.from({ length: n }, (_, k) => k);
const gap = Number.NaN;

describe('windows', () => {
  const shape = { length: 3, horizon: 2, missing: 'refuse' } as const;
  const all = (table: SeriesTable) => [table, { from: 0, to: table.series.values.length }] as const;

  test('of a series begin where it is long enough, to the row', () => {
    const cut = cutWindows([all(tableOf(upTo(5), { name: 'A' })), all(tableOf(upTo(4), { name: 'B' }))], shape);
    expect([cut?.windows.count, cut?.tables.map(({ name }) => name), cut?.warnings]).toEqual([
      1,
      ['A'],
      ['1 of 2 series have no window of 3 + 2 rows: B (4 rows)'],
    ]);
    expect(cutWindows([all(tableOf(upTo(4), { name: 'B' })), all(tableOf([], { name: 'C' }))], shape)).toBe(null);
    expect(() => cutWindows([all(tableOf(upTo(4)))], shape)).toThrow('a window has 3 + 2 rows, and there are 4'); // one series alone says what it lacks
  });

  test('of several series are joined, and each knows whose it is', () => {
    const cut = cutWindows([all(tableOf(upTo(6), { name: 'A' })), all(tableOf(upTo(7), { name: 'B' }))], shape);
    expect(cut?.windows.count).toBe(2 + 3);
    expect(upTo(5).map((n) => [cut?.windows.part(n), cut?.windows.origin(n)])).toEqual([[0, 3], [0, 4], [1, 3], [1, 4], [1, 5]]); // biome-ignore format: one line
  });

  test('with gaps are refused, or left out with their series', () => {
    const ranges = [all(tableOf(upTo(6), { name: 'A' })), all(tableOf([0, 1, gap, 3, 4, gap], { name: 'B' }))];
    expect(() => cutWindows(ranges, shape)).toThrow(FormatError);
    const cut = cutWindows(ranges, { ...shape, missing: 'skip' });
    expect([cut?.windows.count, cut?.warnings]).toEqual([2, ['1 of 2 series have no window of 3 + 2 rows: B (gaps)']]);
  });

  test('are scaled by the training rows of all, and what such a scaling hides is reported', () => {
    const part = (table: SeriesTable, train: number) => ({
      table,
      train: { from: 0, to: train },
      validation: { from: train, to: table.series.values.length },
    });
    const model = () => new Forecaster({ channels: 1, length: 2, horizon: 1, hiddenSize: 2 });
    const parts = [part(tableOf([0, 2, 99], { name: 'A' }), 2), part(tableOf([4, 6], { name: 'B' }), 2)];
    const scaled = standardize(model(), parts);
    expect([scaled.mean[0], scaled.deviation[0]]).toEqual([3, Math.sqrt(5)]);
    expect(scaleWarnings(scaled, parts)).toEqual([]);
    const flat = [part(tableOf([1, 1, 9], { name: 'A' }), 2), part(tableOf([1, 1], { name: 'B' }), 2)];
    expect(scaleWarnings(standardize(model(), flat), flat)).toEqual(['never changes in the rows to learn from: y']);
    const uneven = [part(tableOf([0, 1000]), 2), ...['a', 'b', 'c', 'd'].map((name) => part(tableOf([0, 1], { name }), 2))]; // biome-ignore format: one line
    expect(scaleWarnings(standardize(model(), uneven), uneven)[0]).toMatch(/^4 series change by less .* of it: a \(y\), b \(y\), c \(y\), …; learn/); // biome-ignore format: one line
    expect(scaleWarnings(standardize(model(), [uneven[1]]), [uneven[1]])).toEqual([]);
  });
});

test('what is known beside a series is as long as the series', () => {
  const known = { names: ['a', 'b'], values: Float64Array.of(1, 2, 3, 4, 5, 6) };
  expect(numbers(knownBeside(tableOf([7, 8], { known })) as Series)).toEqual([1, 2, 3, 4]);
  expect(knownBeside(tableOf([7, 8]))).toBe(null);
});

describe('a forecast reads', () => {
  const pipeline = { model: { config: { length: 2 } } } as unknown as TimeSeriesForecastingPipeline;
  const input = (table: SeriesTable, from: number, { steps = 2, fill = false } = {}) =>
    inputOf(pipeline, { table, from }, { steps, fill });

  test('so many rows before it, and all of them where a gap is to be filled', () => {
    const table = tableOf([1, 2, 3, 4]);
    expect(input(table, 4)).toEqual({ columns: { y: Float64Array.of(3, 4) } });
    expect(input(table, 2)).toEqual({ columns: { y: Float64Array.of(1, 2) } });
    expect(input(table, 4, { fill: true })).toEqual({ columns: { y: Float64Array.of(1, 2, 3, 4) } });
    expect(() => input(table, 1)).toThrow('forecast: 2 rows are read before the first step, and there are 1');
    expect(() => input(tableOf([1], { name: 'A' }), -1)).toThrow('series A: 2 rows are read before the first step, and there are 0'); // biome-ignore format: one line
  });

  test('no gap that is not filled, the first of its rows included', () => {
    expect(() => input(tableOf([1, gap, 3]), 3)).toThrow(
      'x.csv, row 2: lies in the rows that are read, and lacks a number (row 2, column y (empty)); --missing fill takes',
    );
    expect(() => input(tableOf([1, 2, gap]), 3)).toThrow('x.csv, row 3: lies in');
    expect(input(tableOf([gap, 2, 3]), 3).columns).toEqual({ y: Float64Array.of(2, 3) });
    expect(input(tableOf([1, gap, gap]), 3, { fill: true }).columns).toEqual({ y: Float64Array.of(1, gap, gap) });
    expect(() => input(tableOf([gap, gap]), 2, { fill: true })).toThrow('x.csv, row 1: lies in');
  });

  test('what is known of its rows and of those to come', () => {
    const known = (values: number[]) => ({ names: ['k'], values: Float64Array.from(values) });
    const table = (values: number[]) => tableOf([1, 2, 3], { known: known(values) });
    expect(input(table([5, 6, 7, 8, 9, 10]), 3).known).toEqual({ k: Float64Array.of(6, 7, 8, 9) });
    expect(() => input(table([5, 6, 7, 8]), 3)).toThrow('k: known in advance for 4 rows, and 5 are needed; add 1 rows');
    for (const [hole, row] of [[1, 2], [4, 5]]) // biome-ignore format: one line
      expect(() => input(table([5, 6, 7, 8, 9].map((v, t) => (t === hole ? gap : v))), 3)).toThrow(
        `k: known in advance, and lacks a number in row ${row}`,
      );
    expect(input(table([gap, 6, 7, 8, 9]), 3).known).toEqual({ k: Float64Array.of(6, 7, 8, 9) });
  });
});

describe('a run is prepared', () => {
  const prepare = async (path: string | null, flags: Record<string, unknown> = {}) => {
    const options = { length: 3, horizon: 2, hidden: 2, steps: 1, valFrac: 0, ...flags };
    const values = settle('train forecast', forecast.options, {}, options);
    const prepared = await forecast.prepare(values, path === null ? [] : [path], () => undefined);
    const { model } = prepared.make({ model: prepared.model, training: {} as never });
    const rows = prepared.introduce(model, { training: { steps: 1 } } as never).map((row) => row.join(' '));
    return { prepared, rows };
  };
  const series = (count: number) => write(`n${count}.csv`, 'y', ...upTo(count).map((t) => `${t * t}`));

  test('from as few rows as a window has, and not from fewer', async () => {
    const { rows, prepared } = await prepare(series(5));
    expect(rows).toContain('rows 5 to learn, 0 to validate');
    expect(rows).toContain('windows 3 steps read, 2 forecast, 1 to learn from');
    expect(prepared.warnings).toEqual([]);
    expect(prepared.model).toMatchObject({ quantiles: [0.1, 0.5, 0.9] });
    await expect(prepare(series(4))).rejects.toThrow('has 4 rows to learn from, and a window has 3 + 2');
    await expect(prepare(null)).rejects.toThrow('a table with numbers');
  });

  test('to validate on as few rows as a forecast has, and not on fewer', async () => {
    expect((await prepare(series(10), { valFrac: 0.2 })).rows).toContain('rows 8 to learn, 2 to validate');
    await expect(prepare(series(10), { valFrac: 0.1 })).rejects.toThrow(
      'keeps 1 rows for validation, fewer than the 2 of --horizon; choose a larger --val-frac, or 0 for none',
    );
  });

  test('with a period that is not longer than what is read', async () => {
    const { rows } = await prepare(series(10), { period: 3, valFrac: 0.2 });
    expect(rows.filter((row) => row.startsWith('to beat')).map((row) => row.replace(/ mse .*\(/, ' ('))).toEqual([
      'to beat (the last value again)',
      'to beat (as 3 steps before)',
    ]);
    expect((await prepare(series(10), { period: 1, valFrac: 0.2 })).rows.join()).not.toContain('as 1 steps before');
    await expect(prepare(series(10), { period: 4 })).rejects.toThrow('--period 4 is longer than the 3 steps');
    const waves = (length: number) => prepare(null, { demo: 'sines', length, valFrac: 0.1 });
    expect((await waves(24)).rows.join()).toContain('as 24 steps before');
    expect((await waves(23)).rows.join()).not.toContain('steps before');
  });

  test('with a point forecast where no quantiles are asked for', async () => {
    const { prepared } = await prepare(series(5), { quantiles: 'none', loss: 'mae' });
    expect(prepared.model).toMatchObject({ quantiles: [], loss: 'mae' });
  });

  test('with the names of eight columns, or the first of more', async () => {
    const names = (count: number) => upTo(count).map((k) => `c${k}`);
    const wide = (count: number) =>
      write(`w${count}.csv`, names(count).join(','), ...upTo(5).map((t) => names(count).map((_, k) => t * k).join(','))); // biome-ignore format: one line
    expect((await prepare(wide(8))).rows).toContain(`columns ${names(8).join(', ')}`);
    expect((await prepare(wide(9))).rows).toContain(`columns 9: ${names(8).join(', ')}, …`);
  });

  test('and says how many windows a gap costs, where it costs some', async () => {
    const cells = (...at: number[]) => upTo(20).map((t) => (at.includes(t) ? '""' : `${t}`));
    const left = async (missing: string, ...at: number[]) =>
      (await prepare(write('gaps.csv', 'y', ...cells(...at)), { missing })).prepared.warnings.filter((w) => w.includes('windows')); // biome-ignore format: one line
    expect(await left('skip', 8)).toEqual(['5 windows with such a cell were left out']);
    expect([await left('skip'), await left('fill', 8)]).toEqual([[], []]);
  });

  test('the part to learn from is fixed by the share, and its numbers by their sum', async () => {
    const source = { ...plain, paths: [series(10)], demo: null, missing: 'stop', validation: null, valFrac: 0.3 };
    const [a, b] = [await readForecast(source), await readForecast({ ...source, valFrac: 0.2 })];
    expect(a.parts[0]).toMatchObject({ train: { from: 0, to: 7 }, validation: { from: 7, to: 10 } });
    expect(a.sha256).not.toBe(b.sha256);
    expect((await readForecast(source)).sha256).toBe(a.sha256);
  });

  test('of several series the names are part of what was learned', async () => {
    const sum = async (first: string, second: string) => {
      const rows = [first, second].flatMap((id, k) => upTo(8).map((t) => `${id},${t + 10 * k}`));
      const path = write('panel.csv', 'id,y', ...rows);
      const source = {
        ...plain,
        paths: [path],
        demo: null,
        missing: 'stop',
        validation: null,
        valFrac: 0,
        series: 'id',
      };
      return (await readForecast(source)).sha256;
    };
    expect(await sum('a', 'b')).toBe(await sum('a', 'b'));
    expect(await sum('a', 'c')).not.toBe(await sum('a', 'b'));
  });
});
