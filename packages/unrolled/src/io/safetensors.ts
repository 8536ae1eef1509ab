// safetensors: named tensors in one file, without code. The published layout:
//
//   8 bytes   length N of the header, little-endian
//   N bytes   JSON: { "__metadata__": {text: text}, "<name>": { "dtype", "shape", "data_offsets": [begin, end] }, … }
//   the rest  the tensors' bytes, little-endian, without holes or overlaps
//
// A file may come from anywhere, so everything it declares is checked against its true size before anything is
// allocated, and each way to be wrong is a FormatError. Reading needs the file's size again in memory, and not more
// (twice that for F16 and BF16, which are widened to float32; nothing for float32 that shares the file's bytes).

import { requireKinds } from '../checks.ts';
import { encodeUtf8 } from '../encoding.ts';
import { FormatError } from '../errors.ts';
import { halfToNumber } from './half.ts';
import { bytesPerElement, type HeaderEntry, parseHeader, quote, type SafetensorsDtype } from './safetensors-header.ts';

export type { SafetensorsDtype } from './safetensors-header.ts';

/** The arrays that hold the elements of a stored tensor. */
export type SafetensorsArray = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/** Values of a tensor, row by row, for `writeSafetensors`. The array's type is the dtype. */
export interface TensorData<A = Float64Array | Float32Array | Int32Array> {
  readonly shape: readonly number[];
  readonly data: A;
}

/** A tensor that was read: `data` is a copy unless sharing was asked for, `dtype` is the file's. */
export interface StoredTensor extends TensorData<SafetensorsArray> {
  readonly dtype: SafetensorsDtype;
}

/** The contents of a safetensors file: tensors by name, and metadata. */
export interface SafetensorsFile {
  /** Tensors in the order of the header. */
  readonly tensors: Map<string, StoredTensor>;
  /** The header's `__metadata__`; without a prototype, so any key is only a key. */
  readonly metadata: Record<string, string>;
}

/** The published limit: a longer header is refused. */
export const MAX_HEADER = 100_000_000;

/**
 * Reads a safetensors file held in memory.
 *
 * F16 and BF16 become float32, exactly; I64 becomes float64 if every value is a safe integer; BOOL becomes bytes 0 and 1.
 * `source` names the file in errors. With `share`, arrays are windows on `bytes` where they lie so that they can be. Throws FormatError for anything that is not
 * a whole and exact file.
 */
export function readSafetensors(
  bytes: Uint8Array,
  source = 'safetensors',
  options: { readonly share?: boolean } = {},
): SafetensorsFile {
  requireKinds(
    'readSafetensors',
    { bytes, source, options },
    { bytes: 'bytes', source: 'text', options: { share: 'flag?' } },
  );
  const fail = (problem: string): never => {
    throw new FormatError(source, problem);
  };
  if (bytes.length < 8) fail(`${bytes.length} bytes are too few for a safetensors file; is it cut off?`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (headerLength > MAX_HEADER) fail(`not a safetensors file: it declares a header of ${headerLength} bytes`);
  if (headerLength > bytes.length - 8) {
    fail(`cut off: the header should have ${headerLength} bytes, the file has ${bytes.length - 8} more`);
  }
  if (bytes[8] !== 0x7b || headerLength < 2) fail('not a safetensors file: its header does not start with {');

  const { entries, metadata } = parseHeader(bytes.subarray(8, 8 + headerLength), source);
  checkLayout(entries, bytes.length - 8 - headerLength, source);

  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const start = bytes.byteOffset + 8 + headerLength;
    const shared = options.share === true && dtype === 'F32' && (start + begin) % 4 === 0;
    const data = shared
      ? new Float32Array(bytes.buffer, start + begin, (end - begin) / 4)
      : decode(dtype, bytes.buffer.slice(start + begin, start + end) as ArrayBuffer, name, source);
    tensors.set(name, { dtype, shape, data });
  }
  return { tensors, metadata };
}

