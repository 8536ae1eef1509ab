// What a saved forecaster says of the steps after a table's last row, for people, for spreadsheets and for programs.

import { OptionError, seriesLength } from 'unrolled';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { csvCell, stderr, table } from '../terminal/index.ts';
import { ask, type ColumnForecast, type Picture } from './ask.ts';
import { close, readAll } from './data.ts';
import { readFor, restoreForecaster } from './model.ts';

export interface AskValues {
  /** A table; null for the one that the run was trained on. */
  readonly file: string | null;
  readonly where: string | null;
  readonly missing: string | null;
  readonly steps: number | null;
  readonly back: number;
  readonly columns: string | null;
}

export interface Asked {
  readonly picture: Picture;
  readonly source: string;
  readonly warnings: readonly string[];
  readonly result: object;
}

/** Reads, and asks. */
export async function askRun(saved: SavedRun, values: AskValues): Promise<Asked> {
  const loaded = restoreForecaster(saved);
  const { model, config } = loaded;
  const missing = (values.missing ?? config.data.read.missing) === 'fill' ? 'fill' : 'leave';
  const { file, where, back } = values;
  const read =
    file !== null ? { ...(await readFor(loaded, file, { where, missing })), about: file } : await ownTable(missing);
  const from = seriesLength(read.table.series) - back;
  const picture = pick(ask(model, read.table, { from, steps: values.steps ?? model.config.horizon }), values.columns);
  const result = { run: saved.path, step: saved.step, source: read.about, ...resultOf(picture) };
  return { picture, source: read.about, warnings: read.warnings, result };

  async function ownTable(how: string) {
    const { table: all, about } = await readAll(config.data.read);
    return { ...close(all, how, about), about };
  }
}

/** `unrolled predict`: the same, without a choice of pictures. */
export async function* predictForecast(
  saved: SavedRun,
  { file, where }: PredictValues,
  inputs: readonly string[],
): AsyncGenerator<Prediction, void> {
  if (inputs.length > 1 || (inputs.length === 1 && file !== null))
    throw new OptionError('predict', inputs.join(' '), 'a forecast is of one table; name one file');
  const values = { file: file ?? inputs[0] ?? null, where, missing: null, steps: null, back: 0, columns: null };
  const { picture, result, warnings } = await askRun(saved, values);
  for (const warning of warnings) stderr.write(`${warning}\n`);
  yield { result, lines: tableLines(picture) };
}

function pick(picture: Picture, list: string | null): Picture {
  if (list === null) return picture;
  const names = picture.names.includes(list) ? [list] : list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !picture.names.includes(name));
  if (unknown !== undefined)
    throw new OptionError(
      'forecast',
      '--columns',
      `it does not foretell ${unknown}; it does ${picture.names.join(', ')}`,
    );
  return { ...picture, names, columns: picture.columns.filter(({ name }) => names.includes(name)) };
}

/** A row a step: each column's value, and between which values it is likely to lie. */
export function tableLines({ columns, labels, levels }: Picture): string[] {
  const band = levels.length > 1;
  const header = [
    'step',
    ...columns.flatMap(({ name, truth }) => [
      name,
      ...(band ? [`${levels[0]} to ${levels.at(-1)}`] : []),
      ...(truth.length > 0 ? ['came'] : []),
    ]),
  ];
  const cell = ({ digits }: ColumnForecast, v: number | undefined) => (v === undefined ? '' : v.toFixed(digits));
  const rows = labels.map((label, k) => [
    label,
    ...columns.flatMap((column) => {
      const { values, quantiles, truth } = column;
      return [
        cell(column, values[k]),
        ...(band ? [`${cell(column, quantiles[0][k])} to ${cell(column, quantiles[quantiles.length - 1][k])}`] : []),
        ...(truth.length > 0 ? [cell(column, truth[k])] : []),
      ];
    }),
  ]);
  return table(rows, { header });
}

/** `step,load,load 0.1,load 0.5,load 0.9`, a line a step. */
export function csvLines({ columns, labels, levels }: Picture): string[] {
  const header = ['step', ...columns.flatMap(({ name }) => [name, ...levels.map((q) => `${name} ${q}`)])];
  const rows = labels.map((label, k) => [
    label,
    ...columns.flatMap(({ values, quantiles }) => [values[k], ...quantiles.map((q) => q[k])].map(short)),
  ]);
  return [header, ...rows].map((row) => row.map(csvCell).join(','));
}

function resultOf({ columns, labels, levels, since }: Picture): object {
  const byStep = labels.map((label, k) => ({
    step: label,
    values: Object.fromEntries(columns.map(({ name, values }) => [name, short(values[k])])),
    ...(levels.length > 0
      ? {
          quantiles: Object.fromEntries(
            columns.map(({ name, quantiles }) => [
              name,
              Object.fromEntries(levels.map((q, n) => [q, short(quantiles[n][k])])),
            ]),
          ),
        }
      : {}),
    ...(columns[0].truth.length > k
      ? { came: Object.fromEntries(columns.map(({ name, truth }) => [name, short(truth[k])])) }
      : {}),
  }));
  return { since, columns: columns.map(({ name }) => name), quantiles: levels, forecast: byStep };
}

/** Float32 has seven digits. */
function short(value: number): number {
  return Number(value.toPrecision(7));
}
