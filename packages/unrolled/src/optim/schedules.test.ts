import { describe, expect, test } from 'vitest';
import { FormatError, OptionError } from '../errors.ts';
import {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  plateauSchedule,
  type Schedule,
  stepSchedule,
  warmUp,
} from './index.ts';

const rates = (schedule: Schedule, steps: number): number[] => Array.from({ length: steps }, (_, n) => schedule.lr(n));

describe('a schedule', () => {
  test('of steps can start late, as char-rnn decays', () => {
    expect(rates(stepSchedule(1, { every: 2, gamma: 0.5, from: 2 }), 7)).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.25]);
  });

  test('that is a cosine ends at its minimum and stays there', () => {
    const schedule = cosineSchedule(1, { steps: 4, minimum: 0.2 });
    expect(schedule.lr(0)).toBe(1);
    expect(schedule.lr(2)).toBeCloseTo(0.6, 14);
    expect([schedule.lr(4), schedule.lr(9)]).toEqual([0.2, 0.2]);
  });

  test('behind a warm-up counts from its end, and no step is taken with a rate of 0', () => {
    expect(rates(warmUp(4, constantSchedule(0.8)), 6)).toEqual([0.2, 0.4, (0.8 * 3) / 4, 0.8, 0.8, 0.8]);
    expect(rates(warmUp(2, exponentialSchedule(1, 0.5)), 5)).toEqual([0.5, 1, 1, 0.5, 0.25]);
    expect(rates(warmUp(0, constantSchedule(3)), 2)).toEqual([3, 3]);
    let deep: unknown = 1;
    for (let n = 0; n < 10_000; n++) deep = [deep];
    expect(() => warmUp(4, constantSchedule(0.8)).lr(deep as number)).toThrow(
      'Schedule.lr: step: expected a finite number from 0',
    );
  });

  test('behind a warm-up still hears of validation losses', () => {
    const schedule = warmUp(1, plateauSchedule(1, { factor: 0.5, patience: 0 }));
    schedule.observe(2);
    schedule.observe(2);
    expect(schedule.lr(5)).toBe(0.5);
  });

  test('that waits for a plateau goes on from its saved state, by way of JSON', () => {
    const losses = [3, 2, 2, 2, 1, 1, 1, 1];
    const make = () => plateauSchedule(1, { factor: 0.5, patience: 1 });
    for (let cut = 0; cut <= losses.length; cut++) {
      const [whole, first, second] = [make(), make(), make()];
      losses.forEach((loss) => whole.observe(loss));
      losses.slice(0, cut).forEach((loss) => first.observe(loss));
      second.setState(JSON.parse(JSON.stringify(first.state())));
      losses.slice(cut).forEach((loss) => second.observe(loss));
      expect(second.lr(0)).toBe(whole.lr(0));
      expect(second.state()).toEqual(whole.state());
    }
  });

  test('refuses options it cannot use', () => {
    expect(() => cosineSchedule(1, { steps: 0 })).toThrow(OptionError);
    expect(() => stepSchedule(1, { every: 0, gamma: 0.5 })).toThrow(OptionError);
    expect(() => exponentialSchedule(1, Number.NaN)).toThrow(OptionError);
    expect(() => plateauSchedule(1, { factor: 1 })).toThrow(OptionError);
    expect(() => warmUp(1.5, constantSchedule(1))).toThrow(OptionError);
  });

  test('that waits for a plateau counts what is better by its threshold, and stops at its minimum', () => {
    const schedule = plateauSchedule(1, { factor: 0.5, patience: 1, threshold: 0.25, minimum: 0.2 });
    const observed = [8, 6, 5.9, 7, 4, 4, 4, 4, 4, 4, 4].map((loss) => {
      schedule.observe(loss);
      return schedule.lr(0);
    });
    // 6 is not below 8·0.75, and the second in a row that is not, 7, halves; 5.9 is; 4 is below 5.9·0.75.
    expect(observed).toEqual([1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.2]);
    expect(schedule.state()).toEqual({ rate: 0.2, best: 4, bad: 0 });
    expect(plateauSchedule(3).state()).toEqual({ rate: 3, bad: 0 });
  });

  test.each([
    null,
    {},
    { rate: -1, bad: 0 },
    { rate: Infinity, bad: 0 },
    { rate: '1', bad: 0 },
    { rate: 1, bad: 0.5 },
    { rate: 1, bad: -1 },
    { rate: 1, bad: 0, best: '2' },
    { rate: 1, bad: 0, best: Number.NaN },
  ])('that waits for a plateau refuses the state %o, and keeps its own', (state) => {
    const schedule = plateauSchedule(1);
    schedule.observe(2);
    expect(() => schedule.setState(state)).toThrow(FormatError);
    expect(() => schedule.setState(state)).toThrow('schedule state: expected rate, bad and best of a plateau');
    expect(schedule.state()).toEqual({ rate: 1, best: 2, bad: 0 });
  });

  test.each<[() => unknown, string]>([
    [() => constantSchedule(-1), 'constantSchedule: lr: expected a number from 0, got -1'],
    [() => stepSchedule(1, { every: 1, gamma: -0.5 }), 'gamma: expected a number from 0, got -0.5'],
    [() => stepSchedule(1, { every: 1, gamma: 1, from: -1 }), 'from: expected a number from 0, got -1'],
    [() => stepSchedule(-1, { every: 1, gamma: 1 }), 'lr: expected a number from 0, got -1'],
    [() => exponentialSchedule(Infinity, 1), 'lr: expected a number from 0, got Infinity'],
    [() => exponentialSchedule(1, 0), 'gamma: expected a number above 0, got 0'],
    [() => exponentialSchedule(1, Infinity), 'gamma: expected a number above 0, got Infinity'],
    [() => cosineSchedule(-1, { steps: 1 }), 'lr: expected a number from 0, got -1'],
    [() => cosineSchedule(1, { steps: 1, minimum: -1 }), 'minimum: expected a number from 0, got -1'],
    [() => plateauSchedule(-1), 'lr: expected a number from 0, got -1'],
    [() => plateauSchedule(1, { factor: 0 }), 'factor: expected a number between 0 and 1, got 0'],
    [() => plateauSchedule(1, { patience: -1 }), 'patience: expected a number from 0, got -1'],
    [() => plateauSchedule(1, { threshold: -1 }), 'threshold: expected a number from 0, got -1'],
    [() => plateauSchedule(1, { minimum: -1 }), 'minimum: expected a number from 0, got -1'],
    [() => plateauSchedule(1).observe('0.5' as never), 'plateauSchedule.observe: loss: expected a number, got "0.5"'],
    [() => warmUp(-1, constantSchedule(1)), 'warmUp: steps: expected a whole number from 0, got -1'],
    [() => warmUp(1, null as never), 'then'],
    [() => warmUp(1, {} as never), 'then.lr'],
  ])('says what it expected: %#', (make, message) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });

  test('may be 0 wherever that makes sense', () => {
    const options = { factor: 0.5, patience: 0, threshold: 0, minimum: 0 };
    expect(plateauSchedule(0, options).lr(0)).toBe(0);
    expect(rates(cosineSchedule(0, { steps: 2 }), 2)).toEqual([0, 0]);
    expect(rates(stepSchedule(2, { every: 1, gamma: 0 }), 2)).toEqual([2, 0]);
    expect(rates(exponentialSchedule(0, 2), 2)).toEqual([0, 0]);
    expect(constantSchedule(0).state()).toBe(null);
    const plateau = plateauSchedule(1);
    plateau.setState({ rate: 0, bad: 0 });
    expect(plateau.lr(3)).toBe(0);
  });
});
