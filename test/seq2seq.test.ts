// What must hold for every decoder: whole = step by step, forced = sampled with a ratio of 1, weights over the source alone; and the attention
// steps of Bahdanau and Luong by hand.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Backend,
  cellNames,
  currentBackend,
  type DecoderKind,
  decoderKinds,
  teacherForcingRatio,
  type TeacherForcingSchedule,
  globalRandom,
  init,
  manualSeed,
  noGrad,
  ReferenceBackend,
  Seq2Seq,
  type Seq2SeqOptions,
  setDefaultDtype,
  stack,
  type Tensor,
  tensor,
  useBackend,
} from 'unrolled';
import { changeAttention, observeSteps } from 'unrolled/analysis';
import { Attention } from '../packages/unrolled/src/models/seq2seq/attention.ts';
import { expectClose, tolerances } from './close.ts';

let before: Backend;
beforeAll(() => {
  before = currentBackend();
});
afterAll(() => useBackend(before));
beforeEach(async () => {
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
  manualSeed(21);
});
afterEach(() => setDefaultDtype('float32'));

const sources = [[4, 7, 5], [6, 4, 4, 7, 5], [7]];
const targets = [
  [5, 4],
  [6, 6, 4, 5],
  [4, 5, 4],
];

function make(options: Partial<Seq2SeqOptions>): Seq2Seq {
  const model = new Seq2Seq({
    sourceVocabulary: 8,
    targetVocabulary: 7,
    hiddenSize: 4,
    decoderSize: options.decoder === 'dot' ? 8 : 5,
    embeddingDim: 3,
    attentionSize: 6,
    ...options,
  });
  for (const p of model.parameters()) init.uniform(p, -0.8, 0.8); // away from where all weights are alike
  return model.eval();
}

const variants: [string, Partial<Seq2SeqOptions>][] = decoderKinds.flatMap((decoder: DecoderKind) =>
  (['gru', 'lstm', 'rnn', 'lstm-peephole'] as const).flatMap((cell): [string, Partial<Seq2SeqOptions>][] => {
    const one: [string, Partial<Seq2SeqOptions>] = [`${decoder}, ${cell}`, { decoder, cell, numLayers: 2 }];
    const isLuong = !['plain', 'context', 'repeat', 'additive'].includes(decoder);
    return isLuong ? [one, [`${one[0]}, no input feeding`, { ...one[1], inputFeeding: false }]] : [one];
  }),
);

describe.each(variants)('%s', (_name, options) => {
  test('all steps at once are the steps one by one', () => {
    const model = make(options);
    const batch = model.batch(sources, targets);
    const { logits, weights } = model.forward(batch);
    const { memory, state: first } = model.encode(batch.source, batch.sourceLengths);
    let state = first;
    const steps = batch.input.unbind(0).map((ids) => {
      const result = model.decoder.step(model.embed(ids), state, memory);
      state = result.state;
      return result;
    });
    expectClose(logits, model.scores(stack(steps.map((s) => s.output))), tolerances.float64);
    if (weights) expectClose(weights, stack(steps.map((s) => s.weights as Tensor)), tolerances.float64);
  });

  test('the weights of a step sum to 1 and are 0 on padding', () => {
    const model = make(options);
    const batch = model.batch(sources, targets);
    const { weights } = model.forward(batch);
    if (!weights) return;
    const [T, B, S] = weights.shape;
    const values = weights.dataSync();
    for (let t = 0; t < T; t++) {
      for (let b = 0; b < B; b++) {
        const row = values.subarray((t * B + b) * S, (t * B + b + 1) * S);
        expect(Array.from(row).reduce((x, y) => x + y, 0)).toBeCloseTo(1, 12);
        row.forEach((w, s) => (s < sources[b].length ? expect(w).toBeGreaterThan(0) : expect(w).toBe(0)));
      }
    }
  });

  test('with a ratio of 1 it reads the truth, and with less what it draws', () => {
    const model = make(options);
    const batch = model.batch(sources, targets);
    const forced = model.loss(batch).itemSync();
    expect(model.loss(batch, { teacherForcing: 1 }).itemSync()).toBe(forced);
    const drawn = () => (manualSeed(4), model.loss(batch, { teacherForcing: 0.3 }).itemSync());
    expect(drawn()).toBe(drawn());
    if (options.decoder === 'repeat') expect(drawn()).toBe(forced);
    else expect(drawn()).not.toBe(forced);
  });
});

