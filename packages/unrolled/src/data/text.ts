// Decodes a file's bytes to text. Text is UTF-8; UTF-16 is recognized by its byte order mark. Anything else is refused, with where it
// goes wrong and what it probably is: a model trained on wrongly decoded text appears to work.

import { requireKinds } from '../checks.ts';
import { decodeStrict } from '../encoding.ts';
import { FormatError } from '../errors.ts';
import { guessEncoding } from './encodings.ts';

/** The longest string that every engine can hold. */
const mostBytes = 2 ** 29 - 24;

/**
 * Decodes `bytes`, without the byte order mark. `source` names the file in errors.
 *
 * Throws a FormatError for bytes in another encoding, for data that is not text, and for an empty file.
 */
export function decodeText(bytes: Uint8Array, source = 'text'): string {
  requireKinds('decodeText', { bytes, source }, { bytes: 'bytes', source: 'text' });
  if (bytes.length > mostBytes) {
    throw new FormatError(
      source,
      `${bytes.length} bytes are more than can be held as one text (${mostBytes}); train on a part of it`,
    );
  }
  const text = decode(bytes, source);
  if (text === '') throw new FormatError(source, 'the file is empty');
  return text;
}

function decode(bytes: Uint8Array, source: string): string {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) throw otherEncoding(source, 'this is UTF-32', 'UTF-32');
  if (a === 0xff && b === 0xfe) return decodeUtf16(bytes.subarray(2), 'utf-16le', source);
  if (a === 0xfe && b === 0xff) return decodeUtf16(bytes.subarray(2), 'utf-16be', source);
  const skip = a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
  const known = signatures.find(([, start]) => start.every((byte, i) => bytes[i] === byte));
  if (known) throw new FormatError(source, `this is ${known[0]}, not text`);
  const content = bytes.subarray(skip);
  refuseZeros(content, source);
  try {
    return decodeStrict(content);
  } catch {
    const at = findInvalidUtf8(content);
    const problem = `byte ${hex(content[at])} at ${at + skip} is not UTF-8`;
    if (isCutOff(content, at)) throw new FormatError(source, `${problem}: the file is cut off inside a character`);
    if (longSequences(content, at) >= 3)
      throw new FormatError(source, `${problem}, though the text before it is; correct it there`);
    const start = content.subarray(0, at).lastIndexOf(10) + 1;
    const found = guessEncoding(content.subarray(Math.max(start, at - 1024), at + 0x10000));
    if (found) throw otherEncoding(source, `${problem}; it looks like ${found.name}`, found.label);
    throw otherEncoding(source, `${problem}, and which encoding it is cannot be told`, 'ENCODING');
  }
}

function decodeUtf16(bytes: Uint8Array, label: 'utf-16le' | 'utf-16be', source: string): string {
  if (bytes.length % 2 === 1) throw new FormatError(source, 'the file is cut off: UTF-16 has an even number of bytes');
  try {
    return decodeStrict(bytes, label);
  } catch (cause) {
    throw new FormatError(source, 'this begins as UTF-16 but is not: it has half of a character', { cause });
  }
}

function otherEncoding(source: string, problem: string, label: string): FormatError {
  return new FormatError(source, `${problem}; convert it first: iconv -f ${label} -t UTF-8 < old.txt > new.txt`);
}

/** Text has no zero bytes. UTF-16 without its mark has one in every second place of plain English. */
function refuseZeros(bytes: Uint8Array, source: string): void {
  const at = bytes.indexOf(0);
  if (at < 0) return;
  const zeros = [0, 0];
  const sample = Math.min(bytes.length, 0x1000);
  for (let i = 0; i < sample; i++) if (bytes[i] === 0) zeros[i % 2]++;
  const many = sample / 5;
  if (zeros[1] > many && zeros[0] < many / 4)
    throw otherEncoding(source, 'it looks like UTF-16 without a byte order mark', 'UTF-16LE');
  if (zeros[0] > many && zeros[1] < many / 4)
    throw otherEncoding(source, 'it looks like UTF-16 without a byte order mark', 'UTF-16BE');
  throw new FormatError(source, `byte 0 at ${at}: this is not text`);
}

const signatures: readonly (readonly [name: string, start: readonly number[]])[] = [
  ['a gzip archive', [0x1f, 0x8b]],
  ['a zip archive (or a document made of one)', [0x50, 0x4b, 3, 4]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
  ['a bzip2 archive', [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41]],
  ['an xz archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
];

/** Position of the first invalid sequence (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF). */
function findInvalidUtf8(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length === 0) return i;
    i += length;
  }
  return bytes.length;
}

/** Number of sequences of three and four bytes before `end`: bytes in other encodings rarely form one at random. */
function longSequences(bytes: Uint8Array, end: number): number {
  let count = 0;
  for (let i = 0; i < end; ) {
    const length = sequenceLength(bytes, i);
    if (length >= 3) count++;
    i += Math.max(1, length);
  }
  return count;
}

/** Length of the valid sequence at `i`, or 0. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const first = bytes[i];
  if (first < 0x80) return 1;
  const length = first >= 0xf5 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  for (let k = 1; k < length; k++) if ((bytes[i + k] & 0xc0) !== 0x80) return 0; // past the end: undefined & … is 0
  const second = bytes[i + 1];
  const wrong =
    (first === 0xe0 && second < 0xa0) ||
    (first === 0xed && second > 0x9f) ||
    (first === 0xf0 && second < 0x90) ||
    (first === 0xf4 && second > 0x8f);
  return wrong ? 0 : length;
}

/** Whether the bytes from `at` to the end are the beginning of one valid character. */
function isCutOff(bytes: Uint8Array, at: number): boolean {
  if (at === 0 || bytes.length - at > 3) return false;
  const padded = (filler: number) => Uint8Array.of(...bytes.subarray(at), filler, filler, filler);
  return [0x80, 0xbf].some((filler) => sequenceLength(padded(filler), 0) > bytes.length - at);
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
