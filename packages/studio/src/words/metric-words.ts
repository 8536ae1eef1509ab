// What the library's metrics are called.

import { catalogue } from './catalogue.ts';
import { brief } from './numbers.ts';

const metricWords = catalogue({
  en: {
    accuracy: 'accuracy',
    macroF1: 'macro F1',
    exact: 'without a mistake',
    exactMatch: 'exact match',
    bleu: 'BLEU',
    shuffled: 'accuracy with another image',
    mae: 'mean absolute error',
    mseInUnits: 'mean squared error in its units',
    maeInUnits: 'mean absolute error in its units',
    coverage: 'coverage of the quantiles',
    perplexity: 'perplexity',
    mse: 'mean squared error',
    within: 'accuracy (±0.04)',
  },
  ko: {
    accuracy: '정확도',
    macroF1: '매크로 F1',
    exact: '모두 맞음',
    exactMatch: '완전 일치',
    bleu: 'BLEU 점수',
    shuffled: '다른 이미지와의 정확도',
    mae: '평균 절대 오차',
    mseInUnits: '원래 단위의 평균 제곱 오차',
    maeInUnits: '원래 단위의 평균 절대 오차',
    coverage: '분위수 구간 포함률',
    perplexity: '퍼플렉시티',
    mse: '평균 제곱 오차',
    within: '정확도(±0.04)',
  },
});

/** A metric's name for a person; its own where it has none. */
export const metricName = (name: string): string =>
  (metricWords.value as Readonly<Record<string, string>>)[name] ?? name;

/** Metrics that are a part of 1, as people read them: 0.8333 → 83.3 %. */
const parts = new Set(['accuracy', 'exact', 'exactMatch', 'shuffled', 'coverage', 'within']);

/** A metric's value for a person. */
export const metricValue = (name: string, value: number): string =>
  parts.has(name) ? `${brief(100 * value)}\u00a0%` : name === 'macroF1' ? value.toFixed(3) : brief(value);
