// The plan of a run of so many minutes, on a clock that only steps, validations and samples move.

import { describe, expect, test } from 'vitest';
import { askedOf, nextLeg } from './continued.ts';
import type { RunConfig } from './config.ts';
import type { Prepared } from './kind.ts';
import { epochsFor, type Length, type Plan, planIn } from './plan.ts';
import { TimeLeft, validationsLeft } from './time-left.ts';

/** A machine, in milliseconds: a validation takes `fixed` and, on all data, `whole` more. */
interface Machine {
  readonly step: number;
  readonly fixed?: number;
  readonly whole: number;
  readonly sample?: number;
  readonly mostEpochs?: number;
}

async function planned(machine: Machine, minutes: number | null, more: Partial<Length> = {}) {
  const { step, fixed = 0, whole, sample } = machine;
  let time = 0;
  const validation = (part = 1) => (time += fixed + part * whole);
  const model = { eval: () => model };
  const task = {
    stepsPerEpoch: 100,
    next: () => () => ({ loss: { backward: () => void (time += step) } }),
    evaluate: async (part?: number) => (validation(part), { loss: 1, targets: 1 }),
  };
  const prepared = {
    make: () => ({ model, task }),
    ...(sample === undefined ? {} : { sample: async () => void (time += sample) }),
    ...(machine.mostEpochs === undefined ? {} : { mostEpochs: machine.mostEpochs }),
  } as unknown as Prepared;
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const length = { epochs: null, minutes, evalEvery: null, sampleEvery: null, say, now: () => time };
  const plan = await planIn(prepared, { model: {}, training: { seed: 1 } } as never, { ...length, ...more });
  const measuring = time;
  time = 0;
  for (let k = 0; k < plan.validations; k++) validation(plan.validationPart);
  const validating = time;
  const total = measuring + plan.steps * step + validating + plan.samples * (sample ?? 0);
  const asked = 60_000 * (minutes ?? 1);
  return { plan, measuring, said, share: validating / asked, total: total / asked };
}

describe('minutes include validations and samples', () => {
  const machines: Record<string, Machine> = {
    'a fast machine': { step: 2, whole: 20, sample: 5 },
    'a long validation part': { step: 2, whole: 6400, sample: 60 },
    'a slow clock: no compiler': { step: 150, fixed: 10, whole: 17_000, sample: 900 },
    'no samples': { step: 30, whole: 4000 },
  };
  describe.each(Object.entries(machines))('%s', (_name, machine) => {
    test.each([0.1, 0.3, 1, 5])('%s minutes', async (minutes) => {
      const { plan, share, measuring, total } = await planned(machine, minutes);
      expect(share).toBeLessThan(0.15);
      expect(measuring / (60_000 * minutes)).toBeLessThan(0.5);
      expect(total).toBeLessThan(1.15);
      expect(total).toBeGreaterThan(0.7);
      expect(plan.validations).toBeGreaterThanOrEqual(2);
      expect(plan.validations).toBeLessThanOrEqual(5);
    });
  });

  test('where five validations on all data fit, there are five', async () => {
    expect((await planned(machines['a fast machine'], 1)).plan).toMatchObject<Partial<Plan>>({
      validations: 5,
      validationPart: 1,
      samples: 10,
    });
  });

  test('there are fewer, but two, before they measure a part of the data', async () => {
    const three = await planned({ step: 10, whole: 2300 }, 1);
    expect(three.plan).toMatchObject({ validations: 3, validationPart: 1 });
    const two = await planned({ step: 10, whole: 20_000 }, 1);
    expect(two.plan.validations).toBe(2);
    expect(two.plan.validationPart).toBeCloseTo(0.125 / 2 / (20 / 59), 1);
  });

  test('given steps between validations decide how many there are, and the part follows', async () => {
    const { plan, share } = await planned({ step: 10, whole: 2000 }, 1, { evalEvery: 100 });
    expect(plan.validations).toBeGreaterThan(30);
    expect(plan.validationPart).toBeLessThan(0.2);
    expect(share).toBeLessThan(0.15);
  });

  test('no more epochs than the task has use for', async () => {
    expect((await planned({ step: 1, whole: 10, mostEpochs: 3 }, 1)).plan.steps).toBe(300);
  });

  test('epochs are counted, and every validation measures on all data', async () => {
    const { plan, measuring, said } = await planned(machines['a long validation part'], 0.1, { epochs: 2.5 });
    expect(plan).toEqual({ steps: 250, validations: 5, validationPart: 1, samples: 10, patience: 0 });
    expect([measuring, said]).toEqual([0, []]);
    expect((await planned({ step: 1, whole: 1 }, 1, { epochs: 0.001 })).plan.steps).toBe(1);
  });

  test('without validation data and samples the steps have nine tenths: the rest is updates and saving', async () => {
    const { plan, measuring, said } = await planned({ step: 30, whole: 0 }, 2);
    expect(plan.steps).toBe(Math.round(((2 * 60_000 - measuring) * 0.9) / 30));
    expect(said).toEqual(['measuring the speed of this machine']);
  });

  test('ten steps where there is time for fewer', async () => {
    expect((await planned({ step: 30, whole: 100 }, 0.001)).plan.steps).toBe(10);
  });
});

