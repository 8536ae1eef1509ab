import { describe, expect, test, vi } from 'vitest';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { FormatError, NonFiniteError, OptionError } from '../errors.ts';
import { Linear } from '../nn/linear.ts';
import { indices, type Tensor, tensor } from '../tensor/index.ts';
import { Adagrad, Adam, AdamW, clipGradNorm, clipGradValue, gradNorm, type Optimizer, RMSprop, SGD } from './index.ts';

const backend = new ReferenceBackend();
const vector = (...values: number[]): Tensor => tensor(values, undefined, { dtype: 'float64', backend });

/** Two parameters with gradients. */
function parameters(): Tensor[] {
  const [a, b] = [vector(1, 2), vector(3)];
  a.grad = vector(0.5, -0.25);
  b.grad = vector(2);
  return [a, b];
}

const values = (ps: readonly Tensor[]): number[] => ps.flatMap((p) => [...p.dataSync()]);

const optimizers: Record<string, (ps: Tensor[]) => Optimizer> = {
  SGD: (ps) => new SGD(ps, { lr: 0.1, momentum: 0.9, nesterov: true }),
  Adagrad: (ps) => new Adagrad(ps, { lr: 0.1, initialAccumulatorValue: 0.3 }),
  RMSprop: (ps) => new RMSprop(ps, { lr: 0.1, momentum: 0.5 }),
  Adam: (ps) => new Adam(ps, { lr: 0.1, weightDecay: 0.01 }),
  AdamW: (ps) => new AdamW(ps, { lr: 0.1 }),
};

describe.each(Object.entries(optimizers))('%s', (_name, make) => {
  test('goes on from its saved state, by way of JSON, to the last bit', () => {
    const ps = parameters();
    const first = make(ps);
    first.step();
    first.step();
    const { hyper, tensors } = first.stateDict();
    const copies = parameters();
    copies.forEach((p, k) => p.set(ps[k]));
    const second = make(copies);
    second.step(); // leaves memory behind that loading has to replace
    copies.forEach((p, k) => p.set(ps[k]));
    second.loadStateDict({ hyper: JSON.parse(JSON.stringify(hyper)), tensors });
    first.step();
    second.step();
    expect(values(copies)).toEqual(values(ps));
    expect(second.steps).toBe(3);
  });

  test('forgets everything when the state of a new one is loaded', () => {
    const [used, fresh] = [parameters(), parameters()];
    const optimizer = make(used);
    optimizer.step();
    optimizer.loadStateDict(make(parameters()).stateDict());
    used.forEach((p, k) => p.set(fresh[k]));
    optimizer.step();
    make(fresh).step();
    expect(values(used)).toEqual(values(fresh));
  });

  test('takes gradScale as if the gradients had been multiplied by it', () => {
    const [scaled, plain] = [parameters(), parameters()];
    for (const p of plain) p.grad?.set(p.grad.mul(0.25));
    make(scaled).step({ gradScale: 0.25 });
    make(plain).step();
    expect(values(scaled)).toEqual(values(plain));
  });

  test('leaves a parameter without a gradient as it is, and starts it when one comes', () => {
    const [late, alone] = [parameters(), parameters()];
    const optimizer = make(late);
    late[1].grad = null;
    optimizer.step();
    expect(late[1].toArray()).toEqual([3]);
    late[1].grad = vector(2);
    optimizer.step();
    make(alone).step();
    expect(late[1].toArray()).toEqual(alone[1].toArray());
  });

  test.each([Number.NaN, Infinity])('changes nothing, not even its memory, when a gradient is %d', (bad) => {
    const ps = parameters();
    const optimizer = make(ps);
    ps[1].grad = vector(bad);
    const before = values(ps);
    expect(() => optimizer.step()).toThrow(NonFiniteError);
    expect(() => optimizer.step()).toThrow(/parameter 1 .*no weight has changed/);
    expect(values(ps)).toEqual(before);
    expect(optimizer.steps).toBe(0);
    expect(optimizer.stateDict().tensors.size).toBe(0);
  });

  test('refuses the state of another, and keeps its own', () => {
    const ps = parameters();
    const optimizer = make(ps);
    optimizer.step();
    const mine = optimizer.stateDict();
    const other = make([vector(1)]).stateDict();
    expect(() => optimizer.loadStateDict(other)).toThrow(FormatError);
    expect(() => optimizer.loadStateDict({ hyper: null, tensors: new Map() })).toThrow(FormatError);
    const tensors = new Map([['7.sum', { shape: [1], data: Float64Array.of(1) }]]);
    expect(() => optimizer.loadStateDict({ hyper: mine.hyper, tensors })).toThrow(/7.sum belongs to no parameter/);
    expect(optimizer.stateDict()).toEqual(mine);
  });
});

