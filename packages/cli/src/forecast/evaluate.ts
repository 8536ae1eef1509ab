// How good a saved forecaster is, next to naive forecasts.

import { evaluateForecaster, FormatError } from 'unrolled';
import { type RowRange, seasonalScale, seriesLength } from 'unrolled/data';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { ownPartName } from '../runs/own-data.ts';
import { grouped, table } from '../terminal/index.ts';
import { missingOf } from './data.ts';
import { type OpenForecaster, openForecaster, readFor, readOwn } from './open.ts';
import { type Naive, naives, periodOf } from './naive.ts';
import { bandName } from './quantiles.ts';
import type { SeriesTable } from './read.ts';
import { writeRolling } from './rolling.ts';
import { type CutWindows, cutWindows, rowsOf } from './windows.ts';
import type { ForecastConfig } from './config.ts';
import { t } from '../language/index.ts';

export async function evaluateForecast(saved: SavedRun<ForecastConfig>, values: EvaluateValues): Promise<Report> {
  const opened = await openForecaster(saved);
  const { config } = opened;
  const { model } = opened.pipeline;
  const { cut, ranges, source, warnings } = await windowsOf(opened, values);
  const { windows, tables } = cut;
  const period = periodOf(config.training.period, tables[0].time, model.config.length);
  const scales = tables.map((table) => seasonalScale(table.series, period ?? 1, ranges.get(table)));
  const { loss, metrics, smape, mase, columns } = await evaluateForecaster(model, windows, { scales });
  const naive = naives(model, windows, period, scales);
  const rolled = values.forecasts === null ? null : writeRolling(values.forecasts, model, cut, values.every);
  const own = { ...metrics, smape, mase, columns };
  const result = {
    run: saved.path,
    step: saved.step,
    source,
    windows: windows.count,
    ...(tables[0].name === null ? {} : { series: tables.length }),
    loss,
    ...own,
    period,
    naive: Object.fromEntries(naive.map(({ name, ...scores }) => [name, scores])),
    ...(rolled === null ? {} : { forecasts: { file: values.forecasts, windows: rolled } }),
  };
  const band = bandName(model.config.quantiles);
  const { coverage } = metrics as { coverage?: number };
  const lines = () => [
    ...table(scoreRows(own, naive, true), {
      header: ['', 'mse', 'mae', t('sMAPE %'), 'MASE', t('mse in units'), t('mae in units')],
    }),
    '',
    ...(columns.length > 1 ? [...columnTable(columns, naive.at(-1)), ''] : []),
    ...table([
      ...(band ? [[t('coverage'), coverageLine(coverage ?? 0, band, model.spread !== 1 && values.file === null)]] : []),
      [t('scale'), t`MASE divides by the error of ${period === null ? t('the last value') : t`repeating ${period} rows`} in the rows ${values.file === null ? t('to learn from') : t('of the file')}`], // biome-ignore format: one line
      [
        t('measured on'),
        tables.length > 1
          ? t`${grouped(windows.count)} windows of ${grouped(tables.length)} series of ${t(source)}`
          : t`${grouped(windows.count)} windows of ${t(source)}`,
      ],
      ...(rolled === null ? [] : [[t('forecasts'), t`of ${grouped(rolled)} windows in ${values.forecasts}`]]),
      [t('weights'), t`${saved.path}, step ${saved.step}`],
    ]),
  ];
  return { result, warnings, lines };
}

type Scores = Pick<Naive, 'mse' | 'mae' | 'smape' | 'mase' | 'mseInUnits' | 'maeInUnits'>;

const mostColumns = 40;

/** The errors of each column, and the MASE of the last naive forecast next to it. */
function columnTable(columns: Naive['columns'], naive: Naive | undefined): string[] {
  const rows = columns
    .slice(0, mostColumns)
    .map((one, c) => [one.column, ...cellsOf(one, true), orNone(naive?.columns[c].mase ?? null)]);
  const header = [
    t('column'),
    'mse',
    'mae',
    t('sMAPE %'),
    'MASE',
    t('mse in units'),
    t('mae in units'),
    `MASE ${t(naive?.name ?? '')}`,
  ];
  const left = columns.length - mostColumns;
  return [...table(rows, { header }), ...(left > 0 ? [t`… and ${grouped(left)} more columns (--json has all)`] : [])];
}

function coverageLine(coverage: number, band: string, own: boolean): string {
  const percent = (coverage * 100).toFixed(1);
  return own
    ? t`${percent} % of the actual values lay in the interval of ${band}, which these rows calibrated`
    : t`${percent} % of the actual values lay in the interval of ${band}`;
}

/** A line for the model and one for each naive forecast. mse and mae are of standardized numbers. */
export function scoreRows(own: Partial<Scores>, naive: readonly Naive[], full = false): string[][] {
  return [[t('this model'), ...cellsOf(own, full)], ...naive.map((one) => [t(one.name), ...cellsOf(one, full)])];
}

function cellsOf({ mse, mae, smape, mase, mseInUnits, maeInUnits }: Partial<Scores>, full: boolean): string[] {
  const short = [mse, mae].map(orNone);
  if (!full) return short;
  return [...short, smape === undefined ? '' : smape.toFixed(2), orNone(mase), ...[mseInUnits, maeInUnits].map(orNone)];
}

function orNone(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : digits(value);
}

function digits(value: number): string {
  if (value !== 0 && value < 0.001) return value.toPrecision(4);
  return value < 1000 ? value.toFixed(value < 0.01 ? 6 : 4) : value.toPrecision(5);
}

interface Measured {
  readonly cut: CutWindows;
  /** The rows of each series that MASE is scaled by: those to learn from, or of another file all. */
  readonly ranges: ReadonlyMap<SeriesTable, RowRange>;
  readonly source: string;
  readonly warnings: readonly string[];
}

async function windowsOf(opened: OpenForecaster, { file, where }: EvaluateValues): Promise<Measured> {
  const { length, horizon } = opened.pipeline.input;
  const { read } = opened.config.data;
  const shape = { length, horizon, missing: missingOf(read.missing) };
  if (file !== null) {
    const { set, warnings } = await readFor(opened, file, { where, missing: null });
    const rows = Math.max(...set.tables.map(({ series }) => seriesLength(series)));
    const cut = rows < length + horizon ? null : cutWindows(set.tables.map((table) => [table, rowsOf(table)] as const), shape); // biome-ignore format: one line
    if (!cut) throw new FormatError(file, `has ${rows} rows, and a window of this run has ${length} + ${horizon}`);
    return { cut, ranges: new Map(), source: file, warnings: [...warnings, ...cut.warnings] };
  }
  const own = await readOwn(opened);
  const cut = cutWindows(own.parts.map(({ table, validation }) => [table, validation] as const), shape); // biome-ignore format: one line
  const source = ownPartName(own, cut?.windows.count ?? 0, read.validation);
  const ranges = new Map(own.parts.map(({ table, train }) => [table, train]));
  return { cut: cut as CutWindows, ranges, source, warnings: cut?.warnings ?? [] }; // no windows were refused as no part
}