describe('where no length is given, the data choose it', () => {
  test.each([
    [100, 25], // 2,500 steps
    [10, 250],
    [313, 8],
    [1000, 8],
    [2500, 8],
    [5000, 4], // 20,000 steps
    [100_000, 1],
  ])('of %i steps an epoch there are %i epochs', (stepsPerEpoch, epochs) => {
    expect(epochsFor(stepsPerEpoch)).toBe(epochs);
  });

  test('no more epochs than the task has use for', () => {
    expect(epochsFor(10, 40)).toBe(40);
    expect(epochsFor(1000, 4)).toBe(4);
  });

  test('the number of epochs, the estimated time and early stopping are printed', async () => {
    const { plan, said } = await planned({ step: 20, whole: 100, mostEpochs: 40 }, null);
    expect(plan).toEqual({ steps: 2500, validations: 25, validationPart: 1, samples: 10, patience: 5 });
    const seconds = (2500 * 20) / 0.9 + 25 * 100; // a tenth is for updates
    expect(seconds / 1000).toBeCloseTo(58, 0);
    expect(said).toEqual([
      'measuring the speed of this machine',
      '25 epochs, 2,500 steps, about 58 s at most: training stops when the validation result no longer improves (--minutes, --epochs and --steps choose another length)',
    ]);
  });

  test('validations take an eighth of the time, or are five', async () => {
    const often = await planned({ step: 20, whole: 700, mostEpochs: 40 }, null);
    expect(often.plan.validations).toBe(Math.floor((0.125 * 2500 * 20) / 0.9 / 700));
    const slow = await planned({ step: 20, whole: 20_000, mostEpochs: 40 }, null);
    expect(slow.plan).toMatchObject({ validations: 5, validationPart: 1 });
  });

  test('without validation data nothing stops it', async () => {
    const { plan, said } = await planned({ step: 20, whole: 0, mostEpochs: 40 }, null);
    expect(plan.patience).toBe(0);
    expect(said[1]).toMatch(/^25 epochs, 2,500 steps, about \d+ s \(--minutes/);
  });
});

test('a resumed run validates on the part that it began with, whatever is planned for it now', () => {
  const run = (training: object) =>
    ({ task: 'text', model: {}, data: { source: 'a', sha256: 'b' }, training: { steps: 9, ...training } }) as RunConfig;
  const current = run({ evalEvery: 3, validationPart: 0.25 });
  const asked = askedOf(current, run({ evalEvery: 2 }), new Set());
  expect(asked.training).toEqual(current.training);
  expect(nextLeg(current, asked, 4)).toBeNull();
});

describe('the time left', () => {
  test.each([
    [0, 3],
    [3, 3],
    [4, 2],
    [7, 2],
    [8, 1],
    [9, 1],
    [10, 0],
  ])('after step %i of 10, validated every 4 steps and at the end, %i validations are left', (step, left) => {
    expect(validationsLeft({ steps: 10, evalEvery: 4 }, step)).toBe(left);
  });

  test('a last step that is due is validated once', () => {
    expect(validationsLeft({ steps: 8, evalEvery: 4 }, 5)).toBe(1);
    expect(validationsLeft({ steps: 8, evalEvery: 0 }, 5)).toBe(1);
  });

  test('counts the validations that are to come by what those before took', () => {
    const left = new TimeLeft({ steps: 12, evalEvery: 4 });
    let now = 1000;
    for (let step = 1; step <= 4; step++) left.step((now += 10));
    expect(left.after(4)).toBeCloseTo(80);
    left.validation();
    left.step((now += 510));
    expect(left.after(5)).toBeCloseTo(7 * 10 + 2 * 500);
  });
});
