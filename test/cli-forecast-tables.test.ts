// Forecasting from tables as people have them: several series in one, footers, the newest row first, commas for points, gaps.

import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const small = '--hidden 4 --batch 8 --steps 3 --threads 1 --length 6 --horizon 2 --no-check'.split(' ');

workFolder('tables');

const date = (t: number) => new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
const wave = (t: number) => (20 + 5 * Math.sin(t / 2)).toFixed(2);
const rows = (count: number, row: (t: number) => string) => Array.from({ length: count }, (_, t) => row(t));
const write = (name: string, ...lines: string[]) => writeFileSync(name, `${lines.join('\n')}\n`);
const train = (file: string, ...more: string[]) =>
  unrolled('train', 'forecast', file, '--out', `run-${file}`, ...small, ...more);
const json = async (...args: string[]) => {
  const { code, out, err } = await unrolled(...args, '--json');
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
};

describe('several series in one table', () => {
  let learned: string;
  beforeAll(async () => {
    // A and B stand one below the other with 40 and 30 rows, and C has too few.
    const series = (name: string, count: number, level: number) =>
      rows(count, (t) => `${name},${date(t)},${level + t}`);
    write('panel.csv', 'unique_id,ds,y', ...series('A', 40, 0), ...series('B', 30, 100), ...series('C', 5, 7));
    const { code, err } = await train('panel.csv', '--series', 'unique_id');
    if (code !== 0) throw new Error(err);
    learned = err;
  });

  test('are learned together, none across its border', () => {
    expect(learned).toContain('series  3 in column unique_id');
    expect(learned).toContain('rows    60 to learn, 15 to validate');
    expect(learned).toContain('1 of 3 series have no window of 6 + 2 rows: C (4 rows)');
    // Of 32 and 24 rows to learn from: 32 − 7 and 24 − 7 windows, none across the border.
    expect(learned).toContain('6 steps read, 2 forecast, 42 to learn from');
  });

  test('are recognized, one below the other and in turns, and not learned as one', async () => {
    const plain = await train('panel.csv');
    expect([plain.code, plain.err]).toEqual([
      1,
      'panel.csv: holds 3 series, one for each unique_id (A, B, C); learn them as such with --series unique_id, or one of them with --where\n',
    ]);
    write('turns.csv', 'shop,day,y', ...rows(40, (t) => `Ulm,${date(t)},${t}\nBonn,${date(t)},${2 * t}`));
    expect((await train('turns.csv')).err).toContain(
      'holds 2 series, one for each shop (Ulm, Bonn); learn them as such with --series shop',
    );
    write('back.csv', 'shop,day,y', ...rows(20, (t) => `Ulm,${date(20 - t)},${t}`), ...rows(20, (t) => `Bonn,${date(20 - t)},${t}`)); // biome-ignore format: one line
    expect((await train('back.csv')).err).toContain('holds 2 series, one for each shop');
  });

  test('are forecast each from its own last row, all or --only some', async () => {
    const { series } = await json('forecast', 'run-panel.csv', '--only', 'A,B');
    expect(series.map(({ name, since }: { name: string; since: string }) => [name, since])).toEqual([
      ['A', date(39)],
      ['B', date(29)],
    ]);
    const all = await unrolled('forecast', 'run-panel.csv', '--format', 'csv');
    expect(all.out.split('\n').map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      'unique_id step',
      `A ${date(40)}`,
      `A ${date(41)}`,
      `B ${date(30)}`,
      `B ${date(31)}`,
      '',
    ]);
    expect(all.err).toContain(
      '1 of 3 series have no forecast: series C: 6 rows are read before the first step, and there are 5',
    );
    expect((await unrolled('forecast', 'run-panel.csv', '--only', 'D')).err).toContain(
      'there is no series D; there are A, B, C',
    );
    expect((await unrolled('forecast', 'run-panel.csv')).out).toMatch(/^unique_id +step +y .*\n─.*\nA +2024-02-10/);
  });

  test('of which none has rows enough, are not forecast', async () => {
    write('few.csv', 'unique_id,ds,y', ...rows(3, (t) => `A,${date(t)},${t}`), ...rows(5, (t) => `B,${date(t)},${t}`));
    const { code, err } = await unrolled('forecast', 'run-panel.csv', 'few.csv');
    expect([code, err]).toEqual([
      1,
      'few.csv: no series can be forecast: series A: 6 rows are read before the first step, and there are 3\n',
    ]);
  });

  test('are measured on the last rows of each, beside naive forecasts of each', async () => {
    const { windows, series, naive, mae } = await json('eval', 'run-panel.csv');
    // 8 and 6 rows validate: 7 and 5 windows. The naive forecast misses by 1 and 2.
    expect([windows, series]).toEqual([12, 2]);
    expect(naive['the last value again'].maeInUnits).toBeCloseTo(1.5, 9);
    expect(mae).toBeGreaterThan(0);
  });

  test('of very different size are not learned in silence', async () => {
    write('sizes.csv', 'unique_id,ds,y', ...rows(30, (t) => `big,${date(t)},${1e6 * t}`), ...rows(30, (t) => `small,${date(t)},${wave(t)}`)); // biome-ignore format: one line
    expect((await train('sizes.csv', '--series', 'unique_id')).err).toContain(
      '1 series changes by less than a hundredth of the deviation of all together, and little can be learned of it: small (y)',
    );
  });
});