describe('an optimizer', () => {
  test('takes groups with rates of their own, and keeps their proportion when the rate is set', () => {
    const [a, b] = parameters();
    const optimizer = new SGD([a, { params: [b], lr: 0.01 }], { lr: 0.1 });
    optimizer.lr = 0;
    optimizer.lr = 0.2;
    optimizer.step();
    expect(a.toArray()).toEqual([1 - 0.2 * 0.5, 2 + 0.2 * 0.25]);
    expect((b.toArray() as number[])[0]).toBeCloseTo(3 - 0.02 * 2, 14);
  });

  test('refuses what it cannot use, and says why', () => {
    const ps = parameters();
    const cases: [() => unknown, RegExp][] = [
      [() => new Adam(ps, { learningRate: 1 } as object), /Adam: learningRate: unknown option/],
      [() => new Adam(ps, { beta: [0, 0] } as object), /did you mean betas/],
      [() => new Adam([{ params: ps, weight_decay: 0 } as never]), /did you mean weightDecay/],
      [() => new SGD(ps, { lr: -1 }), /SGD: lr: expected a number from 0, got -1/],
      [() => new Adam(ps, { betas: [0.9, 1] }), /below 1/],
      [() => new SGD(ps, { nesterov: true }), /momentum/],
      [() => new SGD([]), /at least one/],
      [() => new SGD([ps[0], ps[0]]), /twice/],
      [() => (new SGD(ps).lr = Number.NaN), /lr/],
      [() => new SGD(ps).step({ scale: 1 } as object), /unknown option/],
      [() => new SGD(ps).step({ gradScale: Number.NaN }), /gradScale: expected a finite number, got NaN/],
      [() => new SGD(ps, { lr: '0.1' } as object), /SGD: lr: expected a number from 0, got "0.1" \(a string\)/],
      [() => new SGD(ps, { lr: Infinity }), /SGD: lr: expected a number from 0, got Infinity/],
      [() => new SGD(ps, { momentum: -0.1 }), /SGD: momentum: expected a number from 0, got -0.1/],
      [() => new SGD(ps, { nesterov: 1, momentum: 0.9 } as object), /SGD: nesterov: expected true or false, got 1/],
      [() => new RMSprop(ps, { alpha: 1.5 }), /RMSprop: alpha: expected a number from 0 to 1, got 1.5/],
      [() => new RMSprop(ps, { eps: -1e-8 }), /RMSprop: eps: expected a number from 0/],
      [() => new Adam(ps, { weightDecay: Number.NaN }), /Adam: weightDecay: expected a number from 0, got NaN/],
      [
        () => new Adam(ps, { betas: [0.9] } as object),
        /Adam: betas: expected two numbers from 0 and below 1, got \[0.9\]/,
      ],
      [() => new Adam(ps, { betas: [-0.1, 0.9] }), /Adam: betas: expected two numbers/],
      [() => new Adam(ps, { betas: 0.9 } as object), /Adam: betas: expected two numbers/],
      [() => new Adam([{ params: ps, eps: -1 }]), /Adam: eps: expected a number from 0, got -1/],
      [() => new Adagrad(ps, { initialAccumulatorValue: -1 }), /initialAccumulatorValue: expected a number from 0/],
      [
        () => new Adam(new Linear(2, 2) as never),
        /expected a list of parameters, got a Linear; did you mean model.parameters/,
      ],
      [
        () => new Adam([new Linear(2, 2)] as never),
        /item 0: expected a parameter or a group \{ params \}, got a Linear/,
      ],
      [() => new Adam(undefined as never), /expected a list of parameters, got undefined/],
      [() => new Adam([{ params: new Linear(2, 2) }] as never), /did you mean model.parameters/],
      [() => new Adam([indices([1, 2])]), /expected tensors of floats, got Tensor\(int32 \[2\]\)/],
    ];
    for (const [run, text] of cases) {
      expect(run).toThrow(OptionError);
      expect(run).toThrow(text);
    }
  });
});

