import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { memoryProblems, parityProblem } from '../data/synthetic/memory/index.ts';
import type { MemoryProblem } from '../data/synthetic/memory/problem.ts';
import { MemoryModel } from '../models/memory-model.ts';
import { Adam } from '../optim/index.ts';
import { manualSeed } from '../tensor/random-state.ts';
import type { TrainingEvent } from './events.ts';
import { memoryTask, type MemoryTask } from './memory-tasks.ts';
import type { Json } from './task.ts';
import { type Checkpoint, Trainer } from './trainer.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

function makeTask(problem: MemoryProblem): MemoryTask {
  manualSeed(2);
  const model = new MemoryModel(problem.inputSize, problem.outputSize, { cell: 'lstm', hiddenSize: 6, forgetBias: 1 });
  return memoryTask(model, problem, { batchSize: 4, testSize: 6, seed: 3, mastered: 0.4 });
}

const makeTrainer = (task: MemoryTask) =>
  new Trainer(task, {
    optimizer: new Adam(task.model.parameters(), { lr: 0.02 }),
    steps: 10,
    clipNorm: 1,
    evaluateEvery: 4,
  });

async function events(trainer: Trainer): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of trainer.run()) all.push(event);
  return all;
}

describe.each(Object.entries(memoryProblems))('MemoryTask on %s', (_name, entry) => {
  const problem = () => entry.make({ length: 20 });

  test('an untrained model is about as good as one without a memory, and its metrics are told', async () => {
    const task = makeTask(problem());
    const { loss, metrics, targets } = await task.evaluate();
    expect(loss).toBeGreaterThan(0.5 * task.problem.memoryless);
    expect(targets).toBe(6);
    expect(Object.keys(metrics ?? {})).toContain(entry.solved.metric);
    expect(await task.evaluate()).toEqual({ loss, metrics, targets });
  });

  test('a run that goes on from a checkpoint ends in the same bits', async () => {
    const whole = makeTask(problem());
    const straight = await events(makeTrainer(whole));
    for (const at of [3, 7]) {
      let saved: Checkpoint | null = null;
      for await (const event of makeTrainer(makeTask(problem())).run()) {
        if (event.type === 'checkpoint' && event.step === at) saved = event.take();
        if (saved) break;
      }
      const second = makeTask(problem());
      const resumed = makeTrainer(second);
      const { model, training, state } = saved as Checkpoint;
      resumed.restore({ model, training, state: JSON.parse(JSON.stringify(state)) as typeof state });
      const plain = (e: TrainingEvent) => JSON.stringify(e);
      expect((await events(resumed)).map(plain)).toEqual(
        straight.filter((e) => e.step > at || e.type === 'end').map(plain),
      );
      expect(second.model.stateDict()).toEqual(whole.model.stateDict());
      expect(second.level).toBe(whole.level);
    }
  });
});

describe('MemoryTask', () => {
  test('climbs a level when a batch is mastered', async () => {
    const task = makeTask(parityProblem({ length: 20 }));
    await events(makeTrainer(task));
    expect(task.level).toBeGreaterThan(0);
    expect(task.level).toBeLessThan(task.problem.levels);
  });

  test('learns: parity at every step, in a few hundred small ones', async () => {
    const problem = parityProblem({ length: 8, testLength: 20, everyStep: true });
    manualSeed(1);
    const model = new MemoryModel(2, 2, { cell: 'lstm', hiddenSize: 8 });
    const task = memoryTask(model, problem, { batchSize: 16, testSize: 32, seed: 1 });
    const trainer = new Trainer(task, {
      optimizer: new Adam(model.parameters(), { lr: 0.02 }),
      steps: 300,
      clipNorm: 1,
    });
    await events(trainer);
    expect((await task.evaluate()).metrics).toEqual({ accuracy: 1 });
  });

  test('refuses the state of another kind of task', () => {
    const task = makeTask(memoryProblems.adding.make());
    expect(() => task.setState({ json: { position: 3 } })).toThrow(
      'checkpoint: its task state has no step and level; was it saved by another kind of task?',
    );
    for (const json of [{ step: 3 }, { level: 0 }, null] as Json[])
      expect(() => task.setState({ json })).toThrow('its task state has no step and level');
  });

  test('a batch that is as good as `mastered` says is not mastered yet', () => {
    const problem = parityProblem({ length: 20 });
    const level = (mastered: number) => {
      manualSeed(2);
      const model = new MemoryModel(problem.inputSize, problem.outputSize, { cell: 'lstm', hiddenSize: 6 });
      const right = { ...problem, measure: () => ({ accuracy: 0.75 }) };
      const task = memoryTask(model, right as MemoryProblem, { batchSize: 4, testSize: 6, mastered });
      task.next()().accept?.();
      return task.level;
    };
    expect([level(0.75), level(0.7499)]).toEqual([0, 1]);
  });
});

describe('MemoryModel', () => {
  test.each([
    [
      { cell: 'gru', forgetBias: 1 },
      'MemoryModel: forgetBias: only an LSTM has a forget gate of its own, and the cell is gru',
    ],
    [{ cell: 'lstm-coupled', timescale: 9 }, 'MemoryModel: timescale: only an LSTM has a forget gate of its own'],
    [{ hiddenSize: 0 }, 'MemoryModel: hiddenSize: expected a whole number from 1, got 0'],
    [{ cell: 'grU' as 'gru' }, 'MemoryModel: cell: unknown cell grU; did you mean gru?'],
  ] as const)('refuses %o', (options, message) => {
    expect(() => new MemoryModel(2, 1, options)).toThrow(message);
  });
});