describe('the order of rows', () => {
  test('a footer is named, and not learned', async () => {
    write('footer.csv', 'date,y', ...rows(30, (t) => `${date(t)},${wave(t)}`), 'Total,6000');
    expect((await train('footer.csv')).err).toContain(
      'footer.csv, row 31, column date: "Total" is no time that can be read',
    );
  });

  test('a table with its newest row first is read from its end', async () => {
    write('newest.csv', 'date,y', ...rows(40, (t) => `${date(39 - t)},${t}`));
    const { err } = await train('newest.csv');
    expect(err).toContain('newest.csv: its rows are the newest first, and are read from the last to the first');
    const { since, forecast } = await json('forecast', 'run-newest.csv', '--back', '2');
    expect(since).toBe(date(37));
    expect(forecast.map(({ actual }: { actual: { y: number } }) => actual.y)).toEqual([1, 0]);
  });

  test('a column of dates is one whatever it is called', async () => {
    write('tag.csv', 'gemessen am,y', ...rows(30, (t) => `${date(t)},${t}`));
    expect((await train('tag.csv')).err).toContain(`6 to validate, from ${date(24)} on`);
    write('mixed.csv', 'gemessen am,y', ...rows(30, (t) => `${date(t === 10 ? 3 : t)},${t}`));
    expect((await train('mixed.csv')).err).toContain(
      'mixed.csv, row 11, column gemessen am: 2024-01-04 lies before the row above it',
    );
  });
});

describe('numbers as they are written', () => {
  test('decimal commas, thousands and % are read, and what was found is remembered', async () => {
    // Without a header, and later without a cell that says which comma it is.
    write('comma.csv', ...rows(40, (t) => `${date(t)};1.${100 + t},${t % 7};${t} %`));
    expect((await train('comma.csv', '--no-header')).err).toContain('columns 2, 3');
    const { forecast } = await json('forecast', 'run-comma.csv', 'comma.csv', '--back', '1');
    expect(forecast[0].actual).toEqual({ 2: 1139.4, 3: 39 });
    write('later.csv', ...rows(6, (t) => `${date(40 + t)};"1,${140 + t}";${t} %`));
    expect(await json('predict', 'run-comma.csv', '--file', 'later.csv')).toMatchObject({ since: date(45) });
    expect((await json('eval', 'run-comma.csv')).windows).toBe(7);
  });

  test('a cell that is not written like the others is named', async () => {
    write('both.csv', 'date;y', ...rows(30, (t) => `${date(t)};${t === 12 ? '1.5' : `${t},25`}`));
    expect((await train('both.csv')).err).toContain(
      'both.csv, row 13, column y: "1.5" is not written like the other numbers of its column, which have a decimal comma',
    );
    write('doubt.csv', 'date;y', ...rows(30, (t) => `${date(t)};1,${100 + t}`));
    expect((await train('doubt.csv')).err).toContain(
      '"1,100" may have a decimal comma or one between thousands; say which',
    );
    expect((await train('doubt.csv', '--decimal', 'comma')).code).toBe(0);
    const { forecast } = await json('forecast', 'run-doubt.csv', '--back', '1');
    expect(forecast[0].actual.y).toBe(1.129);
  });

  test('a name with a comma is one column', async () => {
    write('name.csv', '"Temperatur, °C","Datum"', ...rows(30, (t) => `${t},${date(t)}`));
    expect((await train('name.csv', '--columns', 'Temperatur, °C')).code).toBe(0);
    expect((await json('forecast', 'run-name.csv', 'name.csv')).columns).toEqual(['Temperatur, °C']);
  });

  test('a level that float32 has no digits for is printed with those of the data', async () => {
    write('high.csv', 'date,y', ...rows(40, (t) => `${date(t)},${1.7e9 + Number(wave(t))}`));
    const { err } = await train('high.csv');
    expect(err).toMatch(/to beat mse 0\.[1-9]/);
    const { forecast } = await json('forecast', 'run-high.csv', '--back', '1');
    expect(forecast[0].actual.y).toBe(1.7e9 + Number(wave(39)));
    expect(forecast[0].values.y % 1).not.toBe(0);
    expect((await unrolled('forecast', 'run-high.csv')).out).toMatch(/17000000\d\d\.\d\d /);
  });
});

