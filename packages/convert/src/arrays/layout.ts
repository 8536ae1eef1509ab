// Layouts of weights in the systems that models come from and go to: the order of the gates, and matrices turned.
//
//   LSTM   i input, f forget, g candidate (Keras' c), o output        GRU   r reset, z update, n candidate (Keras' h)

/** The gates of an LSTM in the order of their rows. The library's is PyTorch's. */
export const lstmGates = {
  pytorch: 'ifgo',
  keras: 'ifgo',
  onnx: 'iofg',
  /** TensorFlow 1's BasicLSTMCell; 1 is added to the forget gate when it runs. */
  tensorflow1: 'igfo',
  charRnn: 'ifog',
} as const;

/** The gates of a GRU in the order of their rows. */
export const gruGates = {
  pytorch: 'rzn',
  keras: 'zrn',
  onnx: 'zrn',
} as const;

/** Peepholes of ONNX: P = [i o f]. */
export const onnxPeepholes = 'iof';

/** A matrix [rows, columns] as [columns, rows], in an array of its own or in `to`. */
export function transposed(
  values: Float32Array,
  rows: number,
  columns: number,
  to: Float32Array = new Float32Array(values.length),
): Float32Array {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = values[i * columns + j];
  return to;
}

/** Blocks of rows, one for each gate, in another order: [G·H, columns] from the order `from` to the order `to`. */
export function reorderGates(values: Float32Array, from: string, to: string): Float32Array {
  if (from === to) return values;
  const result = new Float32Array(values.length);
  copyGates(result, values, from, to);
  return result;
}

/** The same into an array that is there; both may be bytes. */
export function copyGates<A extends Float32Array | Uint8Array>(result: A, values: A, from: string, to: string): void {
  const block = values.length / from.length;
  for (const [i, gate] of Array.from(to).entries()) {
    const at = from.indexOf(gate) * block;
    result.set(values.subarray(at, at + block), i * block);
  }
}
