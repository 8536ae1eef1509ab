// IDX, the format of MNIST: two zero bytes, a type, the number of axes, each axis' size (big-endian), and the values.

import { requireKinds, shown } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';

/** The contents of an IDX file: sizes and elements. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Reads an IDX file of bytes (images or labels), already decompressed. Throws a FormatError that says what is wrong. */
export function readIdx(bytes: Uint8Array, source = 'idx'): IdxArray {
  requireKinds('readIdx', { bytes, source }, { bytes: 'bytes', source: 'text' });
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new FormatError(source, 'is compressed with gzip; unzip it first');
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0)
    throw new FormatError(source, 'is not an IDX file: it does not begin with two zero bytes');
  if (bytes[2] !== 0x08)
    throw new FormatError(
      source,
      `holds values of type 0x${bytes[2].toString(16).padStart(2, '0')}; only bytes (0x08) are read`,
    );
  const start = 4 + 4 * bytes[3];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < start) throw new FormatError(source, `ends within its header of ${start} bytes`);
  const shape = Array.from({ length: bytes[3] }, (_, d) => view.getUint32(4 + 4 * d));
  // An axis of 0 must not hide other axes: they are bounded too.
  if (!Number.isSafeInteger(shape.reduce((n, d) => n * (d || 1), 1)))
    throw new FormatError(source, `says it is of shape [${shape.join(', ')}], which no array is`);
  const size = shape.reduce((n, d) => n * d, 1);
  if (bytes.length - start !== size)
    throw new FormatError(
      source,
      `should hold ${shape.join(' × ')} bytes after its header and holds ${bytes.length - start}`,
    );
  return { shape, data: bytes.subarray(start) };
}

/**
 * Images [N, rows, columns] as sequences, a row of pixels per step: float [rows, B, columns] in 0 … 1 for the images with indices `which`.
 *
 *   step 1  ░░░▓▓▓░░░          28 × 28 pixels: a sequence of 28 rows of 28
 *   step 2  ░░▓░░░▓░░
 *   step 3  ░░░░░▓░░░   …
 */
export function imageRows(idxArray: IdxArray, which: ArrayLike<number>): Float32Array {
  requireKinds('imageRows', { idxArray, which }, { idxArray: { shape: 'numbers', data: 'bytes' }, which: 'numbers' });
  const { shape, data } = idxArray;
  if (shape.length !== 3)
    throw new FormatError('imageRows', `expected images [N, rows, columns], got ${shape.length} axes`);
  const [count, rows, columns] = shape;
  const B = which.length;
  if (rows * columns === 0) throw new FormatError('imageRows', `images of ${rows} × ${columns} have no pixels`);
  for (let b = 0; b < B; b++)
    if (!(Number.isInteger(which[b]) && which[b] >= 0 && which[b] < count))
      throw new OptionError(
        'imageRows',
        'which',
        `expected numbers of images, 0 to ${count - 1}, got ${shown(which[b])}`,
      );
  const x = new Float32Array(rows * B * columns);
  for (let b = 0; b < B; b++) {
    const image = which[b] * rows * columns;
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) x[(r * B + b) * columns + c] = data[image + r * columns + c] / 255;
  }
  return x;
}
