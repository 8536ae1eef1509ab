import { expect, test } from 'vitest';
import { planOf, type SweepPlan } from './plan.ts';
import type { RungRecord, TrialRecord } from './records.ts';
import { csvOf, resultsOf, sorted } from './results.ts';
import { entrantsOf, isComplete, missingOf } from './rungs.ts';

const plan: SweepPlan = await planOf('sweep.json', {
  command: 'train text notes.txt --steps 18',
  parameters: { hidden: { integer: [4, 9] } },
  method: 'halving',
  trials: 10,
});
const rung = (loss: number | null, reason: RungRecord['reason'] = 'rung', step = 2): RungRecord => ({
  step,
  reason,
  loss,
  metrics: {},
});
const losses = [5, 3, 9, 1, 7, 3, 8, 2, 6, 4];
const first: readonly TrialRecord[] = losses.map((loss) => [rung(loss)]);

test('the best of a rung are in the next, once the last of it has ended', () => {
  expect(entrantsOf(plan, first, 1)).toEqual([1, 3, 7]); // of the two with 3 the one that is first
  const open = first.with(4, []);
  expect(entrantsOf(plan, open, 1)).toBeNull();
  expect(missingOf(entrantsOf(plan, open, 0) as number[], open, 0)).toEqual([4]);
  expect(entrantsOf(plan, first, 2)).toBeNull();
});

test('with a metric that is to be high, the highest are in the next', () => {
  const maximize = { ...plan, sweep: { ...plan.sweep, metric: 'f1', direction: 'maximize' as const } };
  const records = losses.map((value) => [{ ...rung(null), metrics: { f1: value } }]);
  expect(entrantsOf(maximize, records, 1)).toEqual([2, 4, 6]);
});

test('what diverged is trained no further, and what ended early keeps its result', () => {
  const diverged = losses.map((loss, k) => [rung(k < 8 ? null : loss, k < 8 ? 'diverged' : 'rung')]);
  expect(entrantsOf(plan, diverged, 1)).toEqual([8, 9]);
  const early = first.with(3, [rung(1, 'no improvement')]);
  expect(entrantsOf(plan, early, 1)).toEqual([1, 3, 7]);
});

test('results say who is left out as soon as that is known, and are complete at the end', () => {
  const before = resultsOf(plan, first.with(4, []));
  expect(before.trials.map(({ state }) => state)).toEqual(Array(10).fill('waiting'));
  const after = resultsOf(plan, first);
  expect(after.trials.filter(({ state }) => state === 'waiting').map(({ trial }) => trial)).toEqual([1, 3, 7]);
  expect([after.complete, after.best]).toEqual([false, 3]);
  const records = first.map((one, k) => ([1, 3, 7].includes(k) ? [...one, rung(k, 'rung', 6)] : one));
  const done = records.with(1, [...records[1], rung(0.5, 'finished', 18)]);
  const results = resultsOf(plan, done);
  expect([results.complete, results.best]).toEqual([true, 1]);
  expect(isComplete(plan, records)).toBe(false);
  expect(sorted('minimize', results.trials).map(({ trial }) => trial)).toEqual([1, 3, 7, 5, 9, 0, 8, 4, 6, 2]);
  const [header, , second] = csvOf(plan, results).split('\n');
  expect(header).toBe('trial,state,hidden,loss,steps,rungs,run');
  expect(second).toBe(`1,finished,${String(plan.trials[1].hidden)},0.5,18,3,trials/001`);
});
