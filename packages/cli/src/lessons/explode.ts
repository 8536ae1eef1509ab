// The product of the same matrix, T times: what is a little above one explodes.

import { init, LinearCell, manualSeed } from 'unrolled';
import { exactly } from './exactly.ts';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';
import { measure, tanhCell, waves } from './one-layer.ts';

const T = 50;
const factors = [0.9, 1, 1.1] as const;

export const explode: Lesson = {
  name: 'explode',
  async run({ lessons: { explode: t }, common }, progress) {
    const linear = await exactly(() =>
      factors.map((rho) => {
        manualSeed(1);
        const cell = new LinearCell(2, 8);
        init.orthogonal(cell.weightHh, rho);
        return { rho, product: measure(cell, waves(T, 2)).product };
      }),
    );
    await progress(0.4);
    // Steep where the inputs are small, flat where they are large.
    const [calm, driven] = await exactly(() =>
      [0.001, 8].map((height) => {
        manualSeed(8);
        return measure(tanhCell(2, 32, 3), waves(T, 2, height));
      }),
    );
    await progress(1);
    const curve = (product: readonly number[]) => [1, ...product].map((v, k) => [k, v] as const);
    const values = {
      steps: T,
      linear: linear.map(({ rho, product }) => ({ rho, after: product[T - 1], exact: rho ** T })),
      tanh: { calm: calm.growth.factor, driven: driven.growth.factor, bound: (calm.bound as number[])[T - 1] },
    };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: {
            header: t.header,
            rows: values.linear.map(({ rho, after, exact }) => [
              rho,
              short(after),
              short(exact),
              Math.abs(after - exact).toExponential(0),
            ]),
          },
        },
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: common.stepsBack,
            yLabel: '‖∂h_T/∂h_T₋ₖ‖',
            yScale: 'log',
            series: [
              ...linear.map(({ rho, product }) => ({ name: `ρ = ${rho}`, points: curve(product) })),
              { name: t.calm, points: curve(calm.product), kind: 'dashes' as const },
              { name: t.driven, points: curve(driven.product), kind: 'dashes' as const },
            ],
            height: 310,
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
};
