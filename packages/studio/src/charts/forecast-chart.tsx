// A forecast of one column.

import type { SampleChart } from '../training/history.ts';
import { type Line, Lines } from './lines.tsx';
import { forecastWords } from './words.ts';

/** What was read, what came, and what was forecast between its quantiles. */
export function ForecastChart({ chart, say }: { readonly chart: SampleChart; readonly say: string }) {
  const w = forecastWords.value;
  const { history, actual, values, low, high } = chart;
  const from = (list: readonly number[], start: number) => list.map((y, k) => [start + k, y] as const);
  const last = history.at(-1) ?? 0;
  const ahead = (list: readonly number[]) => from([last, ...list], 0);
  const lines: Line[] = [
    { name: w.seriesActual, points: [...from(history, 1 - history.length), ...from(actual, 1)], tone: 'muted' },
    { name: w.seriesLow, points: ahead(low), tone: 'neg', dashed: true },
    { name: w.seriesHigh, points: ahead(high), tone: 'neg', dashed: true },
    { name: w.seriesForecast, points: ahead(values), tone: 'pos' },
  ];
  return (
    <>
      <Lines lines={lines} label={`${chart.name}. ${say}`} xLabel={w.stepsAhead} markX={0} height={240} />
      <div class="legend">
        <span class="key">{w.seriesActual}</span>
        <span class="key pos">{w.seriesForecast}</span>
        <span class="key neg dash">{w.seriesBand}</span>
      </div>
    </>
  );
}
