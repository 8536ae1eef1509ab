// What a parallel recurrence gives up: the gates of a minimal GRU do not see the state, so it cannot turn a bit over, and parity is out of its reach.

import { Adam, fit, manualSeed, MemoryModel, memoryTask } from 'unrolled';
import { parityProblem } from 'unrolled/data';
import type { Lesson } from './lesson.ts';
import { short } from './numbers.ts';

const runs = [
  { cell: 'lstm', hiddenSize: 16, numLayers: 1, steps: 700 },
  { cell: 'gru', hiddenSize: 16, numLayers: 1, steps: 700 },
  { cell: 'mingru', hiddenSize: 32, numLayers: 2, steps: 700 },
] as const;

export const parity: Lesson = {
  name: 'parity',
  async run({ lessons: { parity: t } }, progress) {
    const found: { cell: string; accuracy: number; longest: number; levels: number[] }[] = [];
    for (const [k, { cell, hiddenSize, numLayers, steps }] of runs.entries()) {
      manualSeed(1);
      const problem = parityProblem({ length: 40, testLength: 256 });
      const model = new MemoryModel(problem.inputSize, problem.outputSize, { cell, hiddenSize, numLayers });
      const task = memoryTask(model, problem, { batchSize: 64, seed: 1 });
      const levels: number[] = [];
      await fit(task, {
        optimizer: new Adam(model.parameters(), { lr: 5e-3 }),
        steps,
        clipNorm: 1,
        onEvent: async (event) => {
          if (event.type !== 'step' || event.step % 10 !== 0) return;
          levels.push(Math.min(40, 3 + 3 * task.level));
          await progress((k + event.step / steps) / runs.length);
        },
      });
      const { metrics } = await task.evaluate();
      found.push({ cell, accuracy: metrics?.accuracy ?? Number.NaN, longest: levels[levels.length - 1], levels });
    }
    const values = {
      trained: 40,
      tested: 256,
      cells: found.map(({ cell, accuracy, longest }) => ({ cell, accuracy, longest })),
    };
    return {
      title: t.title,
      question: t.question,
      figures: [
        {
          kind: 'table',
          table: {
            header: t.header,
            rows: found.map(({ cell, accuracy, longest }) => [cell, longest, `${short(accuracy * 100)} %`]),
          },
        },
        {
          kind: 'chart',
          chart: {
            title: t.chart,
            xLabel: t.step,
            yLabel: t.bits,
            series: found.map(({ cell, levels }) => ({
              name: cell,
              points: levels.map((y, k) => [(k + 1) * 10, y] as const),
            })),
          },
        },
      ],
      conclusion: t.conclusion(values),
      values,
    };
  },
};
