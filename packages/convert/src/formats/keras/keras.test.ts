import { readdirSync, readFileSync } from 'node:fs';
import { noGrad, tensor, type Tensor } from 'unrolled';
import { describe, expect, test } from 'vitest';
import { kerasTwoFile, hdf5File, addFloats, type LayerWeights } from '../../../../../test/hdf5-files.ts';
import { describeUnless, sharedData, withoutData } from '../../../../../test/needs.ts';
import { zipOf } from '../../../../../test/run-sources.ts';
import { GraphModel } from 'unrolled/graph';
import { StoredArray } from '../../arrays/stored-array.ts';
import { describeModel, readModel } from '../../index.ts';
import { ConversionReport } from '../../model/report.ts';
import { GraphBuilder } from './builder.ts';
import { networkOf } from './network.ts';

const sequential = (...layers: readonly object[]) => ({ class_name: 'Sequential', config: { name: 'net', layers } });
const layer = (className: string, name: string, config: object, inbound?: unknown) => ({
  class_name: className,
  name,
  config: { name, ...config },
  ...(inbound !== undefined && { inbound_nodes: inbound }),
});
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const utf8 = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

async function run(config: unknown, weights: Readonly<Record<string, LayerWeights>>, input: Tensor, name = 'input') {
  const model = await readModel(await kerasTwoFile(config, weights), { name: 'net.h5' });
  return noGrad(() => model.module().forward({ [name]: input }).output as Tensor).dataSync();
}

