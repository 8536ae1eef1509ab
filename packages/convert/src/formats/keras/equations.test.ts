// Layers of Keras that are not recurrent against its equations in plain arithmetic (test/keras-equations.ts): attention, products, activations, zeros around
// images, and masks on their way through a network.

import { tensor } from 'unrolled';
import { HostArray } from 'unrolled/graph';
import { describe, expect, test } from 'vitest';
import { kerasTwoFile, type LayerWeights } from '../../../../../test/hdf5-files.ts';
import { attention, dotOf, type Matrix, normalCdf, sequence, sigmoid, type Vector } from '../../../../../test/keras-equations.ts'; // biome-ignore format: a line
import { B, drawn, expectClose, flat, from, I, input, layer, type Net, outputsOf, settings, T, weightsOf } from '../../../../../test/keras-nets.ts'; // biome-ignore format: a line
import { describeModel } from '../../index.ts';

const { matrix, recurrent } = drawn(17);
const xs = Array.from({ length: B }, () => matrix(T, I));
const x = () => tensor(xs.flat(2), [B, T, I]);

describe('attention', () => {
  const [queries, values] = [matrix(B * 3, I), matrix(B * T, I)];
  const rowsOf = (all: Matrix, n: number) => Array.from({ length: B }, (_, b) => all.slice(b * n, (b + 1) * n));
  const ids = [[1, 0, 2, 0], [0, 3, 1, 1]]; // biome-ignore format: rows
  const scale = matrix(1, I)[0];
  const table = matrix(4, I);

  test.each<[string, object, LayerWeights, (q: Vector, k: Vector) => number]>([
    ['Attention', {}, {}, dotOf],
    ['Attention', { use_scale: true }, { 'a/scale:0': [[], [0.7]] }, (q, k) => Math.fround(0.7) * dotOf(q, k)],
    ['Attention', { score_mode: 'concat' }, { 'a/concat_score_weight:0': [[], [-0.4]] }, (q, k) => Math.fround(-0.4) * q.reduce((sum, v, n) => sum + Math.tanh(v + k[n]), 0)],
    ['AdditiveAttention', {}, { 'a/scale:0': [[I], scale] }, (q, k) => q.reduce((sum, v, n) => sum + scale[n] * Math.tanh(v + k[n]), 0)],
    ['AdditiveAttention', { use_scale: false }, {}, (q, k) => q.reduce((sum, v, n) => sum + Math.tanh(v + k[n]), 0)],
  ])('%s %j', async (className, own, weights, score) => {
    const [y] = await outputsOf(
      {
        layers: [input('q', 3, I), input('v', T, I), layer(className, 'a', own, from('q', 'v'))],
        inputs: ['q', 'v'],
        outputs: [['a', 0, 0]],
        weights: { a: weights },
      },
      { q: tensor(queries.flat(), [B, 3, I]), v: tensor(values.flat(), [B, T, I]) },
    );
    const [qs, vs] = [rowsOf(queries, 3), rowsOf(values, T)];
    expectClose(y, qs.flatMap((query, b) => attention({ query, value: vs[b] }, score).flat()));
  }); // biome-ignore format: a table

  test.each(['causal', 'use_causal_mask'])('with the masks of its inputs, a key of its own, and %s', async (causal) => {
    const keys = matrix(B * T, I);
    const config = { use_scale: false, ...(causal === 'causal' && { causal: true }) };
    const call = causal === 'causal' ? {} : { use_causal_mask: true };
    const [y] = await outputsOf(
      {
        layers: [
          input('ids', T),
          input('k', T, I),
          layer('Embedding', 'emb', { input_dim: 4, output_dim: I, mask_zero: true }, from('ids')),
          layer('Attention', 'a', config, from(['emb', 0, 0, call], 'emb', 'k')),
        ],
        inputs: ['ids', 'k'],
        outputs: [['a', 0, 0]],
        weights: { emb: { 'emb/embeddings:0': flat(table) } },
      },
      { ids: new HostArray('int', [B, T], ids.flat()), k: tensor(keys.flat(), [B, T, I]) },
    );
    const all = rowsOf(keys, T);
    const expected = ids.flatMap((row, b) => {
      const embedded = row.map((id) => table[id]);
      const mask = row.map((id) => id !== 0);
      const found = attention({ query: embedded, value: embedded, key: all[b] }, dotOf, {
        queryMask: mask,
        valueMask: mask,
        causal: true,
      });
      return found.flat();
    });
    // Row 1 begins with a masked step: its first query sees no value that counts, and gives zeros as a masked query itself.
    expectClose(
      y,
      expected.map((v) => (Number.isNaN(v) ? 0 : v)),
    );
  });

  test('an argument of a call that changes it and is not known is refused', async () => {
    const config = {
      class_name: 'Functional',
      config: {
        layers: [
          input('q', 3, I),
          layer('Attention', 'a', {}, from(['q', 0, 0, { return_attention_scores: true }], 'q')),
          layer('Dropout', 'd', { rate: 0.5 }, from(['q', 0, 0, { training: true }])),
        ],
        input_layers: [['q', 0, 0]],
        output_layers: [['a', 0, 0], ['d', 0, 0]], // biome-ignore format: a line
      },
    };
    const { problems } = await describeModel(await kerasTwoFile(config, { a: {}, d: {} }));
    expect(problems.map(({ got }) => got)).toEqual(['"return_attention_scores": true', 'training=True in its call']);
  });
});

