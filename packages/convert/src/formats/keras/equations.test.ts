// Layers of Keras against its equations in plain arithmetic (test/keras-equations.ts): recurrent cells in every wrapping, states that are passed on, cuDNN's
// layouts, masks, attention and products.

import { noGrad, Random, tensor, type Tensor } from 'unrolled';
import { HostArray } from 'unrolled/graph';
import { describe, expect, test } from 'vitest';
import { kerasTwoFile, type LayerWeights } from '../../../../../test/hdf5-files.ts';
import { attention, dotOf, type Matrix, merges, normalCdf, type Recurrent, sequence, sigmoid, step, type Vector, zeroState } from '../../../../../test/keras-equations.ts'; // biome-ignore format: a line
import { describeModel, readModel } from '../../index.ts';

const random = new Random(17);
const matrix = (rows: number, cols: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: cols }, () => Math.fround(random.normal())));
const gates = { SimpleRNN: 1, GRU: 3, LSTM: 4 } as const;
const [B, T, I, H] = [2, 4, 3, 2];

function recurrent(kind: Recurrent['kind'], inputs = I, resetAfter = false): Recurrent {
  const G = gates[kind];
  return {
    kind,
    kernel: matrix(inputs, G * H),
    recurrent: matrix(H, G * H),
    bias: matrix(kind === 'GRU' && resetAfter ? 2 : 1, G * H),
    resetAfter,
  };
}

const settings = ({ kind, resetAfter }: Recurrent) => ({
  units: H,
  activation: 'tanh',
  ...(kind !== 'SimpleRNN' && { recurrent_activation: 'sigmoid' }),
  ...(kind === 'GRU' && { reset_after: resetAfter }),
});

const flat = (rows: Matrix): readonly [number[], number[]] => [[rows.length, rows[0].length], rows.flat()];
const biasOf = (bias: Matrix) => (bias.length === 1 ? ([[bias[0].length], bias[0]] as const) : flat(bias));
const weightsOf = ({ kernel, recurrent: own, bias }: Recurrent, at: string): LayerWeights => ({
  [`${at}/kernel:0`]: flat(kernel),
  [`${at}/recurrent_kernel:0`]: flat(own),
  [`${at}/bias:0`]: biasOf(bias) as LayerWeights[string],
});

const layer = (className: string, name: string, config: object, inbound?: unknown) => ({
  class_name: className,
  name,
  config: { name, ...config },
  ...(inbound !== undefined && { inbound_nodes: inbound }),
});
const input = (name: string, ...shape: (number | null)[]) =>
  layer('InputLayer', name, { batch_input_shape: [null, ...shape] }, []);
const from = (...keys: readonly (string | readonly [string, number, number, object?])[]) => [
  keys.map((key) => (typeof key === 'string' ? [key, 0, 0, {}] : [key[0], key[1], key[2], key[3] ?? {}])),
];

interface Net {
  readonly layers: readonly object[];
  readonly inputs: readonly string[];
  readonly outputs: readonly (readonly [string, number, number])[];
  readonly weights?: Readonly<Record<string, LayerWeights>>;
  readonly version?: string;
}

async function outputsOf(
  { layers, inputs, outputs, weights = {}, version }: Net,
  values: Readonly<Record<string, Tensor | HostArray>>,
) {
  const config = {
    class_name: 'Functional',
    config: { name: 'net', layers, input_layers: inputs.map((name) => [name, 0, 0]), output_layers: outputs },
  };
  const names = layers.map((one) => (one as { name: string }).name);
  const all = Object.fromEntries(names.map((name) => [name, weights[name] ?? {}]));
  const model = await readModel(await kerasTwoFile(config, all, version), { name: 'net.h5' });
  const found = noGrad(() => model.module().forward(values));
  return Object.values(found).map((value) => ({
    shape: value.shape,
    values: Array.from((value as Tensor).dataSync()),
  }));
}

