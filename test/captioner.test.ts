// What captioners promise beyond what the table of models checks: the courses' numbers, searches, hard attention's gradient, a frozen encoder.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  Adam,
  type Backend,
  Captioner,
  type CaptionerForm,
  captionerForms,
  captionerFromCS231n,
  captionerToCS231n,
  type CaptionerOptions,
  CaptionStepper,
  type CS231nParameters,
  currentBackend,
  linspace,
  manualSeed,
  randn,
  ReferenceBackend,
  scope,
  setDefaultDtype,
  type Tensor,
  useBackend,
} from 'unrolled';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

const lin = (a: number, b: number, ...shape: number[]): Tensor =>
  linspace(
    a,
    b,
    shape.reduce((x, y) => x * y, 1),
  ).reshape(...shape);

function make(form: CaptionerForm, options: Partial<CaptionerOptions> = {}): Captioner {
  manualSeed(3);
  return new Captioner({
    vocabularySize: 7,
    encoder: null,
    featureSize: 3,
    hiddenSize: 4,
    embeddingDim: 3,
    form,
    ...options,
  });
}

describe("CS231n's captioning network", () => {
  const [N, D, E, H, V, T] = [10, 20, 30, 40, 3, 13];
  const parameters = (G: number): CS231nParameters => {
    const shapes = { W_embed: [V, E], W_proj: [D, H], b_proj: [H], Wx: [E, G * H], Wh: [H, G * H], b: [G * H], W_vocab: [H, V], b_vocab: [V] }; // biome-ignore format: one network
    return Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, { shape, data: lin(-1.4, 1.3, ...shape).dataSync() }]),
    ) as unknown as CS231nParameters;
  };
  // The assignment's own check: word k of caption n is (13 n + k) mod 3, and 0 is the word that does not count.
  const word = (n: number, k: number) => (n * T + k) % V;

  test.each([
    ['vanilla', 1, lin.bind(null, -1.5, 0.3), 9.83235591003],
    ['LSTM', 4, lin.bind(null, -0.5, 1.7), 9.82445935443],
  ] as const)('%s: the loss that the assignment prints', (_name, G, features, expected) => {
    const model = captionerFromCS231n(parameters(G));
    const captions = Array.from({ length: N }, (_, n) => Array.from({ length: T - 2 }, (__, k) => word(n, k + 1)));
    const batch = model.batch(features(N, D), captions);
    for (let n = 0; n < N; n++) {
      for (let t = 0; t < T - 1; t++) {
        batch.input.storage.array[t * N + n] = word(n, t);
        batch.target.storage.array[t * N + n] = word(n, t + 1) || -100;
      }
    }
    const loss = model.loss(batch, { reduction: 'sum' }).itemSync() / N;
    expect(Math.abs(loss - expected)).toBeLessThan(1e-7);
  });

  test.each([1, 4])('weights go there and back, %i blocks of gates', (G) => {
    const given = parameters(G);
    const back = captionerToCS231n(captionerFromCS231n(given));
    for (const [name, { shape, data }] of Object.entries(given)) {
      expect(back[name as keyof CS231nParameters].shape, name).toEqual(shape);
      expect([...back[name as keyof CS231nParameters].data], name).toEqual([...data]);
    }
  });

  test('a captioner of another form has no such layout', () => {
    expect(() => captionerToCS231n(make('soft'))).toThrow("form 'initial'");
  });
});

describe.each(captionerForms)('%s', (form) => {
  test.each(['lstm', 'gru', 'rnn'] as const)('%s: whole captions and word by word are the same', (cell) => {
    const model = make(form, { cell, injection: 'every' }).eval();
    const images = randn([2, 5, 3]);
    const captions = [
      [4, 6, 5],
      [5, 4, 4],
    ];
    const batch = model.batch(images, captions);
    const { logits, weights } = model.forward(batch);
    const expected = logits.logSoftmax();
    scope(() => {
      const stepper = new CaptionStepper(model, images);
      for (let t = 0; t < 4; t++) {
        // The two rows change places at every step.
        const order = t % 2 === 0 ? [0, 1] : [1, 0];
        const words = Int32Array.from(order, (b) => (t === 0 ? 2 : captions[b][t - 1]));
        const logProbabilities = stepper.step(words, t === 0 ? Int32Array.of(0, 1) : Int32Array.of(1, 0));
        for (const [row, b] of order.entries()) {
          const wanted = expected.select(0, t).select(0, b).dataSync();
          for (const [v, p] of wanted.entries()) expect(logProbabilities[row * 7 + v]).toBeCloseTo(p, 10);
          const looked = weights?.select(0, t).select(0, b).dataSync();
          for (const [i, alpha] of (looked ?? []).entries()) expect(stepper.attention?.[row][i]).toBeCloseTo(alpha, 10);
        }
      }
    });
  });

  test('it learns two captions, writes them and stops at the end; without an end it goes on', () => {
    const model = make(form, { hiddenSize: 12, embeddingDim: 8, mixture: 0, coverage: 0 });
    const images = randn([2, 4, 3]);
    const captions = [
      [4, 5],
      [6, 4, 4, 5],
    ];
    const optimizer = new Adam(model.parameters(), { lr: 0.03 });
    for (let step = 0; step < 150; step++) {
      scope(() => {
        optimizer.zeroGrad();
        model.loss(model.batch(images, captions)).backward();
        optimizer.step();
      });
    }
    const predicted = model.caption(images).map(([best]) => best);
    expect(predicted.map(({ ids }) => [...ids])).toEqual(captions);
    expect(predicted.every(({ ended }) => ended)).toBe(true);
    for (const [one] of model.caption(images, { end: null, suppressTokens: [3], maxLength: 9 }))
      expect(one.ids).toHaveLength(9);
  });
});