/**
 * The bytes of a safetensors file with `tensors` (float32, float64 or int32) and `metadata`.
 * The same content gives the same bytes in whatever order it came: larger dtypes first, then by name.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  requireKinds('writeSafetensors', { tensors, metadata }, { tensors: 'map', metadata: 'object' });
  for (const [name, value] of tensors)
    requireKinds('writeSafetensors', { [name]: value }, { [name]: { shape: 'list', data: 'list' } });
  const order = [...tensors].map(([name, { shape, data }]) => {
    if (name === '__metadata__' || /\p{Surrogate}/u.test(name)) {
      throw new FormatError('writeSafetensors', `${quote(name)} cannot be the name of a tensor`);
    }
    const size = shape.reduce((n, dim) => (Number.isSafeInteger(dim) && dim >= 0 ? n * dim : Number.NaN), 1);
    if (size !== data.length) {
      throw new FormatError('writeSafetensors', `${quote(name)} has ${data.length} numbers, not [${shape.join(', ')}]`);
    }
    return { name, shape, data, dtype: dtypeOf(data) };
  });
  order.sort(
    (a, b) =>
      b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || compare(a.dtype, b.dtype) || compare(a.name, b.name),
  );

  const fields: string[] = [];
  const keys = Object.keys(metadata).sort(compare);
  if (keys.length > 0) {
    const pairs = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(String(metadata[key]))}`);
    fields.push(`"__metadata__":{${pairs.join(',')}}`);
  }
  let offset = 0;
  for (const { name, shape, data, dtype } of order) {
    const end = offset + data.byteLength;
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, end] })}`);
    offset = end;
  }
  const json = encodeUtf8(`{${fields.join(',')}}`);
  const headerLength = Math.ceil(json.length / 8) * 8; // so that the tensors begin at a multiple of 8
  if (headerLength > MAX_HEADER) throw new FormatError('writeSafetensors', 'the header would be too long');

  const bytes = new Uint8Array(8 + headerLength + offset);
  new DataView(bytes.buffer).setUint32(0, headerLength, true);
  bytes.fill(0x20, 8, 8 + headerLength); // padding: spaces after the JSON
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const { data } of order) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Every tensor has the bytes that its shape needs; together they fill the file, in order of their offsets. */
export function checkLayout(entries: readonly HeaderEntry[], available: number, source: string): void {
  const byOffset = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let expected = 0;
  for (const { name, dtype, shape, begin, end } of byOffset) {
    const fail = (problem: string): never => {
      throw new FormatError(source, `tensor ${quote(name)}: ${problem}`);
    };
    const size = shape.reduce((n, dim) => n * dim, bytesPerElement[dtype] as number);
    let most: number = bytesPerElement[dtype]; // an axis of 0 must not hide other axes
    for (const dim of shape) {
      most *= dim || 1;
      if (most > Number.MAX_SAFE_INTEGER) fail(`the shape [${shape.join(', ').slice(0, 200)}] is impossibly large`);
    }
    if (end < begin) fail(`its data ends at ${end}, before it begins at ${begin}`);
    if (end - begin !== size)
      fail(`${dtype} of shape [${shape.join(', ').slice(0, 200)}] needs ${size} bytes, not ${end - begin}`);
    if (begin < expected) fail(`its data overlaps that of another tensor at ${begin}`);
    if (begin > expected) fail(`bytes ${expected} to ${begin} before it belong to no tensor`);
    if (end > available) fail(`cut off: its data ends at ${end} of ${available} bytes`);
    expected = end;
  }
  if (expected !== available) {
    throw new FormatError(source, `${available - expected} bytes at the end belong to no tensor`);
  }
}

// Typed arrays have the machine's byte order, which is little-endian wherever a current JavaScript engine runs.
export function decode(dtype: SafetensorsDtype, raw: ArrayBuffer, name: string, source: string): SafetensorsArray {
  switch (dtype) {
    case 'F64':
      return new Float64Array(raw);
    case 'F32':
      return new Float32Array(raw);
    case 'F16':
      return Float32Array.from(new Uint16Array(raw), halfToNumber);
    case 'BF16': {
      const halves = new Uint16Array(raw);
      const bits = new Uint32Array(halves.length);
      for (let i = 0; i < bits.length; i++) bits[i] = halves[i] << 16; // the upper half of a float32
      return new Float32Array(bits.buffer);
    }
    case 'I64':
      return Float64Array.from(new BigInt64Array(raw), (value) => {
        const number = Number(value);
        if (!Number.isSafeInteger(number)) {
          throw new FormatError(
            source,
            `tensor ${quote(name)}: ${value} is beyond the integers a number holds exactly`,
          );
        }
        return number;
      });
    case 'I32':
      return new Int32Array(raw);
    case 'I16':
      return new Int16Array(raw);
    case 'I8':
      return new Int8Array(raw);
    case 'U8':
      return new Uint8Array(raw);
    case 'BOOL': {
      const flags = new Uint8Array(raw);
      const at = flags.findIndex((flag) => flag > 1);
      if (at >= 0) throw new FormatError(source, `tensor ${quote(name)}: byte ${flags[at]} at ${at} is not a BOOL`);
      return flags;
    }
    default:
      return dtype satisfies never;
  }
}

function dtypeOf(data: Float64Array | Float32Array | Int32Array): 'F64' | 'F32' | 'I32' {
  if (data instanceof Float64Array) return 'F64';
  return data instanceof Float32Array ? 'F32' : 'I32';
}

/** By code unit: an order that no locale changes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
