// A forecast as one SVG, a plot for every column, one below the other.

import { forecastPlot } from 'unrolled/analysis';
import type { TableForecast } from './ask.ts';
import { bandName } from './quantiles.ts';
import { spoken, t } from '../language/index.ts';

const [width, height] = [760, 320];

export function drawSvg(forecasts: readonly TableForecast[]): string {
  const plots = forecasts.flatMap(plotsOf);
  if (plots.length === 1) return plots[0];
  const stacked = plots.map((svg, k) => svg.replace('<svg ', `<svg y="${k * height}" `));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${plots.length * height}" viewBox="0 0 ${width} ${plots.length * height}">\n${stacked.join('')}</svg>\n`;
}

function plotsOf({ series, columns, levels, since }: TableForecast): string[] {
  const label = bandName(levels);
  return columns.map(({ name, history, values, quantiles, target }) =>
    forecastPlot({
      history: Array.from(history).slice(-4 * values.length),
      forecast: Array.from(values),
      band: label ? { low: Array.from(quantiles[0]), high: Array.from(quantiles[quantiles.length - 1]), label } : null,
      target: target.length > 0 ? target : null,
      title: series === null ? name : `${series}: ${name}`,
      language: spoken(),
      xLabel: since ? t`steps after ${since}` : t('step'),
      width,
      height,
    }),
  );
}
