// ∂L/∂W_hh of the slide's network, taken apart: every step gets a copy of W_hh of its own, and what arrives at each copy is that step's share.

import { cat, crossEntropy, tensor, type Tensor } from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { helloNetwork, helloTargets, runHello, symbols, read } from './hello-network.ts';
import { lessonOf } from './lesson.ts';
import { short } from './numbers.ts';
import { type GradientValues, type GradientWords, gradientWords } from './words/gradient.ts';

export const gradient = lessonOf<GradientValues, GradientWords>({
  name: 'gradient',
  words: gradientWords,
  measure: () =>
    exactly(() => {
      const network = helloNetwork();
      const lossOf = (weightHh?: readonly Tensor[]) =>
        crossEntropy(cat(runHello(network, weightHh).y, 0), helloTargets(), { reduction: 'sum' });
      lossOf().backward();
      const whole = (network.cell.weightHh.grad as Tensor).toArray() as number[][];
      const own = read.map(() => {
        const copy = tensor(network.cell.weightHh.toArray() as number[][]);
        copy.requiresGrad = true;
        return copy;
      });
      lossOf(own).backward();
      const parts = own.map((w) => (w.grad as Tensor).toArray() as number[][]);
      const sum = whole.map((row, i) => row.map((_, j) => parts.reduce((s, p) => s + p[i][j], 0)));
      return {
        steps: parts.map((matrix, t) => ({ reads: symbols[read[t]], matrix, norm: normOf(matrix) })),
        sum,
        whole,
        sumNorm: normOf(sum),
        wholeNorm: normOf(whole),
        difference: Math.max(...whole.flatMap((row, i) => row.map((v, j) => Math.abs(v - sum[i][j])))),
      };
    }),
  answer: ({ steps }) => steps.findIndex(({ norm }) => norm === 0),
  figures: ({ steps, sum, sumNorm, whole, wholeNorm }, t): LessonFigure[] => {
    const units = ['1', '2', '3'];
    return [
      {
        kind: 'bars',
        title: t.bars,
        rows: [
          ...steps.map(({ reads, norm }, k) => ({ label: t.at(k + 1, reads), value: norm, text: short(norm) })),
          { label: t.sum, value: sumNorm, text: short(sumNorm), marked: true },
          { label: t.whole, value: wholeNorm, text: short(wholeNorm), marked: true },
        ],
      },
      {
        kind: 'grids',
        title: t.matrices,
        digits: 3,
        grids: [
          ...steps.map(({ reads, matrix }, k) => ({
            name: t.at(k + 1, reads),
            rows: units,
            columns: units,
            values: matrix,
          })),
          { name: t.sum, rows: units, columns: units, values: sum },
          { name: t.whole, rows: units, columns: units, values: whole },
        ],
      },
    ];
  },
});

const normOf = (matrix: readonly (readonly number[])[]) => Math.hypot(...matrix.flat());
