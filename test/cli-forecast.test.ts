// `train forecast`, `forecast`, `predict` and `eval` as a person or a program meets them, on small files.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readSafetensors } from 'unrolled/io';
import { beforeAll, expect, test } from 'vitest';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const small = ['--hidden', '8', '--batch', '8', '--steps', '20', '--threads', '1', '--length', '12', '--horizon', '4'];

const at = workFolder('forecast');
let training: string;

const hour = (t: number) => new Date(Date.UTC(2024, 0, 1, t)).toISOString().slice(0, 16).replace('T', ' ');
const rows = Array.from({ length: 160 }, (_, t) => [
  hour(t),
  (50 + 10 * Math.sin((2 * Math.PI * t) / 12)).toFixed(3),
  (3 + Math.cos((2 * Math.PI * t) / 12)).toFixed(3),
  'Ulm',
  `${t % 12 < 6 ? 1 : 0}`,
]);
const csv = (table: readonly (readonly string[])[]) =>
  `date,load,price,city,shift\n${table.map((r) => r.join(',')).join('\n')}\n`;
/** A copy with some cells changed: [row, column, cell]. */
const changed = (...cells: readonly (readonly [number, number, string])[]) => {
  const copy = rows.map((row) => [...row]);
  for (const [row, column, cell] of cells) copy[row - 1][column] = cell;
  return csv(copy);
};

beforeAll(async () => {
  writeFileSync(at('load.csv'), csv(rows));
  const { code, err } = await unrolled(
    'train',
    'forecast',
    'load.csv',
    '--out',
    'run',
    '--columns',
    'load,price',
    '--period',
    '12',
    ...small,
  );
  if (code !== 0) throw new Error(err);
  training = err;
});

test('training reports the data, the baselines to beat, and the result', async () => {
  const err = training;
  expect(err).toContain('columns load, price');
  expect(err).toMatch(/rows +128 to learn, 32 to validate, from 2024-01-06 08:00:00 on/);
  expect(err).toMatch(/to beat mse \d\.\d+ \(the last value again\)/);
  expect(err).toMatch(/to beat mse 0\.0000 \(as 12 steps before\)/);
  expect(err).toMatch(/coverage \d/);
  expect(err).toMatch(/forecast of the last \d+ of the validation rows:/);
  expect(err).toContain('npx unrolled forecast run --plot terminal');
});

test('without --columns all columns of numbers are forecast, and those of texts are named', async () => {
  const { code, err } = await unrolled('train', 'forecast', 'load.csv', '--out', 'all', ...small);
  expect(code).toBe(0);
  expect(err).toContain('columns load, price, shift');
  expect(err).toContain('left out, since they do not hold numbers: city');
});

test('a forecast is a table, CSV or JSON, in units and with the times that follow', async () => {
  const table = await unrolled('forecast', 'run');
  expect(table.out.split('\n').slice(0, 3).join('\n')).toMatch(
    /^step +load +0\.1 to 0\.9 +price .*\n─.*\n2024-01-07 16:00:00 +\d+\.\d+ +\d+\.\d+ to \d/,
  );
  const asked = await unrolled('forecast', 'run', 'load.csv', '--format', 'csv', '--columns', 'price', '--steps', '6');
  const lines = asked.out.trim().split('\n');
  expect(lines).toHaveLength(7);
  expect(lines[0]).toBe('step,price,price 0.1,price 0.5,price 0.9');
  const { forecast } = JSON.parse((await unrolled('predict', 'run', '--file', 'load.csv', '--json')).out);
  expect(forecast).toHaveLength(4);
  const { values, quantiles } = forecast[0];
  expect(values.load).toBeGreaterThan(30);
  expect(values.load).toBeLessThan(70);
  expect(quantiles.load['0.1']).toBeLessThan(quantiles.load['0.9']);
  expect(quantiles.load['0.5']).toBe(values.load);
  expect(lines[1].split(',')[1]).toBe(String(values.price));
});

test('--back shows the actual values next to the forecast, and --plot draws it', async () => {
  const { out, err } = await unrolled('forecast', 'run', '--back', '4', '--json', '--plot', 'f.svg');
  expect(err).toContain('drawn in f.svg');
  const { forecast, since } = JSON.parse(out);
  expect(since).toBe(`${hour(155)}:00`);
  expect(forecast[3].actual.load).toBeCloseTo(Number(rows[159][1]), 4);
  const svg = readFileSync(at('f.svg'), 'utf8');
  expect(svg.match(/<svg /g)).toHaveLength(3); // a frame and two columns
  expect(svg).toContain('actual');
  const drawn = (await unrolled('forecast', 'run', '--plot', 'terminal')).out;
  expect(drawn).toMatch(/^load\n.*┤[⠀-⣿]+/);
});

