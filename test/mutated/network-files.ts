// Small models of Keras, TensorFlow.js, RTNeural, ml5 and recurrentjs to damage.

import { readModel } from '@unrolled/convert';
import type { Random } from 'unrolled';
import { addFloats, hdf5File, kerasTwoFile, type LayerWeights } from '../hdf5-files.ts';
import { mutateBytes, mutateJson } from './mutate.ts';
import type { Parser } from './parsers.ts';

const values = (n: number) => Array.from({ length: n }, (_, i) => Math.sin(i + 1));
const utf8 = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
const array = (...shape: number[]) => [shape, values(shape.reduce((a, b) => a * b, 1))] as const;

const layers = [
  { class_name: 'Masking', config: { name: 'masking', mask_value: 0, batch_input_shape: [null, 3, 2] } },
  {
    class_name: 'Bidirectional',
    config: {
      name: 'both',
      merge_mode: 'sum',
      layer: { class_name: 'GRU', config: { name: 'gru', units: 2, return_sequences: true, reset_after: true } },
    },
  },
  { class_name: 'LSTM', config: { name: 'lstm', units: 2, recurrent_activation: 'hard_sigmoid' } },
  { class_name: 'Dense', config: { name: 'dense', units: 3, activation: 'softmax' } },
];
const config = { class_name: 'Sequential', config: { name: 'net', layers } };
const gru = [array(2, 6), array(2, 6), array(2, 6)] as const;
const weights: Readonly<Record<string, LayerWeights>> = {
  masking: {},
  both: Object.fromEntries(
    ['forward_gru', 'backward_gru'].flatMap((direction) =>
      ['kernel', 'recurrent_kernel', 'bias'].map((name, i) => [`both/${direction}/${name}:0`, gru[i]] as const),
    ),
  ),
  lstm: { 'lstm/kernel:0': array(2, 8), 'lstm/recurrent_kernel:0': array(2, 8), 'lstm/bias:0': array(8) },
  dense: { 'dense/kernel:0': array(2, 3), 'dense/bias:0': array(3) },
};
const kerasTwo = await kerasTwoFile(config, weights);
const structured = await hdf5File((file) => {
  const at = (path: string) =>
    path
      .split('/')
      .reduce(
        (group, name) => (group.keys().includes(name) ? (group.get(name) as typeof group) : group.create_group(name)),
        file as Parameters<typeof addFloats>[0],
      );
  for (const direction of ['forward_layer', 'backward_layer'])
    for (const [i, [shape, list]] of gru.entries())
      addFloats(at(`layers/bidirectional/${direction}/cell/vars`), String(i), shape, list);
  for (const [i, [shape, list]] of [array(2, 8), array(2, 8), array(8)].entries())
    addFloats(at('layers/lstm/cell/vars'), String(i), shape, list);
  for (const [i, [shape, list]] of [array(2, 3), array(3)].entries())
    addFloats(at('layers/dense/vars'), String(i), shape, list);
});

const flat = Object.values(weights).flatMap((layer) => Object.entries(layer));
const shard = new Uint8Array(Float32Array.from(flat.flatMap(([, [, list]]) => list)).buffer);
const tfjs = {
  modelTopology: { model_config: config, keras_version: '2.4.0' },
  weightsManifest: [
    {
      paths: ['a.bin'],
      weights: flat.map(([name, [shape]]) => ({ name: name.replace(':0', ''), shape, dtype: 'float32' })),
    },
  ],
};

const nested = (shape: readonly number[], list: readonly number[]): unknown =>
  shape.length === 0
    ? list[0]
    : Array.from({ length: shape[0] }, (_, i) =>
        nested(shape.slice(1), list.slice((i * list.length) / shape[0], ((i + 1) * list.length) / shape[0])),
      );