test('scheduled sampling learns: its gradient is that of the symbols that were read', () => {
  const model = make({ decoder: 'additive' });
  const batch = model.batch(sources, targets);
  const loss = () => (manualSeed(9), model.loss(batch, { teacherForcing: 0.5 }));
  loss().backward();
  const { weight } = model.decoder.readout as NonNullable<typeof model.decoder.readout>;
  const gradient = [...(weight.grad as Tensor).dataSync()].slice(0, 12);
  const { array } = weight.storage;
  const differences = gradient.map((_, i) => {
    const value = array[i];
    const nudged = [1e-6, -1e-6].map((by) => {
      array[i] = value + by;
      return noGrad(loss).itemSync();
    });
    array[i] = value;
    return (nudged[0] - nudged[1]) / 2e-6;
  });
  expectClose(gradient, differences, tolerances.gradient);
});

test('the share of draws is what the ratio says', () => {
  const model = make({ decoder: 'plain', targetVocabulary: 7 });
  const batch = model.batch(new Array(50).fill([4]), new Array(50).fill([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]));
  let [read, own] = [0, 0];
  const embed = model.embed.bind(model);
  model.embed = (ids) => {
    if (ids.rank === 1) ids.storage.array.forEach((id) => (read++, id !== 4 && id !== 2 && own++));
    return embed(ids);
  };
  for (const p of model.output?.parameters() ?? []) init.constant(p, 0); // every symbol is as likely
  model.loss(batch, { teacherForcing: 0.25 });
  // Of 12 symbols 11 may be draws, three in four are, and of seven symbols two do not show.
  expect(own / read).toBeCloseTo((11 / 12) * 0.75 * (5 / 7), 1);
});

describe('the schedules of Bengio et al.', () => {
  test.each<[TeacherForcingSchedule | number, number, number]>([
    [0.5, 100, 0.5],
    [{ kind: 'constant', ratio: 0.25 }, 7, 0.25],
    [{ kind: 'linear', slope: 0.01 }, 25, 0.75],
    [{ kind: 'linear', start: 0.9, slope: 0.01, minimum: 0.3 }, 500, 0.3],
    [{ kind: 'exponential', k: 0.99 }, 2, 0.9801],
    [{ kind: 'inverse-sigmoid', k: 10 }, 0, 10 / 11],
    [{ kind: 'inverse-sigmoid', k: 10 }, 20, 10 / (10 + Math.exp(2))],
  ])('%o at step %d is %d', (schedule, step, ratio) => {
    expect(teacherForcingRatio(schedule, step)).toBeCloseTo(ratio, 12);
  });
  test('refuse what makes no sense', () => {
    expect(() => teacherForcingRatio(1.5, 0)).toThrow('teacherForcing: ratio: expected a number from 0 to 1, got 1.5');
    expect(() => teacherForcingRatio({ kind: 'exponential', k: 2 }, 0)).toThrow(
      'k: expected a number between 0 and 1, got 2',
    );
    expect(() => teacherForcingRatio({ kind: 'cosine' } as never, 0)).toThrow('expected one of constant, linear');
  });
});

