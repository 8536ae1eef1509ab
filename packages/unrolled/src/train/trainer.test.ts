import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { StreamBatcher } from '../data/streams.ts';
import { NonFiniteError } from '../errors.ts';
import { LanguageModel, type LanguageModelOptions } from '../models/language-model.ts';
import { Adam, cosineSchedule, plateauSchedule, type Schedule, SGD } from '../optim/index.ts';
import { manualSeed } from '../tensor/random-state.ts';
import type { TrainingEvent } from './events.ts';
import { languageTask, type LanguageTask } from './language-task.ts';
import { fit } from './fit.ts';
import { type Checkpoint, Trainer, type TrainerOptions } from './trainer.ts';

const ids = Int32Array.from({ length: 241 }, (_, i) => (i * i + 3 * i) % 7);
const [streams, windowLength] = [3, 8];

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

function makeTask(options: LanguageModelOptions = {}): LanguageTask {
  manualSeed(4);
  const model = new LanguageModel(7, {
    cell: 'lstm',
    hiddenSize: 6,
    numLayers: 2,
    dropout: 0.2,
    recurrentDropout: 0.1,
    ...options,
  });
  const data = (part: Int32Array) => new StreamBatcher(part, { streams, windowLength });
  return languageTask(model, { train: data(ids.subarray(0, 200)), validation: data(ids.subarray(200)) });
}

function makeTrainer(
  task: LanguageTask,
  options: Partial<TrainerOptions> = {},
  schedule: Schedule | null = cosineSchedule(0.02, { steps: 25 }),
): Trainer {
  return new Trainer(task, {
    optimizer: new Adam(task.model.parameters(), { lr: 0.02 }),
    steps: 25,
    clipNorm: 1,
    schedule,
    evaluateEvery: 5,
    ...options,
  });
}

async function events(trainer: Trainer): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of trainer.run()) all.push(event);
  return all;
}

const weights = (task: LanguageTask) => [...task.model.stateDict()].map(([name, { data }]) => [name, [...data]]);

/** Through JSON and back, as a file would. */
const throughFile = (c: Checkpoint): Checkpoint => ({ ...c, state: JSON.parse(JSON.stringify(c.state)) });

