// A NumPy array as a stored array: the library's reader does the work, when the values are asked for. Only the header is read before.

import { FormatError } from 'unrolled';
import { readNpy } from 'unrolled/io';
import { StoredArray } from '../../arrays/stored-array.ts';
import type { ElementType } from '../../arrays/element.ts';

/** The stored array of the bytes of a .npy file. Throws a FormatError for bytes that are none. */
export function npyArray(name: string, bytes: Uint8Array, source: string): StoredArray {
  const { shape, data } = readNpy(bytes, source);
  return new StoredArray(name, elementOf(bytes, source), shape, source, () => data);
}

const elements: Readonly<Record<string, ElementType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  u1: 'uint8',
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
};

/** The element type that the header names; `readNpy` has checked the header. */
function elementOf(bytes: Uint8Array, source: string): ElementType {
  const header = Array.from(bytes.subarray(8, 1024), (byte) => String.fromCharCode(byte)).join('');
  const type = /'descr':\s*'[<>|=]?([a-zA-Z]\d)'/.exec(header)?.[1] ?? '';
  if (Object.hasOwn(elements, type)) return elements[type];
  throw new FormatError(source, `has an element type that is not known: ${type}`);
}