test('words are hidden in training alone, and with all of them hidden the words before no longer count', () => {
  const captions = [
    [4, 5, 6],
    [6, 5, 4],
  ];
  const images = lin(-1, 1, 1, 2, 3);
  const scores = (wordDropout: number, training: boolean) => {
    const model = make('initial', { wordDropout }).train(training);
    manualSeed(1);
    return model.forward(model.batch(images, captions, [0, 0])).logits.toArray();
  };
  expect(scores(0.9, false)).toEqual(scores(0, false));
  expect(scores(0, true)).toEqual(scores(0, false));
  expect(scores(0.9, true)).not.toEqual(scores(0, true));
  const steps = scores(0.999999, true) as number[][][];
  for (const [one, other] of steps) expect(one).toEqual(other);
  expect(() => make('soft', { wordDropout: 1.5 })).toThrow(/wordDropout/);
});

test('a linear deep output is what the other is the tanh of', () => {
  const outputOf = (deepOutput: boolean | 'linear') => {
    const model = make('soft', { deepOutput }).eval();
    return model.decode(model.batch(lin(-1, 1, 1, 2, 3), [[4, 5, 6]], [0]), 'argmax').output;
  };
  const [linear, tanh] = [outputOf('linear').tanh(), outputOf(true)].map((t) => t.dataSync());
  for (const [k, y] of linear.entries()) expect(y).toBeCloseTo(tanh[k], 12);
  expect(() => make('soft', { deepOutput: 'deep' as 'linear' })).toThrow(
    /deepOutput: expected true, false or 'linear', got "deep"/,
  );
});

test('attention is over all regions, sums to 1, and comes with every word and the end', () => {
  const model = make('soft').eval();
  const [[best]] = model.caption(randn([1, 6, 3]), { beams: 2, maxLength: 5 });
  expect(best.attention).toHaveLength(best.ids.length + (best.ended ? 1 : 0));
  for (const row of best.attention ?? []) {
    expect(row).toHaveLength(6);
    expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
  }
});

