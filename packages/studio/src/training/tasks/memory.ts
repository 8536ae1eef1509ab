// Tests of long memory: sequences made as they are needed, of the length of the window.

import { indices, MemoryModel, memoryTask, noGrad, Random, scope, tensor } from 'unrolled';
import { memoryProblems } from 'unrolled/data';
import type { DatasetOf } from '../../data/dataset.ts';
import { redrawn } from '../../data/redrawn.ts';
import type { Settings } from '../../settings/settings.ts';
import { layersOf, marked, type Prepared, seeded } from './prepared.ts';

const shown = 5;

export function prepareMemory(settings: Settings, { problem: name }: DatasetOf<'memory'>): Prepared {
  const problem = redrawn(memoryProblems[name].make({ length: settings.windowLength }), settings);
  const { inputSize, outputSize } = problem;
  const model = seeded(settings, () => new MemoryModel(inputSize, outputSize, layersOf(settings)));
  const { batch, seed } = settings;
  const answers = problem.batch(new Random(1).fork('shown'), { rows: shown, test: true });
  return {
    model,
    task: memoryTask(model, problem, { batchSize: batch, seed }),
    examples: settings.steps * batch,
    symbols: inputSize,
    pictures: [],
    parts: { task: 'memory', config: model.config, input: null, contents: {} },
    heldOut: () => null,
    async show() {
      const output = scope(() =>
        noGrad(() => {
          const x = tensor(answers.input, [answers.steps, answers.rows, inputSize]);
          const lengths = answers.lengths && indices(answers.lengths, [answers.rows]);
          const y = model.last(x, { lengths });
          return Array.from((problem.asks === 'number' ? y : y.argmax(-1)).dataSync());
        }),
      );
      const text = output
        .map((value, b) => {
          const target = answers.target[b];
          if (problem.asks !== 'number') return marked(value === target, `${value}  (${target})`);
          return marked(Math.abs(value - target) < 0.04, `${value.toFixed(2)}  (${target.toFixed(2)})`);
        })
        .join('\n');
      return { text };
    },
  };
}
