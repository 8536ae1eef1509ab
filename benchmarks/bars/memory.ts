// How the tests of long memory are run: a small network, Adam, gradients clipped to norm 1, until the test is passed or the steps are over.

import {
  Adam,
  cosineSchedule,
  manualSeed,
  MemoryModel,
  type MemoryModelOptions,
  memoryTask,
  type MemoryTask,
  Trainer,
} from 'unrolled';
import { type MemoryProblem } from 'unrolled/data';
import { progress } from './bar.ts';

export interface MemoryRun {
  readonly problem: MemoryProblem;
  readonly model: MemoryModelOptions;
  readonly seed: number;
  readonly steps: number;
  readonly lr: number;
  /** Let the rate fall along a cosine. Default false. */
  readonly cosine?: boolean;
  readonly batchSize: number;
  readonly testSize?: number;
  readonly evaluateEvery: number;
  /** Whether the test is passed: then the run ends. */
  readonly until: (metrics: Readonly<Record<string, number>>, task: MemoryTask) => boolean;
}

/** The steps that were needed until the test was passed, and the metrics on another test of the same size, which had no say in when to stop. */
export async function runMemory(run: MemoryRun): Promise<{ metrics: Readonly<Record<string, number>>; steps: number }> {
  manualSeed(run.seed);
  const model = new MemoryModel(run.problem.inputSize, run.problem.outputSize, run.model);
  const { batchSize, testSize = 256 } = run;
  const task = memoryTask(model, run.problem, { batchSize, testSize, seed: run.seed });
  const trainer = new Trainer(task, {
    optimizer: new Adam(model.parameters(), { lr: run.lr }),
    steps: run.steps,
    clipNorm: 1,
    evaluateEvery: run.evaluateEvery,
    schedule: run.cosine ? cosineSchedule(run.lr, { steps: run.steps }) : null,
  });
  for await (const event of trainer.run()) {
    if (event.type !== 'evaluation') continue;
    const metrics = event.metrics ?? {};
    const told = Object.entries(metrics).map(([name, value]) => `${name} ${value.toPrecision(3)}`);
    progress(
      `${run.problem.name}, ${run.model.cell}, seed ${run.seed}: step ${event.step}, loss ${event.loss.toFixed(4)}, ${told.join(', ')}`,
    );
    if (run.until(metrics, task)) break;
  }
  const other = memoryTask(model, run.problem, { batchSize, testSize, seed: run.seed + 1000 });
  return { metrics: (await other.evaluate()).metrics ?? {}, steps: trainer.step };
}
