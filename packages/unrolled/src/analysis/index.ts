export { attentionMap, type AttentionMapOptions, type AttentionOf } from './attention-map.ts';
export { type ForecastPlot, forecastPlot } from './forecast-plot.ts';