const listed = (...shape: number[]) => nested(...array(...shape));
const rtneural = {
  in_shape: [null, null, 1],
  layers: [
    {
      type: 'conv1d',
      activation: 'tanh',
      shape: [null, null, 2],
      kernel_size: [2],
      dilation: [1],
      weights: [listed(2, 1, 2), listed(2)],
    },
    { type: 'lstm', activation: '', shape: [null, null, 2], weights: [listed(2, 8), listed(2, 8), listed(8)] },
    { type: 'dense', activation: '', shape: [null, null, 1], weights: [listed(2, 1), listed(1)] },
  ],
};
const torch = {
  'gru.weight_ih_l0': listed(6, 1),
  'gru.weight_hh_l0': listed(6, 2),
  'gru.bias_ih_l0': listed(6),
  'gru.bias_hh_l0': listed(6),
  'out.weight': listed(1, 2),
  'out.bias': listed(1),
};

const matrix = (n: number, d: number) => ({ n, d, w: Object.assign({}, values(n * d)) as object });
const letters = {
  generator: 'lstm',
  hidden_sizes: [2],
  letter_size: 3,
  model: {
    Wil: matrix(4, 3),
    ...Object.fromEntries(
      ['i', 'f', 'c', 'o'].flatMap((g) => [
        [`W${g}x0`, matrix(2, 3)],
        [`W${g}h0`, matrix(2, 2)],
        [`b${g}0`, matrix(2, 1)],
      ]),
    ),
    Whd: matrix(4, 2),
    bd: matrix(4, 1),
  },
  vocab: ['a', 'b', 'c'],
};

const cell = 'rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/';
const raw: Readonly<Record<string, readonly number[]>> = {
  embedding: [4, 3],
  [`${cell}kernel`]: [5, 8],
  [`${cell}bias`]: [8],
  'rnnlm/softmax_w': [2, 4],
  'rnnlm/softmax_b': [4],
};
const manifest = Object.fromEntries(
  Object.entries(raw).map(([name, shape]) => [name, { filename: name.replaceAll('/', '_'), shape }]),
);
const rawFiles = Object.entries(raw).map(
  ([name, shape]) => [name.replaceAll('/', '_'), new Uint8Array(Float32Array.from(array(...shape)[1]).buffer)] as const,
);

type Files = Uint8Array | ReadonlyMap<string, Uint8Array>;

async function use(files: Files): Promise<void> {
  const model = await readModel(files, { name: 'damaged' });
  for (const one of model.arrays.values()) one.values();
  JSON.stringify([model.layers, model.report, model.network?.graph]);
  model.network?.weights();
}

function parser(name: string, whole: Files, damage: (random: Random) => Files): Parser {
  return {
    name,
    share: 1,
    undamaged: () => use(whole),
    make(random) {
      const input = damage(random);
      return { input, read: () => use(input) };
    },
  };
}

const ofJson = (name: string, json: unknown, whole: (bytes: Uint8Array) => Files) =>
  parser(name, whole(utf8(json)), (random) =>
    whole(random.integer(4) === 0 ? mutateBytes(utf8(json), [utf8(json)], random) : utf8(mutateJson(json, random))),
  );

/** Weights with their configuration next to them: a .keras is these in a zip, and zips are damaged elsewhere. */
const keras = (json: Uint8Array, h5: Uint8Array) =>
  new Map([
    ['model.weights.h5', h5],
    ['model.json', json],
  ]);

export const networkParsers: readonly Parser[] = [
  parser('keras 2 h5', kerasTwo, (random) => mutateBytes(kerasTwo, [kerasTwo, structured], random)),
  parser('keras 3 weights', keras(utf8({ module: 'keras', ...config }), structured), (random) => keras(utf8({ module: 'keras', ...config }), mutateBytes(structured, [kerasTwo, structured], random))),
  ofJson('keras 3 configuration', { module: 'keras', ...config }, (json) => keras(json, structured)),
  ofJson('tensorflow.js', tfjs, (json) => new Map([['model.json', json], ['a.bin', shard]])),
  ofJson('rtneural', rtneural, (json) => json),
  ofJson('rtneural, state dict', torch, (json) => json),
  ofJson('recurrentjs', letters, (json) => json),
  ofJson('ml5', manifest, (json) => new Map([['manifest.json', json], ...rawFiles])),
]; // biome-ignore format: a table
