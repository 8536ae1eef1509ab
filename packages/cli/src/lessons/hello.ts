// The lecture's own table: a vocabulary of four, the word hello, and the scores on the slide; then three numbers of state that learn it.

import { Adam, crossEntropy, indices, LanguageModel, manualSeed, scope, stepperOf, tensor } from 'unrolled';
import { exactly } from './exactly.ts';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';

const symbols = ['h', 'e', 'l', 'o'];
const scores = [
  [1.0, 2.2, -3.0, 4.1],
  [0.5, 0.3, -1.0, 1.2],
  [0.1, 0.5, 1.9, -1.1],
  [0.2, -1.5, -0.1, 2.2],
];
const idsOf = (word: string) => Array.from(word, (c) => symbols.indexOf(c));
const [read, asked] = ['hell', 'ello'];

export const hello: Lesson = {
  name: 'hello',
  async run({ lessons: { hello: t } }, progress) {
    const slide = await exactly(() => {
      const y = tensor(scores);
      const losses = crossEntropy(y, indices(idsOf(asked)), { reduction: 'none' });
      return { p: y.softmax().toArray() as number[][], losses: Array.from(losses.dataSync()) };
    });
    const sum = slide.losses.reduce((a, b) => a + b, 0);
    await progress(0.2);
    const trained = train();
    await progress(1);
    const values = {
      losses: slide.losses,
      sum,
      mean: sum / 4,
      probabilities: slide.p,
      trained: {
        steps: trained.losses.length,
        loss: trained.losses[trained.losses.length - 1],
        decoded: trained.decoded,
      },
    };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: {
            header: t.header,
            rows: scores.map((y, k) => [
              `${read[k]} → ${asked[k]}`,
              y.map((v) => v.toFixed(1)).join(' '),
              slide.p[k].map((v) => v.toFixed(2)).join(' '),
              slide.p[k][symbols.indexOf(asked[k])].toFixed(4),
              slide.losses[k].toFixed(6),
            ]),
          },
        },
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: t.step,
            yLabel: t.loss,
            yScale: 'log',
            series: [{ name: t.loss, points: trained.losses.map((l, k) => [k, l]) }],
            marks: [{ axis: 'y', at: 4 * Math.LN2 * 2, label: '4 · ln 4' }],
          },
        },
      ],
      conclusion: t.conclusion({ ...values, decoded: `h${trained.decoded}`, first: short(slide.p[0][3]) }),
      values,
    };
  },
};

/** Until the summed loss is below 0.05; then what the network says after h. */
function train(): { losses: number[]; decoded: string } {
  manualSeed(1);
  const model = new LanguageModel(4, { cell: 'rnn', hiddenSize: 3, numLayers: 1, embeddingDim: 0 });
  const optimizer = new Adam(model.parameters(), { lr: 0.03 });
  const losses: number[] = [];
  do {
    losses.push(
      scope(() => {
        const { loss } = model.loss(indices(idsOf(read), [4, 1]), indices(idsOf(asked), [4, 1]), null, 'sum');
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        return loss.itemSync();
      }),
    );
  } while (losses[losses.length - 1] > 0.05 && losses.length < 3000);
  const stepper = stepperOf(model);
  let decoded = '';
  for (let symbol = 0; decoded.length < 4; decoded += symbols[symbol]) {
    const logits = stepper.step(symbol);
    symbol = logits.indexOf(Math.max(...logits));
  }
  return { losses, decoded };
}
