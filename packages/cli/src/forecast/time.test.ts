import { describe, expect, test } from 'vitest';
import { TimeAxis } from './time.ts';

const place = (t: number) => `load.csv, row ${t + 1}`;
const read = (...cells: string[]) => TimeAxis.read('when', cells, place);

describe('TimeAxis', () => {
  test('goes on behind its last row: by hours, days, months and numbers, in the way they were written', () => {
    expect(read('2024-02-28 22:00', '2024-02-28 23:00').label(3)).toBe('2024-02-29 01:00:00');
    expect(read('2024-02-28', '2024-02-29').label(2)).toBe('2024-03-01');
    expect(read('2023-11-01', '2023-12-01', '2024-01-01').label(4)).toBe('2024-03-01');
    expect(read('0.1', '0.2', '0.3').label(4)).toBe('0.5');
  });

  // The last rows of a column, and the two that come after them.
  test.each([
    ['days', ['2023-07-30', '2023-07-31'], ['2023-08-01', '2023-08-02']],
    ['days without dashes', ['20230730', '20230731'], ['20230801', '20230802']],
    ['days with points', ['27.02.2024', '28.02.2024'], ['29.02.2024', '01.03.2024']],
    ['days before months', ['30/12/2023', '31/12/2023'], ['01/01/2024', '02/01/2024']],
    ['months before days', ['12/30/2023', '12/31/2023'], ['01/01/2024', '01/02/2024']],
    ['months, the month first', ['10/01/2023', '11/01/2023', '12/01/2023', '01/01/2024'], ['02/01/2024', '03/01/2024']], // biome-ignore format: one line
    ['weeks', ['2024-01-01', '2024-01-08', '2024-01-15'], ['2024-01-22', '2024-01-29']],
    ['ISO weeks', ['2020-W52', '2020-W53'], ['2021-W01', '2021-W02']],
    ['business days', ['2024-02-28', '2024-02-29', '2024-03-01', '2024-03-04'], ['2024-03-05', '2024-03-06']],
    ['business days before a weekend', ['2024-02-23', '2024-02-26', '2024-02-27', '2024-02-28', '2024-02-29', '2024-03-01'], ['2024-03-04', '2024-03-05']], // biome-ignore format: one line
    ['months', ['2023-10', '2023-11'], ['2023-12', '2024-01']],
    ['months without a dash', ['202310', '202311'], ['202312', '202401']],
    ['months by name', ['Oct 2023', 'Nov 2023'], ['Dec 2023', 'Jan 2024']],
    ['a day of each month', ['2024-01-15', '2024-02-15'], ['2024-03-15', '2024-04-15']],
    ['month ends', ['2023-11-30', '2023-12-31', '2024-01-31'], ['2024-02-29', '2024-03-31']],
    ['quarters', ['2023Q3', '2023Q4'], ['2024Q1', '2024Q2']],
    ['quarters, the year last', ['Q3 2023', 'Q4 2023'], ['Q1 2024', 'Q2 2024']],
    ['first days of quarters', ['2023-07-01', '2023-10-01'], ['2024-01-01', '2024-04-01']],
    ['ends of quarters', ['2023-06-30', '2023-09-30', '2023-12-31'], ['2024-03-31', '2024-06-30']],
    ['ends of years', ['2022-12-31', '2023-12-31'], ['2024-12-31', '2025-12-31']],
    ['years', ['2022', '2023'], ['2024', '2025']],
    ['hours of a zone', ['2024-03-31T22:30:00+09:00', '2024-03-31T23:30:00+09:00'], ['2024-04-01T00:30:00+09:00', '2024-04-01T01:30:00+09:00']], // biome-ignore format: one line
    ['days of a zone', ['2024-02-28 00:00+09:00', '2024-02-29 00:00+09:00'], ['2024-03-01 00:00:00+09:00', '2024-03-02 00:00:00+09:00']], // biome-ignore format: one line
    ['UTC', ['2024-03-31 22:00:00Z', '2024-03-31 23:00:00Z'], ['2024-04-01 00:00:00Z', '2024-04-01 01:00:00Z']],
    ['milliseconds', ['1700000000123', '1700000000124'], ['1700000000125', '1700000000126']],
    ['a time that came twice', ['2024-01-01', '2024-01-01', '2024-01-01', '2024-01-02'], ['2024-01-03', '2024-01-04']],
  ])('goes on by %s', (_name, cells, next) => {
    const axis = read(...cells);
    axis.checkOrder(place);
    expect([axis.label(cells.length), axis.label(cells.length + 1)]).toEqual(next);
  });

  test('rows of two offsets are in the order in which they came', () => {
    // Summer time ends: an hour by the clock comes twice.
    const axis = read('2024-10-27T02:30+02:00', '2024-10-27T02:30+01:00', '2024-10-27T03:30+01:00');
    axis.checkOrder(place);
    expect(axis.warnings(place)).toEqual([]);
    expect([axis.label(0), axis.label(3)]).toEqual(['2024-10-27T02:30:00+02:00', '2024-10-27T04:30:00+01:00']);
  });

  test('holidays are steps of two business days', () => {
    const days = ['2023-12-21', '2023-12-22', '2023-12-26', '2023-12-27', '2023-12-28'];
    expect(read(...days).warnings(place)).toEqual([
      '1 of 4 steps of when are not a business day (load.csv, row 3: 2 business days); rows are read as if they were',
    ]);
  });

  test('a few cells that are no times are named; a column of other things is none', () => {
    const guess = (...cells: string[]) => TimeAxis.guess('date', cells, place);
    expect(() => guess('2024-01-01', '2024-01-02', 'Total')).toThrow(
      'load.csv, row 3, column date: "Total" is no time',
    );
    expect(() => guess('2024-01-01', '', '2024-01-03')).toThrow('load.csv, row 2, column date: "" is no time');
    expect(() => guess('1', '2', '3', 'sum')).toThrow('load.csv, row 4, column date: "sum" is no time');
    expect(() => guess('2024-02-28', '2024-02-29', '2024-02-30')).toThrow('"2024-02-30" is no time');
    expect(guess('monday', 'tuesday', '2024-01-03')).toBeNull();
    expect(guess('29/02/2024', '01/03/2024', '02/03/2024')?.label(3)).toBe('03/03/2024');
    expect(guess('01/11/2023', '02/11/2023', '01/12/2023')?.label(3)).toBe('02/12/2023');
    expect(() => guess('01/02/2024', '02/02/2024', '03/02/2024')).toThrow(
      'row 1, column date: in "01/02/2024", which is the day',
    );
  });

  test('knows rows that are the newest first', () => {
    const axis = read('2024-01-03', '2024-01-02', '2024-01-01');
    expect([axis.falls, axis.rises, axis.of([2, 1, 0]).rises]).toEqual([true, false, true]);
    expect([read('2024-01-01').falls, read('2024-01-01', '2024-01-01').falls]).toEqual([false, false]);
    expect(TimeAxis.guess('step', ['3', '2', '1'])?.falls).toBe(true);
  });

  test('calls months even though some are longer', () => {
    expect(read('2023-11', '2023-12', '2024-01', '2024-02').warnings(place)).toEqual([]);
  });

  test('names the rows whose step is another than the usual one, also across a change of summer time', () => {
    const hours = ['2024-03-31 00:00', '2024-03-31 01:00', '2024-03-31 02:00', '2024-03-31 03:00', '2024-03-31 05:00'];
    expect(read(...hours).warnings(place)).toEqual([
      '1 of 4 steps of when are not 1 h 00 min (load.csv, row 5: 2 h 00 min); rows are read as if they were',
    ]);
  });

  test('refuses rows that are not in order, and names the first', () => {
    expect(() => read('2024-01-01', '2024-01-03', '2024-01-02').checkOrder(place)).toThrow(
      'load.csv, row 3, column when: 2024-01-02 lies before the row above it (2024-01-03); sort the rows by time',
    );
    expect(() => read('2024-01-01', '2024-01-01').checkOrder(place)).not.toThrow();
  });

  test('names a cell that is no time', () => {
    expect(() => read('2024-01-01', '01/02/2024')).toThrow(
      'load.csv, row 2, column when: "01/02/2024" is no time that can be read; write 2024-03-01',
    );
  });

  test('guesses: a column of dates, or of numbers that rise, and no other', () => {
    expect(TimeAxis.guess('time', ['1', '2', '4'])).not.toBeNull();
    expect(TimeAxis.guess('time', ['3', '2', '4'])).toBeNull();
    expect(TimeAxis.guess('date', ['2024-01-02', '2024-01-01'])).not.toBeNull();
    expect(TimeAxis.guess('date', ['monday', 'tuesday'])).toBeNull();
  });
});
