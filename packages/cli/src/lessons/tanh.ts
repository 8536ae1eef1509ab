// Why a network needs its tanh: without it, three layers are one, and what one layer cannot learn, three cannot either.

import { Adam, bceWithLogits, Linear, manualSeed, Module, noGrad, scope, tensor, type Tensor } from 'unrolled';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';

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
const steps = 400;

interface Trained {
  readonly model: ThreeLayers;
  readonly losses: number[];
  readonly right: number;
}

async function train(bend: (x: Tensor) => Tensor, progress: (part: number) => Promise<void>): Promise<Trained> {
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

export const tanh: Lesson = {
  name: 'tanh',
  async run({ lessons: { tanh: t } }, progress) {
    const straight = await train(
      (x) => x,
      (p) => progress(p / 2),
    );
    const bent = await train(
      (x) => x.tanh(),
      (p) => progress(0.5 + p / 2),
    );
    const difference = differenceFromOneLayer(straight.model);
    const last = (l: readonly number[]) => l[l.length - 1];
    const values = {
      differenceFromOneLayer: difference,
      linear: { loss: last(straight.losses), right: straight.right },
      tanh: { loss: last(bent.losses), right: bent.right },
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
              [t.linear, short(values.linear.loss), `${straight.right} / 4`],
              [t.bent, short(values.tanh.loss), `${bent.right} / 4`],
            ],
          },
        },
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: t.step,
            yLabel: t.loss,
            series: [
              { name: t.linear, points: straight.losses.map((y, k) => [k, y]) },
              { name: t.bent, points: bent.losses.map((y, k) => [k, y]) },
            ],
            marks: [{ axis: 'y', at: Math.LN2, label: 'ln 2' }],
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
};
