// The cliff, with the learning rate and the threshold to move.

import { descend, lossAt, surface } from '../clip.ts';
import { exactly } from '../exactly.ts';
import { explorerOf } from '../explorer.ts';
import { fixed, short } from '../numbers.ts';
import { lessonTerms } from '../words/common.ts';

export const clip = explorerOf({
  name: 'clip',
  limits: {
    lr: { min: 0.0002, max: 0.01, step: 0.0002, value: 0.001 },
    threshold: { min: 0.2, max: 20, step: 0.2, value: 1 },
  },
  words: {
    en: {
      labels: { lr: 'learning rate', threshold: 'threshold θ of the norm' },
      chart: 'Two descents on the cliff',
      without: 'not clipped',
      with: 'clipped',
      says: (without: string, loss: string, clipped: string, clippedLoss: string) =>
        `The first step goes to w = ${without} without clipping and to ${clipped} with it; after 60 steps the losses are ${loss} and ${clippedLoss}.`,
    },
    ko: {
      labels: { lr: '학습률', threshold: '노름의 한계 θ' },
      chart: '절벽 위의 두 하강',
      without: '클리핑 없음',
      with: '클리핑',
      says: (without: string, loss: string, clipped: string, clippedLoss: string) =>
        `첫걸음 뒤의 w: 클리핑 없이 ${without}, 클리핑하면 ${clipped}. 60걸음 뒤의 손실: ${loss}, ${clippedLoss}`,
    },
  },
  run: ({ lr, threshold }, t, language) =>
    exactly(() => {
      const [without, clipped] = [descend(false, lr, threshold), descend(true, lr, threshold)];
      const path = (weights: readonly number[]) =>
        weights.filter((w) => w > -0.5 && w < 1.1).map((w) => [w, lossAt(w)] as const);
      const end = ({ weights }: typeof without) => short(lossAt(weights[weights.length - 1]));
      return {
        says: t.says(fixed(without.weights[1], 3), end(without), fixed(clipped.weights[1], 3), end(clipped)),
        figures: [
          {
            kind: 'chart' as const,
            chart: {
              title: t.chart,
              xLabel: 'w',
              yLabel: lessonTerms[language].loss,
              series: [
                { name: lessonTerms[language].loss, points: surface() },
                { name: t.without, points: path(without.weights), kind: 'dots' as const },
                { name: t.with, points: path(clipped.weights), kind: 'dots' as const },
              ],
            },
          },
        ],
      };
    }),
});
