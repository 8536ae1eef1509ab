import { catalogue } from '../words/catalogue.ts';

export const forecastWords = catalogue({
  en: {
    seriesActual: 'actual',
    seriesForecast: 'forecast',
    seriesLow: 'quantile 0.1',
    seriesHigh: 'quantile 0.9',
    now: 'now',
    stepsAhead: 'steps from now',
  },
  ko: {
    seriesActual: '실제',
    seriesForecast: '예측',
    seriesLow: '분위수 0.1',
    seriesHigh: '분위수 0.9',
    now: '지금',
    stepsAhead: '지금부터 단계',
  },
});
