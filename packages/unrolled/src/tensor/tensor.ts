// The tensor: a shape on a window of memory, and what its gradient needs to know. Always contiguous, row by row. The methods are the ops of
// ./ops under their usual names, so that an equation reads from left to right: `x.matmul(w).add(b).tanh()`.

import type { Backend, DType, Storage, TypedArray } from '../backend/backend.ts';
import { currentBackend } from '../backend/load.ts';
import { assertAlive } from '../backend/storage.ts';
import { requireList, shown } from '../checks.ts';
import { ShapeError, TensorError } from '../errors.ts';
import { backward, type Node } from './autograd.ts';
import { copyWithin, hostValues, writeValues } from './host-values.ts';
import * as elementwise from './ops/elementwise.ts';
import * as product from './ops/product.ts';
import * as reduce from './ops/reduce.ts';
import * as shaping from './ops/shaping.ts';
import * as softmax from './ops/softmax.ts';
import { allocate, keepBlock } from './scope.ts';
import { type TensorShape, sameShape, sizeOf } from './shape.ts';
import { yieldToEventLoop } from './yield-to-event-loop.ts';

/** What element-wise ops take: a tensor, or a number that is broadcast. */
export type Operand = Tensor | number;

/** An array of numbers with a shape, on a backend, with its gradient. Its methods are the ops: `x.matmul(w).add(b).tanh()`. */
export class Tensor {
  readonly shape: TensorShape;
  readonly #storage: Storage;
  /** Whether `backward` computes a gradient for this tensor. True for parameters and for whatever was computed from one. */
  requiresGrad = false;
  /** d loss / d this, after `backward`: for leaves, and for those that asked with `retainGrad`. */
  grad: Tensor | null = null;
  #node: Node | null = null;
  #outputIndex = 0;

  constructor(storage: Storage, shape: TensorShape) {
    this.#storage = storage;
    this.shape = shape;
  }

  /** New memory with unspecified contents. */
  static empty(shape: TensorShape, dtype: DType = 'float32', backend: Backend = currentBackend()): Tensor {
    return new Tensor(allocate(backend, dtype, sizeOf(shape)), shape);
  }

