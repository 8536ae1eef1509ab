// RTNeural, TensorFlow.js, ml5 and recurrentjs: files made here, with outputs worked out by plain arithmetic.

import { noGrad, tensor, indices, type Tensor } from 'unrolled';
import { expect, test } from 'vitest';
import { readModel } from '../index.ts';

const utf8 = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

test('RTNeural: a causal convolution, a batch norm and a state that goes on', async () => {
  const file = utf8({
    in_shape: [null, null, 1],
    layers: [
      {
        type: 'conv1d',
        activation: '',
        shape: [null, null, 1],
        kernel_size: [2],
        dilation: [1],
        weights: [[[[2]], [[3]]], [0.5]],
      },
      {
        type: 'lstm',
        activation: '',
        shape: [null, null, 1],
        weights: [[[0.1, 0.2, 0.3, 0.4]], [[0, 0, 0, 0]], [0, 0, 0, 0]],
      },
    ],
  });
  const model = await readModel(file, { name: 'net.json' });
  expect(model.format).toBe('rtneural');
  const network = model.module();
  const step = (c: number, x: number) => {
    const v = x * 0.1;
    const next = sigmoid(2 * v) * c + sigmoid(v) * Math.tanh(3 * v);
    return [next, sigmoid(4 * v) * Math.tanh(next)] as const;
  };
  const [c1, y1] = step(0, 3 * 1 + 0.5);
  const [, y2] = step(c1, 2 * 1 + 3 * -2 + 0.5);
  const { output } = noGrad(() => network.forward({ input: tensor([1, -2], [1, 2, 1]) }));
  expect((output as Tensor).dataSync()[0]).toBeCloseTo(y1, 6);
  expect((output as Tensor).dataSync()[1]).toBeCloseTo(y2, 6);
  expect(network.graph.states).toHaveLength(2);
});

test.each([
  ['valid', 2],
  ['same', 3],
] as const)('RTNeural: a convolution over time and features, causal in time, padding %s', async (padding, width) => {
  const kernel = [
    [0.5, -1],
    [2, 0.25],
  ]; // [time, features] biome-ignore format: rows
  const file = utf8({
    in_shape: [null, 4, 3, 1],
    layers: [
      {
        type: 'conv2d',
        activation: '',
        shape: [null, 4, width, 1],
        kernel_size_time: 2,
        kernel_size_feature: 2,
        dilation: 2,
        strides: 1,
        num_filters_in: 1,
        num_features_in: 3,
        num_filters_out: 1,
        padding,
        weights: [kernel.map((row) => row.map((w) => [[w]])), [0.1]],
      },
      { type: 'relu', activation: '', shape: [null, 4, width, 1], weights: [] },
      { type: 'batchnorm2d', activation: '', shape: [null, 4, width, 1], epsilon: 0, weights: [[2], [1], [0.5], [4]] },
    ],
  });
  const x = Array.from({ length: 4 }, (_, t) => [0, 1, 2].map((f) => Math.sin(3 * t + f + 1)));
  const at = (t: number, f: number) => x[t]?.[f] ?? 0; // steps before the first are zeros, and so are features behind the last
  const expected = x.flatMap((_, t) =>
    Array.from({ length: width }, (_none, f) => {
      const sum = kernel
        .flatMap((row, k) => row.map((w, j) => w * at(t - 2 * (1 - k), f + j)))
        .reduce((a, b) => a + b, 0.1);
      return ((Math.max(0, sum) - 0.5) / 2) * 2 + 1;
    }),
  );
  const network = (await readModel(file, { name: 'net.json' })).module();
  const y = noGrad(() => network.forward({ input: tensor(x.flat(), [1, 4, 3, 1]) }).output as Tensor);
  expect(y.shape).toEqual([1, 4, width, 1]);
  for (const [i, value] of y.dataSync().entries()) expect(value).toBeCloseTo(expected[i], 5);
});

test('RTNeural: layers whose weights do not fit are named', async () => {
  const layers = [{ type: 'dense', activation: '', shape: [null, null, 2], weights: [[[1]], [0]] }];
  await expect(readModel(utf8({ in_shape: [null, null, 1], layers }), { name: 'net.json' })).rejects.toThrow(
    /layer "dense_0" \(Dense\): expected kernel \[…, 2\], got "dense_0\/0" \[1, 1\]/,
  );
});

const dense = (name: string) => ({
  class_name: 'Dense',
  config: { name, units: 1, activation: 'linear', batch_input_shape: [null, 2] },
});