describe('Dot', () => {
  const [a, b] = [xs, Array.from({ length: B }, () => matrix(T, I))];
  const unit = (v: Vector) => v.map((one) => one / Math.sqrt(Math.max(dotOf(v, v), 1e-12)));
  const columnsOf = (rows: Matrix): Matrix => rows[0].map((_, j) => rows.map((row) => row[j]));

  test.each<[object, (p: Matrix, q: Matrix) => number[]]>([
    [{ axes: 2 }, (p, q) => p.flatMap((v) => q.map((w) => dotOf(v, w)))],
    [{ axes: [2, 2], normalize: true }, (p, q) => p.flatMap((v) => q.map((w) => dotOf(unit(v), unit(w))))],
    [{ axes: [1, 1] }, (p, q) => columnsOf(p).flatMap((v) => columnsOf(q).map((w) => dotOf(v, w)))],
    [{ axes: -1 }, (p, q) => p.flatMap((v) => q.map((w) => dotOf(v, w)))],
  ])('over sequences, %j', async (own, expected) => {
    const [y] = await outputsOf(
      {
        layers: [input('a', T, I), input('b', T, I), layer('Dot', 'd', own, from('a', 'b'))],
        inputs: ['a', 'b'],
        outputs: [['d', 0, 0]],
      },
      { a: tensor(a.flat(2), [B, T, I]), b: tensor(b.flat(2), [B, T, I]) },
    );
    expectClose(
      y,
      a.flatMap((rows, n) => expected(rows, b[n])),
    );
  });

  test('of a sequence and a vector, as attention has it, and of two vectors', async () => {
    const v = matrix(B, I);
    const layers = [
      input('a', T, I),
      input('v', I),
      layer('Dot', 'd', { axes: [2, 1] }, from('a', 'v')),
      layer('Dot', 'back', { axes: [1, 1] }, from('a', 'd')),
      layer('Dot', 'two', { axes: 1, normalize: true }, from('v', 'back')),
    ];
    const outputs = ['d', 'back', 'two'].map((name) => [name, 0, 0] as const);
    const found = await outputsOf(
      { layers, inputs: ['a', 'v'], outputs },
      { a: tensor(a.flat(2), [B, T, I]), v: tensor(v.flat(), [B, I]) },
    );
    const d = a.map((rows, n) => rows.map((row) => dotOf(row, v[n])));
    const back = a.map((rows, n) => columnsOf(rows).map((column) => dotOf(column, d[n])));
    expectClose(found[0], d.flat());
    expect(found[0].shape).toEqual([B, T]);
    expectClose(found[1], back.flat());
    expectClose(
      found[2],
      back.map((row, n) => dotOf(unit(v[n]), unit(row))),
    );
    expect(found[2].shape).toEqual([B, 1]);
  });
});

