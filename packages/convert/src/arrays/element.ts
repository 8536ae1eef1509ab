// The element types of stored arrays, and how their bytes become numbers. Halves are widened to float32, which holds them exactly; integers of 64 bits
// become float64 where every one is a safe integer.

import { ConvertError, quoted } from '../errors.ts';

/** Element types by their usual names. */
export type ElementType = keyof typeof elementBytes;

/** The size of an element in bytes. */
export const elementBytes = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
} as const;

/** Decoded elements. */
export type ArrayValues =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** Whether weights can have this type. */
export function isFloat(element: ElementType): boolean {
  return element.startsWith('float') || element === 'bfloat16';
}

/** Decodes little-endian elements; `bytes` has a whole number of them. `source` and `name` are for errors. */
export function decodeElements(element: ElementType, bytes: Uint8Array, source: string, name: string): ArrayValues {
  const raw = aligned(bytes, elementBytes[element]);
  const count = bytes.length / elementBytes[element];
  switch (element) {
    case 'float64':
      return new Float64Array(raw.buffer, raw.byteOffset, count);
    case 'float32':
      return new Float32Array(raw.buffer, raw.byteOffset, count);
    case 'float16':
      return widenHalf(new Uint16Array(raw.buffer, raw.byteOffset, count));
    case 'bfloat16':
      return widenBfloat(new Uint16Array(raw.buffer, raw.byteOffset, count));
    case 'int64':
      return wide(new BigInt64Array(raw.buffer, raw.byteOffset, count), source, name);
    case 'uint64':
      return wide(new BigUint64Array(raw.buffer, raw.byteOffset, count), source, name);
    case 'int32':
      return new Int32Array(raw.buffer, raw.byteOffset, count);
    case 'int16':
      return new Int16Array(raw.buffer, raw.byteOffset, count);
    case 'int8':
      return new Int8Array(raw.buffer, raw.byteOffset, count);
    case 'uint32':
      return new Uint32Array(raw.buffer, raw.byteOffset, count);
    case 'uint16':
      return new Uint16Array(raw.buffer, raw.byteOffset, count);
    case 'uint8':
      return new Uint8Array(raw.buffer, raw.byteOffset, count);
    case 'bool':
      return Uint8Array.from(bytes, (byte) => (byte === 0 ? 0 : 1));
    default:
      throw element satisfies never;
  }
}

/** The bytes in the other order, element by element: big-endian files. */
export function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += size)
    for (let i = 0; i < size; i++) result[at + i] = bytes[at + size - 1 - i];
  return result;
}

/** The same bytes at a position that a typed array of this size may begin at; copied only where they are not. */
function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : Uint8Array.prototype.slice.call(bytes); // a Buffer's own slice copies nothing
}

function widenBfloat(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < bits.length; i++) bits[i] = halves[i] << 16; // the upper half of a float32
  return new Float32Array(bits.buffer);
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function widenHalf(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) {
    const [sign, exponent, fraction] = [halves[i] & 0x8000 ? -1 : 1, (halves[i] >> 10) & 31, halves[i] & 1023];
    if (exponent === 0) values[i] = sign * fraction * 2 ** -24;
    else if (exponent === 31) values[i] = fraction ? Number.NaN : sign * Infinity;
    else values[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return values;
}

function wide(values: BigInt64Array | BigUint64Array, source: string, name: string): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = Number(values[i]);
    if (!Number.isSafeInteger(numbers[i]))
      throw new ConvertError(source, {
        where: `tensor ${quoted(name)}`,
        expected: 'integers that a number holds exactly, up to 2⁵³',
        got: `${values[i]} at element ${i}`,
      });
  }
  return numbers;
}
