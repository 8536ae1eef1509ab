// The GRU does with one state what the LSTM does with two: h' = (1 − z) ⊙ n + z ⊙ h keeps what z says. Three cells learn to add two numbers that were
// marked somewhere in a long row, a test of Hochreiter and Schmidhuber's.

import { addingProblem } from '../data/index.ts';
import { Adam, fit, manualSeed, MemoryModel, memoryTask } from '../index.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { short } from './numbers.ts';
import { lessonTerms } from './words/common.ts';
import { type GruValues, type GruWords, gruWords } from './words/gru.ts';

const [length, hiddenSize] = [50, 32];
const every = 50; // steps between tests
const cells = [
  { name: 'tanh RNN', cell: 'rnn' },
  { name: 'LSTM', cell: 'lstm', forgetBias: 1 },
  { name: 'GRU', cell: 'gru' },
] as const;

export const gru = lessonOf<GruValues, GruWords>({
  name: 'gru',
  words: gruWords,
  async measure({ steps: stepsOf, progress }) {
    const steps = stepsOf(1000, every);
    const problem = addingProblem({ length });
    const found: GruValues['cells'][number][] = [];
    for (const [k, { name, ...options }] of cells.entries()) {
      manualSeed(1);
      const model = new MemoryModel(problem.inputSize, problem.outputSize, { hiddenSize, ...options });
      const task = memoryTask(model, problem, { batchSize: 32, seed: 1 });
      const errors: number[] = [];
      await fit(task, {
        optimizer: new Adam(model.parameters(), { lr: 5e-3 }),
        steps,
        clipNorm: 1,
        onEvent: async (event) => {
          if (event.type !== 'step' || event.step % every !== 0) return;
          // The test that the table's figure is of: the chart's last point is that figure.
          errors.push((await task.evaluate()).loss);
          await progress((k + event.step / steps) / cells.length);
        },
      });
      found.push({ name, parameters: model.recurrent.parameterCount(), error: errors[errors.length - 1], errors });
    }
    return { length, steps, every, memoryless: problem.memoryless, cells: found };
  },
  answer: ({ cells }) => cells.reduce((best, { error }, k) => (error < cells[best].error ? k : best), 0),
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'table',
      header: t.header,
      rows: [...v.cells.map((c) => [c.name, c.parameters, short(c.error)]), [t.memoryless, '', short(v.memoryless)]],
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: t.error,
        series: v.cells.map(({ name, errors }) => ({
          name,
          points: errors.map((y, k) => [(k + 1) * v.every, y] as const),
        })),
        marks: [{ axis: 'y', at: v.memoryless, label: t.memoryless }],
      },
    },
  ],
});
