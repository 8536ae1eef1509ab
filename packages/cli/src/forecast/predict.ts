// Forecasts of the steps after a table's last row, for people, for spreadsheets and for programs.

import { FormatError, OptionError } from 'unrolled';
import { seriesLength } from 'unrolled/data';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { csvCell, table } from '../terminal/index.ts';
import { ask, type ColumnForecast, inputOf, type TableForecast, written } from './ask.ts';
import type { ForecastConfig } from './config.ts';
import { onlySeries, openForecaster, readFor } from './open.ts';
import { namesIn } from '../readers/index.ts';
import { t } from '../language/index.ts';

export interface AskValues {
  /** A table; null for the one that the run was trained on. */
  readonly file: string | null;
  readonly where: string | null;
  readonly missing: string | null;
  readonly steps: number | null;
  readonly back: number;
  readonly columns: string | null;
  /** Of several series: which. */
  readonly only: string | null;
}

export interface Asked {
  /** One, or one for each series. */
  readonly forecasts: readonly TableForecast[];
  /** What the column of series is called; null without one. */
  readonly by: string | null;
  readonly source: string;
  readonly warnings: readonly string[];
  readonly result: object;
}

/** Reads, and asks. */
export async function askRun(saved: SavedRun<ForecastConfig>, values: AskValues): Promise<Asked> {
  const opened = await openForecaster(saved);
  const { pipeline, config } = opened;
  const { horizon, quantiles } = pipeline.input;
  const fill = (values.missing ?? config.data.read.missing) === 'fill';
  const { file, where, back, steps } = values;
  const ahead = Math.max(0, (steps ?? horizon) - back);
  const { set, about, warnings } = await readFor(opened, file, { where, missing: fill ? 'fill' : 'leave', ahead });
  const { tables } = onlySeries(set, values.only);
  const failures: string[] = [];
  const asking = { steps: steps ?? horizon, fill };
  const origins = tables.flatMap((table) => {
    const origin = { table, from: seriesLength(table.series) - back };
    try {
      inputOf(pipeline, origin, asking);
      return [origin];
    } catch (error) {
      if (tables.length === 1 || !(error instanceof FormatError)) throw error;
      failures.push(error.message);
      return [];
    }
  });
  if (origins.length === 0) throw new FormatError(about, `no series can be forecast: ${failures[0]}`);
  const forecasts = (await ask(pipeline, origins, asking)).map((one) => pick(one, values.columns));
  const left = failures.length === 0 ? [] : [t`${failures.length} of ${tables.length} series have no forecast: ${failures.slice(0, 3).map((failure) => t(failure)).join('; ')}${failures.length > 3 ? '; …' : ''}`]; // biome-ignore format: one line
  const far =
    quantiles.length > 1 && (steps ?? horizon) > horizon
      ? [
          t`steps after ${horizon} go on from the values before them as if these were certain: their bands are too narrow`,
        ]
      : [];
  const head = { run: saved.path, step: saved.step, source: about };
  const several = tables[0].name !== null;
  const result = several
    ? { ...head, series: forecasts.map((one) => ({ name: one.series, ...resultOf(one) })) }
    : { ...head, ...resultOf(forecasts[0]) };
  const by = several ? (config.data.read.series ?? 'series') : null;
  return { forecasts, by, source: about, warnings: [...warnings, ...left, ...far], result };
}

/** `unrolled predict`: the same, with the defaults of `forecast`. */
export async function* predictForecast(
  saved: SavedRun<ForecastConfig>,
  { file, where }: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  if (inputs.length > 1 || (inputs.length === 1 && file !== null))
    throw new OptionError('predict', inputs.join(' '), 'a forecast is of one table; name one file');
  const values = {
    file: file ?? inputs[0] ?? null,
    where,
    missing: null,
    steps: null,
    back: 0,
    columns: null,
    only: null,
  };
  const { result, warnings, ...asked } = await askRun(saved, values);
  for (const warning of warnings) warn(warning);
  yield { result, lines: () => tableLines(asked) };
}

