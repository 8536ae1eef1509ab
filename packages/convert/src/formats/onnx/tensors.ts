// The tensors of an ONNX file as arrays, those in files next to it too.

import { decodeElements, elementBytes, type ElementType } from '../../arrays/element.ts';
import { elementCount, StoredArray } from '../../arrays/stored-array.ts';
import { ConvertError, quoted } from '../../errors.ts';
import { type ModelFiles, requireInside } from '../../source/contained.ts';
import type { TensorMessage } from './messages.ts';
import { clamped } from './wire.ts';

/** TensorProto.DataType → our element types. */
const elements: Readonly<Record<number, ElementType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};

/** For messages: types that are known and not read. */
const otherTypes: Readonly<Record<number, string>> = {
  0: 'no type',
  8: 'string',
  14: 'complex64',
  15: 'complex128',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
};

/** The element type by its number; null for one that is not read. */
export function elementOf(dataType: number): ElementType | null {
  return Object.hasOwn(elements, dataType) ? elements[dataType] : null;
}

export function typeName(dataType: number): string {
  return elementOf(dataType) ?? otherTypes[dataType] ?? `type ${dataType}`;
}

/** What an element is in a graph. */
export function kindOf(element: ElementType): 'float' | 'int' | 'bool' {
  return element === 'bool' ? 'bool' : element.includes('float') ? 'float' : 'int';
}

/** The files next to a model that its tensors are in, read once each. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

/** Reads the files that tensors name. Throws a ConvertError for one outside of the model's folder, before anything of it is read. */
export async function externalFiles(files: ModelFiles, tensors: Iterable<TensorMessage>): Promise<ExternalFiles> {
  const found = new Map<string, Uint8Array>();
  const folder = files.main.includes('/') ? files.main.slice(0, files.main.lastIndexOf('/') + 1) : '';
  for (const { external } of tensors) {
    const location = external?.get('location');
    if (location === undefined || found.has(location)) continue;
    found.set(location, await files.bytes(folder + requireInside(files.name, location)));
  }
  return found;
}

/** The array of a tensor. Throws a ConvertError where its type is not read, or its data are not those of its shape. */
export function arrayOf(tensor: TensorMessage, name: string, external: ExternalFiles, source: string): StoredArray {
  const where = `tensor ${quoted(name)}`;
  const element = elementOf(tensor.dataType);
  if (element === null)
    throw new ConvertError(source, {
      where,
      expected: `an element type that is read: ${Object.values(elements).join(', ')}`,
      got: typeName(tensor.dataType),
      advice: 'convert the model to float32',
    });
  const size = elementCount(tensor.dims, source, where);
  const raw = tensor.external ? window(tensor.external, external, source, where) : tensor.raw;
  if (raw === null) {
    const listed = lists(tensor, element);
    if (listed.length !== size)
      throw new ConvertError(source, { where, expected: `${size} values`, got: String(listed.length) });
    return new StoredArray(name, element, tensor.dims, source, () => listedValues(listed, element, source, name));
  }
  const bytes = size * elementBytes[element];
  if (raw.length !== bytes)
    throw new ConvertError(source, {
      where,
      expected: `${bytes} bytes for the shape [${tensor.dims.join(', ')}] of ${element}`,
      got: String(raw.length),
    });
  const read = () =>
    element === 'int64' || element === 'uint64' ? longs(raw, element) : decodeElements(element, raw, source, name);
  return new StoredArray(name, element, tensor.dims, source, read, element === 'float32' ? raw : null);
}

/** The part of an external file that is a tensor. */
function window(keys: ReadonlyMap<string, string>, files: ExternalFiles, source: string, where: string): Uint8Array {
  const file = files.get(keys.get('location') ?? '');
  if (!file) throw new ConvertError(source, { where, expected: 'the location of its external data', got: 'none' });
  const number = (key: string, usual: number) => {
    const text = keys.get(key);
    const value = text === undefined ? usual : Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new ConvertError(source, { where, expected: `a whole number of bytes as ${key}`, got: quoted(String(text)) });
  };
  const offset = number('offset', 0);
  const length = number('length', Math.max(0, file.length - offset));
  if (offset + length <= file.length) return file.subarray(offset, offset + length);
  throw new ConvertError(source, {
    where,
    expected: `${length} bytes from byte ${offset} of ${quoted(keys.get('location') ?? '')}`,
    got: `a file of ${file.length} bytes`,
  });
}

function lists(tensor: TensorMessage, element: ElementType): ArrayLike<number> {
  if (element === 'float32') return tensor.floats;
  if (element === 'float64') return tensor.doubles;
  return ['int64', 'uint64', 'uint32'].includes(element) ? tensor.longs : tensor.ints;
}

function listedValues(list: ArrayLike<number>, element: ElementType, source: string, name: string) {
  if (element === 'float32') return Float32Array.from(list);
  // The bits of a half stand in the list of integers.
  if (element === 'float16' || element === 'bfloat16')
    return decodeElements(element, new Uint8Array(Uint16Array.from(list).buffer), source, name);
  return Float64Array.from(list);
}

/** Integers of 64 bits; what no number holds exactly, as the end of a slice that has none, becomes the nearest that one does. */
function longs(raw: Uint8Array, element: 'int64' | 'uint64'): Float64Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Float64Array.from({ length: raw.length / 8 }, (_, i) =>
    clamped(element === 'int64' ? view.getBigInt64(8 * i, true) : view.getBigUint64(8 * i, true)),
  );
}