test('TensorFlow.js: quantized shards, and weights by order where no name fits', async () => {
  const topology = { class_name: 'Sequential', config: [dense('d')], keras_version: 'tfjs-layers 4' };
  const weights = [
    { name: 'other/kernel', shape: [2, 1], dtype: 'float32', quantization: { dtype: 'uint8', min: -1, scale: 0.5 } },
    { name: 'other/bias', shape: [1], dtype: 'float32' },
  ];
  const files = (paths: readonly string[]) => ({
    'model.json': utf8({ modelTopology: topology, weightsManifest: [{ paths, weights }] }),
    'a.bin': Uint8Array.of(6, 0, 0),
    'b.bin': floats(0.25).slice(0, 4),
  });
  const cut = files(['./a.bin', 'b.bin']);
  await expect(readModel(cut)).rejects.toThrow(
    /weightsManifest: expected 7 bytes of weights, those of the shards, got 6/,
  );
  const model = await readModel({ ...cut, 'a.bin': Uint8Array.of(6, 0) });
  expect(model.report.decisions.map(({ what }) => what)).toContain('weight-names');
  const { output } = noGrad(() => model.module().forward({ input: tensor([3, 5], [1, 2]) }));
  expect(Array.from((output as Tensor).dataSync())).toEqual([3 * 2 + 5 * -1 + 0.25]);
  await expect(readModel(files(['../a.bin']))).rejects.toThrow(/expected a path inside of the model's folder/);
});

test("ml5: TensorFlow 1's gates i j f o, and 1 added to the forget gate", async () => {
  const cell = 'rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/';
  const manifest = {
    embedding: { filename: 'e', shape: [2, 1] },
    [`${cell}kernel`]: { filename: 'k', shape: [2, 4] },
    [`${cell}bias`]: { filename: 'b', shape: [4] },
    'rnnlm/softmax_w': { filename: 'w', shape: [1, 2] },
    'rnnlm/softmax_b': { filename: 's', shape: [2] },
    Variable: { filename: 'v', shape: [] },
  };
  const model = await readModel({
    'manifest.json': utf8(manifest),
    e: floats(0.5, -1),
    k: floats(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    b: floats(0.01, 0.02, 0.03, 0.04),
    w: floats(2, -1),
    s: floats(0, 0.5),
  });
  let [h, c] = [0, 0];
  for (const x of [-1, 0.5]) {
    const [i, j, f, o] = [0, 1, 2, 3].map((k) => ((k + 1) / 10) * x + ((k + 5) / 10) * h + (k + 1) / 100);
    c = sigmoid(f + 1) * c + sigmoid(i) * Math.tanh(j);
    h = sigmoid(o) * Math.tanh(c);
  }
  const { output } = noGrad(() => model.module().forward({ ids: indices([1, 0], [1, 2]) }));
  const y = (output as Tensor).dataSync();
  expect(y[2]).toBeCloseTo(2 * h, 6);
  expect(y[3]).toBeCloseTo(-h + 0.5, 6);
});

test("recurrentjs: the character demo's JSON, whose typed arrays became objects", async () => {
  const matrix = (n: number, d: number, ...w: number[]) => ({ n, d, w: Object.assign({}, w) as object });
  const file = utf8({
    generator: 'rnn',
    hidden_sizes: [1],
    letter_size: 1,
    model: {
      Wil: matrix(2, 1, 0.5, 2),
      Wxh0: matrix(1, 1, 3),
      Whh0: matrix(1, 1, 0.5),
      bhh0: matrix(1, 1, 0.25),
      Whd: matrix(2, 1, 1, -1),
      bd: matrix(2, 1, 0, 1),
    },
    vocab: ['a'],
  });
  const model = await readModel(file, { name: 'a.json' });
  const { output } = noGrad(() => model.module().forward({ ids: indices([1, 0], [1, 2]) }));
  const first = 6.25;
  const second = 1.5 + 0.5 * first + 0.25;
  expect(Array.from((output as Tensor).dataSync())).toEqual([first, 1 - first, second, 1 - second]);
});

test('JSON that is too deep is refused before it is parsed', async () => {
  const deep = new TextEncoder().encode(`{"in_shape":1,"layers":${'['.repeat(10_000)}`);
  await expect(readModel(deep, { name: 'x.json' })).rejects.toThrow(/expected JSON at most 256 deep/);
});
