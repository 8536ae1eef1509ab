// The recurrent state that streams of text carry from window to window, where their batch may be cut into shards, and where other processes may have
// some of them. Saved it is whole, so that a run goes on in any number of processes.

import { FormatError } from '../errors.ts';
import type { StateDict } from '../nn/module.ts';
import { checkSavedValues } from '../nn/saved-tensor.ts';
import { CarriedState, combine, tensorsOf } from '../nn/recurrent/state.ts';
import type { TypedArray } from '../backend/storage.ts';
import { empty } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { rowsOfShard, type Shards } from './shards.ts';

export class CarriedStreams<S> {
  readonly #streams: number;
  /** State of zeros for so many streams: tensors [L, B, ..]. */
  readonly #initial: (streams: number) => S;
  #shards: Shards = { count: 1, from: 0, to: 1 };
  #carried: readonly CarriedState<S>[] = [new CarriedState<S>()];

  constructor(streams: number, initial: (streams: number) => S) {
    this.#streams = streams;
    this.#initial = initial;
  }

  divide(shards: Shards): void {
    const saved = this.save();
    for (const carried of this.#carried) carried.replace(null);
    this.#shards = shards;
    this.#carried = Array.from({ length: shards.count }, () => new CarriedState<S>());
    this.restore(saved.size, saved);
  }

  /** The streams of a shard: [from, to). */
  streamsOf(shard: number): [from: number, to: number] {
    return rowsOfShard(this.#streams, shard, this.#shards.count);
  }

  of(shard: number): CarriedState<S> {
    return this.#carried[shard];
  }

  /** Forgets the states of all shards, or, where the streams go on, of those of other processes. */
  begin(fresh: boolean): void {
    const { from, to } = this.#shards;
    for (const [shard, carried] of this.#carried.entries())
      if (fresh || shard < from || shard >= to) carried.replace(null);
  }

  /** Brings the states of all shards to every process. */
  async gather(gather: (own: Uint8Array) => Promise<readonly Uint8Array[]>): Promise<void> {
    const { from, to } = this.#shards;
    const own = this.#carried.slice(from, to).flatMap(({ value }) => tensorsOf(value));
    const bytes = joined(await gather(joined(own.map((t) => bytesOfArray(t.dataSync())))));
    if (bytes.length === 0) return; // the streams are at their start
    let at = 0;
    for (const [shard, carried] of this.#carried.entries()) {
      const [first, end] = this.streamsOf(shard);
      if (first === end) continue;
      const state = this.#made(end - first, (t) => {
        bytesOfArray(t).set(bytes.subarray(at, at + t.byteLength));
        at += t.byteLength;
      });
      if (shard < from || shard >= to) carried.replace(state);
    }
  }

  /** The states of all streams as tensors `carried.0`, …; none where they are at their start. */
  save(): StateDict {
    const parts = this.#carried.map(({ value }) => tensorsOf(value));
    const count = Math.max(...parts.map((tensors) => tensors.length));
    const saved: StateDict = new Map();
    for (let k = 0; k < count; k++) {
      const pieces = parts.flatMap((tensors) => tensors.slice(k, k + 1));
      const [first] = pieces;
      const shape = [first.shape[0], this.#streams, ...first.shape.slice(2)];
      const data = pieces.length === 1 ? first.dataSync() : joinedColumns(pieces, shape);
      saved.set(`carried.${k}`, { dtype: first.dtype, shape, data });
    }
    return saved;
  }

  /** Throws a FormatError, and changes nothing, for tensors that do not fit. */
  restore(count: number, tensors: StateDict): void {
    const states = this.#carried.map((_, shard) => (count === 0 ? null : this.#savedState(tensors, shard)));
    for (const [shard, carried] of this.#carried.entries()) carried.replace(states[shard]);
  }

  #savedState(tensors: StateDict, shard: number): S | null {
    const [from, to] = this.streamsOf(shard);
    if (from === to) return null;
    const whole = tensorsOf(this.#initial(this.#streams));
    let k = 0;
    return this.#made(to - from, (values) => {
      const t = whole[k];
      const name = `carried.${k++}`;
      const saved = tensors.get(name);
      if (!saved || saved.data.length !== t.size)
        throw new FormatError('checkpoint', `task.${name} does not fit ${t}; was the batch size changed?`);
      checkSavedValues('checkpoint', `task.${name}`, saved, t);
      const leading = t.shape[0];
      copyColumns(values, [0, to - from], saved.data, [from, this.#streams], to - from, leading, t.size);
    });
  }

  /** A state for so many streams, whose values `fill` writes tensor by tensor. */
  #made(streams: number, fill: (values: TypedArray) => void): S {
    return combine([this.#initial(streams)], ([t]) => {
      const values = t.dataSync();
      fill(values);
      const made = empty(t.shape, { dtype: t.dtype, backend: t.backend });
      made.set(values);
      return made;
    });
  }
}

/** Columns [from, to) of values [rows, width], row by row. */
export function columns<A extends Int32Array | Float32Array>(values: A, width: number, from: number, to: number): A {
  if (from === 0 && to === width) return values;
  const rows = values.length / width;
  const own = values.slice(0, rows * (to - from)) as A;
  for (let t = 0; t < rows; t++) own.set(values.subarray(t * width + from, t * width + to), t * (to - from));
  return own;
}

/** Pieces [L, w, ..] next to each other: [L, Σ w, ..]. */
function joinedColumns(pieces: readonly Tensor[], shape: readonly number[]): TypedArray {
  const [leading, width] = shape;
  const size = shape.reduce((a, b) => a * b, 1);
  const data = pieces[0].dataSync().constructor as new (length: number) => TypedArray;
  const whole = new data(size);
  let at = 0;
  for (const piece of pieces) {
    const own = piece.shape[1];
    copyColumns(whole, [at, width], piece.dataSync(), [0, own], own, leading, size);
    at += own;
  }
  return whole;
}

/** Copies `count` columns of arrays [leading, width, ..], from a column of the one to a column of the other; `size` is that of the whole. */
function copyColumns(
  to: TypedArray,
  [toColumn, toWidth]: readonly [column: number, width: number],
  from: ArrayLike<number>,
  [fromColumn, fromWidth]: readonly [column: number, width: number],
  count: number,
  leading: number,
  size: number,
): void {
  const step = size / (leading * Math.max(toWidth, fromWidth)); // numbers of one column
  for (let l = 0; l < leading; l++) {
    const source = (l * fromWidth + fromColumn) * step;
    const target = (l * toWidth + toColumn) * step;
    for (let i = 0; i < count * step; i++) to[target + i] = from[source + i];
  }
}

function bytesOfArray({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
