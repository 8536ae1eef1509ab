import { describe, expect, test } from 'vitest';
import { TimeAxis } from './time.ts';
import { parseTimes } from './time-cells.ts';

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
    ['months by their whole name', ['May 2023', 'June 2023'], ['July 2023', 'August 2023']],
    ['months with a name of four letters', ['Aug 2023', 'Sept 2023'], ['Oct 2023', 'Nov 2023']],
    ['days with a name', ['30-Sep-2023', '01-Oct-2023'], ['02-Oct-2023', '03-Oct-2023']],
    ['ISO weeks, of which one begins in the year before', ['2019-W51', '2019-W52'], ['2020-W01', '2020-W02']],
    ['quarters of a second', ['2024-01-01 00:00:00.25', '2024-01-01 00:00:00.5'], ['2024-01-01 00:00:00.750', '2024-01-01 00:00:01']], // biome-ignore format: one line
    ['the 28th of each month', ['2024-01-28', '2024-02-28'], ['2024-03-28', '2024-04-28']],
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
    // Summer time ends: one hour of the clock is repeated.
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

  test('an hour from 0 to 24, a minute to 59, a second to 60, and no more', () => {
    const wall = (time: string) => parseTimes([`2024-01-01 ${time}`])?.moments[0]?.wall ?? null;
    const day = Date.UTC(2024, 0, 1);
    const seconds = (h: number, mi: number, s: number) => day + 1000 * (3600 * h + 60 * mi + s);
    expect(wall('23:59:58.5')).toBe(seconds(23, 59, 58.5));
    expect(wall('23:59:60')).toBe(seconds(23, 59, 60)); // a leap second
    expect(wall('24:00')).toBe(seconds(24, 0, 0));
    for (const time of ['24:01', '24:00:01', '25:00', '12:60', '12:30:61', '25:60']) expect(wall(time)).toBe(null);
  });

  test('ISO weeks from 1 to 53', () => {
    const wall = (cell: string) => parseTimes([cell])?.moments[0]?.wall ?? null;
    expect(wall('2021-W01')).toBe(Date.UTC(2021, 0, 4));
    expect(wall('2020W53')).toBe(Date.UTC(2020, 11, 28));
    expect([wall('2021-W00'), wall('2021-W54')]).toEqual([null, null]);
  });

  test('the zone is the distance from UTC', () => {
    const offset = (zone: string) => parseTimes([`2024-01-01 12:00${zone}`])?.moments[0]?.offset;
    expect(['+09:00', '-0330', '+05', 'Z', ''].map(offset)).toEqual([9, -3.5, 5, 0, 0].map((h) => h * 3_600_000));
  });

  test.each([
    ['2024-01-01 06:00', '2024-01-02 06:00', '2024-01-03 06:00', '2024-01-03 06:00', 'a day', '0.0 s'],
    ['2024-01-01 06:00', '2024-01-03 06:00', '2024-01-05 06:00', '2024-01-12 06:00', '2 days', 'a week'],
    ['2024-01-01', '2024-01-08', '2024-01-15', '2024-01-29', 'a week', '2 weeks'],
    ['2024-01-01', '2024-01-04', '2024-01-07', '2024-01-07', '3 days', '0 days'],
    ['2022-12-31', '2023-12-31', '2024-12-31', '2026-12-31', 'a year', '2 years'],
    ['2023Q1', '2023Q2', '2023Q3', '2024Q1', 'a quarter', '6 months'],
    ['2023-01', '2023-02', '2023-03', '2023-05', 'a month', '2 months'],
    ['2023-01', '2023-02', '2023-03', '2023-03', 'a month', '0 months'],
    ['0', '0.5', '1', '2', '0.5', '1'],
  ])('of %s, %s, %s, %s the usual step is %6$s', (a, b, c, d, step, odd) => {
    expect(read(a, b, c, d).warnings(place)).toEqual([
      `1 of 3 steps of when are not ${step} (load.csv, row 4: ${odd}); rows are read as if they were`,
    ]);
  });

  test('at most three odd steps are named, and a millionth of a step is none', () => {
    const days = ['01', '02', '03', '05', '06', '08', '09', '11', '12', '13', '14', '15'].map((d) => `2024-01-${d}`);
    expect(read(...days).warnings(place)[0]).toMatch(/^3 of 11 steps .*row 4: 2 days; .*row 6: .*row 8: 2 days\)/);
    const more = [...days, '2024-01-17', '2024-01-18'];
    expect(read(...more).warnings(place)[0]).toMatch(/^4 of 13 steps .*row 8: 2 days; …\)/);
    expect(read('0', '1000000', '2000000', '3000001').warnings(place)).toEqual([]);
    expect(read('0', '1000000', '2000000', '3000002').warnings(place).length).toBe(1);
  });

  test('times that came twice are in order, and neither rise nor begin anew less', () => {
    const twice = read('2024-01-01', '2024-01-01', '2024-01-02');
    expect([twice.isOrder, twice.rises, twice.falls, twice.restarts]).toEqual([true, false, false, 1]);
    const back = read('2024-01-02', '2024-01-01', '2024-01-01');
    expect([back.isOrder, back.rises, back.falls, back.restarts]).toEqual([true, false, true, 1]);
    expect(TimeAxis.guess('time', ['1', '1', '2'])).toBe(null);
    expect(TimeAxis.guess('time', ['2', '1', '1'])).toBe(null);
    // 05/01 twice and then 03/02: rows that rise when the day is first, and do not when the month is.
    const cells = ['05/01/2024', '05/01/2024', '03/02/2024', '04/02/2024'];
    expect(TimeAxis.guess('date', cells)?.label(4)).toBe('04/03/2024'); // steps of 0, 29 and 1 days
    expect(TimeAxis.guess('date', cells.toReversed())?.falls).toBe(true);
  });

  test('two rows of eleven may lie before the one above them where a column could be the order', () => {
    const days = ['01', '02', '03', '02', '03', '04', '05', '04', '05', '06', '07'].map((d) => `2024-01-${d}`);
    expect(read(...days).isOrder).toBe(true);
    expect(read('2024-01-02', '2024-01-01', '2024-01-03', '2024-01-04', '2024-01-05').isOrder).toBe(false);
  });

  test('a first cell that is no time is named too, and half a column of doubtful dates is no time', () => {
    expect(() => TimeAxis.guess('date', ['x', '2024-01-01', '2024-01-02'], place)).toThrow('row 1, column date: "x"');
    expect(TimeAxis.guess('date', ['01/02/2024', 'x'], place)).toBe(null);
  });
});
