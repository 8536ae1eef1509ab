// Storages, and tensors as windows of them. What a pickle says of sizes and offsets is compared with the bytes that are there before anything is read.

import { type ArrayValues, decodeElements, elementBytes, type ElementType, swapped } from '../../arrays/element.ts';
import { elementCount, StoredArray } from '../../arrays/stored-array.ts';
import { ConvertError, quoted } from '../../errors.ts';
import {
  type PyStorage,
  PyStorage as Storage,
  PyTensor,
  PyTuple,
  type PyValue,
  PyGlobal,
  shownValue,
} from './values.ts';

const storageElements: Readonly<Record<string, ElementType>> = {
  FloatStorage: 'float32',
  DoubleStorage: 'float64',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  UntypedStorage: 'uint8',
};

const dtypeElements: Readonly<Record<string, ElementType>> = {
  float32: 'float32',
  float: 'float32',
  float64: 'float64',
  double: 'float64',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  int32: 'int32',
  int16: 'int16',
  int8: 'int8',
  uint64: 'uint64',
  uint32: 'uint32',
  uint16: 'uint16',
  uint8: 'uint8',
  bool: 'bool',
};

/** Elements that tensors may have besides those of their storages: a stride of 0 repeats one. */
const mostRepeated = 2 ** 22;
const mostViews = 16; // times that all of a storage is in tensors

/**
 * What a persistent id stands for: ('storage', class, key, location, count, view) is a storage, wherever it lay, on a GPU or not; and in the older container
 * ('module', class, file, source) is the class of a module that was saved whole.
 */
export function persistentValue(id: PyValue, fail: (problem: string) => never): PyStorage | PyGlobal {
  const items = id instanceof PyTuple ? id.items : [];
  if (items[0] === 'module' && items.length === 4 && items[1] instanceof PyGlobal) return items[1];
  const [tag, kind, key, , count, view] = items;
  if (tag !== 'storage' || items.length < 5 || items.length > 6)
    return fail(`${shownValue(id)}, which is no persistent id of PyTorch`);
  if (!(kind instanceof PyGlobal) || !/^torch(?:\.\w+)?$/.test(kind.module))
    return fail(`${shownValue(kind)} in the place of a storage class`);
  if (typeof key !== 'string' || !/^[\w-]{1,64}$/.test(key))
    return fail(`the key ${shownValue(key)}, which is a path or no text`);
  if (typeof count !== 'number' || count < 0) return fail(`${shownValue(count)} elements`);
  if (view === null || view === undefined) return new Storage(kind.name, key, count, 0);
  // The older container has views of storages: (key, offset, count).
  const [, offset, size] = view instanceof PyTuple ? view.items : [];
  if (typeof offset !== 'number' || typeof size !== 'number' || offset < 0 || size < 0 || offset + size > count)
    return fail(`a view ${shownValue(view)} of a storage with ${count} elements`);
  return new Storage(kind.name, key, count, offset);
}

/** The element type of a tensor; null for one that has none here (complex numbers, 8-bit floats, quantized). */
export function elementOf({ dtype, storage }: PyTensor): ElementType | null {
  const [table, name] = dtype === null ? [storageElements, storage.kind] : [dtypeElements, dtype];
  return Object.hasOwn(table, name) ? table[name] : null;
}

/** The size in bytes of a storage's elements; null for a class that is not known. */
export function storageBytes(kind: string): number | null {
  return Object.hasOwn(storageElements, kind) ? elementBytes[storageElements[kind]] : null;
}

/** Where the bytes of storages are. */
export interface StorageBytes {
  /** Whether elements have their bytes in the other order. */
  readonly bigEndian: boolean;
  /** The bytes of a storage, or undefined. */
  get(key: string): Uint8Array | undefined;
}

/** Makes arrays of tensors, and keeps count of how much they ask for. */
export class TensorReader {
  readonly #source: string;
  readonly #storages: StorageBytes;
  readonly #ordered = new Map<string, Uint8Array>();
  #elements = 0;
  #available = 0;
  readonly #seen = new Set<string>();

  constructor(source: string, storages: StorageBytes) {
    this.#source = source;
    this.#storages = storages;
  }

  /** The tensor as an array. Throws a ConvertError for one that reaches out of its storage, or whose storage is not there. */
  array(name: string, tensor: PyTensor, element: ElementType): StoredArray {
    const fail = (expected: string, got: string): never => {
      throw new ConvertError(this.#source, { where: `tensor ${quoted(name)}`, expected, got });
    };
    const { storage, shape, strides } = tensor;
    const bytes = this.#storages.get(storage.key);
    if (!bytes) return fail(`the bytes of storage ${quoted(storage.key)}`, 'none in the file');
    const size = elementBytes[element];
    const declared = storage.count * (storageBytes(storage.kind) ?? size);
    if (declared > bytes.length) fail(`${declared} bytes of storage ${quoted(storage.key)}`, String(bytes.length));
    const count = elementCount(shape, this.#source, `tensor ${quoted(name)}`);
    if (strides.length !== shape.length || strides.some((stride) => stride < 0))
      fail(`${shape.length} strides from 0`, `[${strides.slice(0, 8).join(', ')}]`);
    const offset = storage.offset + tensor.offset;
    const last = offset + shape.reduce((sum, d, axis) => sum + (d - 1) * strides[axis], 0);
    if (tensor.offset < 0 || (count > 0 && (last + 1) * size > declared))
      fail(`a window of the storage's ${Math.floor(declared / size)} elements`, `elements ${offset} to ${last}`);
    if (!this.#seen.has(storage.key)) this.#available += Math.floor(bytes.length / size);
    this.#seen.add(storage.key);
    this.#elements += count;
    if (this.#elements > mostViews * this.#available + mostRepeated)
      fail(
        `tensors of at most ${mostViews} times the elements of their storages`,
        'more: one storage stands for very many',
      );
    return new StoredArray(name, element, shape, this.#source, () =>
      this.#values(name, tensor, element, bytes, offset, count),
    );
  }

  #values(
    name: string,
    { storage, shape, strides }: PyTensor,
    element: ElementType,
    bytes: Uint8Array,
    offset: number,
    count: number,
  ): ArrayValues {
    const size = elementBytes[element];
    const all = this.#inOrder(storage.key, bytes, size);
    const window = isContiguous(shape, strides)
      ? all.subarray(offset * size, (offset + count) * size)
      : gathered(all, shape, strides, offset, count, size);
    return decodeElements(element, window, this.#source, name);
  }

  #inOrder(key: string, bytes: Uint8Array, size: number): Uint8Array {
    if (!this.#storages.bigEndian || size === 1) return bytes;
    const name = `${key}/${size}`;
    const known = this.#ordered.get(name) ?? swapped(bytes.subarray(0, bytes.length - (bytes.length % size)), size);
    this.#ordered.set(name, known);
    return known;
  }
}

/** Whether the elements lie one behind the other, row by row. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return shape.includes(0);
    step *= shape[axis];
  }
  return true;
}

/** The elements of a tensor with any strides, row by row. */
function gathered(
  bytes: Uint8Array,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  count: number,
  size: number,
): Uint8Array {
  const result = new Uint8Array(count * size);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, at = offset; i < count; i++) {
    for (let b = 0; b < size; b++) result[i * size + b] = bytes[at * size + b];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