describe('a recurrent layer by hand', () => {
  const x = [0.5, -1, 2];
  const lstm = { 'lstm/kernel:0': [[1, 4], [0.1, 0.2, 0.3, 0.4]], 'lstm/recurrent_kernel:0': [[1, 4], [0.5, 0.6, 0.7, 0.8]], 'lstm/bias:0': [[4], [0.01, 1, 0.03, 0.04]] } as const; // biome-ignore format: a table

  function lstmByHand(steps: readonly number[], open = sigmoid): number {
    let [h, c] = [0, 0];
    for (const v of steps) {
      const [i, f, g, o] = [0, 1, 2, 3].map(
        (k) => [0.1, 0.2, 0.3, 0.4][k] * v + [0.5, 0.6, 0.7, 0.8][k] * h + [0.01, 1, 0.03, 0.04][k],
      );
      c = open(f) * c + open(i) * Math.tanh(g);
      h = open(o) * Math.tanh(c);
    }
    return h;
  }

  test('an LSTM has the gates i f c o', async () => {
    const config = sequential(
      layer('LSTM', 'lstm', {
        units: 1,
        recurrent_activation: 'sigmoid',
        batch_input_shape: [null, null, 1],
        time_major: false,
        implementation: 2,
      }),
    );
    const [h] = await run(config, { lstm }, tensor(x, [1, 3, 1]));
    expect(h).toBeCloseTo(lstmByHand(x), 6);
  });

  test("hard_sigmoid is Keras 2's in a file of Keras 2", async () => {
    const config = sequential(
      layer('LSTM', 'lstm', { units: 1, recurrent_activation: 'hard_sigmoid', batch_input_shape: [null, 3, 1] }),
    );
    const [h] = await run(config, { lstm }, tensor(x, [1, 3, 1]));
    expect(h).toBeCloseTo(
      lstmByHand(x, (v) => Math.min(1, Math.max(0, 0.2 * v + 0.5))),
      6,
    );
  });

  test('masked steps are left out, wherever they are', async () => {
    const masked = sequential(
      layer('Masking', 'mask', { mask_value: 9, batch_input_shape: [null, null, 1] }),
      layer('LSTM', 'lstm', { units: 1, recurrent_activation: 'sigmoid', return_sequences: true }),
    );
    const y = await run(masked, { mask: {}, lstm }, tensor([9, 0.5, 9, -1, 2, 9], [1, 6, 1]));
    const [one, two, three] = [lstmByHand([0.5]), lstmByHand([0.5, -1]), lstmByHand(x)];
    for (const [t, expected] of [0, one, one, two, three, three].entries())
      expect(y[t], String(t)).toBeCloseTo(expected, 6);
  });

  test('the backward direction of a masked sequence begins at the last step that counts', async () => {
    const both = sequential(
      layer('Masking', 'mask', { mask_value: 9, batch_input_shape: [null, null, 1] }),
      layer('Bidirectional', 'both', {
        merge_mode: 'concat',
        layer: layer('LSTM', 'lstm', { units: 1, recurrent_activation: 'sigmoid', return_sequences: true }),
      }),
    );
    const weights = Object.fromEntries(
      ['forward_lstm', 'backward_lstm'].flatMap((d) =>
        Object.entries(lstm).map(([name, array]) => [`both/${d}/${name.slice(5)}`, array]),
      ),
    );
    const y = await run(both, { mask: {}, both: weights }, tensor([9, 0.5, 9, -1, 2, 9], [1, 6, 1]));
    const backward = [
      lstmByHand([2, -1, 0.5]),
      lstmByHand([2, -1, 0.5]),
      lstmByHand([2, -1]),
      lstmByHand([2, -1]),
      lstmByHand([2]),
      0,
    ];
    for (const [t, expected] of backward.entries()) expect(y[2 * t + 1], String(t)).toBeCloseTo(expected, 6);
  });

  test('both GRUs, told apart by the bias', async () => {
    const [w, u, b] = [
      [0.1, 0.2, 0.3],
      [0.5, -0.6, 0.7],
      [0.01, 0.02, 0.03],
    ];
    const byHand = (after: readonly number[] | null): number =>
      x.reduce((h, v) => {
        const hidden = u.map((one, k) => one * h + (after?.[k] ?? 0));
        const [z, r] = [0, 1].map((k) => sigmoid(w[k] * v + b[k] + hidden[k]));
        const n = Math.tanh(w[2] * v + b[2] + (after ? r * hidden[2] : u[2] * r * h));
        return z * h + (1 - z) * n;
      }, 0);
    const recurrent = [0.3, -0.2, 0.4];
    for (const after of [null, recurrent]) {
      const gru: LayerWeights = {
        'gru/kernel:0': [[1, 3], w],
        'gru/recurrent_kernel:0': [[1, 3], u],
        'gru/bias:0': after
          ? [
              [2, 3],
              [...b, ...after],
            ]
          : [[3], b],
      };
      const config = sequential(
        layer('GRU', 'gru', {
          units: 1,
          recurrent_activation: 'sigmoid',
          reset_after: after !== null,
          batch_input_shape: [null, null, 1],
        }),
      );
      const [h] = await run(config, { gru }, tensor(x, [1, 3, 1]));
      expect(h).toBeCloseTo(byHand(after), 6);
    }
  });
});