function expectClose(found: { readonly values: readonly number[] }, expected: readonly number[]): void {
  expect(found.values.length).toBe(expected.length);
  const worst = Math.max(...expected.map((v, i) => Math.abs(v - found.values[i])));
  const largest = Math.max(1, ...expected.map(Math.abs)); // float32 has seven digits
  expect(worst / largest).toBeLessThan(1e-6);
}

const xs = Array.from({ length: B }, () => matrix(T, I));
const x = () => tensor(xs.flat(2), [B, T, I]);
const kinds: readonly [string, () => Recurrent][] = [
  ['SimpleRNN', () => recurrent('SimpleRNN')],
  ['LSTM', () => recurrent('LSTM')],
  ['GRU, reset before', () => recurrent('GRU')],
  ['GRU, reset after', () => recurrent('GRU', I, true)],
];

/** Steps that do not count, with holes, at the beginning and at the end. */
const masks: readonly (readonly boolean[])[] = [[false, true, false, true], [true, true, true, false]]; // biome-ignore format: rows
const outside = 7; // the value of Masking
const masked = () =>
  tensor(xs.flatMap((rows, b) => rows.flatMap((row, t) => (masks[b][t] ? row : row.map(() => outside)))), [B, T, I]); // biome-ignore format: a call
const masking = layer('Masking', 'mask', { mask_value: outside }, from('x'));

describe.each(kinds)('%s', (_, make) => {
  test.each([
    ['forwards', false],
    ['backwards', true],
  ] as const)('over masked steps, %s, with its states', async (_name, backwards) => {
    const cell = make();
    const own = { ...settings(cell), return_sequences: true, return_state: true, go_backwards: backwards };
    const [y, ...states] = await outputsOf(
      {
        layers: [input('x', T, I), masking, layer(cell.kind, 'rnn', own, from('mask'))],
        inputs: ['x'],
        outputs: [['rnn', 0, 0], ['rnn', 0, 1], ...(cell.kind === 'LSTM' ? [['rnn', 0, 2] as const] : [])],
        weights: { rnn: weightsOf(cell, 'rnn') },
      },
      { x: masked() },
    );
    const rows = xs.map((row, b) => sequence(cell, row, { mask: masks[b], backwards }));
    expectClose(
      y,
      rows.flatMap(({ outputs }) => outputs.flat()),
    );
    for (const [k, state] of states.entries())
      expectClose(
        state,
        rows.flatMap(({ state: all }) => [...all[k]]),
      );
  });

  test('as a cell of RNN, without a mask', async () => {
    const cell = make();
    const [y] = await outputsOf(
      {
        layers: [
          input('x', T, I),
          layer('RNN', 'rnn', { cell: layer(`${cell.kind}Cell`, 'cell', settings(cell)) }, from('x')),
        ],
        inputs: ['x'],
        outputs: [['rnn', 0, 0]],
        weights: { rnn: weightsOf(cell, 'rnn/cell') },
      },
      { x: x() },
    );
    expectClose(
      y,
      xs.flatMap((row) => sequence(cell, row).outputs.at(-1) as number[]),
    );
  });

  test.each(['inputs', 'initial_state'] as const)(
    'begins with the states of another layer, which stand among its %s',
    async (how) => {
      const [encoder, decoder] = [make(), make()];
      const count = encoder.kind === 'LSTM' ? 2 : 1;
      const states = Array.from({ length: count }, (_none, k) => ['enc', 0, k + 1] as const);
      const inbound = how === 'inputs' ? from('x', ...states) : from(['x', 0, 0, { initial_state: states }]);
      const [y] = await outputsOf(
        {
          layers: [
            input('x', T, I),
            layer(encoder.kind, 'enc', { ...settings(encoder), return_state: true }, from('x')),
            layer(decoder.kind, 'dec', { ...settings(decoder), return_sequences: true }, inbound),
          ],
          inputs: ['x'],
          outputs: [['dec', 0, 0]],
          weights: { enc: weightsOf(encoder, 'enc'), dec: weightsOf(decoder, 'dec') },
        },
        { x: x() },
      );
      expectClose(
        y,
        xs.flatMap((row) => sequence(decoder, row, { before: sequence(encoder, row).state }).outputs.flat()),
      );
    },
  );

  test.each(Object.keys(merges).flatMap((merge) => [true, false].map((all) => [merge, all] as const)))(
    'Bidirectional, %s, masked, return_sequences %s',
    async (merge, all) => {
      const [forward, backward] = [make(), make()];
      const inner = layer(forward.kind, 'rnn', { ...settings(forward), return_sequences: all });
      const [y] = await outputsOf(
        {
          layers: [
            input('x', T, I),
            masking,
            layer('Bidirectional', 'both', { layer: inner, merge_mode: merge }, from('mask')),
          ],
          inputs: ['x'],
          outputs: [['both', 0, 0]],
          weights: { both: { ...weightsOf(forward, 'both/forward_rnn'), ...weightsOf(backward, 'both/backward_rnn') } },
        },
        { x: masked() },
      );
      const expected = xs.flatMap((row, b) => {
        const there = sequence(forward, row, { mask: masks[b] }).outputs;
        const back = sequence(backward, row, { mask: masks[b], backwards: true }).outputs;
        if (!all) return merges[merge](there.at(-1) as Vector, back.at(-1) as Vector);
        return there.flatMap((h, t) => merges[merge](h, back[T - 1 - t]));
      });
      expectClose(y, expected);
    },
  );
});

