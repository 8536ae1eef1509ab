// Forecasts as they are shown: for people, for spreadsheets, drawn; and the scores beside them.

import { describe, expect, test } from 'vitest';
import { styleFor } from '../terminal/index.ts';
import { type ColumnForecast, type TableForecast, written } from './ask.ts';
import { scoreRows } from './evaluate.ts';
import { csvLines, tableLines } from './predict.ts';
import { bandName, quantilesOf } from './quantiles.ts';
import { drawSvg } from './svg.ts';
import { drawTerminal } from './terminal.ts';

const column = (changes: Partial<ColumnForecast> = {}): ColumnForecast => ({
  name: 'load',
  digits: 1,
  exactDigits: 3,
  history: [1, 2, 3, 4],
  values: [10.04, 20],
  quantiles: [
    [9, 18],
    [10.04, 20],
    [11, 22.5],
  ],
  target: [],
  ...changes,
});
const forecast = (columns: ColumnForecast[], changes: Partial<TableForecast> = {}): TableForecast => ({
  series: null,
  names: columns.map(({ name }) => name),
  levels: [0.1, 0.5, 0.9],
  columns,
  labels: ['+1', '+2'],
  since: null,
  ...changes,
});
const one = (q: number) => forecast([column({ quantiles: [[7, 8]] })], { levels: [q] });
const cells = (line: string) => line.split(/ {2,}/).filter(Boolean);

describe('as a table', () => {
  const head = (of: TableForecast) => cells(tableLines({ forecasts: [of], by: null })[0]);

  test('a value a step, its band, and the actual value', () => {
    const lines = tableLines({ forecasts: [forecast([column({ target: [Number.NaN] })])], by: null });
    expect(cells(lines[0])).toEqual(['step', 'load', '0.1 to 0.9', 'actual']);
    expect(lines.slice(2).map(cells)).toEqual([
      ['+1', '10.0', '9.0 to 11.0'], // the actual value is missing in the table
      ['+2', '20.0', '18.0 to 22.5'], // and here it is still to come
    ]);
    const known = tableLines({ forecasts: [forecast([column({ target: [12.25, 0] })])], by: null });
    expect(known.slice(2).map((line) => cells(line).at(-1))).toEqual(['12.3', '0.0']);
  });

  test('one quantile has no band, and is named where it is not the middle', () => {
    expect(head(one(0.5))).toEqual(['step', 'load']);
    expect(head(one(0.9))).toEqual(['step', 'load (quantile 0.9)']);
    expect(head(forecast([column({ quantiles: [] })], { levels: [] }))).toEqual(['step', 'load']);
  });
});

test('as CSV: every quantile, to the digits that a program gets', () => {
  const several = [forecast([column()], { series: 'a,b' }), forecast([column()], { series: 'c' })];
  expect(csvLines({ forecasts: several, by: 'shop' })).toEqual([
    'shop,step,load,load 0.1,load 0.5,load 0.9',
    '"a,b",+1,10.04,9,10.04,11',
    '"a,b",+2,20,18,20,22.5',
    'c,+1,10.04,9,10.04,11',
    'c,+2,20,18,20,22.5',
  ]);
  const small = (exactDigits: number) => {
    const tiny = column({ exactDigits, values: [1.23456789e-18, 0], quantiles: [] });
    return csvLines({ forecasts: [forecast([tiny], { levels: [] })], by: null })[1];
  };
  expect([small(20), small(21)]).toEqual(['+1,1.23e-18', '+1,1.234568e-18']);
});

test('more than twenty digits after the point are written with an exponent', () => {
  expect([written(1.5, 2), written(2e-20, 20), written(2e-21, 21)]).toEqual(['1.50', '0.00000000000000000002', '2.000e-21']); // biome-ignore format: one line
});

test('scores: four digits, and more of what is small', () => {
  const row = (mse: number) => scoreRows({ mse, mae: 0 }, [])[0][1];
  expect([0, 0.0005, 0.001, 0.0099, 0.01, 2, 999.5, 1000, 123456].map(row)).toEqual([
    '0.000000',
    '0.0005000',
    '0.001000',
    '0.009900',
    '0.0100',
    '2.0000',
    '999.5000',
    '1000.0',
    '1.2346e+5',
  ]);
  const naive = [
    {
      name: 'the last value again',
      mse: 1,
      mae: 2,
      mseInUnits: 3,
      maeInUnits: 4,
      smape: 12.5,
      mase: null,
      columns: [],
    },
  ];
  const model = { mse: 5, mae: 6, mseInUnits: 7, maeInUnits: 8 };
  expect(scoreRows(model, naive)).toEqual([
    ['this model', '5.0000', '6.0000'],
    ['the last value again', '1.0000', '2.0000'],
  ]);
  expect(scoreRows(model, naive, true)[1]).toEqual([
    'the last value again',
    '1.0000',
    '2.0000',
    '12.50',
    '', // nothing to scale by
    '3.0000',
    '4.0000',
  ]);
});

