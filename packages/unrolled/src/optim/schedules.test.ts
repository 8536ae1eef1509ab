import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors.ts';
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
});
