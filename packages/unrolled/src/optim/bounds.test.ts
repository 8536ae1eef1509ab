// The bounds that a step is judged by, worked by hand for one weight, and beside what the step then really does.

import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { type Tensor, tensor } from '../tensor/index.ts';
import { type Before, firstNonFinite, inverse, type Reach, safeLimit, withinReach } from './bounds.ts';
import { Adagrad, Adam, AdamW, type Optimizer, RMSprop, SGD } from './index.ts';

const backend = new ReferenceBackend();
const one = (value: number): Tensor => tensor([value], undefined, { dtype: 'float64', backend });

type Bounded = { bound(hyper: never, step: number, before: Before): Reach };

/** The bounds of steps with these gradients, from a weight of 4, and the weight and state after each. */
function follow(make: (parameters: Tensor[]) => Optimizer, gradients: readonly number[]) {
  const p = one(4);
  const optimizer = make([p]);
  const bounds: Reach[] = [];
  const { bound } = optimizer as unknown as Bounded;
  Object.assign(optimizer, {
    bound(...args: Parameters<Bounded['bound']>) {
      bounds.push(bound.apply(this, args));
      return bounds.at(-1);
    },
  });
  const after = gradients.map((g) => {
    p.grad = one(g);
    optimizer.step();
    const slots = [...optimizer.stateDict().tensors].map(([name, { data }]) => [name.slice(2), data[0]] as const);
    return { weight: p.itemSync(), slots: Object.fromEntries(slots) };
  });
  return { bounds, after };
}

const cases: [string, (ps: Tensor[]) => Optimizer, second: Omit<Reach, 'decay'>][] = [
  ['SGD', (ps) => new SGD(ps, { lr: 0.5 }), { gradient: 3, change: 1.5, slots: {} }],
  // The weight is 4 − 0.5·(2 + 0.25·4) = 2.5 after the first step.
  [
    'SGD with decay',
    (ps) => new SGD(ps, { lr: 0.5, weightDecay: 0.25 }),
    { gradient: 3.625, change: 1.8125, slots: {} },
  ],
  // The buffer is up to 0.5·2 + 3 = 4, and Nesterov's step up to 3 + 0.5·4; both are allowed for: 3 + 2 + 4.
  [
    'SGD with momentum',
    (ps) => new SGD(ps, { lr: 0.5, momentum: 0.5 }),
    { gradient: 9, change: 4.5, slots: { momentum_buffer: 4 } },
  ],
  ['Adagrad', (ps) => new Adagrad(ps, { lr: 0.5, eps: 0.25 }), { gradient: 3, change: 6, slots: { sum: 4 + 9 } }],
  ['RMSprop', (ps) => new RMSprop(ps, { lr: 0.5, eps: 0.25 }), { gradient: 12, change: 6, slots: { square_avg: 9 } }],
  // The buffer is up to 2/0.25 = 8, then 0.5·8 + 3/0.25 = 16.
  [
    'RMSprop with momentum',
    (ps) => new RMSprop(ps, { lr: 0.5, eps: 0.25, momentum: 0.5 }),
    { gradient: 12, change: 8, slots: { square_avg: 9, momentum_buffer: 16 } },
  ],
  // The corrections are 1 − 0.5² and 1 − 0.25²: the mean of squares is up to 9/0.9375, and the change 0.5/0.75·3/0.25.
  [
    'Adam',
    (ps) => new Adam(ps, { lr: 0.5, betas: [0.5, 0.25], eps: 0.25 }),
    { gradient: 9.6, change: 8, slots: { exp_avg: 3, exp_avg_sq: 9 } },
  ],
  [
    'AdamW',
    (ps) => new AdamW(ps, { lr: 0.5, betas: [0.5, 0.25], eps: 0.25, weightDecay: 0.5 }),
    { gradient: 9.6, change: 8, slots: { exp_avg: 3, exp_avg_sq: 9 } },
  ],
];

describe.each(cases)('the bounds of %s', (_name, make, second) => {
  test('in a second step, by hand', () => {
    const { decay, ...bound } = follow(make, [2, 3]).bounds[1];
    expect(bound).toEqual(second);
    expect(decay ?? 0).toBe(make([one(1)]) instanceof AdamW ? 0.25 : 0);
  });

  test('are never below what a step does', () => {
    const { bounds, after } = follow(make, [2, 3, -1, 0.5, 0, 40, -7]);
    let weight = 4;
    bounds.forEach(({ change, decay = 0, slots }, k) => {
      expect(Math.abs(after[k].weight - (1 - decay) * weight)).toBeLessThanOrEqual(change * (1 + 1e-12));
      weight = after[k].weight;
      expect(Object.keys(slots).toSorted()).toEqual(Object.keys(after[k].slots).toSorted());
      for (const [name, bound] of Object.entries(slots))
        expect(Math.abs(after[k].slots[name])).toBeLessThanOrEqual(bound);
    });
  });
});

test('a step is within reach up to the limit, in all that it has, and a weight may decay to nothing', () => {
  const reach = { gradient: 1, change: 1, slots: { sum: 1 } };
  expect(withinReach(reach, [0.1, true, null])).toBe(true);
  expect(withinReach({ ...reach, gradient: safeLimit, decay: 1 }, [-safeLimit])).toBe(true);
  const over = 2 * safeLimit;
  for (const changed of [{ gradient: over }, { change: Number.NaN }, { slots: { sum: over } }, { decay: 1.1 }])
    expect(withinReach({ ...reach, ...changed }, [])).toBe(false);
  expect(withinReach(reach, [-over])).toBe(false);
});

test('an eps bounds a quotient where float32 keeps it, and one above 1 does not shrink a gradient', () => {
  expect([inverse(0.25), inverse(4), inverse(2 ** -126)]).toEqual([4, 1, 2 ** 126]);
  expect(inverse(2 ** -127)).toBe(Infinity);
});

test('the first number that is not finite is found with its place', () => {
  expect(firstNonFinite({ array: [1, Number.NaN, Infinity] })).toEqual({ at: 1, value: Number.NaN });
  expect(firstNonFinite({ array: [1, 2] })).toBe(null);
});
