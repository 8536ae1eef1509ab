// ρ^T, with ρ and T to move.

import { init, LinearCell, manualSeed } from '../../index.ts';
import { exactly } from '../exactly.ts';
import { explorerOf } from '../explorer.ts';
import { fixed, short } from '../numbers.ts';
import { curve, measure, waves } from '../one-layer.ts';
import { lessonTerms } from '../words/common.ts';

export const explode = explorerOf({
  name: 'explode',
  limits: {
    rho: { min: 0.5, max: 1.5, step: 0.01, value: 1.1 },
    steps: { min: 1, max: 100, step: 1, value: 50 },
  },
  words: {
    en: {
      labels: { rho: 'factor ρ of every step', steps: 'steps back' },
      chart: 'Gradient norm k steps back',
      says: (rho: string, steps: number, after: string) =>
        `With a factor of ${rho} at every step, the gradient is ${after} times as large after ${steps} steps.`,
    },
    ko: {
      labels: { rho: '한 단계의 배율 ρ', steps: '거슬러 올라가는 단계 수' },
      chart: 'k단계를 거슬러 올라간 기울기의 노름',
      says: (rho: string, steps: number, after: string) =>
        `한 단계마다 ${rho}배가 되면, 거슬러 올라가는 단계 수가 ${steps}일 때 기울기는 ${after}배입니다.`,
    },
  },
  run: ({ rho, steps }, t, language) =>
    exactly(() => {
      manualSeed(1);
      const cell = new LinearCell(2, 4);
      init.orthogonal(cell.weightHh, rho);
      const { product } = measure(cell, waves(steps, 2));
      return {
        says: t.says(fixed(rho, 2), steps, short(product[steps - 1])),
        figures: [
          {
            kind: 'chart' as const,
            chart: {
              title: t.chart,
              xLabel: lessonTerms[language].stepsBack,
              yScale: 'log' as const,
              series: [{ name: `ρ = ${fixed(rho, 2)}`, points: curve(product) }],
              marks: [{ axis: 'y' as const, at: 1, label: '1' }],
            },
          },
        ],
      };
    }),
});