describe('networks', () => {
  const branches = {
    class_name: 'Functional',
    config: {
      name: 'net',
      layers: [
        layer('Add', 'sum', {}, [
          [
            ['a', 0, 0, {}],
            ['a', 1, 0, {}],
          ],
        ]), // reads what comes later, and one layer twice
        layer('Dense', 'a', { units: 1, use_bias: false, activation: 'relu' }, [[['x', 0, 0, {}]], [['y', 0, 0, {}]]]),
        layer('InputLayer', 'x', { batch_input_shape: [null, 2] }, []),
        layer('InputLayer', 'y', { batch_input_shape: [null, 2] }, []),
      ],
      input_layers: [
        ['x', 0, 0],
        ['y', 0, 0],
      ],
      output_layers: [['sum', 0, 0]],
    },
  };

  test('a layer that is called twice shares its weights', async () => {
    const model = await readModel(
      await kerasTwoFile(branches, {
        a: {
          'a/kernel:0': [
            [2, 1],
            [2, -3],
          ],
        },
      }),
    );
    const { output } = noGrad(() =>
      model.module().forward({ x: tensor([1, 0.5], [1, 2]), y: tensor([0, -1], [1, 2]) }),
    );
    expect(Array.from((output as Tensor).dataSync())).toEqual([2 - 1.5 + 3]);
    expect(model.module().stateDict().size).toBe(1);
  });

  test('Keras 3 is read by the structure of its weights', async () => {
    const tensorOf = (name: string) => ({
      class_name: '__keras_tensor__',
      config: { shape: [null, null, 1], dtype: 'float32', keras_history: [name, 0, 0] },
    });
    const call = (name: string) => [{ args: [tensorOf(name)], kwargs: { mask: null } }];
    const config = {
      module: 'keras',
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [
          layer('InputLayer', 'in', { batch_shape: [null, null, 1] }, []),
          layer('SimpleRNN', 'first', { units: 1, return_sequences: true }, call('in')),
          layer('SimpleRNN', 'second', { units: 1 }, call('first')),
        ],
        input_layers: [['in', 0, 0]],
        output_layers: [['second', 0, 0]],
      },
    };
    const weights = await hdf5File((file) => {
      const layers = file.create_group('layers');
      for (const [name, [w, u]] of Object.entries({ simple_rnn: [0.5, 0.25], simple_rnn_1: [-1, 0.75] })) {
        const vars = layers.create_group(name).create_group('cell').create_group('vars');
        addFloats(vars, '0', [1, 1], [w]);
        addFloats(vars, '1', [1, 1], [u]);
        addFloats(vars, '2', [1], [0]);
      }
    });
    const zip = zipOf(
      new Map([
        ['metadata.json', utf8({ keras_version: '3.8.0' })],
        ['config.json', utf8(config)],
        ['model.weights.h5', weights],
      ]),
    );
    const model = await readModel(zip, { name: 'net.keras' });
    expect(model.producer).toBe('keras 3.8.0');
    const { output } = noGrad(() => model.module().forward({ in: tensor([1, 2], [1, 2, 1]) }));
    const a = Math.tanh(0.5);
    const b = Math.tanh(2 * 0.5 + 0.25 * a);
    expect((output as Tensor).dataSync()[0]).toBeCloseTo(Math.tanh(-b + 0.75 * Math.tanh(-a)), 6);
  });

  test('layers and settings that do not convert are all named', async () => {
    const config = sequential(
      layer('Dense', 'd', { units: 1, use_bias: false, batch_input_shape: [null, 2], shadow: 3 }),
      layer('Lambda', 'f', { function: ['4wEAAA==', null, null] }),
      layer('ConvLSTM2D', 'v', {}),
      layer('Strange', 's', {}),
      layer('ReLU', 'after', {}), // reads what is not there, and has no problem of its own
    );
    const bytes = await kerasTwoFile(config, {
      d: {
        'd/kernel:0': [
          [2, 1],
          [1, 1],
        ],
      },
      f: {},
      v: {},
      s: {},
      after: {},
    });
    const { problems } = await describeModel(bytes);
    expect(problems.map(({ got }) => got)).toEqual([
      '"shadow": 3',
      'Lambda, which is a function of Python, and nothing in a file is run; write it as layers',
      'ConvLSTM2D, which has convolutions in its cell; export the model to ONNX',
      '"Strange"',
    ]);
    await expect(readModel(bytes)).rejects.toThrow(
      /layer "d" \(Dense\): expected settings that are known here, got "shadow": 3; .* 3 more parts/,
    );
  });

  test('very many layers are read in time that grows as they do, and refused in an order that would take more', async () => {
    const n = 3000;
    const relus = (name: (k: number) => string, inbound: (k: number) => unknown) =>
      Array.from({ length: n }, (_, k) => layer('ReLU', name(k), {}, inbound(k)));
    const first = layer('ReLU', 'a', { batch_input_shape: [null, 3] });
    const same = sequential(
      first,
      ...relus(
        () => 'a',
        () => undefined,
      ),
    );
    expect((await readModel(await kerasTwoFile(same, { a: {} }))).network?.graph.nodes).toHaveLength(n + 2);
    const chain = relus(
      (k) => `r${k}`,
      (k) => [[[k === 0 ? 'x' : `r${k - 1}`, 0, 0, {}]]],
    );
    const layers = [layer('InputLayer', 'x', { batch_input_shape: [null, 3] }, []), ...chain].reverse();
    const config = { layers, input_layers: [['x', 0, 0]], output_layers: [[`r${n - 1}`, 0, 0]] };
    await expect(readModel(await kerasTwoFile({ class_name: 'Model', config }, {}))).rejects.toThrow(
      'expected layers in about the order in which they are called',
    );
    const wrong = sequential(
      ...Array.from({ length: n }, (_, k) => layer('Lambda', `f${k}`, { batch_input_shape: [null, 3] })),
    );
    expect((await describeModel(await kerasTwoFile(wrong, {}))).problems).toHaveLength(1000);
  });

  test('a circle of layers is refused', async () => {
    const circle = structuredClone(branches);
    circle.config.layers[1] = layer('Dense', 'a', { units: 1 }, [[['sum', 0, 0, {}]], [['y', 0, 0, {}]]]);
    await expect(readModel(await kerasTwoFile(circle, {}))).rejects.toThrow(/reads what nothing gives, or itself/);
  });
});