describe('attention', () => {
  // One unit everywhere, two positions h = (1, −1): worked by hand.
  const values = (): Tensor => tensor([[[1], [-1]]]);
  const set = (p: Tensor | null | undefined, value: number) => p?.set([value]);

  test('additive by hand (Bahdanau): q = 0.5, W_q = 2, W_k = 0.5, v = 3', () => {
    const attention = new Attention('additive', 1, 1, 1);
    set(attention.query?.weight, 2);
    set(attention.key?.weight, 0.5);
    set(attention.v, 3);
    // keys ±0.5; scores 3 tanh(1 + 0.5) = 2.7154448, 3 tanh(1 − 0.5) = 1.3863515; w₁ = 1 / (1 + e^(−1.3290933)) = 0.7906905
    const { context, weights } = attention.forward(tensor([[0.5]]), attention.keys(values()), values(), null);
    const w = 1 / (1 + Math.exp(3 * Math.tanh(0.5) - 3 * Math.tanh(1.5)));
    expect(w).toBeCloseTo(0.7906905, 6);
    expectClose(weights, [w, 1 - w], tolerances.float64);
    expectClose(context, [2 * w - 1], tolerances.float64);
  });

  test('general by hand (Luong): s = 0.5, W = 2', () => {
    const attention = new Attention('general', 1, 1, 1);
    set(attention.key?.weight, 2);
    // scores ±1; w₁ = 1 / (1 + e^−2) = 0.8807971
    const { context, weights } = attention.forward(tensor([[0.5]]), attention.keys(values()), values(), null);
    const w = 1 / (1 + Math.exp(-2));
    expectClose(weights, [w, 1 - w], tolerances.float64);
    expectClose(context, [2 * w - 1], tolerances.float64);
  });

  test('a whole step of Luong with input feeding by hand: one unit, a tanh cell', () => {
    const model = new Seq2Seq({
      sourceVocabulary: 4, targetVocabulary: 4, decoder: 'dot', cell: 'rnn', hiddenSize: 1, bidirectional: false, embeddingDim: 1,
    }); // biome-ignore format: as in the text
    const { decoder } = model;
    for (const p of decoder.parameters()) init.constant(p, 0);
    const named = new Map(decoder.namedParameters());
    named.get('layers.0.weight_ih_l0')?.set([0.5, -1]); // of the symbol, of what was found before
    named.get('layers.0.weight_hh_l0')?.set([0.25]);
    named.get('readout.weight')?.set([1, 2]); // of s, of c
    const memory = {
      summary: tensor([[0]]),
      lengths: tensor([2], [1], { dtype: 'int32' }),
      values: values(),
      keys: values(),
    };
    const state = { layers: [tensor([[0.4]])], feed: tensor([[0.3]]), masks: null, length: 0 };
    const { output, weights } = decoder.step(tensor([[2]]), state, memory);
    const s = Math.tanh(0.5 * 2 - 0.3 + 0.25 * 0.4); // 0.6640368
    const w = 1 / (1 + Math.exp(-2 * s)); // scores ±s
    expectClose(weights as Tensor, [w, 1 - w], tolerances.float64);
    expectClose(output, [Math.tanh(s + 2 * (2 * w - 1))], tolerances.float64);
  });
});