test('Bidirectional without a merge gives both directions, and begins with the states of another', async () => {
  const [enc, encBack, dec, decBack] = Array.from({ length: 4 }, () => recurrent('LSTM'));
  const both = (name: string, own: object, inbound: unknown) =>
    layer(
      'Bidirectional',
      name,
      { layer: layer('LSTM', 'lstm', { ...settings(enc), ...own }), merge_mode: null },
      inbound,
    );
  const states = [2, 3, 4, 5].map((k) => ['enc', 0, k] as const);
  const found = await outputsOf(
    {
      layers: [
        input('x', T, I),
        both('enc', { return_state: true }, from('x')),
        both('dec', { return_sequences: true }, from('x', ...states)),
      ],
      inputs: ['x'],
      outputs: [['enc', 0, 0], ['enc', 0, 1], ['dec', 0, 0], ['dec', 0, 1]], // biome-ignore format: a line
      weights: {
        enc: { ...weightsOf(enc, 'enc/forward_lstm'), ...weightsOf(encBack, 'enc/backward_lstm') },
        dec: { ...weightsOf(dec, 'dec/forward_lstm'), ...weightsOf(decBack, 'dec/backward_lstm') },
      },
    },
    { x: x() },
  );
  const rows = xs.map((row) => [sequence(enc, row), sequence(encBack, row, { backwards: true })]);
  expectClose(
    found[0],
    rows.flatMap(([a]) => a.outputs.at(-1) as number[]),
  );
  expectClose(
    found[1],
    rows.flatMap(([, b]) => b.outputs.at(-1) as number[]),
  );
  const second = xs.map((row, b) => [
    sequence(dec, row, { before: rows[b][0].state }).outputs,
    sequence(decBack, row, { before: rows[b][1].state, backwards: true }).outputs.reverse(),
  ]);
  expectClose(
    found[2],
    second.flatMap(([a]) => a.flat()),
  );
  expectClose(
    found[3],
    second.flatMap(([, b]) => b.flat()),
  );
});

