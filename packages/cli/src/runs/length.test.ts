// How the rate of a run goes, when it is looked into, and which options of a command mean something to it.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { OptionError, RNN, tensor } from 'unrolled';
import { type LiveFindings, liveInspector } from 'unrolled/analysis';
import type { OptionTable } from '../command-line/options.ts';
import type { Training } from './config.ts';
import { refuseOthers } from './means-nothing.ts';
import { makeSchedule } from './trainer.ts';

afterEach(() => vi.restoreAllMocks());

describe('the rate of a run', () => {
  const training = { lr: 0.8, schedule: 'constant', steps: 12, warmup: 0, decay: 0.25, decayEvery: 4 } as Training;
  /** Of steps 0, 4, 8 and 12, or of those from the first of the leg. */
  const rates = (changes: Partial<Training>) => {
    const schedule = makeSchedule({ ...training, ...changes });
    return [0, 4, 8, 12].filter((step) => step >= (changes.from ?? 0)).map((step) => schedule.lr(step));
  };

  test('exponential: what remains at the last step is the decay, of any number of steps', () => {
    const found = rates({ schedule: 'exponential' });
    [0.8, 0.8 * 0.25 ** (1 / 3), 0.8 * 0.25 ** (2 / 3), 0.2].forEach((lr, k) => expect(found[k]).toBeCloseTo(lr, 12));
    expect(rates({ schedule: 'exponential', steps: 0 })[0]).toBe(0.8);
  });

  test('cosine goes to a fiftieth, and a warm-up comes before it', () => {
    const [first, ...later] = rates({ schedule: 'cosine', warmup: 4 });
    expect(first).toBe(0.2);
    [0.8, 0.016 + 0.784 / 2, 0.016].forEach((lr, k) => expect(later[k]).toBeCloseTo(lr, 12));
  });

  test('step, constant; and those of a leg count from its first step', () => {
    expect(rates({ schedule: 'step' })).toEqual([0.8, 0.2, 0.05, 0.0125]);
    expect(rates({})).toEqual([0.8, 0.8, 0.8, 0.8]);
    expect(rates({ schedule: 'step', from: 4 })).toEqual([0.8, 0.2, 0.05]);
  });
});

describe('looking into a run', () => {
  test('takes a twentieth of the time at most: where a look was slow, the next one waits', () => {
    const model = new RNN(1, 2, { bias: false });
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    const loss = () => {
      clock += 5; // a look computes it twice
      return model.forward(tensor([1, 2, 3], [3, 1, 1]))[0].sum();
    };
    const probe = { rows: 1, steps: 3, behind: null, baseline: null, loss, outputs: () => [], inPieces: null };
    const inspector = liveInspector({ probe, mostTime: 0.05 });
    const look = (after: number) => {
      clock += after;
      return inspector.look({ model, compute: loss }) as LiveFindings | null;
    };
    for (const p of model.parameters()) p.grad = p.detach().mul(0).add(3);
    expect(inspector.every).toBe(100);
    // √(2 · 9) and √(4 · 9), four digits of each
    expect(look(0)?.parameters).toEqual([
      { name: 'weight_ih_l0', norm: 4.243 },
      { name: 'weight_hh_l0', norm: 6 },
    ]);
    expect(clock).toBe(10);
    expect(look(199)).toBe(null); // ten of 199 ms are more than a twentieth
    expect(look(1)).not.toBe(null);
    expect(clock).toBe(220);
  });
});

describe('an option that means nothing to a run', () => {
  const flag = { kind: 'flag', default: false, help: '' } as const;
  const table: OptionTable = { beams: { kind: 'integer', default: 1, help: '' }, topK: flag, draw: flag, quiet: flag };
  const values = { beams: 1, topK: false, draw: false, quiet: true };
  const refuse = (changes: object, known: string[]) => () =>
    refuseOthers('predict', table, { ...values, ...changes }, 'train forecast', known);

  test('is refused, with those that do', () => {
    expect(refuse({}, [])).not.toThrow();
    expect(refuse({ topK: true }, ['topK'])).not.toThrow();
    expect(refuse({ beams: 3 }, ['topK', 'draw', 'where'])).toThrow(OptionError);
    expect(refuse({ beams: 3 }, ['topK', 'draw', 'where'])).toThrow(
      'predict: --beams: means nothing to a run of train forecast; what does is --top-k, --draw',
    );
    expect(refuse({ topK: true }, [])).toThrow(/a run of train forecast$/);
  });
});
