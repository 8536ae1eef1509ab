// The product of the same matrix, T times: what is a little above one explodes. With tanh the slope of every step is in the product too.

import { init, LinearCell, manualSeed } from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { power, short } from './numbers.ts';
import { curve, measure, tanhCell, waves } from './one-layer.ts';
import { lessonTerms } from './words/common.ts';
import { type ExplodeValues, type ExplodeWords, explodeWords } from './words/explode.ts';

const [T, sigma, small, large] = [50, 3, 1e-30, 8];
const factors = [0.9, 1, 1.1] as const;

export const explode = lessonOf<ExplodeValues, ExplodeWords>({
  name: 'explode',
  words: explodeWords,
  async measure({ progress }) {
    const linear = await exactly(() =>
      factors.map((rho) => {
        manualSeed(1);
        const cell = new LinearCell(2, 8);
        init.orthogonal(cell.weightHh, rho);
        const { product } = measure(cell, waves(T, 2));
        const after = product[T - 1];
        return { rho, after, exact: rho ** T, difference: Math.abs(after - rho ** T), product };
      }),
    );
    await progress(0.4);
    // Near 0 tanh has the slope 1; where the inputs are large, it is flat.
    const [calm, driven] = await exactly(() =>
      [small, large].map((height) => {
        manualSeed(8);
        const { product, bound } = measure(tanhCell(2, 32, sigma), waves(T, 2, height));
        return { after: product[T - 1], product, bound: (bound as number[])[T - 1] };
      }),
    );
    return { steps: T, sigma, small, large, linear, tanh: { calm, driven, bound: calm.bound } };
  },
  answer: ({ linear }) => (linear[2].after < 20 ? 0 : linear[2].after < 100 ? 1 : 2),
  figures: ({ linear, tanh }, t, language): LessonFigure[] => [
    {
      kind: 'table',
      header: t.header,
      rows: linear.map((v) => [v.rho, short(v.after), short(v.exact), power(v.difference, 0)]),
    },
    {
      kind: 'table',
      header: t.tanhHeader,
      rows: [
        [t.calm, short(tanh.calm.after), short(tanh.bound)],
        [t.driven, short(tanh.driven.after), short(tanh.bound)],
      ],
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].stepsBack,
        yScale: 'log',
        series: [
          ...linear.map(({ rho, product }) => ({ name: `ρ = ${rho}`, points: curve(product) })),
          { name: t.calm, points: curve(tanh.calm.product), kind: 'dashes' as const },
          { name: t.driven, points: curve(tanh.driven.product), kind: 'dashes' as const },
        ],
        height: 310,
      },
    },
  ],
});