describe('a saved state that cannot be gone on from is refused, and nothing has changed:', () => {
  type State = ReturnType<Optimizer['stateDict']>;
  const one = (...data: number[]) => ({ shape: [data.length], data: Float64Array.from(data) });
  const damaged: [string, (state: State) => { hyper: unknown; tensors: State['tensors'] }, RegExp][] = [
    [
      'a memory that is not a number, in the last tensor',
      ({ hyper, tensors }) => ({ hyper, tensors: new Map(tensors).set('1.exp_avg_sq', one(Number.NaN)) }),
      /1.exp_avg_sq: expected finite float64 numbers, got NaN at element 0/,
    ],
    [
      'an infinite memory',
      ({ hyper, tensors }) => ({ hyper, tensors: new Map(tensors).set('0.exp_avg', one(1, Infinity)) }),
      /0.exp_avg: expected finite float64 numbers, got Infinity at element 1/,
    ],
    [
      'a mean of squares below 0',
      ({ hyper, tensors }) => ({ hyper, tensors: new Map(tensors).set('0.exp_avg_sq', one(1, -1)) }),
      /0.exp_avg_sq is a mean or sum of squares and has a number below 0/,
    ],
    [
      'a shape of another parameter',
      ({ hyper, tensors }) => ({ hyper, tensors: new Map(tensors).set('1.exp_avg', one(1, 2)) }),
      /expected 1.exp_avg of shape \[1\], got \[2\]/,
    ],
    [
      'fewer numbers than its shape',
      ({ hyper, tensors }) => ({
        hyper,
        tensors: new Map(tensors).set('0.exp_avg', { shape: [2], data: Float64Array.of(1) }),
      }),
      /0.exp_avg: expected 2 values for its shape, got 1/,
    ],
    [
      'no numbers at all',
      ({ hyper, tensors }) => ({ hyper, tensors: new Map(tensors).set('0.exp_avg', { shape: [2] } as never) }),
      /0.exp_avg: expected its data as a Float32Array/,
    ],
    [
      'a memory that another optimizer keeps',
      ({ hyper, tensors }) => ({ hyper, tensors: new Map(tensors).set('0.sum', one(1, 2)) }),
      /0.sum belongs to no parameter of this Adam/,
    ],
    [
      'a memory that is missing',
      ({ hyper, tensors }) => ({ hyper, tensors: new Map([...tensors].filter(([name]) => name !== '1.exp_avg')) }),
      /lacks 1.exp_avg, though parameter 1 has taken 2 steps/,
    ],
    [
      'a rate that is none',
      ({ hyper, tensors }) => ({ hyper: { ...hyper, lrs: [Infinity] }, tensors }),
      /expected steps/,
    ],
    ['half a step', ({ hyper, tensors }) => ({ hyper: { ...hyper, steps: 1.5 }, tensors }), /expected steps/],
    ['steps as text', ({ hyper, tensors }) => ({ hyper: { ...hyper, taken: ['2', '2'] }, tensors }), /expected steps/],
    [
      'more steps of one than of all',
      ({ hyper, tensors }) => ({ hyper: { ...hyper, taken: [2, 3] }, tensors }),
      /expected steps/,
    ],
  ];
  test.each(damaged)('%s', (_name, spoil, message) => {
    const other = new Adam(parameters());
    other.step();
    other.step();
    const ps = parameters();
    const optimizer = new Adam(ps);
    optimizer.step();
    const before = optimizer.stateDict();
    expect(() => optimizer.loadStateDict(spoil(other.stateDict()))).toThrow(message);
    expect(optimizer.stateDict()).toEqual(before);
    optimizer.loadStateDict(other.stateDict());
    expect(optimizer.stateDict()).toEqual(other.stateDict());
  });
});

describe('whether a step can overflow is known', () => {
  const single = (value: number): Tensor => tensor([value], undefined, { backend }); // float32

  test('from a memory that was loaded, too', () => {
    const p = single(1);
    p.grad = single(0);
    const optimizer = new SGD([p], { lr: 10, momentum: 0.9 });
    const large = new Map([['0.momentum_buffer', { shape: [1], data: Float32Array.of(3e38) }]]);
    optimizer.loadStateDict({ hyper: { steps: 1, taken: [1], lrs: [10] }, tensors: large });
    expect(() => optimizer.step()).toThrow('would make a weight infinite');
    expect([values([p]), optimizer.stateDict().tensors.get('0.momentum_buffer')?.data]).toEqual([
      [1],
      Float32Array.of(3e38),
    ]);
  });

  test('from a weight that was set, where it decays into the gradient', () => {
    const p = single(1);
    p.grad = single(1);
    const optimizer = new Adam([p], { weightDecay: 0.1 });
    optimizer.step();
    p.set([1e30]);
    expect(() => optimizer.step()).toThrow('would make its exp_avg_sq infinite');
    expect([optimizer.steps, values([p])]).toEqual([1, [Math.fround(1e30)]]);
  });

  test('and copies are made only while it is not: not before, and no longer once the memory has faded', () => {
    const p = single(1);
    const optimizer = new Adam([p], { betas: [0.9, 0.5] });
    const copied = vi.spyOn(p.backend, 'stridedCopy');
    const counts = [1, 1e17, ...new Array<number>(30).fill(0)].map((g) => {
      copied.mockClear();
      p.grad = single(g);
      optimizer.step();
      return copied.mock.calls.length;
    });
    expect(counts[0]).toBe(0);
    copied.mockRestore();
    expect(counts.slice(1, 10)).toEqual(new Array(9).fill(3)); // the weight and both of Adam's slots
    expect(counts.slice(-10)).toEqual(new Array(10).fill(0));
  });
});