describeUnless(withoutData('keras-layers'), 'vectors made by Keras 2.1', () => {
  const folder = sharedData('keras-layers') as string;
  const cases = (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => path.endsWith('.json'))
    .flatMap((path) =>
      Object.entries(JSON.parse(readFileSync(`${folder}/${path}`, 'utf8')) as Record<string, LayerCase>).map(
        ([name, one]) => ({ name, path, one }),
      ),
    );

  test.each(cases)('$name', ({ path, one: { attrs, input, weights = [], expected } }) => {
    const kind = path.split('/').at(-1)?.replace('.json', '') as string;
    const branch = (i: number) => layer('Dense', `d${i}`, { units: attrs.units }, [[['in', 0, 0, {}]]]);
    const count = weights.length / 2;
    const names = Array.from({ length: count }, (_, i) => [`d${i}`, 0, 0, {}]);
    const config = path.startsWith('merge')
      ? {
          class_name: 'Model',
          config: {
            layers: [
              layer('InputLayer', 'in', { batch_input_shape: [null, ...input.shape] }, []),
              ...names.map((_, i) => branch(i)),
              layer(kind, 'm', {}, [names]),
            ],
            input_layers: [['in', 0, 0]],
            output_layers: [['m', 0, 0]],
          },
        }
      : sequential(layer(kind, 'layer', { batch_input_shape: [null, ...input.shape], ...attrs }));
    const arrays = weights.map(
      ({ shape, data }, i) => new StoredArray(String(i), 'float64', shape, kind, () => Float64Array.from(data)),
    );
    const builder = new GraphBuilder(new ConversionReport(kind), 2);
    const network = networkOf(config, { builder, weights: { of: () => null, unnamed: arrays } });
    builder.report.requireWhole();
    if (!network) throw new Error('no network');
    const model = new GraphModel({ graph: network.graph }).loadStateDict(network.weights()).eval();
    const x = { [network.graph.inputs[0].name]: tensor(input.data, [1, ...input.shape]) };
    let outputs = noGrad(() => model.forward(x));
    if (attrs.stateful)
      outputs = noGrad(() =>
        model.forward({
          ...x,
          ...Object.fromEntries((network.graph.states ?? []).map((state) => [state.input, outputs[state.output]])),
        }),
      );
    const y = outputs.output as Tensor;
    expect(y.shape).toEqual([1, ...expected.shape]);
    const worst = Math.max(...Array.from(y.dataSync(), (v, i) => Math.abs(v - expected.data[i])));
    expect(worst).toBeLessThan(1e-5);
  });
});

interface LayerArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface LayerCase {
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly input: LayerArray;
  readonly weights?: readonly LayerArray[];
  readonly expected: LayerArray;
}
