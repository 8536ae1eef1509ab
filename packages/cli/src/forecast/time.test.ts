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
    expect(read('2024-03-31T00:30:00+01:00', '2024-03-31T01:30:00+01:00').label(0)).toBe('2024-03-30 23:30:00');
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