  /** The memory; throws when it was given back. */
  get storage(): Storage {
    if (this.#storage.block.released) assertAlive(this.#storage, 'Tensor');
    return this.#storage;
  }

  get backend(): Backend {
    return this.#storage.block.backend;
  }

  get dtype(): DType {
    return this.#storage.dtype;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return this.#storage.length;
  }

  // Gradients ----------------------------------------------------------------------------------------------------------

  /** The op that made this tensor, when it was recorded. */
  get node(): Node | null {
    return this.#node;
  }

  get outputIndex(): number {
    return this.#outputIndex;
  }

  /** For `record`: this is output `index` of `node`. */
  attach(node: Node, index: number): void {
    this.#node = node;
    this.#outputIndex = index;
    this.requiresGrad = true;
  }

  /** Adds the gradient of this scalar (or of Σ seed · this) to every leaf that wants one. */
  backward(seed?: Tensor): void {
    if (!seed && this.size !== 1) {
      throw new ShapeError(
        'backward',
        'a scalar, or a seed for a tensor',
        [],
        this.shape,
        'sum or average the loss first',
      );
    }
    if (seed && !(seed instanceof Tensor))
      throw new TensorError('backward', `expected a tensor as the seed, got ${shown(seed)}`);
    if (seed && !sameShape(seed.shape, this.shape)) throw new ShapeError('backward', 'a seed', this.shape, seed.shape);
    let ones = seed;
    if (!ones) {
      ones = Tensor.empty(this.shape, this.dtype, this.backend);
      this.backend.fill(ones.storage, 1);
    }
    backward(this, ones);
  }

  /** Keeps the gradient of this tensor too, though it is not a leaf. Returns this. */
  retainGrad(): this {
    if (this.#node) this.#node.watchers[this.#outputIndex] = this;
    return this;
  }

  /** The same values, cut off from what computed them: the state that truncated back-propagation carries on. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape);
  }

  /** Clears the gradient and frees its memory. */
  zeroGrad(): void {
    this.grad?.storage.block.release();
    this.grad = null;
  }

  /** Outlives the scope that made it. Returns this. */
  keep(): this {
    keepBlock(this.storage.block);
    return this;
  }

  // Values -----------------------------------------------------------------------------------------------------------------

  /** A copy of the values, row by row. */
  async data(): Promise<TypedArray> {
    await yieldToEventLoop();
    return this.dataSync();
  }

  /** The value of a one-element tensor. Now and then lets the event loop take a turn. */
  async item(): Promise<number> {
    await yieldToEventLoop();
    return this.itemSync();
  }

  dataSync(): TypedArray {
    return this.storage.array.slice();
  }

  itemSync(): number {
    if (this.size !== 1) throw new ShapeError('item', 'a tensor with one element, not one', [], this.shape);
    return this.storage.array[0];
  }

  /** Nested arrays, for tests and small results. */
  toArray(): unknown {
    const data = this.dataSync();
    const nest = (dim: number, start: number): unknown => {
      if (dim === this.rank) return data[start];
      const step = sizeOf(this.shape.slice(dim + 1));
      return Array.from({ length: this.shape[dim] }, (_, i) => nest(dim + 1, start + i * step));
    };
    return nest(0, 0);
  }

  /** Overwrites the values, in place. Not recorded: for parameters and buffers. */
  set(values: Tensor | ArrayLike<number>): void {
    if (!(values instanceof Tensor)) requireList('set', 'values', values);
    const count = values instanceof Tensor ? values.size : values.length;
    if (count !== this.size)
      throw new TensorError('set', `expected ${this.size} values for ${this}, got ${shown(count)}`);
    if (values instanceof Tensor && copyWithin(this, values)) return;
    writeValues(this, values instanceof Tensor ? hostValues(values) : values);
  }

  toString(): string {
    return `Tensor(${this.dtype} [${this.shape.join(', ')}])`;
  }

  // Element by element -------------------------------------------------------------------------------------------------------

  add(other: Operand): Tensor {
    return elementwise.add(this, other);
  }
  sub(other: Operand): Tensor {
    return elementwise.sub(this, other);
  }
  mul(other: Operand): Tensor {
    return elementwise.mul(this, other);
  }
  div(other: Operand): Tensor {
    return elementwise.div(this, other);
  }
  pow(exponent: Operand): Tensor {
    return elementwise.pow(this, exponent);
  }
  maximum(other: Operand): Tensor {
    return elementwise.maximum(this, other);
  }
  minimum(other: Operand): Tensor {
    return elementwise.minimum(this, other);
  }
  eq(other: Operand): Tensor {
    return elementwise.compare('eq', this, other);
  }
  ne(other: Operand): Tensor {
    return elementwise.compare('ne', this, other);
  }
  lt(other: Operand): Tensor {
    return elementwise.compare('lt', this, other);
  }
  le(other: Operand): Tensor {
    return elementwise.compare('le', this, other);
  }
  gt(other: Operand): Tensor {
    return elementwise.compare('gt', this, other);
  }
  ge(other: Operand): Tensor {
    return elementwise.compare('ge', this, other);
  }
  neg(): Tensor {
    return elementwise.unary('neg', this);
  }
  abs(): Tensor {
    return elementwise.unary('abs', this);
  }
  sign(): Tensor {
    return elementwise.unary('sign', this);
  }
  square(): Tensor {
    return elementwise.unary('square', this);
  }
  sqrt(): Tensor {
    return elementwise.unary('sqrt', this);
  }
  reciprocal(): Tensor {
    return elementwise.unary('reciprocal', this);
  }
  exp(): Tensor {
    return elementwise.unary('exp', this);
  }
  log(): Tensor {
    return elementwise.unary('log', this);
  }
  tanh(): Tensor {
    return elementwise.unary('tanh', this);
  }
  sigmoid(): Tensor {
    return elementwise.unary('sigmoid', this);
  }
  relu(): Tensor {
    return elementwise.unary('relu', this);
  }
  softplus(): Tensor {
    return elementwise.unary('softplus', this);
  }
  /** Into [low, high]; the gradient is 0 outside. */
  clamp(low: number, high: number): Tensor {
    return this.maximum(low).minimum(high);
  }
  /** `value` where mask ≠ 0. */
  maskedFill(mask: Tensor, value: number): Tensor {
    return elementwise.where(mask, value, this);
  }
  /** To another dtype. float → int32 drops the fraction and has no gradient. */
  cast(dtype: DType): Tensor {
    return elementwise.cast(this, dtype);
  }

  // Reductions ------------------------------------------------------------------------------------------------------------------

  /** Over one axis, several, or all. */
  sum(dim?: number | readonly number[], keepdim = false): Tensor {
    return reduce.sum(this, dim, keepdim);
  }
  mean(dim?: number | readonly number[], keepdim = false): Tensor {
    return reduce.mean(this, dim, keepdim);
  }
  /** The largest along an axis; the gradient goes to the first of equals. */
  max(dim?: number, keepdim = false): Tensor {
    return reduce.extreme('max', this, dim, keepdim);
  }
  min(dim?: number, keepdim = false): Tensor {
    return reduce.extreme('min', this, dim, keepdim);
  }
  argmax(dim?: number, keepdim = false): Tensor {
    return reduce.argExtreme('argmax', this, dim, keepdim);
  }
  argmin(dim?: number, keepdim = false): Tensor {
    return reduce.argExtreme('argmin', this, dim, keepdim);
  }
  softmax(dim = -1): Tensor {
    return softmax.softmax(this, dim);
  }
  logSoftmax(dim = -1): Tensor {
    return softmax.logSoftmax(this, dim);
  }

  // Products ----------------------------------------------------------------------------------------------------------------------

  /** [.., M, K] · [.., K, N] → [.., M, N], leading axes broadcast. */
  matmul(other: Tensor): Tensor {
    return product.matmul(this, other);
  }

  // Shapes --------------------------------------------------------------------------------------------------------------------------

  /** The same elements in another shape; one size may be −1. Shares memory. */
  reshape(...shape: number[]): Tensor {
    return shaping.reshape(this, shape);
  }
  /** Axes `start` to `end` as one. */
  flatten(start = 0, end = -1): Tensor {
    return shaping.flatten(this, start, end);
  }
  /** Without axis `dim` of size 1. */
  squeeze(dim: number): Tensor {
    return shaping.squeeze(this, dim);
  }
  /** With a new axis of size 1 before axis `dim`. */
  unsqueeze(dim: number): Tensor {
    return shaping.unsqueeze(this, dim);
  }
  /** Axes in another order. */
  permute(...dims: number[]): Tensor {
    return shaping.permute(this, dims);
  }
  /** Swaps two axes, by default the last two. */
  transpose(dim0 = -2, dim1 = -1): Tensor {
    return shaping.transpose(this, dim0, dim1);
  }
  /** Sizes of 1 repeated. */
  expand(...shape: number[]): Tensor {
    return shaping.expand(this, shape);
  }
  /** Elements start, start + step, … before end along an axis; negative positions count from the end. */
  slice(dim: number, start: number, end?: number, step = 1): Tensor {
    return shaping.slice(this, dim, start, end, step);
  }
  /** Position `index` of an axis, which goes away. */
  select(dim: number, index: number): Tensor {
    return shaping.select(this, dim, index);
  }
  /** All positions of an axis, as an array. */
  unbind(dim = 0): Tensor[] {
    return shaping.unbind(this, dim);
  }
  /** Equal parts along an axis. */
  chunk(count: number, dim = -1): Tensor[] {
    return shaping.chunk(this, count, dim);
  }
  /** Parts of these sizes along an axis. */
  split(sizes: readonly number[], dim = -1): Tensor[] {
    return shaping.split(this, sizes, dim);
  }
  /** Back to front along an axis. */
  flip(dim: number): Tensor {
    return shaping.flip(this, dim);
  }
  /** out[.., j, ..] = this[.., index[.., j, ..], ..] along `dim`; index is int32, equal in shape but along `dim`. */
  gather(dim: number, index: Tensor): Tensor {
    return shaping.gather(this, dim, index);
  }
}
