// Why a network needs its tanh: without it, three layers are one, and what one layer cannot learn, three cannot either. And its price: the slope of
// tanh, which every step back multiplies with, is at most 1.

import { Adam, bceWithLogits, Linear, manualSeed, Module, noGrad, scope, tensor, type Tensor } from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { fixed, short } from './numbers.ts';
import { lessonTerms } from './words/common.ts';
import { type TanhValues, type TanhWords, tanhWords } from './words/tanh.ts';

/** Three layers, with or without a tanh between them. */
class ThreeLayers extends Module {
  readonly first = new Linear(2, 8);
  readonly second = new Linear(8, 8);
  readonly third = new Linear(8, 1);
  readonly bend: (x: Tensor) => Tensor;

  constructor(bend: (x: Tensor) => Tensor) {
    super();
    this.bend = bend;
  }

  forward(x: Tensor): Tensor {
    return this.third.forward(this.bend(this.second.forward(this.bend(this.first.forward(x)))));
  }
}

// Exclusive or: no line separates the two classes.
const corners = [
  [0, 0, 0],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 0],
] as const;

interface Trained {
  readonly model: ThreeLayers;
  readonly losses: number[];
  readonly right: number;
}

async function train(
  bend: (x: Tensor) => Tensor,
  steps: number,
  progress: (part: number) => Promise<void>,
): Promise<Trained> {
  manualSeed(2);
  const model = new ThreeLayers(bend);
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  const data = () => [tensor(corners.map(([a, b]) => [a, b])), tensor(corners.map(([, , y]) => [y]))] as const;
  const losses: number[] = [];
  for (let k = 0; k < steps; k++) {
    const loss = scope(() => {
      const [x, y] = data();
      optimizer.zeroGrad();
      const loss = bceWithLogits(model.forward(x), y);
      loss.backward();
      optimizer.step();
      return loss.itemSync();
    });
    losses.push(loss);
    if (k % 50 === 0) await progress(k / steps);
  }
  const predicted = scope(() => noGrad(() => model.forward(data()[0]).dataSync()));
  return { model, losses, right: corners.filter(([, , y], i) => Number(predicted[i] > 0) === y).length };
}

/** The one layer that three layers without a tanh are: W₃W₂W₁ and W₃(W₂b₁ + b₂) + b₃. How far its answers are from theirs, at most. */
function differenceFromOneLayer(model: ThreeLayers): number {
  const { first, second, third } = model;
  return scope(() =>
    noGrad(() => {
      const x = tensor(Array.from({ length: 200 }, (_, i) => [Math.sin(i), Math.cos(1.7 * i)]));
      const weight = third.weight.matmul(second.weight).matmul(first.weight); // [1, 2]
      const column = (l: Linear) => (l.bias as Tensor).reshape(-1, 1);
      const bias = third.weight.matmul(second.weight.matmul(column(first)).add(column(second))).add(column(third)); // [1, 1]
      const one = x.matmul(weight.transpose()).add(bias);
      return Math.max(...model.forward(x).sub(one).abs().dataSync());
    }),
  );
}

const c = 0.7;
const chain = [-2, -1, 0.5, 1, 2] as const;

/** The notes' own example: one number instead of a matrix, three layers, with and without tanh. */
function scalars(): TanhValues['scalars'] {
  return chain.map((x) => {
    const bent = Math.tanh(c * Math.tanh(c * Math.tanh(c * x)));
    return { x, straight: c * (c * (c * x)), one: c ** 3 * x, bent };
  });
}

/** tanh and its derivative, which the library computes on its way back. */
function curve(): TanhValues['curve'] {
  const xs = Array.from({ length: 81 }, (_, k) => -4 + k / 10);
  const x = tensor(xs);
  x.requiresGrad = true;
  const y = x.tanh();
  y.sum().backward();
  const slope = (x.grad as Tensor).dataSync();
  return Array.from(y.dataSync(), (v, k) => ({ x: xs[k], y: v, slope: slope[k] }));
}

export const tanh = lessonOf<TanhValues, TanhWords>({
  name: 'tanh',
  words: tanhWords,
  async measure({ steps, progress }) {
    const count = steps(400);
    const straight = await train(
      (x) => x,
      count,
      (p) => progress(p / 2),
    );
    const bent = await train(
      (x) => x.tanh(),
      count,
      (p) => progress(0.5 + p / 2),
    );
    const summary = ({ losses, right }: Trained) => ({ loss: losses[losses.length - 1], right, losses });
    return {
      c,
      product: c ** 3,
      scalars: scalars(),
      steps: count,
      differenceFromOneLayer: differenceFromOneLayer(straight.model),
      linear: summary(straight),
      tanh: summary(bent),
      curve: await exactly(curve),
    };
  },
  answer: ({ linear }) => Number(linear.right < 4),
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'table',
      title: t.scalars,
      header: t.scalarsHeader,
      rows: v.scalars.map((s) => [short(s.x), short(s.straight), short(s.one), short(s.bent)]),
    },
    {
      kind: 'table',
      title: t.xor,
      header: t.header,
      rows: [
        [t.linear, fixed(v.linear.loss, 3), `${v.linear.right} / 4`],
        [t.bent, fixed(v.tanh.loss, 3), `${v.tanh.right} / 4`],
      ],
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: lessonTerms[language].loss,
        series: [
          { name: t.linear, points: v.linear.losses.map((y, k) => [k, y] as const) },
          { name: t.bent, points: v.tanh.losses.map((y, k) => [k, y] as const) },
        ],
        marks: [{ axis: 'y', at: Math.LN2, label: 'ln 2' }],
      },
    },
    {
      kind: 'chart',
      chart: {
        title: t.curve,
        xLabel: 'x',
        series: [
          { name: 'tanh(x)', points: v.curve.map(({ x, y }) => [x, y] as const) },
          {
            name: 'tanh′(x) = 1 − tanh²(x)',
            points: v.curve.map(({ x, slope }) => [x, slope] as const),
            kind: 'dashes',
          },
        ],
      },
    },
  ],
});
