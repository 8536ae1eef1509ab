// A tanh network as it is usually initialized: its gradient is gone after a dozen steps, long before the bound says so; an orthogonal W_hh keeps it longer.

import { type AlternativeName, spectrum } from '../analysis/index.ts';
import { manualSeed, RNNCell } from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { fixed, short } from './numbers.ts';
import { curve, measure, OneLayer, tanhCell, waves } from './one-layer.ts';
import { lessonTerms } from './words/common.ts';
import { type VanishValues, type VanishWords, vanishWords } from './words/vanish.ts';

const [T, sigma] = [40, 0.9];
const names: readonly AlternativeName[] = ['tanh', 'orthogonal', 'lstm', 'chrono', 'gru'];

export const vanish = lessonOf<VanishValues, VanishWords>({
  name: 'vanish',
  words: vanishWords,
  async measure({ progress }) {
    const bounded = await exactly(() => {
      manualSeed(3);
      const { product, bound } = measure(tanhCell(2, 16, sigma), waves(T, 2, 0.5));
      return { after: product[T - 1], bound: sigma ** T, product, bounds: bound as number[] };
    });
    await progress(0.3);
    const alternatives = await exactly(() => {
      manualSeed(5);
      const model = new OneLayer(new RNNCell(2, 16));
      const x = waves(T, 2, 0.5);
      const [layer] = spectrum(model, () => model.recurrent.forward(x), { steps: T, alternatives: true }).layers;
      return new Map([
        ...layer.alternatives.map((a) => [a.name, a.product] as const),
        ['tanh', layer.product] as const,
      ]);
    });
    return {
      steps: T,
      sigma,
      bounded,
      networks: names.map((name) => {
        const product = [...(alternatives.get(name) ?? [])];
        // The mean factor: T of them multiplied are what is left.
        const factor = product[T - 1] ** (1 / T);
        return { name, factor, halfLife: Math.LN2 / -Math.log(factor), after: product[T - 1], product };
      }),
    };
  },
  answer: ({ networks: [tanh] }) => (tanh.after > 0.01 ? 0 : tanh.after > 1e-6 ? 1 : 2),
  figures: ({ networks, bounded }, t, language): LessonFigure[] => [
    {
      kind: 'table',
      header: t.header,
      rows: networks.map((n) => [t.names[n.name], fixed(n.factor, 3), short(n.halfLife), short(n.after)]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].stepsBack,
        yScale: 'log',
        series: [
          ...networks.map(({ name, product }) => ({ name: t.names[name], points: curve(product) })),
          { name: t.bound, points: curve(bounded.bounds), kind: 'dashes', color: 5 },
          { name: t.bounded, points: curve(bounded.product), color: 5 },
        ],
        height: 370,
      },
    },
  ],
});