test('eval measures beside the naive forecasts', async () => {
  const { out } = await unrolled('eval', 'run', '--json');
  const result = JSON.parse(out);
  expect(result).toMatchObject({
    windows: 29,
    coverage: expect.any(Number),
    naive: { 'as 12 steps before': { mse: expect.any(Number) } },
  });
  expect(result.naive['as 12 steps before'].mse).toBeLessThan(1e-6);
  expect(result.naive['the last value again'].mse).toBeGreaterThan(result.mse * 0.5);
  expect((await unrolled('eval', 'run', '--file', 'load.csv')).out).toMatch(/this model +\d.*\nthe last value again/);
});

test('questions that this run cannot answer are refused with what it could', async () => {
  writeFileSync(at('short.csv'), csv(rows.slice(0, 15)));
  for (const [args, message] of [
    [['forecast', 'run', '--columns', 'load,city'], 'this run does not forecast city; it forecasts load, price'],
    [
      ['forecast', 'run', '--only', 'Ulm'],
      'is for runs of several series (train forecast --series), and this one has one',
    ],
    [['forecast', 'run', 'load.csv', '--where', "city = 'Rome'"], 'load.csv: holds no row'],
    [['forecast', 'run', 'short.csv', '--back', '4'], '12 rows are read before the first step, and there are 11'],
    [['predict', 'run', 'load.csv', 'short.csv'], 'a forecast is of one table; name one file'],
    [['eval', 'run', '--file', 'short.csv'], 'short.csv: has 15 rows, and a window of this run has 12 + 4'],
  ] as const) {
    const { code, err, out } = await unrolled(...args);
    expect([...args, code === 0, out]).toEqual([...args, false, '']);
    expect(err).toContain(message);
  }
  writeFileSync(at('enough.csv'), csv(rows.slice(0, 16)));
  expect(JSON.parse((await unrolled('eval', 'run', '--file', 'enough.csv', '--json')).out).windows).toBe(1);
  expect((await unrolled('predict', 'run', 'enough.csv', '--json')).code).toBe(0);
});

test('gaps stop it, each named with its row and column; --missing fills or skips, and counts', async () => {
  writeFileSync(at('gaps.csv'), changed([20, 1, ''], [25, 2, 'about 3'], [30, 1, 'NaN']));
  const train = (...more: string[]) =>
    unrolled(
      'train',
      'forecast',
      'gaps.csv',
      '--columns',
      'load,price',
      '--out',
      `gaps${more[1] ?? ''}`,
      ...small,
      ...more,
    );
  const stopped = await train();
  expect(stopped.code).toBe(1);
  expect(stopped.err).toBe(
    'gaps.csv: 3 cells hold no number: row 20, column load (empty); row 25, column price ("about 3"); row 30, column load (NaN); go on with --missing fill (from the values before) or --missing skip (without the windows that have one)\n',
  );
  expect(existsSync(at('gaps'))).toBe(false);
  expect((await train('--missing', 'fill')).err).toContain(
    '3 cells hold no number, filled in from the values before them where they are read, and not measured: row 20',
  );
  expect((await train('--missing', 'skip')).err).toContain('26 windows with such a cell were left out');
});

test('a gap in the rows that a forecast reads is named', async () => {
  writeFileSync(at('hole.csv'), changed([155, 1, '']));
  const { code, err } = await unrolled('forecast', 'run', 'hole.csv');
  expect([code, err]).toEqual([
    1,
    'hole.csv, row 155: lies in the rows that are read, and lacks a number (row 155, column load (empty)); --missing fill takes the values before it\n',
  ]);
  expect((await unrolled('forecast', 'run', 'hole.csv', '--missing', 'fill')).err).toContain(
    '1 cell holds no number, filled in',
  );
});

test('what is known in advance is read for the rows to come', async () => {
  const { code, err } = await unrolled(
    'train',
    'forecast',
    'load.csv',
    '--columns',
    'load',
    '--known',
    'shift',
    '--out',
    'known',
    ...small,
  );
  expect(code).toBe(0);
  expect(err).toContain('columns load; known in advance: shift');
  const short = await unrolled('forecast', 'known', 'load.csv');
  expect(short.err).toBe(
    'forecast: shift: known in advance for 160 rows, and 164 are needed; add 4 rows with these columns, and leave the others empty\n',
  );
  writeFileSync(at('ahead.csv'), csv([...rows, ...[160, 161, 162, 163].map((t) => [hour(t), '', '', '', '1'])]));
  const { forecast } = JSON.parse((await unrolled('forecast', 'known', 'ahead.csv', '--json')).out);
  expect(forecast.map(({ step }: { step: string }) => step)[0]).toBe(`${hour(160)}:00`);
  expect(forecast).toHaveLength(4);
});