test.each<[string, (v: number) => number]>([
  ['gelu', (v) => v * normalCdf(v)],
  ['gelu_approximate', (v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)))],
  ['swish', (v) => v * sigmoid(v)],
  ['mish', (v) => v * Math.tanh(Math.log1p(Math.exp(v)))],
  ['selu', (v) => 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * Math.expm1(v))],
  ['relu6', (v) => Math.min(6, Math.max(0, v))],
])('activation %s', async (activation, f) => {
  const values = [-7, -2.5, -0.6, -0.1, 0, 0.3, 1.7, 6.5];
  const [y] = await outputsOf(
    {
      layers: [input('x', 8), layer('Activation', 'f', { activation }, from('x'))],
      inputs: ['x'],
      outputs: [['f', 0, 0]],
    },
    { x: tensor(values, [1, 8]) },
  );
  expectClose(
    y,
    values.map((v) => f(Math.fround(v))),
  );
});

test('zeros around steps and images, and what is cut off', async () => {
  const image = Array.from({ length: 12 }, (_, i) => i + 1); // [1, 3, 4, 1]
  const layers = [
    input('s', 3, 1),
    input('i', 3, 4, 1),
    layer('ZeroPadding1D', 'zp1', { padding: [2, 1] }, from('s')),
    layer('Cropping1D', 'c1', { cropping: [1, 0] }, from('s')),
    layer('ZeroPadding2D', 'zp2', { padding: [[1, 0], [0, 2]] }, from('i')), // biome-ignore format: pairs
    layer('Cropping2D', 'c2', { cropping: [[1, 1], [0, 2]] }, from('i')), // biome-ignore format: pairs
    layer('ZeroPadding2D', 'zp3', { padding: [0, 1] }, from('i')),
  ];
  const names = ['zp1', 'c1', 'zp2', 'c2', 'zp3'];
  const found = await outputsOf(
    { layers, inputs: ['s', 'i'], outputs: names.map((name) => [name, 0, 0] as const) },
    { s: tensor([1, 2, 3], [1, 3, 1]), i: tensor(image, [1, 3, 4, 1]) },
  );
  expect(found.map(({ shape }) => shape)).toEqual([[1, 6, 1], [1, 2, 1], [1, 4, 6, 1], [1, 1, 2, 1], [1, 3, 6, 1]]); // biome-ignore format: shapes
  expect(found.map(({ values }) => values)).toEqual([
    [0, 0, 1, 2, 3, 0],
    [2, 3],
    [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 0, 0, 9, 10, 11, 12, 0, 0],
    [5, 6],
    [0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 0, 0, 9, 10, 11, 12, 0],
  ]);
});

