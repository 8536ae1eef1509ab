// Small networks of Keras layers, written as files and read again, for comparison with the equations of keras-equations.ts.

import { noGrad, Random, type Tensor } from 'unrolled';
import type { HostArray } from 'unrolled/graph';
import { expect } from 'vitest';
import { readModel } from '../packages/convert/src/index.ts';
import { kerasTwoFile, type LayerWeights } from './hdf5-files.ts';
import type { Matrix, Recurrent } from './keras-equations.ts';

export const gates = { SimpleRNN: 1, GRU: 3, LSTM: 4 } as const;
export const [B, T, I, H] = [2, 4, 3, 2];

/** Matrices and recurrent layers with the normal draws of a seed. */
export function drawn(seed: number) {
  const random = new Random(seed);
  const matrix = (rows: number, cols: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: cols }, () => Math.fround(random.normal())));
  const recurrent = (kind: Recurrent['kind'], inputs = I, resetAfter = false): Recurrent => {
    const G = gates[kind];
    return {
      kind,
      kernel: matrix(inputs, G * H),
      recurrent: matrix(H, G * H),
      bias: matrix(kind === 'GRU' && resetAfter ? 2 : 1, G * H),
      resetAfter,
    };
  };
  return { matrix, recurrent };
}

export const settings = ({ kind, resetAfter }: Recurrent) => ({
  units: H,
  activation: 'tanh',
  ...(kind !== 'SimpleRNN' && { recurrent_activation: 'sigmoid' }),
  ...(kind === 'GRU' && { reset_after: resetAfter }),
});

export const flat = (rows: Matrix): readonly [number[], number[]] => [[rows.length, rows[0].length], rows.flat()];
const biasOf = (bias: Matrix) => (bias.length === 1 ? ([[bias[0].length], bias[0]] as const) : flat(bias));
export const weightsOf = ({ kernel, recurrent: own, bias }: Recurrent, at: string): LayerWeights => ({
  [`${at}/kernel:0`]: flat(kernel),
  [`${at}/recurrent_kernel:0`]: flat(own),
  [`${at}/bias:0`]: biasOf(bias) as LayerWeights[string],
});

export const layer = (className: string, name: string, config: object, inbound?: unknown) => ({
  class_name: className,
  name,
  config: { name, ...config },
  ...(inbound !== undefined && { inbound_nodes: inbound }),
});
export const input = (name: string, ...shape: (number | null)[]) =>
  layer('InputLayer', name, { batch_input_shape: [null, ...shape] }, []);
export const from = (...keys: readonly (string | readonly [string, number, number, object?])[]) => [
  keys.map((key) => (typeof key === 'string' ? [key, 0, 0, {}] : [key[0], key[1], key[2], key[3] ?? {}])),
];

export interface Net {
  readonly layers: readonly object[];
  readonly inputs: readonly string[];
  readonly outputs: readonly (readonly [string, number, number])[];
  readonly weights?: Readonly<Record<string, LayerWeights>>;
  readonly version?: string;
}

export async function outputsOf(
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

export function expectClose(found: { readonly values: readonly number[] }, expected: readonly number[]): void {
  expect(found.values.length).toBe(expected.length);
  const worst = Math.max(...expected.map((v, i) => Math.abs(v - found.values[i])));
  const largest = Math.max(1, ...expected.map(Math.abs)); // float32 has seven digits
  expect(worst / largest).toBeLessThan(1e-6);
}
