// The network of test/golden/further.json as a file of Keras 2 (its kernels are turned, its gates in Keras' order, and the LSTM has one bias) and as one of
// ONNX (its gates in ONNX' order).

import { kerasTwoFile, type LayerWeights } from './hdf5-files.ts';
import { goldenCases } from './golden.ts';
import { type OnnxArray, onnxModel } from './onnx-writer.ts';
import { parametersOf, type Sizes } from './trained-further.ts';

export const further = goldenCases<
  Sizes & { readonly parameters: readonly (readonly [string, readonly number[]])[]; readonly losses: readonly number[] }
>('further')[0];

export const weights = parametersOf(further.parameters);

/** [G·H, n] with gates in PyTorch's order → [n, G·H] in Keras'. */
function turned(name: string, order: readonly number[]): readonly [number[], number[]] {
  const { shape, data } = weights.get(name) as { shape: number[]; data: Float32Array };
  const H = shape[0] / order.length;
  const n = shape[1] ?? 1;
  const at = (i: number, gate: number, j: number) => data[(order[gate] * H + j) * n + i];
  const values = Array.from({ length: n * shape[0] }, (_, k) => {
    const [i, column] = [Math.floor(k / shape[0]), k % shape[0]];
    return at(i, Math.floor(column / H), column % H);
  });
  return [shape.length === 1 ? shape : [n, shape[0]], values];
}

const lstm = [0, 1, 2, 3]; // i f g o are i f c o
const gru = [1, 0, 2]; // r z n are z r h
const both = (...parts: readonly (readonly [number[], number[]])[]) =>
  [[parts.length, parts[0][0][0]], parts.flatMap(([, values]) => values)] as const;

/** The bytes of the .h5. */
export function kerasFile(): Promise<Uint8Array> {
  const { I, H, C } = further;
  const layer = (className: string, name: string, config: object) => ({
    class_name: className,
    config: { name, ...config },
  });
  const layers = [
    layer('LSTM', 'lstm', {
      units: H[0],
      recurrent_activation: 'sigmoid',
      return_sequences: true,
      batch_input_shape: [null, null, I],
    }),
    layer('GRU', 'gru', { units: H[1], recurrent_activation: 'sigmoid', reset_after: true }),
    layer('Dense', 'fc', { units: C, activation: 'linear' }),
  ];
  const arrays: Readonly<Record<string, LayerWeights>> = {
    lstm: {
      'lstm/kernel:0': turned('lstm.weight_ih_l0', lstm),
      'lstm/recurrent_kernel:0': turned('lstm.weight_hh_l0', lstm),
      'lstm/bias:0': turned('lstm.bias_ih_l0', lstm),
    },
    gru: {
      'gru/kernel:0': turned('gru.weight_ih_l0', gru),
      'gru/recurrent_kernel:0': turned('gru.weight_hh_l0', gru),
      'gru/bias:0': both(turned('gru.bias_ih_l0', gru), turned('gru.bias_hh_l0', gru)),
    },
    fc: {
      'fc/kernel:0': turned(
        'fc.weight',
        Array.from({ length: C }, (_, c) => c),
      ),
      'fc/bias:0': turned('fc.bias', [0]),
    },
  };
  return kerasTwoFile({ class_name: 'Sequential', config: { name: 'net', layers } }, arrays);
}

/** [G·H, n] with gates in PyTorch's order → in ONNX', with an axis of one direction in front. Biases are joined: Wb, Rb. */
function ordered(names: readonly string[], order: readonly number[]): OnnxArray {
  const values = names.flatMap((name) => {
    const { shape, data } = weights.get(name) as { shape: number[]; data: Float32Array };
    const block = data.length / order.length;
    expectBlocks(shape, order);
    return order.flatMap((gate) => Array.from(data.subarray(gate * block, (gate + 1) * block)));
  });
  const [rows, columns] = (weights.get(names[0]) as { shape: readonly number[] }).shape;
  return { shape: columns === undefined ? [1, names.length * rows] : [1, rows, columns], values };
}

function expectBlocks(shape: readonly number[], order: readonly number[]): void {
  if (shape[0] % order.length !== 0) throw new Error(`[${shape.join(', ')}] has no ${order.length} gates`);
}

/** The bytes of the .onnx: [batch, time, I] → logits [batch, C]. */
export function onnxFile(): Uint8Array {
  const { I, H, C } = further;
  const [lstmOrder, gruOrder] = [
    [0, 3, 1, 2], // i f g o as i o f c
    [1, 0, 2], // r z n as z r h
  ];
  const plain = (name: string) => {
    const { shape, data } = weights.get(name) as { shape: number[]; data: Float32Array };
    return { shape, values: data };
  };
  const of = (layer: string, order: readonly number[]) => ({
    [`${layer}.W`]: ordered([`${layer}.weight_ih_l0`], order),
    [`${layer}.R`]: ordered([`${layer}.weight_hh_l0`], order),
    [`${layer}.B`]: ordered([`${layer}.bias_ih_l0`, `${layer}.bias_hh_l0`], order),
  });
  return onnxModel({
    inputs: [{ name: 'input', shape: ['batch', 'time', I] }],
    outputs: [{ name: 'output', shape: ['batch', C] }],
    initializers: {
      ...of('lstm', lstmOrder),
      ...of('gru', gruOrder),
      'fc.weight': plain('fc.weight'),
      'fc.bias': plain('fc.bias'),
      one: { shape: [1], values: [1], type: 'int64' },
      zero: { shape: [1], values: [0], type: 'int64' },
    },
    nodes: [
      { op: 'Transpose', inputs: ['input'], outputs: ['x'], attributes: { perm: [1, 0, 2] } },
      {
        op: 'LSTM',
        inputs: ['x', 'lstm.W', 'lstm.R', 'lstm.B'],
        outputs: ['steps'],
        attributes: { hidden_size: H[0] },
      },
      { op: 'Squeeze', inputs: ['steps', 'one'], outputs: ['read'] },
      {
        op: 'GRU',
        inputs: ['read', 'gru.W', 'gru.R', 'gru.B'],
        outputs: ['', 'last'],
        attributes: { hidden_size: H[1], linear_before_reset: 1 },
      },
      { op: 'Squeeze', inputs: ['last', 'zero'], outputs: ['state'] },
      { op: 'Gemm', inputs: ['state', 'fc.weight', 'fc.bias'], outputs: ['output'], attributes: { transB: 1 } },
    ],
  });
}
