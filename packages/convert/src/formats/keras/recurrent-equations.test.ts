// Recurrent layers of Keras against its equations in plain arithmetic (test/keras-equations.ts): every cell in every wrapping, states that are passed on, and
// cuDNN's layouts.

import { tensor } from 'unrolled';
import { describe, test } from 'vitest';
import type { LayerWeights } from '../../../../../test/hdf5-files.ts';
import { type Matrix, merges, type Recurrent, sequence, step, type Vector, zeroState } from '../../../../../test/keras-equations.ts'; // biome-ignore format: a line
import { B, drawn, expectClose, flat, from, gates, H, I, input, layer, type Net, outputsOf, settings, T, weightsOf } from '../../../../../test/keras-nets.ts'; // biome-ignore format: a line

const { matrix, recurrent } = drawn(17);
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
