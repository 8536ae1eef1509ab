// The network of test/golden/further.json as a file of Keras 2: its kernels are turned, its gates in Keras' order, and the LSTM has one bias.

import { kerasTwoFile, type LayerWeights } from './hdf5-files.ts';
import { goldenCases } from './golden.ts';
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