describe('Seq2Seq', () => {
  test('with its source reversed it reads each row from its end', () => {
    const [forward, reversed] = [make({ decoder: 'plain' }), make({ decoder: 'plain', reverseSource: true })];
    reversed.loadStateDict(forward.stateDict());
    const back = sources.map((row) => row.toReversed());
    expect(reversed.loss(reversed.batch(sources, targets)).itemSync()).toBe(
      forward.loss(forward.batch(back, targets)).itemSync(),
    );
  });

  test('shared and tied embeddings are one table', () => {
    const model = new Seq2Seq({
      sourceVocabulary: 9, targetVocabulary: 9, hiddenSize: 4, embeddingDim: 4, shareEmbeddings: true, tieWeights: true,
    }); // biome-ignore format: as in the text
    const tables = [...model.namedParameters()].filter(([, p]) => p.shape[0] === 9);
    expect(tables.map(([name]) => name)).toEqual(['encoder.symbols.embedding.weight']);
  });

  test('dropout drops in training only', () => {
    const model = make({ dropout: 0.5 });
    const batch = model.batch(sources, targets);
    const loss = () => model.loss(batch).itemSync();
    expect(loss()).toBe(loss());
    model.train();
    expect(loss()).not.toBe(loss());
  });

  test('a batch of nothing has a loss of 0', () => {
    const model = make({});
    expect(model.loss(model.batch([], [])).itemSync()).toBe(0);
    expect(model.translate([])).toEqual([]);
  });

  test('forcing all draws no random number', () => {
    const model = make({});
    const state = JSON.stringify(globalRandom().state);
    model.loss(model.batch(sources, targets));
    expect(JSON.stringify(globalRandom().state)).toBe(state);
  });

  test.each<[Partial<Seq2SeqOptions>, string]>([
    [{ decoder: 'bahdanau' as DecoderKind }, 'decoder: expected one of plain, context, repeat, additive'],
    [{ decoder: 'dot' }, 'decoder: dot compares states of one size: decoderSize must be 8, not 4; or use general'],
    [{ decoder: 'plain', inputFeeding: true }, 'inputFeeding: plain has no attention after its step'],
    [{ shareEmbeddings: true }, 'shareEmbeddings: the vocabularies have 8 and 7 symbols; make them one'],
    [{ tieWeights: true, embeddingDim: 3, decoder: 'plain' }, 'tieWeights: plain needs embeddingDim 4, not 3'],
    [{ end: 7 }, 'end: expected a symbol from 0 to 6, got 7'],
    [{ hiddenSize: 0 }, 'hiddenSize: expected a whole number from 1, got 0'],
    [{ hidden_size: 3 } as object, 'hidden_size: unknown option; did you mean hiddenSize?'],
    [{ cell: 'gur' as 'gru' }, 'unknown cell gur; did you mean gru?'],
  ])('refuses %o', (options, message) => {
    expect(() => new Seq2Seq({ sourceVocabulary: 8, targetVocabulary: 7, hiddenSize: 4, ...options })).toThrow(message);
  });

  test.each(cellNames.flatMap((cell) => [true, false].map((bidirectional) => [cell, bidirectional] as const)))(
    'hands the state of every kind of cell from one half to the other: %s, bidirectional %s',
    (cell, bidirectional) => {
      const model = make({ cell, bidirectional, decoder: 'additive' });
      const loss = model.loss(model.batch([[4, 7], [5]], [[4, 5], [6]]));
      loss.backward();
      expect(Number.isFinite(loss.itemSync())).toBe(true);
    },
  );

  test('a source and a target that do not pair are refused', () => {
    expect(() => make({}).batch([[1]], [])).toThrow('pairBatch: targets: expected one for each of 1 sources, got 0');
    expect(() => make({}).translate([[9]])).toThrow('expected integers from 0 to 7, got 9');
  });
});

describe('a decoder that is watched', () => {
  test.each(decoderKinds)('%s: every step of every layer is observed, and the result is the same', (decoder) => {
    const model = make({ decoder, numLayers: 2 });
    const batch = model.batch(sources, targets);
    const seen: string[] = [];
    const { logits } = observeSteps(
      ({ cell, t }) => {
        const layer = model.decoder.layers.findIndex(({ cells }) => cells[0] === cell);
        if (layer >= 0) seen.push(`${layer} ${t}`);
      },
      () => model.forward(batch),
    );
    const wanted = [0, 1].flatMap((layer) => [0, 1, 2, 3, 4].map((t) => `${layer} ${t}`));
    expect(seen.toSorted()).toEqual(wanted);
    expectClose(logits, model.forward(batch).logits, tolerances.float64);
  });

  test.each(['additive', 'general'] as const)('%s: attends to where it is told to, and reads that', (decoder) => {
    const model = make({ decoder });
    const batch = model.batch(sources, targets);
    const first = (weights: Tensor) => weights.mul(0).add(tensor([1, 0, 0, 0, 0], [1, 5], { dtype: 'float64' }));
    const { logits, weights } = changeAttention(first, () => model.forward(batch));
    expect(((weights as Tensor).toArray() as number[][][]).flat()).toEqual(new Array(15).fill([1, 0, 0, 0, 0]));
    const same = changeAttention(
      (w) => w,
      () => model.forward(batch),
    );
    expectClose(same.logits, model.forward(batch).logits, tolerances.float64);
    expect(logits.sub(same.logits).abs().max().itemSync()).toBeGreaterThan(1e-3);
    expect(() =>
      changeAttention(
        (w) => w.sum(),
        () => model.forward(batch),
      ),
    ).toThrow('changeAttention: expected weights of shape');
  });
});