test('rows out of order, columns that are not there, and too few rows are refused before anything is written', async () => {
  writeFileSync(at('order.csv'), csv([rows[1], rows[0], ...rows.slice(2)]));
  expect((await unrolled('train', 'forecast', 'order.csv', '--out', 'no', ...small)).err).toMatch(
    /^order\.csv, row 2, column date: .* lies before the row above it/,
  );
  expect((await unrolled('train', 'forecast', 'load.csv', '--columns', 'loud', '--out', 'no', ...small)).err).toContain(
    'there is no column loud; did you mean load?',
  );
  expect((await unrolled('train', 'forecast', 'load.csv', '--columns', 'city', '--out', 'no', ...small)).err).toContain(
    'column city holds no number; its first cell is "Ulm"',
  );
  expect((await unrolled('train', 'forecast', 'load.csv', '--length', '500', '--out', 'no')).err).toContain(
    'has 128 rows to learn from, and a window has 500 + 24',
  );
  expect((await unrolled('train', 'forecast', 'load.csv', '--quantiles', '0.9,0.1', '--out', 'no')).err).toContain(
    'expected rising numbers between 0 and 1',
  );
  expect(existsSync(at('no'))).toBe(false);
});

test('rows in a second file validate', async () => {
  writeFileSync(at('first.csv'), csv(rows.slice(0, 100)));
  writeFileSync(at('then.csv'), csv(rows.slice(100)));
  const { err } = await unrolled(
    'train',
    'forecast',
    'first.csv',
    '--validation',
    'then.csv',
    '--out',
    'two',
    ...small,
  );
  expect(err).toMatch(/rows +100 to learn, 60 to validate, from 2024-01-05 04:00:00 on/);
});

test('a demonstration needs no file, and a stopped run goes on with the same command', async () => {
  const { out } = await unrolled('train', 'forecast', '--demo', 'sines', '--out', 'sines', '--json', ...small);
  expect(JSON.parse(out)).toMatchObject({ run: 'sines', steps: 20, metrics: { mse: expect.any(Number) } });
  expect((await unrolled('train', 'forecast', '--demo', 'sines', '--out', 'sines', ...small)).err).toContain(
    'this run is already finished',
  );
  expect((await unrolled('forecast', 'sines')).out).toMatch(/\+1 /);
});

test('eval measures column by column, with sMAPE and MASE, and writes the rolling forecasts', async () => {
  const { out } = await unrolled('eval', 'run', '--json', '--forecasts', 'rolling.csv', '--every', '4');
  const result = JSON.parse(out);
  expect(result.columns.map(({ column }: { column: string }) => column)).toEqual(['load', 'price']);
  const [load, price] = result.columns;
  expect(result.maeInUnits).toBeCloseTo((load.maeInUnits + price.maeInUnits) / 2, 9);
  expect(result.period).toBe(12);
  // The season repeats to the last digit: nothing to scale by.
  expect([result.mase, result.naive['as 12 steps before'].mase]).toEqual([null, null]);
  const lines = readFileSync(at('rolling.csv'), 'utf8').trim().split('\n').map((line) => line.split(',')); // biome-ignore format: one line
  expect(lines[0]).toEqual(['origin', 'step', 'time', 'column', 'forecast', 'q0.1', 'q0.5', 'q0.9', 'actual']);
  const windows = Math.ceil(result.windows / 4);
  expect(result.forecasts).toEqual({ file: 'rolling.csv', windows });
  expect(lines).toHaveLength(1 + windows * 4 * 2);
  const [origin, step, time, column, forecast, low, middle, high, actual] = lines[1];
  expect([origin, step, time, column]).toEqual(['2024-01-06 07:00:00', '1', '2024-01-06 08:00:00', 'load'].map((text) => text)); // biome-ignore format: one line
  expect(Number(actual)).toBeCloseTo(Number(rows[128][1]), 3);
  expect(Number(forecast)).toBe(Number(middle));
  expect(Number(low)).toBeLessThanOrEqual(Number(high));
  // The same from the table itself.
  const errors = lines.slice(1).filter((line) => line[3] === 'load').map((line) => Math.abs(Number(line[4]) - Number(line[8]))); // biome-ignore format: one line
  expect(errors.length).toBe(windows * 4);
  const shown = await unrolled('eval', 'run');
  expect(shown.out).toMatch(/mse +mae +sMAPE % +MASE/);
  expect(shown.out).toMatch(/^load +\d/m);
  expect(shown.out).toContain('MASE divides by the error of repeating 12 rows in the rows to learn from');
  expect((await unrolled('eval', 'run', '--every', '2')).err).toContain('--every: means nothing without --forecasts');
});

