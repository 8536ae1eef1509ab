// Units that no mask has touched, with the probability and the length to move.

import { explorerOf } from '../explorer.ts';
import { fixed, short } from '../numbers.ts';

export const dropout = explorerOf({
  name: 'dropout',
  limits: {
    p: { min: 0, max: 0.8, step: 0.05, value: 0.25 },
    steps: { min: 1, max: 100, step: 1, value: 30 },
  },
  words: {
    en: {
      labels: { p: 'dropout probability p', steps: 'steps' },
      chart: 'Share of the units that were never dropped',
      steps: 'step',
      fresh: 'new mask at every step',
      one: 'one mask for all steps',
      says: (steps: number, fresh: string, one: string) =>
        `After ${steps} steps ${fresh} of the units were never dropped with new masks, and ${one} with one mask.`,
    },
    ko: {
      labels: { p: '드롭아웃 확률 p', steps: '단계 수' },
      chart: '한 번도 지워지지 않은 유닛의 비율',
      steps: '단계',
      fresh: '단계마다 새 마스크',
      one: '모든 단계에 한 마스크',
      says: (steps: number, fresh: string, one: string) =>
        `${steps}단계 뒤에 한 번도 지워지지 않은 유닛의 비율: 새 마스크 ${fresh}, 한 마스크 ${one}`,
    },
  },
  run: ({ p, steps }, t) => {
    const points = (left: (k: number) => number) => Array.from({ length: steps + 1 }, (_, k) => [k, left(k)] as const);
    return {
      says: t.says(steps, short((1 - p) ** steps), fixed(1 - p, 2)),
      figures: [
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: t.steps,
            series: [
              { name: t.fresh, points: points((k) => (1 - p) ** k) },
              { name: t.one, points: points((k) => (k === 0 ? 1 : 1 - p)) },
            ],
            include: [[0, 0]],
          },
        },
      ],
    };
  },
});
