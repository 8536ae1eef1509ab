import { catalogue } from '../words/catalogue.ts';

export const forecastWords = catalogue({
  en: {
    seriesActual: 'actual',
    seriesForecast: 'forecast',
    seriesLow: 'quantile 0.1',
    seriesHigh: 'quantile 0.9',
    seriesBand: 'quantiles 0.1 and 0.9',
    stepsAhead: 'steps from now',
  },
  ko: {
    seriesActual: '실제',
    seriesForecast: '예측',
    seriesLow: '분위수 0.1',
    seriesHigh: '분위수 0.9',
    seriesBand: '분위수 0.1과 0.9',
    stepsAhead: '지금부터 단계',
  },
});