test('Adagrad begins its sums where it is told to', () => {
  const [p] = parameters();
  const optimizer = new Adagrad([p], { lr: 0.1, eps: 0, initialAccumulatorValue: 0.75 });
  optimizer.step();
  expect(p.toArray()).toEqual([1 - (0.1 * 0.5) / Math.sqrt(0.75 + 0.25), 2 + (0.1 * 0.25) / Math.sqrt(0.75 + 0.0625)]);
});

test('a rate is finite and not negative, and a model is not its parameters', () => {
  const optimizer = new SGD(parameters(), { lr: 0.1 });
  for (const lr of [Infinity, -1, Number.NaN, '0.2' as unknown as number]) {
    expect(() => (optimizer.lr = lr)).toThrow('SGD: lr: expected a number from 0');
    expect(optimizer.lr).toBe(0.1);
  }
  const model = new Linear(1, 1) as never;
  for (const wrong of [() => gradNorm(model), () => clipGradNorm(model, 1), () => clipGradValue(model, 1)])
    expect(wrong).toThrow('parameters: expected tensors, got a Linear; did you mean model.parameters()?');
});

test('a gradient of another dtype or backend is refused, though it has as many numbers', () => {
  const [p, q] = [vector(1, 2), vector(3)];
  p.grad = tensor([1, 1], undefined, { dtype: 'float32', backend });
  expect(() => new SGD([p]).step({ gradNorm: 1 })).toThrow(/does not fit its parameter/);
  q.grad = tensor([1], undefined, { dtype: 'float64', backend: new ReferenceBackend() });
  expect(() => new SGD([q]).step({ gradNorm: 1 })).toThrow(/does not fit its parameter/);
});

test('a gradient that is not as its parameter is refused before the kernels trust it', () => {
  const ps = parameters();
  const optimizer = new Adam(ps);
  ps[0].grad = vector(1);
  expect(() => optimizer.step({ gradNorm: 1 })).toThrow(/Adam.step: the gradient .* does not fit its parameter/);
  expect(optimizer.steps).toBe(0);
});

describe('clipping', () => {
  test('by norm keeps the direction and returns the norm before', () => {
    const ps = parameters();
    const norm = clipGradNorm(ps, 1);
    expect(norm).toBeCloseTo(Math.sqrt(0.25 + 0.0625 + 4), 14);
    expect(gradNorm(ps)).toBeCloseTo(1, 5);
    const [g0, g1] = ps[0].grad?.dataSync() ?? [];
    expect(g0 / g1).toBeCloseTo(-2, 12);
  });

  test('by norm leaves small gradients to the bit', () => {
    const ps = parameters();
    clipGradNorm(ps, 100);
    expect(ps[0].grad?.toArray()).toEqual([0.5, -0.25]);
  });

  test('by norm scales nothing when a gradient is not finite, and says which', () => {
    const ps = parameters();
    ps[1].grad = vector(Number.NaN);
    expect(() => clipGradNorm(ps, 0.1)).toThrow(NonFiniteError);
    expect(() => clipGradNorm(ps, 0.1)).toThrow(/gradient of parameter 1/);
    expect(ps[0].grad?.toArray()).toEqual([0.5, -0.25]);
  });

  test('by value clamps each element', () => {
    const ps = parameters();
    clipGradValue(ps, 0.3);
    expect(ps.map((p) => p.grad?.toArray())).toEqual([[0.3, -0.25], [0.3]]);
  });

  test('refuses what is no tensor', () => {
    for (const odd of [1, 'weight', null, {}])
      for (const clip of [clipGradNorm, clipGradValue])
        expect(() => clip([...parameters(), odd as never], 1)).toThrow('expected a tensor, got');
  });

  test('refuses a limit of 0', () => {
    expect(() => clipGradNorm(parameters(), 0)).toThrow(OptionError);
    expect(() => clipGradValue(parameters(), 0)).toThrow(OptionError);
  });
});
