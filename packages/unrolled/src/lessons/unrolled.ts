// The network of the slide, unrolled: every number of its four steps, computed by the library's own cell.

import { cat } from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { helloNetwork, oneHot, read, runHello, symbols, targets } from './hello-network.ts';
import { lessonOf } from './lesson.ts';
import { fixed } from './numbers.ts';
import { type UnrolledValues, type UnrolledWords, unrolledWords } from './words/unrolled.ts';

export const unrolled = lessonOf<UnrolledValues, UnrolledWords>({
  name: 'unrolled',
  words: unrolledWords,
  measure: () =>
    exactly(() => {
      const network = helloNetwork();
      const { h, y } = runHello(network);
      const { weightIh, weightHh } = network.cell;
      const grid = (t: { toArray(): unknown }) => t.toArray() as number[][];
      const row = (t: { toArray(): unknown }) => grid(t)[0];
      const zero = h[0].mul(0);
      const steps = read.map((symbol, t) => {
        const fromInput = oneHot(symbol).matmul(weightIh.transpose());
        const fromState = (t > 0 ? h[t - 1] : zero).matmul(weightHh.transpose());
        const scores = row(y[t]);
        return {
          reads: symbols[symbol],
          target: symbols[targets[t]],
          x: row(oneHot(symbol)),
          fromInput: row(fromInput),
          fromState: row(fromState),
          sum: row(fromInput.add(fromState)),
          h: row(h[t]),
          y: scores,
          best: symbols[scores.indexOf(Math.max(...scores))],
        };
      });
      // [x h] times both matrices one above the other is the same sum.
      const stacked = cat([weightIh, weightHh], 1); // [H, I + H]
      const differences = read.map((symbol, t) => {
        const together = cat([oneHot(symbol), t > 0 ? h[t - 1] : zero], 1)
          .matmul(stacked.transpose())
          .tanh();
        return Math.max(...together.sub(h[t]).abs().dataSync());
      });
      return {
        steps,
        weights: {
          xh: grid(weightIh),
          hh: grid(weightHh),
          hy: grid(network.head.weight),
          by: [...(network.head.bias?.dataSync() ?? [])],
        },
        stackedDifference: Math.max(...differences),
      };
    }),
  answer: ({ steps }) => Number(steps[2].y.some((score, k) => score !== steps[3].y[k])),
  figures: ({ steps, weights }, t): LessonFigure[] => {
    const units = ['1', '2', '3'];
    const vector = (v: readonly number[], digits: number) => v.map((n) => fixed(n, digits)).join('  ');
    return [
      {
        kind: 'unrolled',
        title: t.picture,
        loop: true,
        weights: ['W_xh', 'W_hh', 'W_hy'],
        steps: steps.map(({ reads, x, h, y }) => ({
          input: [`“${reads}”`, x.join(' ')],
          state: h.map((v) => fixed(v, 1)),
          output: y.map((v, k) => `${symbols[k]}  ${fixed(v, 1)}`),
        })),
      },
      {
        kind: 'table',
        title: t.byHand,
        header: t.header,
        rows: steps.map((s, k) => [
          `${k + 1}: ${s.reads}`,
          vector(s.fromInput, 2),
          vector(s.fromState, 2),
          vector(s.sum, 2),
          vector(s.h, 1),
        ]),
      },
      {
        kind: 'table',
        title: t.scores,
        header: t.scoresHeader,
        rows: steps.map((s, k) => [`${k + 1}: ${s.reads}`, ...s.y.map((v) => fixed(v, 1)), s.best, s.target]),
      },
      {
        kind: 'grids',
        title: t.weights,
        grids: [
          { name: 'W_xh', rows: units, columns: symbols, values: weights.xh },
          { name: 'W_hh', rows: units, columns: units, values: weights.hh },
          { name: 'W_hy', rows: symbols, columns: units, values: weights.hy },
          { name: 'b_y', rows: symbols, columns: [''], values: weights.by.map((v) => [v]) },
        ],
      },
    ];
  },
});