describe('Trainer', () => {
  test('ten steps lower the loss, and every step is told', async () => {
    const task = makeTask({ dropout: 0, recurrentDropout: 0 });
    const all = await events(makeTrainer(task, { steps: 10 }));
    const losses = all.flatMap((e) => (e.type === 'step' ? [e.loss] : []));
    expect(losses.length).toBe(10);
    expect(losses[0]).toBeCloseTo(Math.log(7), 0);
    expect(losses[9]).toBeLessThan(losses[0]);
    expect(all.at(-1)).toMatchObject({ type: 'end', step: 10, reason: 'finished' });
  });

  test.each(['cosine', 'plateau'] as const)(
    'a run that goes on from any checkpoint ends in the same bits (%s schedule)',
    async (kind) => {
      const schedule = () =>
        kind === 'cosine' ? cosineSchedule(0.02, { steps: 25 }) : plateauSchedule(0.02, { patience: 0, factor: 0.5 });
      const whole = makeTask();
      const straight = await events(makeTrainer(whole, {}, schedule()));
      for (const at of [1, 5, 13, 20, 24]) {
        const first = makeTask();
        const trainer = makeTrainer(first, {}, schedule());
        let saved: Checkpoint | null = null;
        for await (const event of trainer.run()) {
          if (event.type === 'checkpoint' && event.step === at) saved = throughFile(event.take());
          if (saved) break;
        }
        manualSeed(999); // whatever happened in between
        const second = makeTask();
        const resumed = makeTrainer(second, {}, schedule());
        resumed.restore(saved as Checkpoint);
        const rest = await events(resumed);
        expect(weights(second)).toEqual(weights(whole));
        const told = (all: TrainingEvent[]) =>
          all.filter((e) => e.type === 'step' || e.type === 'evaluation' || e.type === 'end');
        expect(told(rest)).toEqual(told(straight).filter((e) => e.step > at));
      }
    },
  );

  test.each([
    { cell: 'mingru', block: 'residual', convolution: 4, recurrentDropout: 0 },
    { cell: 'lru', block: 'residual', recurrentDropout: 0 },
    { cell: 'slstm' },
  ] as const)('a run of %o goes on from a checkpoint to the same bits', async (model) => {
    const whole = makeTask(model);
    await events(makeTrainer(whole));
    const trainer = makeTrainer(makeTask(model));
    let saved: Checkpoint | null = null;
    for await (const event of trainer.run()) {
      if (event.type === 'checkpoint' && event.step === 5) saved = throughFile(event.take());
      if (saved) break;
    }
    manualSeed(999);
    const second = makeTask(model);
    const resumed = makeTrainer(second);
    resumed.restore(saved as unknown as Checkpoint);
    await events(resumed);
    expect(weights(second)).toEqual(weights(whole));
  });

  test('an abort finishes the step at hand, hands out a checkpoint, and says so', async () => {
    const controller = new AbortController();
    const all: TrainingEvent[] = [];
    for await (const event of makeTrainer(makeTask()).run(controller.signal)) {
      all.push(event);
      if (event.type === 'step' && event.step === 3) controller.abort();
    }
    expect(all.slice(-2).map((e) => e.type)).toEqual(['checkpoint', 'end']);
    expect(all.at(-1)).toMatchObject({ reason: 'stopped', step: 3 });
  });

  test('patience ends a run that does not get better', async () => {
    const task = makeTask();
    const end = await fit(task, {
      optimizer: new SGD(task.model.parameters(), { lr: 0 }),
      steps: 1000,
      evaluateEvery: 2,
      patience: 3,
    });
    expect(end).toMatchObject({ reason: 'no improvement', step: 8 });
  });

  test('of validations with the same score the one of the lower loss is the best', async () => {
    const scores = [0, 0, 0, -1, -1, -1];
    const losses = [3, 2, 2.5, 1, 0.5, 0.5];
    let count = 0;
    const task = Object.assign(makeTask(), {
      evaluate: async () => ({ loss: losses[count], targets: 1, score: scores[count++] }),
    });
    const all = await events(makeTrainer(task, { steps: 6, evaluateEvery: 1 }));
    const best = all.flatMap((e) => (e.type === 'evaluation' ? [e.best] : []));
    expect(best).toEqual([true, true, false, true, true, false]);
    expect(all.at(-1)).toMatchObject({ bestLoss: 0.5 });
  });

  test('a run that patience had ended is over when it is taken up again', async () => {
    const impatient = () => {
      const task = makeTask();
      const optimizer = new SGD(task.model.parameters(), { lr: 0 });
      return new Trainer(task, { optimizer, steps: 1000, evaluateEvery: 2, patience: 3 });
    };
    const first = impatient();
    const ended = (await events(first)).at(-1);
    const again = impatient();
    again.restore(first.checkpoint());
    expect(await events(again)).toEqual([ended]);
  });

  test('a loss that is not finite is refused before any weight changes, and its origin named', async () => {
    const task = makeTask();
    const named = new Map(task.model.namedParameters());
    named.get('recurrent.weight_hh_l1')?.storage.array.fill(Number.NaN, 3, 4);
    const start = weights(task);
    const failure = await events(makeTrainer(task)).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(NonFiniteError);
    expect((failure as NonFiniteError).message).toBe(
      'the loss of step 1 is NaN; it began in parameter recurrent.weight_hh_l1. The step was refused and no weight has changed',
    );
    expect(weights(task)).toEqual(start);
  });

  test('a gradient that is not finite is refused, and the op that made it named', async () => {
    const task = makeTask({ dropout: 0, recurrentDropout: 0 });
    const original = task.model.loss.bind(task.model);
    task.model.loss = (input, target, state, reduction) => {
      const { loss, state: next } = original(input, target, state, reduction);
      return { loss: loss.add(loss.sub(loss.detach()).sqrt()), state: next }; // √0: value 0, derivative ∞
    };
    const start = weights(task);
    await expect(events(makeTrainer(task))).rejects.toThrow('a gradient of step 1 is not finite; it began in op sqrt');
    expect(weights(task)).toEqual(start);
  });

  test('a batch that is not finite can be skipped, and ten in a row end the run', async () => {
    const task = makeTask({ dropout: 0 });
    const original = task.model.loss.bind(task.model);
    let calls = 0;
    task.model.loss = (...args) => {
      const { loss, state } = original(...args);
      return { loss: calls++ === 2 ? loss.mul(Number.NaN) : loss, state };
    };
    const all = await events(makeTrainer(task, { steps: 6, evaluateEvery: 0, onNonFinite: 'skip' }));
    expect(all.filter((e) => e.type === 'skipped').map((e) => e.step)).toEqual([3]);
    task.model.loss = (...args) => ({ ...original(...args), loss: original(...args).loss.mul(Number.NaN) });
    await expect(events(makeTrainer(task, { onNonFinite: 'skip' }))).rejects.toThrow(NonFiniteError);
  });

  test('validation changes nothing', async () => {
    const [a, b] = [makeTask(), makeTask()];
    manualSeed(8);
    await events(makeTrainer(a, { evaluateEvery: 0 }));
    manualSeed(8);
    await events(makeTrainer(b, { evaluateEvery: 1 }));
    expect(weights(b)).toEqual(weights(a));
  });

  test.each<[object, string]>([
    [{ steps: -1 }, 'steps: expected a whole number from 0, got -1'],
    [{ clipNorm: 0 }, 'clipNorm: expected a number above 0, got 0'],
    [{ evalEvery: 3 }, 'evalEvery: unknown option; did you mean evaluateEvery?'],
  ])('refuses %o', (options, message) => {
    expect(() => makeTrainer(makeTask(), options)).toThrow(message);
  });
});
