// Files of arrays: .npy, .npz (arrays by name) and IDX (MNIST's format). A file may come from anywhere: what a compressed one unpacks to is bounded by its
// own size, and an array holds as many numbers as there are bytes for them.

import { gunzipSync } from 'node:zlib';
import { FormatError } from 'unrolled';
import { readIdx } from 'unrolled/data';
import { openZip, readNpy, readNpyTexts } from 'unrolled/io';
import { readGiven } from '../files/index.ts';
import { readable } from './files.ts';

/** An array of numbers or of texts, row by row. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number> | readonly string[];
}

const mostBytes = 2 ** 31; // of a file
const [mostRatio, always] = [200, 2 ** 24]; // what a file may unpack to: times its size, and bytes besides

const endings = /\.npy$|\.npz$|[.-]idx\d?(-ubyte)?(\.gz)?$|-ubyte(\.gz)?$/i;

/** Whether a file of this name holds arrays. */
export function isArrayFile(path: string): boolean {
  return endings.test(path);
}

/** The arrays of a file by their names; of a .npy or IDX file one, whose name is ''. Throws a FormatError that says what is wrong. */
export async function readArrays(path: string): Promise<ReadonlyMap<string, NumberArray>> {
  let bytes: Uint8Array;
  try {
    bytes = readGiven(path, mostBytes);
  } catch (error) {
    throw readable(path, error);
  }
  if (bytes.length === 0) throw new FormatError(path, 'the file is empty');
  if (/\.npz$/i.test(path)) return fromZip(bytes, path);
  if (/\.npy$/i.test(path)) return new Map([['', fromNpy(bytes, path)]]);
  return new Map([['', readIdx(unpacked(bytes, path), path)]]);
}

const roomFor = (bytes: Uint8Array) => Math.min(mostBytes, mostRatio * bytes.length + always);

async function fromZip(bytes: Uint8Array, path: string): Promise<Map<string, NumberArray>> {
  const zip = await openZip(bytes, path, { mostFiles: 1000, mostBytes: roomFor(bytes) });
  const arrays = new Map<string, NumberArray>();
  for (const name of zip.files.keys())
    if (name.endsWith('.npy'))
      arrays.set(name.slice(0, -'.npy'.length), fromNpy(await zip.bytes(name), `${path}/${name}`));
  if (arrays.size > 0) return arrays;
  throw new FormatError(path, 'holds no arrays; expected .npy files in it, as numpy.savez writes them');
}

function fromNpy(bytes: Uint8Array, source: string): NumberArray {
  const texts = readNpyTexts(bytes, source);
  return texts ? { shape: texts.shape, data: texts.texts } : readNpy(bytes, source);
}

function unpacked(bytes: Uint8Array, path: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: roomFor(bytes) });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const large = `unpacks to more than ${mostRatio} times its size; unpack it first`;
    throw new FormatError(path, code === 'ERR_BUFFER_TOO_LARGE' ? large : `is cut off or damaged: ${message}`, {
      cause,
    });
  }
}