describe('masks', () => {
  const ids = [[1, 0, 2, 3], [0, 2, 2, 0]]; // biome-ignore format: rows
  const table = matrix(4, I);
  const given = () => ({ ids: new HostArray('int', [B, T], ids.flat()) });
  const embedding = layer('Embedding', 'emb', { input_dim: 4, output_dim: I, mask_zero: true }, from('ids'));
  const emb = { 'emb/embeddings:0': flat(table) };
  const rows = ids.map((row) => row.map((id) => table[id]));
  const counts = ids.map((row) => row.map((id) => id !== 0));

  test('go through layers of steps to the next recurrent layer, and to the mean over time', async () => {
    const cell = recurrent('GRU', I, true);
    const dense = matrix(I, I);
    const layers = [
      input('ids', T),
      embedding,
      layer(
        'TimeDistributed',
        'td',
        { layer: layer('Dense', 'dense', { units: I, use_bias: false, activation: 'tanh' }) },
        from('emb'),
      ),
      layer('Dropout', 'drop', { rate: 0.3 }, from('td')),
      layer('GRU', 'rnn', settings(cell), from('drop')),
      layer('GlobalAveragePooling1D', 'mean', {}, from('drop')),
    ];
    const weights = { emb, td: { 'td/kernel:0': flat(dense) }, rnn: weightsOf(cell, 'rnn') };
    const [y, mean] = await outputsOf({ layers, inputs: ['ids'], outputs: [['rnn', 0, 0], ['mean', 0, 0]], weights }, given()); // biome-ignore format: a call
    const through = rows.map((row) =>
      row.map((v) => dense[0].map((_, j) => Math.tanh(v.reduce((sum, one, i) => sum + one * dense[i][j], 0)))),
    );
    expectClose(
      y,
      through.flatMap((row, b) => sequence(cell, row, { mask: counts[b] }).outputs.at(-1) as number[]),
    );
    const means = through.flatMap((row, b) => {
      const own = row.filter((_, t) => counts[b][t]);
      return own[0].map((_, j) => own.reduce((sum, v) => sum + v[j], 0) / own.length);
    });
    expectClose(mean, means);
  });

  test.each([
    ['2.4.0', (a: boolean, b: boolean) => a && b],
    ['3.1.0', (a: boolean, b: boolean) => a || b],
  ] as const)('of two inputs that are added are joined as Keras %s joins them', async (version, join) => {
    const cell = recurrent('LSTM');
    const other = [[1, 1, 0, 0], [0, 0, 1, 1]]; // biome-ignore format: rows
    const layers = [
      input('ids', T),
      input('more', T),
      embedding,
      layer('Embedding', 'emb2', { input_dim: 4, output_dim: I, mask_zero: true }, from('more')),
      layer('Add', 'sum', {}, from('emb', 'emb2')),
      layer('LSTM', 'rnn', settings(cell), from('sum')),
    ];
    const weights = { emb, emb2: { 'emb2/embeddings:0': flat(table) }, rnn: weightsOf(cell, 'rnn') };
    const net = { layers, inputs: ['ids', 'more'], outputs: [['rnn', 0, 0] as const], weights, version };
    const [y] = await outputsOf(net, { ...given(), more: new HostArray('int', [B, T], other.flat()) });
    const expected = rows.flatMap((row, b) => {
      const sums = row.map((v, t) => v.map((one, n) => one + table[other[b][t]][n]));
      const mask = counts[b].map((own, t) => join(own, other[b][t] !== 0));
      return sequence(cell, sums, { mask }).outputs.at(-1) as number[];
    });
    expectClose(y, expected);
  });

  test('zero_output_for_mask gives zeros where a step does not count', async () => {
    const cell = recurrent('LSTM');
    const own = { ...settings(cell), return_sequences: true, zero_output_for_mask: true };
    const [y] = await outputsOf(
      {
        layers: [input('ids', T), embedding, layer('LSTM', 'rnn', own, from('emb'))],
        inputs: ['ids'],
        outputs: [['rnn', 0, 0]],
        weights: { emb, rnn: weightsOf(cell, 'rnn') },
      },
      given(),
    );
    const expected = rows.flatMap((row, b) =>
      sequence(cell, row, { mask: counts[b] }).outputs.flatMap((h, t) => (counts[b][t] ? h : h.map(() => 0))),
    );
    expectClose(y, expected);
  });
});

describe('what networks of images begin with', () => {
  const net = (own: object, className: string, weights: LayerWeights = {}): Net => ({
    layers: [input('x', T, I), layer(className, 'first', own, from('x'))],
    inputs: ['x'],
    outputs: [['first', 0, 0]],
    weights: { first: weights },
  });
  const rows = xs.flat(1);

  test('Rescaling by a number, and by one for each channel', async () => {
    const [one] = await outputsOf(net({ scale: 1 / 127.5, offset: -1 }, 'Rescaling'), { x: x() });
    expectClose(one, rows.flat().map((v) => v / 127.5 - 1)); // biome-ignore format: a call
    const [scale, offset] = [[1, 2, 3], [0, -1, 4]]; // biome-ignore format: rows
    const [each] = await outputsOf(net({ scale, offset }, 'Rescaling'), { x: x() });
    expectClose(each, rows.flatMap((row) => row.map((v, i) => v * scale[i] + offset[i]))); // biome-ignore format: a call
    await expect(outputsOf(net({ scale: 'x' }, 'Rescaling'), { x: x() })).rejects.toThrow('scale: numbers');
  });

  test('Normalization by mean and variance, from its settings or from the file', async () => {
    const [mean, variance] = [[0.5, -1, 0], [4, 0.25, 0]]; // biome-ignore format: rows
    const expected = rows.flatMap((row) => row.map((v, i) => (v - mean[i]) / Math.max(Math.sqrt(variance[i]), 1e-7)));
    const settled = await outputsOf(net({ axis: [-1], mean, variance }, 'Normalization'), { x: x() });
    expectClose(settled[0], expected);
    const learned = { 'first/mean:0': [[I], mean], 'first/variance:0': [[I], variance], 'first/count:0': [[], [9]] } as const; // biome-ignore format: a line
    const found = await outputsOf(net({ axis: [-1] }, 'Normalization', learned), { x: x() });
    expectClose(found[0], expected);
    await expect(outputsOf(net({ axis: [1], mean, variance }, 'Normalization'), { x: x() })).rejects.toThrow('axis -1');
  });
});