describe('hard attention', () => {
  const [R, T] = [4, 3]; // regions, and words with the end: 64 paths
  const caption = [[4, 5]];
  const features = () =>
    lin(-1.2, 1.5, 1, R, 3)
      .mul(lin(0.4, 2.1, 1, R, 3))
      .tanh();
  const settings = { coverage: 0, entropy: 0, mixture: 0, reward: 1 };
  /** The gradient of E_s[−ln p(y | s)] over every path s that the looks can take. */
  const exactGradient = (model: Captioner): Float64Array[] => {
    const paths = Array.from({ length: R ** T }, (_, n) =>
      Array.from({ length: T }, (__, t) => [Math.floor(n / R ** t) % R]),
    );
    model.zeroGrad();
    let expected: Tensor | null = null;
    for (const looking of paths) {
      const batch = model.batch(features(), caption);
      const { chosen } = model.decode(batch, looking);
      const p = (chosen as Tensor).sum().exp();
      const term = p.mul(model.loss(batch, { reduction: 'sum', terms: false, hardAttention: looking }));
      expected = expected ? expected.add(term) : term;
    }
    (expected as Tensor).backward();
    return model.parameters().map((p) => Float64Array.from(p.grad?.dataSync() ?? []));
  };
  /** Mean and standard error of each number over `count` batches of `B` captions, each drawn anew. */
  const sampled = (model: Captioner, count: number, B: number, forget = false) => {
    const sums = model.parameters().map((p) => new Float64Array(p.size));
    const squares = model.parameters().map((p) => new Float64Array(p.size));
    for (let n = 0; n < count; n++) {
      scope(() => {
        model.zeroGrad();
        // A baseline of 0 is none.
        if (forget) model.baseline?.set([0, 1e-300]);
        const batch = model.batch(
          features(),
          Array.from({ length: B }, () => caption[0]),
          new Array(B).fill(0),
        );
        model.loss(batch, { reduction: 'sum' }).backward();
        for (const [k, p] of model.parameters().entries()) {
          for (const [i, g] of (p.grad?.dataSync() ?? []).entries()) {
            sums[k][i] += g / B;
            squares[k][i] += (g / B) ** 2;
          }
        }
      });
    }
    const mean = sums.map((s) => s.map((v) => v / count));
    const variance = squares.map((s, k) => s.map((v, i) => Math.max(0, v / count - mean[k][i] ** 2)));
    return { mean, error: variance.map((v) => v.map((x) => Math.sqrt(x / count))) };
  };

  test('the mean of REINFORCE’s gradient is the gradient of the expected loss, and the baseline makes it calmer', () => {
    const model = make('hard', settings);
    for (const p of model.parameters()) p.set(p.mul(2).dataSync()); // so that the draws matter
    const exact = exactGradient(model);
    model.train();
    model.baseline?.set([0, 0]);
    sampled(model, 3, 50); // the baseline of batches before
    const { mean, error } = sampled(model, 500, 40);
    let [beyond, numbers, worst] = [0, 0, 0];
    for (const [k, values] of exact.entries()) {
      for (const [i, value] of values.entries()) {
        const apart = Math.abs(mean[k][i] - value) / Math.max(error[k][i], 1e-9);
        numbers++;
        worst = Math.max(worst, apart);
        if (apart > 3) beyond++;
      }
    }
    // Of so many numbers 0.27% are farther than 3 standard errors away at random.
    expect(beyond / numbers).toBeLessThan(0.01);
    expect(worst).toBeLessThan(4.5);
    const size = (errors: readonly Float64Array[]) => errors.flatMap((e) => [...e]).reduce((a, b) => a + b * b, 0);
    expect(size(sampled(model, 100, 40, true).error)).toBeGreaterThan(1.5 * size(sampled(model, 100, 40).error));
  });

  test('draws follow the seed, and the mixture reads whole captions with the mean', () => {
    const loss = (mixture: number, seed: number) => {
      const model = make('hard', { ...settings, mixture });
      manualSeed(seed);
      const batch = model.batch(features(), [[4, 5, 6, 4]]);
      return model.loss(batch, { terms: false }).itemSync();
    };
    expect(loss(0, 1)).toBe(loss(0, 1));
    expect(new Set([1, 2, 3, 4].map((seed) => loss(0, seed))).size).toBeGreaterThan(1);
    const soft = make('hard', settings);
    const batch = soft.batch(features(), [[4, 5, 6, 4]]);
    expect(loss(1, 1)).toBeCloseTo(soft.loss(batch, { terms: false, hardAttention: 'mean' }).itemSync(), 12);
  });

  test('a region that is none is refused', () => {
    const model = make('hard').eval();
    expect(() => model.decode(model.batch(features(), caption), [[9], [0], [0]])).toThrow(
      'expected a region from 0 to 3, got 9',
    );
  });
});

describe('an encoder', () => {
  const network = { encoder: { inChannels: 1, channels: [2, 3], inputSize: [8, 8] as const }, featureSize: null };

  test('learns with the words, unless it is frozen', () => {
    const model = make('soft', network);
    const batch = model.batch(randn([2, 1, 8, 8]), [[4], [5]]);
    const learned = () => {
      model.zeroGrad();
      model.loss(batch).backward();
      return model.encoder?.parameters().map((p) => p.grad !== null);
    };
    expect(learned()).toEqual([true, true, true, true, true, true]);
    model.learnsToSee = false;
    expect(learned()).toEqual([false, false, false, false, false, false]);
  });

  test('has a rate of its own, or none', () => {
    const model = make('soft', network);
    const groups = model.parameterGroups(1e-4);
    expect(new Adam(groups, { lr: 1e-3 }).parameters).toHaveLength(model.parameters().length);
    expect(model.parameterGroups(0)).toHaveLength(model.parameters().length - 6);
  });
});

test('what does not fit is refused, with what would', () => {
  expect(() => make('soft', { featureSize: null })).toThrow('encoder');
  expect(() => make('loud' as CaptionerForm)).toThrow(
    'expected one of inject, initial, prefix, soft, hard, got "loud"',
  );
  expect(() => make('soft', { end: 2 })).toThrow('start and end are one symbol');
  expect(() => make('soft').see(randn([2, 5, 4]))).toThrow('features');
  expect(() => make('soft').batch(randn([2, 5, 3]), [[4]])).toThrow('expected one for each of 2 images, got 1');
  expect(() => make('soft').batch(randn([2, 5, 3]), [[4]], [2])).toThrow('expected images from 0 to 1, got 2');
});
