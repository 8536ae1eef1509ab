// The GRU does with one state what the LSTM does with two: h' = (1 − z) ⊙ n + z ⊙ h keeps what z says. Three cells learn to add two numbers that were
// marked somewhere in a long row, a test of Hochreiter and Schmidhuber's.

import { Adam, fit, manualSeed, MemoryModel, memoryTask } from 'unrolled';
import { addingProblem } from 'unrolled/data';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';

const [length, hiddenSize] = [50, 32];
const every = 50; // steps between tests
const cells = [
  { name: 'tanh RNN', cell: 'rnn' },
  { name: 'LSTM', cell: 'lstm', forgetBias: 1 },
  { name: 'GRU', cell: 'gru' },
] as const;

/** The lesson with so many steps for each cell; a multiple of 50. */
export const gruLesson = (steps: number): Lesson => ({
  name: 'gru',
  async run({ lessons: { gru: t } }, progress) {
    const found: { name: string; parameters: number; error: number; losses: number[] }[] = [];
    const problem = addingProblem({ length });
    for (const [k, { name, ...options }] of cells.entries()) {
      manualSeed(1);
      const model = new MemoryModel(problem.inputSize, problem.outputSize, { hiddenSize, ...options });
      const task = memoryTask(model, problem, { batchSize: 32, seed: 1 });
      const losses: number[] = [];
      await fit(task, {
        optimizer: new Adam(model.parameters(), { lr: 5e-3 }),
        steps,
        clipNorm: 1,
        onEvent: async (event) => {
          if (event.type !== 'step' || event.step % every !== 0) return;
          // The test that the table's figure is of: the chart's last point is that figure.
          losses.push((await task.evaluate()).loss);
          await progress((k + event.step / steps) / cells.length);
        },
      });
      const error = losses[losses.length - 1];
      found.push({ name, parameters: model.recurrent.parameterCount(), error, losses });
    }
    const values = {
      length,
      steps,
      memoryless: problem.memoryless,
      cells: found.map(({ name, parameters, error }) => ({ cell: name, parameters, error })),
    };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: { header: t.header, rows: values.cells.map((c) => [c.cell, c.parameters, short(c.error)]) },
        },
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: t.step,
            yLabel: t.loss,
            series: found.map(({ name, losses }) => ({
              name,
              points: losses.map((y, k) => [(k + 1) * every, y] as const),
            })),
            marks: [{ axis: 'y', at: problem.memoryless, label: t.memoryless }],
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
});

export const gru = gruLesson(1000);