test('the season is guessed from the time column where a window holds one, else found in the rows', async () => {
  // A trend of .1 an hour: what repeats a day is wrong by 2.4, in the rows to learn from as in those to validate on.
  const rising = rows.map(([date, load], t) => `${date},${(Number(load) + 0.1 * t).toFixed(3)}`);
  writeFileSync(at('rising.csv'), `date,load\n${rising.join('\n')}\n`);
  const train = (length: string, out: string) => unrolled('train', 'forecast', 'rising.csv', '--out', out, '--columns', 'load', ...small, '--length', length); // biome-ignore format: one line
  const long = await train('30', 'guessed');
  expect(long.err).toMatch(/season +24 rows, by the steps of date/);
  expect(long.err).toContain('(as 24 steps before)');
  const { period, naive, mase, smape } = JSON.parse((await unrolled('eval', 'guessed', '--json')).out);
  expect(period).toBe(24);
  expect(naive['as 24 steps before'].mase).toBeCloseTo(1, 3);
  expect(mase).toBeGreaterThan(0);
  expect(smape).toBeGreaterThan(0);
  // A window that holds no day: the season that the rows themselves show.
  expect((await train('12', 'shorter')).err).toMatch(/season +12 rows, found in the training rows/);
});

test('features of the calendar are known in advance, as far ahead as is asked for', async () => {
  const train = (...more: string[]) =>
    unrolled('train', 'forecast', 'load.csv', '--columns', 'load', ...small, ...more);
  const { code, err } = await train('--out', 'calendar', '--calendar', 'hour,weekend');
  expect(code, err).toBe(0);
  expect(err).toContain('known in advance: hour sin, hour cos, weekend');
  const far = await unrolled('forecast', 'calendar', '--steps', '30', '--format', 'csv');
  expect(far.code, far.err).toBe(0);
  expect(far.out.trim().split('\n')).toHaveLength(31);
  writeFileSync(at('other.csv'), csv(rows.slice(0, 60)));
  expect((await unrolled('forecast', 'calendar', 'other.csv')).code).toBe(0);
  expect((await unrolled('eval', 'calendar', '--file', 'other.csv', '--json')).code).toBe(0);
  const both = await train('--out', 'calendar-shift', '--calendar', 'hour', '--known', 'shift');
  expect(both.err).toContain('known in advance: shift, hour sin, hour cos');
  expect((await unrolled('forecast', 'calendar-shift')).err).toContain(
    'known in advance for 160 rows, and 164 are needed',
  );
  expect((await train('--out', 'x', '--calendar', 'hours')).err).toContain(
    'there is no feature hours; there are minute, hour',
  );
  writeFileSync(at('numbers.csv'), `n,load\n${rows.map((row, n) => `${n},${row[1]}`).join('\n')}\n`);
  const numbers = await unrolled('train', 'forecast', 'numbers.csv', '--time', 'n', ...small, '--calendar', 'hour', '--out', 'x'); // biome-ignore format: one line
  expect(numbers.err).toContain('--calendar: needs a column of dates; n has numbers');
});

test('a last fit on all rows has as many steps as the best checkpoint, and nothing to validate on', async () => {
  const { code, out, err } = await unrolled('train', 'forecast', 'load.csv', '--columns', 'load', ...small, '--out', 'final', '--refit', '--eval-every', '5', '--json'); // biome-ignore format: one line
  expect(code, err).toBe(0);
  const { best, refit } = JSON.parse(out);
  expect(refit).toMatchObject({ run: 'final-all', steps: best.step, validationLoss: null });
  const read = (run: string) => JSON.parse(readFileSync(at(`${run}/config.json`), 'utf8'));
  expect(read('final-all').data.read.valFrac).toBe(0);
  expect(read('final-all').training.steps).toBe(best.step);
  expect((await unrolled('forecast', 'final-all', '--format', 'csv')).code).toBe(0);
});

test('a last fit on all rows has the spread that the validation found, as nothing is left to find it on', async () => {
  const noisy = rows.map((row, t) => [row[0], (50 + 10 * Math.sin(t * t)).toFixed(3)]);
  writeFileSync(at('noisy.csv'), `date,load\n${noisy.map((row) => row.join(',')).join('\n')}\n`);
  const fit = async (...options: string[]) => {
    const { code, out, err } = await unrolled('train', 'forecast', 'noisy.csv', ...small, '--refit', '--json', '--fresh', ...options); // biome-ignore format: one line
    expect(code, err).toBe(0);
    return JSON.parse(out) as { metrics: { spread?: number } };
  };
  const spreadOf = (run: string) =>
    readSafetensors(readFileSync(at(`${run}/model.safetensors`)), run).tensors.get('spread')?.data[0];
  const { metrics } = await fit('--out', 'noisy');
  expect(metrics.spread).toBeGreaterThan(0);
  expect(metrics.spread).not.toBe(1);
  expect(spreadOf('noisy-all')).toBe(metrics.spread);
  await fit('--out', 'given', '--spread', '1.25');
  expect(spreadOf('given-all')).toBe(1.25);
});
