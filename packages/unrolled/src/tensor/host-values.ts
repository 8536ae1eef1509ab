// What the host may read of a tensor without waiting for a device: the numbers it made itself. Lengths, ids and targets are checked, counted and
// turned into other indices all over the library, and every one of them came from here. Where a backend's memory is the host's, that memory is where
// they are. Where it is not (`Backend.remote`), what `tensor` and `indices` were given is kept next to the block and shared by all windows on it, and
// a write to a part of it drops it.
//
// Everything else that is read above the seam is read by `await x.data()` or `await x.item()`. test/host-reads.test.ts counts what is not.

import type { Storage, TypedArray } from '../backend/backend.ts';
import { bytesPerElement } from '../backend/storage.ts';

interface HasStorage {
  readonly storage: Storage;
}

/**
 * The values of an int32 tensor, to read and not to write. They stay what they are while more memory is allocated, which may detach a window.
 * Waits for the device only where nothing was kept: for what a kernel computed.
 */
export function hostValues({ storage }: HasStorage): TypedArray {
  const { hostCopy, pointer } = storage.block;
  if (!hostCopy) return storage.array.slice();
  const start = (storage.pointer - pointer) / bytesPerElement.int32;
  return hostCopy.subarray(start, start + storage.length);
}

/** Says that a kernel writes a tensor of the host's: what was kept of it is not so any more. */
export function forgetHostValues({ storage }: HasStorage): void {
  storage.block.hostCopy = null;
}

/** Writes a number for every element, in their order. */
export function writeEach(x: HasStorage, next: (i: number) => number): void {
  const values = new Float64Array(x.storage.length);
  for (let i = 0; i < values.length; i++) values[i] = next(i);
  writeValues(x, values);
}

/** Room for the values of a new float tensor, zeros, in its own precision: for `writeValues`. */
export function valuesFor({ storage }: HasStorage): Float32Array | Float64Array {
  return storage.dtype === 'float64' ? new Float64Array(storage.length) : new Float32Array(storage.length);
}

/** Has `fill` write the values of a float tensor: where they are, if that is an array of the host's; else into one that is copied there. Returns that array. */
export function fillValues(x: HasStorage, fill: (to: Float32Array) => void): TypedArray {
  const { block, dtype, length } = x.storage;
  if (!block.backend.remote && dtype === 'float32') {
    const own = x.storage.array as Float32Array;
    fill(own);
    return own;
  }
  const values = new Float32Array(length);
  fill(values);
  writeValues(x, values);
  return values;
}

/** Copies `from` into `to` without the host, where both are on one backend, of one dtype and on different blocks. Returns whether it did. */
export function copyWithin(to: HasStorage, from: HasStorage): boolean {
  const [out, x] = [to.storage, from.storage];
  if (out.block === x.block || out.block.backend !== x.block.backend || out.dtype !== x.dtype) return false;
  out.block.hostCopy = null;
  out.block.backend.stridedCopy(out, 0, [1], x, 0, [1], [out.length], false);
  return true;
}

/** Writes numbers of the host. Those of a whole block of int32 are kept where the backend is remote; a part makes what was kept wrong. */
export function writeValues({ storage }: HasStorage, values: ArrayLike<number>): void {
  const { block, dtype, length } = storage;
  block.backend.write(storage, values);
  const whole = dtype === 'int32' && length * bytesPerElement.int32 === block.bytes;
  block.hostCopy = block.backend.remote && whole ? Int32Array.from(values) : null;
}
