// NumPy's .npy: one array in a file. The published layout:
//
//   6 bytes   \x93NUMPY         2 bytes   version, 1.0 to 3.0
//   2 or 4    length N of the header, little-endian (2 bytes in version 1)
//   N bytes   a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
//   the rest  the numbers, row by row
//
// The header is matched, not evaluated. Arrays of Python objects would run code on loading, and are refused.

import { requireKinds } from '../checks.ts';
import { decodeStrict } from '../encoding.ts';
import { FormatError } from '../errors.ts';
import { halfToNumber } from './half.ts';

/** NumPy's own limits, the header's a few times larger. */
const [mostHeader, mostAxes] = [0x10000, 64];

/** The contents of a .npy file: shape and elements. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Values row by row. float16 is widened to float32, int64 to float64 where every value is a safe integer. */
  readonly data: Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array;
}

const types: Readonly<
  Record<string, { readonly bytes: number; readonly read: (raw: ArrayBuffer) => NpyArray['data'] }>
> = {
  f2: { bytes: 2, read: (raw) => Float32Array.from(new Uint16Array(raw), halfToNumber) },
  f4: { bytes: 4, read: (raw) => new Float32Array(raw) },
  f8: { bytes: 8, read: (raw) => new Float64Array(raw) },
  u1: { bytes: 1, read: (raw) => new Uint8Array(raw) },
  b1: { bytes: 1, read: (raw) => new Uint8Array(raw) },
  i1: { bytes: 1, read: (raw) => new Int8Array(raw) },
  i2: { bytes: 2, read: (raw) => new Int16Array(raw) },
  i4: { bytes: 4, read: (raw) => new Int32Array(raw) },
  i8: { bytes: 8, read: (raw) => Float64Array.from(new BigInt64Array(raw), Number) },
};

/** Reads a .npy file held in memory. `source` names it in errors. Throws a FormatError for anything that is not a whole array of numbers. */
export function readNpy(bytes: Uint8Array, source = 'npy'): NpyArray {
  requireKinds('readNpy', { bytes, source }, { bytes: 'bytes', source: 'text' });
  const header = openNpy(bytes, source);
  const type = Object.hasOwn(types, header.descr.slice(1)) ? types[header.descr.slice(1)] : null;
  if (!type)
    throw new FormatError(
      source,
      `holds ${header.descr}; float16, float32, float64, int8 … int64 and uint8 are read: x.astype('float32')`,
    );
  const { shape, raw } = elementsOf(bytes, header, type.bytes, source);
  const data = type.read(raw);
  if (header.descr.endsWith('i8') && !data.every((value) => Number.isSafeInteger(value)))
    throw new FormatError(source, 'holds integers beyond those a number holds exactly');
  return { shape, data };
}

/** An array of texts in a .npy file, such as labels. */
export interface NpyTexts {
  readonly shape: readonly number[];
  /** Texts row by row. */
  readonly texts: readonly string[];
}

/** Reads the texts of a .npy file (`<U12`, `|S12`); null where it holds something else. Throws a FormatError for a file that is damaged. */
export function readNpyTexts(bytes: Uint8Array, source = 'npy'): NpyTexts | null {
  requireKinds('readNpyTexts', { bytes, source }, { bytes: 'bytes', source: 'text' });
  const header = openNpy(bytes, source);
  const [, kind, digits] = /^[<|=]([US])([1-9]\d{0,8})$/.exec(header.descr) ?? [];
  if (kind === undefined) return null;
  const [unit, length] = [kind === 'U' ? 4 : 1, Number(digits)];
  const { shape, raw } = elementsOf(bytes, header, unit * length, source);
  const codes = unit === 4 ? new Uint32Array(raw) : new Uint8Array(raw);
  if (codes.some((code) => code > 0x10ffff))
    throw new FormatError(source, 'holds texts with characters that Unicode does not have');
  const count = shape.reduce((n, d) => n * d, 1);
  const texts = Array.from({ length: count }, (_, n) => {
    const own = codes.subarray(n * length, (n + 1) * length);
    let end = own.length;
    while (end > 0 && own[end - 1] === 0) end--;
    return Array.from(own.subarray(0, end), (code) => String.fromCodePoint(code)).join('');
  });
  return { shape, texts };
}

type Header = ReturnType<typeof headerOf> & { readonly start: number };

/** The header, and where the elements start. */
function openNpy(bytes: Uint8Array, source: string): Header {
  const fail = (problem: string): never => {
    throw new FormatError(source, problem);
  };
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) fail('is an archive of arrays (.npz); unzip it and name the .npy in it');
  if (bytes.length < 10 || ![0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte))
    fail('is not a .npy file: it does not begin with \\x93NUMPY');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (major < 1 || major > 3) fail(`is of version ${major}.${bytes[7]}; 1.0 to 3.0 are read`);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) fail('ends within its header');
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) fail('ends within its header');
  if (length > mostHeader) fail(`has a header of ${length} bytes; at most ${mostHeader} are read`);
  const header = headerOf(bytes.subarray(start, start + length), source);
  if (header.descr.includes('O')) fail('holds Python objects, which only Python can read; save numbers');
  return { ...header, start: start + length };
}

/** The bytes of the elements, of `size` bytes each, where they are as many as the shape says. */
function elementsOf(bytes: Uint8Array, { descr, fortran, shape, start }: Header, size: number, source: string) {
  const fail = (problem: string): never => {
    throw new FormatError(source, problem);
  };
  if (descr[0] === '>') fail("has its bytes in the other order (big-endian); save x.astype('<f4')");
  if (fortran && shape.filter((n) => n > 1).length > 1)
    fail('is stored column by column (fortran_order); save numpy.ascontiguousarray(x)');
  if (shape.length > mostAxes) fail(`has ${shape.length} axes; at most ${mostAxes} are read`);
  // An axis of 0 must not hide other axes: they are bounded too.
  if (!Number.isSafeInteger(shape.reduce((n, d) => n * Math.max(d, 1), Math.max(size, 1))))
    fail(`says it is of shape [${shape.join(', ')}], which no array is`);
  const count = shape.reduce((n, d) => n * d, 1);
  const left = bytes.length - start;
  if (!Number.isSafeInteger(count * size) || left !== count * size)
    fail(`should hold ${count * size} bytes of numbers [${shape.join(', ')}] and holds ${left}; is it cut off?`);
  const from = bytes.byteOffset + start;
  return { shape, raw: bytes.buffer.slice(from, from + left) as ArrayBuffer };
}

function headerOf(bytes: Uint8Array, source: string) {
  let text: string;
  try {
    text = decodeStrict(bytes);
  } catch (cause) {
    throw new FormatError(source, 'has a header that is not text', { cause });
  }
  const descr = /'descr':\s*'([<>|=]?[a-zA-Z]\d*)'/.exec(text)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  const twice = ["'descr':", "'fortran_order':", "'shape':"].find((key) => text.split(key, 3).length > 2);
  if (twice) throw new FormatError(source, `has a header that says ${twice.slice(0, -1)} twice`);
  if (/'descr':\s*\[/.test(text))
    throw new FormatError(source, 'holds records of several fields; save one array of numbers');
  if (descr === undefined || fortran === undefined || shape === undefined)
    throw new FormatError(source, `has a header that says no type, order and shape: ${text.slice(0, 100).trim()}`);
  const dims = shape.split(',').filter((part) => part.trim() !== '');
  return { descr: /^[a-zA-Z]/.test(descr) ? `|${descr}` : descr, fortran: fortran === 'True', shape: dims.map(Number) };
}
