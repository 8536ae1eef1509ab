// What defines a run of time series besides what defines every run.

import type { ForecasterConfig } from 'unrolled';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { ForecastSource } from './data.ts';

export interface ForecastSettings {
  readonly batch: number;
  readonly period: number | null;
  /** Factor on the distance of the quantiles from the middle one. Default: by the validation rows. */
  readonly spread?: number;
}

export type ForecastConfig = RunConfig<
  ForecasterConfig,
  ForecastSettings,
  RunData & { readonly rows: number; readonly read: ForecastSource }
>;