test('quantiles rise between 0 and 1, or there are none', () => {
  expect(quantilesOf('0.1, 0.5,0.9')).toEqual([0.1, 0.5, 0.9]);
  expect([quantilesOf(' none '), quantilesOf('0.5')]).toEqual([[], [0.5]]);
  for (const text of ['0,0.5', '0.5,1', '0.5,0.5', '0.9,0.1', '', '0.1,,0.9', 'x', '0.2,0.6,0.5'])
    expect(() => quantilesOf(text)).toThrow(`--quantiles: expected rising numbers between 0 and 1 with commas between them, as 0.1,0.5,0.9, or none; got ${text}`); // biome-ignore format: one line
  expect([[], [0.5], [0.1, 0.9], [0.05, 0.5, 0.9]].map(bandName)).toEqual([null, null, '80 %', '85 %']);
});

describe('as a drawing', () => {
  test('one plot is an SVG, several are stacked in one; actual values are in it where they are known', () => {
    const plot = drawSvg([forecast([column()], { since: '2024-01-01' })]);
    expect(plot.match(/<svg /g)).toHaveLength(1);
    expect([plot.includes('steps after 2024-01-01'), plot.includes('actual')]).toEqual([true, false]);
    const stacked = drawSvg([
      forecast([column({ target: [1] }), column({ name: 'price' })], { series: 'A' }),
      forecast([column()], { series: 'B' }),
    ]);
    expect(stacked.match(/<svg /g)).toHaveLength(4);
    expect(stacked).toContain('width="760" height="960" viewBox="0 0 760 960"');
    expect(stacked.match(/<svg y="(\d+)"/g)).toEqual(['<svg y="0"', '<svg y="320"', '<svg y="640"']);
    expect([stacked.includes('actual'), stacked.includes('A: price'), stacked.includes('B: load')]).toEqual([true, true, true]); // biome-ignore format: one line
  });

  const screen = { width: 60, style: styleFor({ write: () => undefined }, {}), colors: false };
  const drawn = (of: TableForecast, most?: number) => drawTerminal(of, screen, most);

  test('the terminal has the largest and the smallest number next to it, and what is meant below', () => {
    const lines = drawn(forecast([column({ target: [30, 1] })], { series: 'A', since: 'noon' }));
    expect(lines[0]).toBe('A: load');
    expect(lines[1]).toMatch(/^30\.0 ┤[⠀-⣿]+$/);
    expect(lines[8]).toMatch(/^ 1\.0 ┤/);
    expect(lines[9]).toMatch(/noon ┊ +\+2$/);
    expect(lines.at(-1)).toBe('history   forecast   · · interval of 80 %   actual');
    expect(drawn(forecast([column({ target: [30] })])).at(-1)).not.toContain('actual'); // one point is no line
    const plain = forecast([column({ quantiles: [[7, 50]], history: [1, 2] })], { levels: [0.5] });
    expect(drawn(plain)[1]).toMatch(/^20\.0 ┤/); // one quantile is no band
    expect(drawn(plain).at(-1)).toBe('history   forecast');
  });

  test('a constant is a line in the middle', () => {
    const flat = forecast([column({ history: [5, 5], values: [5, 5], quantiles: [] })], { levels: [] });
    const inked = drawn(flat)
      .slice(1, 9)
      .map((line) => /[⠁-⣿]/.test(line));
    expect(inked.filter(Boolean)).toHaveLength(1);
    expect(inked.findIndex(Boolean)).toBeGreaterThan(2);
    expect(inked.findIndex(Boolean)).toBeLessThan(5);
  });

  test('no more columns than are wanted, and how many more there are', () => {
    const of = (count: number) => forecast(Array.from({ length: count }, (_, k) => column({ name: `c${k}` })));
    expect(drawn(of(2), 2).at(-1)).toMatch(/^history/);
    expect(drawn(of(3), 2).at(-1)).toBe('and 1 column more');
    expect(drawn(of(4), 2).at(-1)).toBe('and 2 columns more');
  });
});
