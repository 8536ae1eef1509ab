// Weights of recurrent layers, from Keras' layout or cuDNN's to the library's.
//
//              kernel                          recurrent kernel      gates                     bias
//   Keras      [I, G·H], x W + b               [H, G·H]              LSTM i f c o, GRU z r h   [G·H]; GRU with reset_after [2, 3H]
//   cuDNN      each gate's [I, H] is [H, I] in memory, recurrent ones turned, the same gates   [2·G·H]: of the input, then recurrent
//   here       [G·H, I], W x + b               [G·H, H]              LSTM i f g o, GRU r z n   two, [G·H] each

import type { SavedTensor } from 'unrolled';
import type { FilledTensor } from 'unrolled/graph';
import { copyGates, gruGates, lstmGates, reorderGates, transposed } from '../../../arrays/layout.ts';
import type { StoredArray } from '../../../arrays/stored-array.ts';
import type { LayerArrays } from '../weights.ts';

export type RecurrentKind = 'LSTM' | 'GRU' | 'SimpleRNN';

const orders = {
  LSTM: [lstmGates.keras, lstmGates.pytorch],
  GRU: [gruGates.keras, gruGates.pytorch],
  SimpleRNN: ['h', 'h'],
} as const;

/** The arrays of one direction. */
export interface RecurrentArrays {
  readonly kind: RecurrentKind;
  readonly kernel: StoredArray;
  readonly recurrent: StoredArray;
  readonly bias: StoredArray | null;
  readonly inputSize: number;
  readonly units: number;
  readonly form: 'keras' | 'cudnn';
  /** Of a GRU, whether the reset gate acts after the product; null where the weights do not tell. */
  readonly resetAfter: boolean | null;
}

/** Takes a direction's arrays. Whether they are in cuDNN's layout is told by the bias, which is twice as long there. */
export function takeRecurrent(arrays: LayerArrays, kind: RecurrentKind, units: number, bias: boolean): RecurrentArrays {
  const G = orders[kind][0].length;
  const kernel = arrays.take('kernel', [-1, G * units]);
  const recurrent = arrays.take('recurrent kernel', [units, G * units]);
  const shape = arrays.next();
  const joined = bias && shape?.length === 1 && shape[0] === 2 * G * units && kind !== 'SimpleRNN';
  const pair = bias && kind === 'GRU' && shape?.length === 2;
  const expected = joined ? [2 * G * units] : pair ? [2, G * units] : [G * units];
  return {
    kind,
    kernel,
    recurrent,
    bias: bias ? arrays.take('bias', expected) : null,
    inputSize: kernel.shape[0],
    units,
    form: joined ? 'cudnn' : 'keras',
    resetAfter: kind === 'GRU' && bias ? joined || pair : null,
  };
}

/** The four arrays of a direction as the library has them, by their names. */
export function recurrentWeights(arrays: RecurrentArrays): ReadonlyMap<string, () => SavedTensor | FilledTensor> {
  const { kind, kernel, recurrent, bias, inputSize: I, units: H, form } = arrays;
  const [from, to] = orders[kind];
  const G = from.length;
  const matrix = (array: StoredArray, rows: number) => (): FilledTensor => ({
    shape: [G * H, rows],
    fill: (target) => {
      const values = array.floats();
      if (form === 'keras' && from === to) transposed(values, rows, G * H, target);
      else
        copyGates(
          target,
          form === 'keras' ? transposed(values, rows, G * H) : gateBlocks(values, rows, H, G),
          from,
          to,
        );
    },
  });
  const vector = (part: 0 | 1) => (): SavedTensor => {
    const values = (bias as StoredArray).floats();
    const two = values.length === 2 * G * H;
    const own = two ? values.subarray(part * G * H, (part + 1) * G * H) : part === 0 ? values : new Float32Array(G * H);
    return { shape: [G * H], data: reorderGates(own, from, to) };
  };
  return new Map<string, () => SavedTensor | FilledTensor>([
    ['weight_ih', matrix(kernel, I)],
    ['weight_hh', matrix(recurrent, H)],
    ...(bias ? ([['bias_ih', vector(0)], ['bias_hh', vector(1)]] as const) : []),
  ]); // biome-ignore format: pairs
}

/** cuDNN's matrices: the block of a gate, [rows, H] among the others' columns, holds the values of [H, rows] in their order. */
function gateBlocks(values: Float32Array, rows: number, H: number, G: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let g = 0, at = 0; g < G; g++)
    for (let i = 0; i < rows; i++) for (let j = 0; j < H; j++) result[at++] = values[i * G * H + g * H + j];
  return result;
}
