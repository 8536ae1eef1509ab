import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { Seq2Seq } from '../models/seq2seq/seq2seq.ts';
import { Adam } from '../optim/index.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { fit } from './fit.ts';
import { type Checkpoint, Trainer } from './trainer.ts';
import { evaluateTranslator, translateAll, translateTask, type TranslateTaskOptions } from './translate-task.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend('wasm');
});
afterAll(() => useBackend(before));

/** Words of one to four letters, to be said backwards: symbols 4 to 8. */
const words = Array.from({ length: 120 }, (_, n) =>
  Array.from({ length: 1 + (n % 4) }, (__, t) => 4 + ((n * (t + 3) + 7 * t + Math.floor(n / 4)) % 5)),
);
const pairs = { sources: words.slice(0, 100), targets: words.slice(0, 100).map((row) => row.toReversed()) };
const validation = { sources: words.slice(100), targets: words.slice(100).map((row) => row.toReversed()) };

function makeTask(options: Partial<TranslateTaskOptions> = {}, dropout = 0) {
  manualSeed(3);
  const model = new Seq2Seq({ sourceVocabulary: 9, targetVocabulary: 9, hiddenSize: 24, dropout });
  return translateTask(model, { train: pairs, validation, batchSize: 10, seed: 4, ...options });
}

const trainer = (task: ReturnType<typeof makeTask>, steps: number) =>
  new Trainer(task, {
    optimizer: new Adam(task.model.parameters(), { lr: 0.01 }),
    steps,
    evaluateEvery: 4,
    clipNorm: 1,
  });

describe('translateTask', () => {
  test('a batch of so many tokens counts the end of each target', () => {
    const same = (of: number[], n: number) => Array.from({ length: n }, () => of);
    const count = (tokens: number, sources: number[][], targets: number[][]) =>
      makeTask({ train: { sources, targets }, batchSize: undefined, tokens }).next()().targets;
    const five = same([4, 5, 6, 7, 8], 6);
    expect(count(17, same([4], 6), five)).toBe(2 * 6); // three rows would be 18
    expect(count(18, same([4], 6), five)).toBe(3 * 6);
    expect(count(14, same([4, 5, 6, 7, 8, 4, 5], 6), five)).toBe(2 * 6); // the source is the longer side
    expect(count(13, same([4, 5, 6, 7, 8, 4, 5], 6), five)).toBe(6);
  });

  test('learns to say words backwards, and translates them alone as in a batch', async () => {
    const task = makeTask({
      translate: 20,
      measure: (predicted, wanted) => ({ pairs: predicted.length / wanted.length }),
    });
    await fit(task, { optimizer: new Adam(task.model.parameters(), { lr: 0.01 }), steps: 250, clipNorm: 1 });
    const evaluation = await task.evaluate();
    expect(evaluation?.metrics?.exactMatch).toBeGreaterThan(0.9);
    expect(evaluation?.metrics?.perplexity).toBeCloseTo(Math.exp(evaluation?.loss ?? 0), 10);
    expect(evaluation?.metrics?.pairs).toBe(1);
    const { model } = task;
    for (const options of [{}, { beams: 4, nBest: 2, lengthPenalty: 0.6 }]) {
      const together = await translateAll(model, validation.sources, options);
      for (const [n, source] of validation.sources.slice(0, 6).entries())
        expect(together[n].map((d) => [...d.ids])).toEqual(
          model.translate([source], options)[0].map((d) => [...d.ids]),
        );
    }
    const [best] = model.translate([[4, 5, 6]])[0];
    expect([...best.ids]).toEqual([6, 5, 4]);
    expect(best.ended).toBe(true);
    expect(best.attention?.map((row) => row.length)).toEqual([3, 3, 3, 3]);
    for (const row of best.attention ?? []) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    const drawn = model.translate([[4, 5, 6]], { sample: { temperature: 0.1, seed: 1 } })[0];
    expect([...drawn[0].ids]).toEqual([6, 5, 4]);
  });

  test('what the search says of a sequence is what the loss says of it', async () => {
    const task = makeTask();
    await fit(task, { optimizer: new Adam(task.model.parameters(), { lr: 0.01 }), steps: 40 });
    for (const beams of [1, 5]) {
      const [best] = task.model.translate([[4, 5, 6]], { beams, nBest: 1 })[0];
      const forced = await evaluateTranslator(task.model, { sources: [[4, 5, 6]], targets: [best.ids] });
      expect(best.logProbability).toBeCloseTo(-forced.loss * forced.targets, 4);
    }
  });

  test('a run with dropout and scheduled sampling that goes on from a checkpoint ends in the same bits', async () => {
    const options = { teacherForcing: { kind: 'inverse-sigmoid', k: 4 } } as const;
    const whole = makeTask(options, 0.2);
    for await (const _event of trainer(whole, 14).run());
    for (const at of [3, 8, 11]) {
      const first = makeTask(options, 0.2);
      let saved: Checkpoint | null = null;
      for await (const event of trainer(first, 14).run()) {
        if (event.type === 'checkpoint' && event.step === at) saved = event.take();
        if (saved) break;
      }
      const second = makeTask(options, 0.2);
      manualSeed(99);
      const resumed = trainer(second, 14);
      const { model, training, state } = saved as Checkpoint;
      resumed.restore({ model, training, state: JSON.parse(JSON.stringify(state)) as typeof state });
      for await (const _event of resumed.run());
      expect(second.model.stateDict()).toEqual(whole.model.stateDict());
    }
  });

  test('the best model can go by what was measured', async () => {
    const task = makeTask({ translate: 5, best: 'exactMatch' });
    const evaluation = await task.evaluate();
    expect(evaluation?.score).toBe(-(evaluation?.metrics?.exactMatch ?? Number.NaN));
  });

  test.each<[Partial<TranslateTaskOptions>, string]>([
    [{ train: { sources: [[4]], targets: [] } }, 'targets: expected one for each of 1 sources, got 0'],
    [
      { train: { sources: [[4], [12]], targets: [[4], [4]] } },
      'sources: pair 1: expected symbols from 0 to 8, got 12 at 0',
    ],
    [{ train: { sources: [[4], []], targets: [[4], [4]] } }, 'pair 1: its source is empty; leave it out'],
    [{ best: 'bleu' }, 'best: bleu is measured on translations: validation and translate are needed'],
    [{ teacherForcing: 2 }, 'ratio: expected a number from 0 to 1, got 2'],
    [{ labelSmoothing: 1.5 }, 'labelSmoothing: expected a probability in [0, 1), got 1.5'],
    [{ translate: -1 }, 'translate: expected a whole number from 0, got -1'],
  ])('refuses %o', (options, message) => {
    expect(() => makeTask(options)).toThrow(message);
  });
});