test('a level or a size that few digits would hide is printed', async () => {
  write('tiny.csv', 'date,y', ...rows(30, (t) => `${date(t)},${t % 5}e-300`));
  expect((await train('tiny.csv')).code).toBe(0);
  expect((await unrolled('forecast', 'run-tiny.csv')).out).toMatch(/2024-01-31 +-?\d\.\d+e-\d+ /);
  const { forecast } = await json('forecast', 'run-tiny.csv', '--back', '1');
  expect(forecast[0].actual.y).toBe(4e-300);
  expect(forecast[0].values.y).not.toBe(0);
  write('huge.csv', 'date,y', ...rows(30, (t) => `${date(t)},${t % 5}e200`));
  expect((await train('huge.csv')).err).toContain('column y has a deviation of 1.38e+200, and squares of errors');
});

describe('gaps', () => {
  const gaps = [15, 38];
  const table = () => write('gaps.csv', 'date,y', ...rows(40, (t) => `${date(t)},${gaps.includes(t) ? '' : t}`));

  test('are no targets, and are filled from their past', async () => {
    table();
    expect((await train('gaps.csv', '--missing', 'fill')).code).toBe(0);
    const { windows, naive } = await json('eval', 'run-gaps.csv');
    // Rows 32 to 39 in 7 windows of 2. Misses 1 and 2 each; the window at 37 has no second target, that at 38 reads up to 37 and has only its second.
    expect(windows).toBe(7);
    expect(naive['the last value again'].maeInUnits).toBeCloseTo((6 * 1 + 5 * 2 + 2) / 12, 9);
    const { forecast } = await json('forecast', 'run-gaps.csv', '--back', '2');
    expect(forecast.map(({ actual }: { actual: { y: number } }) => actual.y)).toEqual([null, 39]);
  });

  test('in the last rows do not end a run that skips them', async () => {
    table();
    const { code, err } = await unrolled(
      'train',
      'forecast',
      'gaps.csv',
      '--missing',
      'skip',
      '--out',
      'skip',
      ...small,
    );
    expect(code).toBe(0);
    expect(err).toContain('forecast of the last 2 without a gap of the validation rows:');
    expect(err).toContain('forecast skip --missing fill --format csv');
    expect((await unrolled('forecast', 'skip', '--missing', 'fill', '--format', 'csv')).code).toBe(0);
  });

  test('in the last rows are rows to come only where the cells are empty', async () => {
    const known = (last: string) =>
      write('known.csv', 'date,y,k', ...rows(30, (t) => `${date(t)},${t},${t % 2}`), last);
    known(`${date(30)},about 7,1`);
    expect((await train('known.csv', '--columns', 'y', '--known', 'k')).err).toContain('row 31, column y ("about 7")');
  });

  test('in all validation windows are reported before training begins', async () => {
    write('holes.csv', 'date,y', ...rows(40, (t) => `${date(t)},${t > 20 && t % 5 === 0 ? '' : t}`));
    const { code, err } = await train('holes.csv', '--missing', 'skip');
    expect([code, err]).toEqual([
      1,
      'holes.csv: no window of the 8 rows for validation is without a gap; choose a larger --val-frac, --missing fill, or --val-frac 0 for none\n',
    ]);
  });
});

test('eval names the file that it measured on', async () => {
  write('first.csv', 'date,y', ...rows(30, (t) => `${date(t)},${t}`));
  write('then.csv', 'date,y', ...rows(10, (t) => `${date(30 + t)},${t}`));
  await train('first.csv', '--validation', 'then.csv');
  expect((await json('eval', 'run-first.csv')).source).toBe('then.csv');
  expect((await unrolled('eval', 'run-first.csv')).out).toContain('measured on  9 windows of then.csv');
});

test('a constant column is reported', async () => {
  write('constant.csv', 'date,y,c', ...rows(30, (t) => `${date(t)},${wave(t)},21.1`));
  expect((await train('constant.csv')).err).toContain('never changes in the rows to learn from: c');
});
