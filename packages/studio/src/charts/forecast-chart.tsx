// A forecast of one column.

import type { SampleChart } from '../training/history.ts';
import { Plot, type PlotSeries } from './plot.tsx';
import { forecastWords } from './words.ts';

/** What was read, what came, and what was forecast between its quantiles. */
export function ForecastChart({ chart, say }: { readonly chart: SampleChart; readonly say: string }) {
  const w = forecastWords.value;
  const { history, actual, values, low, high } = chart;
  const from = (list: readonly number[], start: number) => list.map((y, k) => [start + k, y] as const);
  const last = history.at(-1) ?? 0;
  const ahead = (list: readonly number[]) => from([last, ...list], 0);
  const series: PlotSeries[] = [
    { name: w.seriesActual, points: [...from(history, 1 - history.length), ...from(actual, 1)], color: 5 },
    { name: w.seriesLow, points: ahead(low), kind: 'dashes', color: 0 },
    { name: w.seriesHigh, points: ahead(high), kind: 'dashes', color: 0 },
    { name: w.seriesForecast, points: ahead(values), kind: 'line', color: 1 },
  ];
  return (
    <Plot
      series={series}
      label={`${chart.name}. ${say}`}
      xLabel={w.stepsAhead}
      yLabel={chart.name}
      marks={[{ axis: 'x', at: 0, label: w.now }]}
      height={240}
    />
  );
}
