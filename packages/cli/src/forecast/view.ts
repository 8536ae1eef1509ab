// A forecast at the end of training, with the scores next to those of naive forecasts.

import type { Screen, Shown } from '../runs/shown.ts';
import { table } from '../terminal/index.ts';
import type { TableForecast } from './ask.ts';
import { scoreRows } from './evaluate.ts';
import type { Naive } from './naive.ts';
import { drawTerminal } from './terminal.ts';
import { t } from '../language/index.ts';

export interface ForecastShowcase {
  /** Which rows are forecast. */
  readonly of: string;
  readonly forecast: TableForecast;
  /** On the validation rows; null where none were kept. */
  readonly scores: { readonly model: Readonly<Record<string, number>>; readonly naive: readonly Naive[] } | null;
}

const mostColumns = 2;

export function showForecast({ of, forecast, scores }: ForecastShowcase): Shown {
  const lines = (screen: Screen) => [
    t`forecast of ${t(of)}:`,
    '',
    ...drawTerminal(forecast, screen, mostColumns),
    ...(scores
      ? ['', ...table(scoreRows(scores.model, scores.naive), { header: [t('on the validation rows'), 'mse', 'mae'] })]
      : []),
  ];
  return { data: { of, forecast, scores }, lines };
}
