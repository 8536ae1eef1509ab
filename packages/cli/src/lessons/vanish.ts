// A tanh network as it is usually started: its gradient is gone after a dozen steps, long before the bound says so; an orthogonal start keeps it longer.

import { manualSeed, RNNCell } from 'unrolled';
import { type AlternativeName, spectrum } from 'unrolled/analysis';
import { exactly } from './exactly.ts';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';
import { measure, OneLayer, tanhCell, waves } from './one-layer.ts';

const T = 40;

export const vanish: Lesson = {
  name: 'vanish',
  async run({ lessons: { vanish: t }, common }, progress) {
    const bounded = await exactly(() => {
      manualSeed(3);
      return measure(tanhCell(2, 16, 0.9), waves(T, 2, 0.5));
    });
    await progress(0.3);
    const { layer, others } = await exactly(() => {
      manualSeed(5);
      const model = new OneLayer(new RNNCell(2, 16));
      const x = waves(T, 2, 0.5);
      const [layer] = spectrum(model, () => model.recurrent.forward(x), { steps: T, alternatives: true }).layers;
      return { layer, others: layer.alternatives.filter(({ name }) => name !== 'tanh') };
    });
    await progress(1);
    const curve = (product: readonly number[]) => [1, ...product].map((v, k) => [k, v] as const);
    const name = (n: AlternativeName) => t.names[n];
    const values = {
      steps: T,
      bounded: { sigma: 0.9, after: bounded.product[T - 1], bound: 0.9 ** T },
      tanh: layer.growth,
      others: Object.fromEntries(others.map((o) => [o.name, o.growth])),
    };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: {
            header: t.header,
            rows: [
              [name('tanh'), short(layer.growth.factor), short(layer.growth.halfLife), short(layer.product[T - 1])],
              ...others.map((o) => [
                name(o.name),
                short(o.growth.factor),
                short(o.growth.halfLife),
                short(o.product[T - 1]),
              ]),
            ],
          },
        },
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: common.stepsBack,
            yLabel: '‖∂s_T/∂s_T₋ₖ‖',
            yScale: 'log',
            series: [
              { name: name('tanh'), points: curve(layer.product) },
              ...others.map((o) => ({ name: name(o.name), points: curve(o.product) })),
              { name: t.bound, points: curve(bounded.bound as number[]), kind: 'dashes', color: 5 },
              { name: t.bounded, points: curve(bounded.product), color: 5 },
            ],
            height: 370,
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
};
