// Softmax and the loss of each step on the scores of the slide, their sum, and three hidden units that learn the word.

import { Adam, crossEntropy, indices, LanguageModel, manualSeed, scope, stepperOf } from '../index.ts';
import { exactly } from './exactly.ts';
import type { LessonFigure } from './figures.ts';
import { helloNetwork, helloTargets, read, runHello, symbols, targets } from './hello-network.ts';
import { lessonOf, type Measuring } from './lesson.ts';
import { fixed } from './numbers.ts';
import { type LossValues, type LossWords, lossWords } from './words/loss.ts';
import { cat } from '../index.ts';

export const loss = lessonOf<LossValues, LossWords>({
  name: 'loss',
  words: lossWords,
  async measure(measuring) {
    const slide = await exactly(() => {
      const y = cat(runHello(helloNetwork()).y, 0); // [T, V]
      const losses = crossEntropy(y, helloTargets(), { reduction: 'none' });
      return {
        scores: y.toArray() as number[][],
        p: y.softmax().toArray() as number[][],
        losses: [...losses.dataSync()],
      };
    });
    const sum = slide.losses.reduce((a, b) => a + b, 0);
    await measuring.progress(0.2);
    return {
      ...slide,
      sum,
      mean: sum / targets.length,
      chance: targets.length * Math.log(symbols.length),
      trained: train(measuring),
    };
  },
  answer: ({ losses }) => {
    const [largest, smallest] = [losses.indexOf(Math.max(...losses)), losses.indexOf(Math.min(...losses))];
    return largest === 0 ? 0 : smallest === 3 ? 1 : 2;
  },
  figures: (v, t): LessonFigure[] => [
    {
      kind: 'table',
      header: t.header,
      rows: v.scores.map((y, k) => [
        `${symbols[read[k]]} → ${symbols[targets[k]]}`,
        y.map((s) => fixed(s, 1)).join('  '),
        v.p[k].map((p) => fixed(p, 2)).join('  '),
        fixed(v.p[k][targets[k]], 4),
        fixed(v.losses[k], 6),
      ]),
    },
    {
      kind: 'bars',
      title: t.bars,
      rows: [
        ...v.losses.map((loss, k) => ({ label: `L_${k + 1}`, value: loss, text: fixed(loss, 6) })),
        { label: t.total, value: v.sum, text: fixed(v.sum, 6), marked: true },
      ],
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: t.step,
        yLabel: t.lossLabel,
        yScale: 'log',
        series: [{ name: t.lossLabel, points: v.trained.losses.map((l, k) => [k, l] as const) }],
        marks: [{ axis: 'y', at: v.chance, label: t.chance }],
      },
    },
  ],
});

/** Until the summed loss is below 0.05; then what the network writes after h, the most probable letter each time. */
function train({ steps }: Measuring): LossValues['trained'] {
  manualSeed(1);
  const model = new LanguageModel(symbols.length, { cell: 'rnn', hiddenSize: 3, numLayers: 1, embeddingDim: 0 });
  const optimizer = new Adam(model.parameters(), { lr: 0.03 });
  const most = steps(3000);
  const losses: number[] = [];
  do {
    losses.push(
      scope(() => {
        const { loss } = model.loss(indices(read, [4, 1]), indices(targets, [4, 1]), null, 'sum');
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        return loss.itemSync();
      }),
    );
  } while (losses[losses.length - 1] > 0.05 && losses.length < most);
  const stepper = stepperOf(model);
  let decoded = '';
  for (let symbol = 0; decoded.length < 4; decoded += symbols[symbol]) {
    const logits = stepper.step(symbol);
    symbol = logits.indexOf(Math.max(...logits));
  }
  return { steps: losses.length, loss: losses[losses.length - 1], losses, decoded: `h${decoded}` };
}