function pick(forecast: TableForecast, list: string | null): TableForecast {
  if (list === null) return forecast;
  const names = namesIn(list, forecast.names);
  const unknown = names.find((name) => !forecast.names.includes(name));
  if (unknown !== undefined)
    throw new OptionError(
      'forecast',
      '--columns',
      `this run does not forecast ${unknown}; it forecasts ${forecast.names.join(', ')}`,
    );
  return { ...forecast, names, columns: forecast.columns.filter(({ name }) => names.includes(name)) };
}

/** A row a step: each column's value, and between which values it is likely to lie. */
export function tableLines({ forecasts, by }: Pick<Asked, 'forecasts' | 'by'>): string[] {
  const [{ columns, levels }] = forecasts;
  const band = levels.length > 1;
  const actual = forecasts.some((one) => one.columns[0].target.length > 0);
  const header = [
    ...(by === null ? [] : [by]),
    'step',
    ...columns.flatMap(({ name }) => [
      levels.length === 1 && levels[0] !== 0.5 ? t`${name} (quantile ${levels[0]})` : name,
      ...(band ? [t`${levels[0]} to ${levels.at(-1)}`] : []),
      ...(actual ? [t('actual')] : []),
    ]),
  ];
  const cell = ({ digits }: ColumnForecast, v: number | undefined) =>
    v === undefined || Number.isNaN(v) ? '' : written(v, digits);
  const rows = forecasts.flatMap((forecast) =>
    forecast.labels.map((label, k) => [
      ...(by === null ? [] : [forecast.series ?? '']),
      label,
      ...forecast.columns.flatMap((column) => {
        const { values, quantiles, target } = column;
        return [
          cell(column, values[k]),
          ...(band ? [t`${cell(column, quantiles[0][k])} to ${cell(column, quantiles[quantiles.length - 1][k])}`] : []),
          ...(actual ? [cell(column, target[k])] : []),
        ];
      }),
    ]),
  );
  return table(rows, { header });
}

/** `step,load,load 0.1,load 0.5,load 0.9`, a line a step; with several series their column comes first. */
export function csvLines({ forecasts, by }: Pick<Asked, 'forecasts' | 'by'>): string[] {
  const [{ columns, levels }] = forecasts;
  const names = columns.flatMap(({ name }) => [name, ...levels.map((q) => `${name} ${q}`)]);
  const header = [...(by === null ? [] : [by]), 'step', ...names];
  const rows = forecasts.flatMap((forecast) =>
    forecast.labels.map((label, k) => [
      ...(by === null ? [] : [forecast.series ?? '']),
      label,
      ...forecast.columns.flatMap(({ values, quantiles, exactDigits }) =>
        [values[k], ...quantiles.map((q) => q[k])].map((v) => short(v, exactDigits)),
      ),
    ]),
  );
  return [header, ...rows].map((row) => row.map(csvCell).join(','));
}

function resultOf({ columns, labels, levels, since }: TableForecast): object {
  const byStep = labels.map((label, k) => ({
    step: label,
    values: Object.fromEntries(columns.map(({ name, values, exactDigits }) => [name, short(values[k], exactDigits)])),
    ...(levels.length > 0
      ? {
          quantiles: Object.fromEntries(
            columns.map(({ name, quantiles, exactDigits }) => [
              name,
              Object.fromEntries(levels.map((q, n) => [q, short(quantiles[n][k], exactDigits)])),
            ]),
          ),
        }
      : {}),
    // As it stands in the table; null where it is missing.
    ...(columns[0].target.length > k
      ? {
          actual: Object.fromEntries(
            columns.map(({ name, target }) => [name, Number.isNaN(target[k]) ? null : target[k]]),
          ),
        }
      : {}),
  }));
  return { since, columns: columns.map(({ name }) => name), quantiles: levels, forecast: byStep };
}

/** The digits that float32 knows of what lies above the level, which is added in float64. */
function short(value: number, digits: number): number {
  return Number(digits > 20 ? value.toPrecision(7) : value.toFixed(digits));
}