test('StackedRNNCells run one after the other at every step, and keep their states apart', async () => {
  const cells = [recurrent('LSTM'), recurrent('GRU', H, true), recurrent('SimpleRNN', H)];
  const stack = layer('StackedRNNCells', 'stack', {
    cells: cells.map((cell, k) => layer(`${cell.kind}Cell`, `cell_${k}`, settings(cell))),
  });
  const before = [2, 1, 1].flatMap((count, k) =>
    Array.from({ length: count }, (_, s) => ({ name: `s${k}${s}`, values: matrix(B, H) })),
  );
  const weights = Object.assign({}, ...cells.map((cell, k) => weightsOf(cell, `rnn/cell_${k}`))) as LayerWeights;
  const net = (states: boolean): Net => ({
    layers: [
      input('x', T, I),
      ...(states ? before.map(({ name }) => input(name, H)) : []),
      layer(
        'RNN',
        'rnn',
        { cell: stack, return_sequences: true, return_state: true },
        from('x', ...(states ? before.map(({ name }) => name) : [])),
      ),
    ],
    inputs: ['x', ...(states ? before.map(({ name }) => name) : [])],
    outputs: [0, 1, 2, 3, 4].map((k) => ['rnn', 0, k] as const),
    weights: { rnn: weights },
  });
  for (const given of [false, true]) {
    const values = Object.fromEntries(before.map(({ name, values: own }) => [name, tensor(own.flat(), [B, H])]));
    const [y, ...states] = await outputsOf(net(given), { x: x(), ...(given && values) });
    const rows = xs.map((row, b) => {
      let at = cells.map(zeroState);
      if (given) {
        const [h0, c0, h1, h2] = before.map(({ values: own }) => own[b]);
        at = [[h0, c0], [h1], [h2]];
      }
      const outputs = row.map((v) => {
        let h: Vector = v;
        at = cells.map((cell, k) => {
          const next = step(cell, h, at[k]);
          [h] = next;
          return next;
        });
        return [...h];
      });
      return { outputs, states: at.flat() };
    });
    expectClose(
      y,
      rows.flatMap(({ outputs }) => outputs.flat()),
    );
    for (const [k, state] of states.entries())
      expectClose(
        state,
        rows.flatMap((row) => [...row.states[k]]),
      );
  }
});

/** cuDNN's layout of a canonical kernel, the other way round than Keras converts it: each gate's block turned, in memory as it stands. */
const cudnnKernel = (rows: Matrix, G: number): number[][] => {
  const [n, width] = [rows.length, rows[0].length / G];
  const blocks = Array.from({ length: G }, (_, g) => {
    const turned = Array.from({ length: width }, (_none, j) => rows.map((row) => row[g * width + j])).flat(); // [H, n] in memory
    return Array.from({ length: n }, (_none, i) => turned.slice(i * width, (i + 1) * width)); // and named [n, H]
  });
  return Array.from({ length: n }, (_, i) => blocks.flatMap((block) => block[i]));
};
const cudnnRecurrent = (rows: Matrix, G: number): number[][] => {
  const n = rows.length;
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: G }, (_none, g) => Array.from({ length: n }, (_one, j) => rows[j][g * n + i])).flat(),
  );
};

describe.each([
  ['CuDNNLSTM', 'LSTM'],
  ['CuDNNGRU', 'GRU'],
] as const)('%s', (className, kind) => {
  test(`has the weights of an ${kind} in cuDNN's layout, with both biases`, async () => {
    const cell = { ...recurrent(kind, I, true), bias: matrix(2, gates[kind] * H) };
    const G = gates[kind];
    const weights: LayerWeights = {
      'rnn/kernel:0': flat(cudnnKernel(cell.kernel, G)),
      'rnn/recurrent_kernel:0': flat(cudnnRecurrent(cell.recurrent, G)),
      'rnn/bias:0': [[2 * G * H], cell.bias.flat()],
    };
    // A layer of today may read a file that its CuDNN form wrote: the bias tells.
    for (const name of [className, kind]) {
      const own = name === kind ? settings(cell) : { units: H };
      const [y] = await outputsOf(
        {
          layers: [input('x', T, I), layer(name, 'rnn', { ...own, return_sequences: true }, from('x'))],
          inputs: ['x'],
          outputs: [['rnn', 0, 0]],
          weights: { rnn: weights },
        },
        { x: x() },
      );
      expectClose(
        y,
        xs.flatMap((row) => sequence(cell, row).outputs.flat()),
      );
    }
  });
});

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
