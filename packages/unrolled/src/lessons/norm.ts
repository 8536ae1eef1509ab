// Layer normalization inside the step (Ba, Kiros and Hinton 2016): whatever the size of the inputs and of the weights, tanh gets numbers of the size
// where it has a slope.

import { Cell, init, layerNorm, manualSeed, type Parameter, RNNCell, tensor, type Tensor } from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { percent, power, short } from './numbers.ts';
import { curve, measure, waves } from './one-layer.ts';
import { lessonTerms } from './words/common.ts';
import { type NormValues, type NormWords, normWords } from './words/norm.ts';

const [T, hiddenSize, inputSize] = [40, 16, 4];
const heights = [0.1, 1, 10, 100] as const;

/** h' = tanh(LN(W_xh x + W_hh h)), LN with a gain of 1 and a shift of 0. */
class NormedCell extends Cell<Tensor> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;

  constructor(plain: RNNCell) {
    super(plain.inputSize, plain.hiddenSize);
    this.weightIh = plain.weightIh;
    this.weightHh = plain.weightHh;
  }

  step(x: Tensor, h: Tensor): [output: Tensor, state: Tensor] {
    const sum = x.matmul(this.weightIh.transpose()).add(h.matmul(this.weightHh.transpose()));
    const next = layerNorm(sum, [this.hiddenSize]).tanh();
    return [next, next];
  }
}

function cells(): { plain: RNNCell; normed: NormedCell } {
  manualSeed(4);
  const plain = new RNNCell(inputSize, hiddenSize, { bias: false });
  init.orthogonal(plain.weightHh);
  return { plain, normed: new NormedCell(plain) };
}

/** Share of the states in which tanh is flat: |h| > 0.99. */
function saturated(cell: Cell<Tensor>, x: Tensor): number {
  let state = cell.initialState(1);
  const flat: boolean[] = [];
  for (const row of x.unbind(0)) {
    [, state] = cell.step(row, state);
    flat.push(...Array.from(state.dataSync(), (h) => Math.abs(h) > 0.99));
  }
  return flat.filter(Boolean).length / flat.length;
}

export const norm = lessonOf<NormValues, NormWords>({
  name: 'norm',
  words: normWords,
  measure: () =>
    exactly(() => {
      const { plain, normed } = cells();
      const rows = heights.map((height) => {
        const x = waves(T, inputSize, height);
        const of = (cell: Cell<Tensor>) => {
          const { product } = measure(cell, x);
          return { saturated: saturated(cell, x), left: product[T - 1], product };
        };
        return { height, plain: of(plain as Cell<Tensor>), normed: of(normed) };
      });
      // All weights ten times as large: the norm divides by what the size was multiplied with.
      const x = tensor(
        Array.from({ length: inputSize }, (_, k) => Math.sin(1 + k)),
        [1, inputSize],
      );
      const h = tensor(
        Array.from({ length: hiddenSize }, (_, k) => Math.cos(k) / 2),
        [1, hiddenSize],
      );
      const before = [(plain as Cell<Tensor>).step(x, h)[0], normed.step(x, h)[0]];
      for (const w of [plain.weightIh, plain.weightHh]) w.set(w.dataSync().map((v) => 10 * v));
      const after = [(plain as Cell<Tensor>).step(x, h)[0], normed.step(x, h)[0]];
      const [plainMoves, normedMoves] = after.map((y, k) => Math.max(...y.sub(before[k]).abs().dataSync()));
      return { steps: T, rows, tenfold: { plain: plainMoves, normed: normedMoves } };
    }),
  answer: ({ rows }) => Number(rows[rows.length - 1].normed.saturated < 0.5),
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'table',
      title: t.table,
      header: t.header,
      rows: v.rows.map((r) => [
        r.height,
        percent(r.plain.saturated),
        percent(r.normed.saturated),
        short(r.plain.left),
        short(r.normed.left),
      ]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].stepsBack,
        yScale: 'log',
        series: v.rows.flatMap(({ height, plain, normed }, k) =>
          height === 10 || height === 1
            ? [
                { name: t.without(height), points: curve(plain.product), color: k },
                { name: t.with(height), points: curve(normed.product), kind: 'dashes' as const, color: k },
              ]
            : [],
        ),
        height: 310,
      },
    },
    {
      kind: 'table',
      title: t.tenfold,
      header: t.tenfoldHeader,
      rows: [
        [t.plain, short(v.tenfold.plain)],
        [t.normed, power(v.tenfold.normed, 0)],
      ],
    },
  ],
});
