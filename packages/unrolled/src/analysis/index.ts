export { attentionMap, type AttentionMapOptions, type AttentionOf } from './attention-map.ts';
export { type ForecastPlot, forecastPlot } from './forecast-plot.ts';
export { type Complex, eigenvalues, singularValues, spectralNorm } from './linear-algebra.ts';
