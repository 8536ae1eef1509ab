// What a parallel recurrence gives up: the gates of a minimal GRU do not see the state, so it cannot turn a bit over, and parity is out of its reach.

import { parityProblem } from '../data/index.ts';
import { Adam, fit, manualSeed, MemoryModel, memoryTask } from '../index.ts';
import type { LessonFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { percent } from './numbers.ts';
import { lessonTerms } from './words/common.ts';
import { type ParityValues, type ParityWords, parityWords } from './words/parity.ts';

const [trained, tested, testSize] = [40, 256, 512];
const every = 10;
const runs = [
  { name: 'LSTM', cell: 'lstm', hiddenSize: 16, numLayers: 1 },
  { name: 'GRU', cell: 'gru', hiddenSize: 16, numLayers: 1 },
  { name: 'minGRU', cell: 'mingru', hiddenSize: 32, numLayers: 2 },
] as const;

export const parity = lessonOf<ParityValues, ParityWords>({
  name: 'parity',
  words: parityWords,
  async measure({ steps: stepsOf, progress }) {
    const steps = stepsOf(700, every);
    const cells: ParityValues['cells'][number][] = [];
    for (const [k, { name, ...options }] of runs.entries()) {
      manualSeed(1);
      const problem = parityProblem({ length: trained, testLength: tested });
      const model = new MemoryModel(problem.inputSize, problem.outputSize, options);
      const task = memoryTask(model, problem, { batchSize: 64, seed: 1, testSize });
      const levels: number[] = [];
      await fit(task, {
        optimizer: new Adam(model.parameters(), { lr: 5e-3 }),
        steps,
        clipNorm: 1,
        onEvent: async (event) => {
          if (event.type !== 'step' || event.step % every !== 0) return;
          levels.push(Math.min(trained, 3 + 3 * task.level));
          await progress((k + event.step / steps) / runs.length);
        },
      });
      const { metrics } = await task.evaluate();
      const { hiddenSize, numLayers } = options;
      const accuracy = metrics?.accuracy ?? Number.NaN;
      cells.push({
        name,
        hiddenSize,
        numLayers,
        parameters: model.recurrent.parameterCount(),
        accuracy,
        longest: levels[levels.length - 1],
        levels,
      });
    }
    return { trained, tested, steps, every, testSize, cells };
  },
  answer: ({ cells }) => {
    const learned = (name: RegExp) => cells.some((cell) => name.test(cell.name) && cell.accuracy > 0.75);
    return learned(/min/i) ? (learned(/lstm/i) ? 1 : 2) : 0;
  },
  figures: (v, t, language): LessonFigure[] => [
    {
      kind: 'table',
      header: t.header,
      rows: v.cells.map((c) => [
        c.name,
        `${c.numLayers} × ${c.hiddenSize}`,
        c.parameters,
        c.longest,
        percent(c.accuracy),
      ]),
    },
    {
      kind: 'chart',
      chart: {
        title: t.chart,
        xLabel: lessonTerms[language].step,
        yLabel: t.bits,
        series: v.cells.map(({ name, levels }) => ({
          name,
          points: levels.map((y, k) => [(k + 1) * v.every, y] as const),
        })),
      },
    },
  ],
});
