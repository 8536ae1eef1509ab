// A tanh network, with the size of its matrix and of its inputs to move: the bound says what must vanish, the inputs what does.

import { manualSeed } from '../../index.ts';
import { exactly } from '../exactly.ts';
import { explorerOf } from '../explorer.ts';
import { fixed, short } from '../numbers.ts';
import { curve, measure, tanhCell, waves } from '../one-layer.ts';
import { lessonTerms } from '../words/common.ts';

const T = 40;

export const vanish = explorerOf({
  name: 'vanish',
  limits: {
    sigma: { min: 0.3, max: 3, step: 0.05, value: 0.9 },
    height: { min: 0.1, max: 4, step: 0.1, value: 0.5 },
  },
  words: {
    en: {
      labels: { sigma: 'largest singular value σ_max of W_hh', height: 'height of the inputs' },
      chart: 'Gradient norm after k steps back',
      left: 'what is left',
      bound: 'the bound',
      says: (sigma: string, left: string, bound: string) =>
        `With σ_max = ${sigma}, ${left} of the gradient is left after ${T} steps; the bound is ${bound}.`,
    },
    ko: {
      labels: { sigma: 'W_hh의 가장 큰 특잇값 σ_max', height: '입력의 높이' },
      chart: 'k단계를 거슬러 올라간 뒤 남은 기울기',
      left: '남은 기울기',
      bound: '상한',
      says: (sigma: string, left: string, bound: string) =>
        `σ_max = ${sigma}일 때 ${T}단계 뒤에 남은 기울기는 ${left}, 상한은 ${bound}입니다.`,
    },
  },
  run: ({ sigma, height }, t, language) =>
    exactly(() => {
      manualSeed(3);
      const { product, bound } = measure(tanhCell(2, 16, sigma), waves(T, 2, height));
      const bounds = bound as readonly number[];
      return {
        says: t.says(fixed(sigma, 2), short(product[T - 1]), short(bounds[T - 1])),
        figures: [
          {
            kind: 'chart' as const,
            chart: {
              title: t.chart,
              xLabel: lessonTerms[language].stepsBack,
              yScale: 'log' as const,
              series: [
                { name: t.left, points: curve(product) },
                { name: t.bound, points: curve(bounds), kind: 'dashes' as const },
              ],
            },
          },
        ],
      };
    }),
});
