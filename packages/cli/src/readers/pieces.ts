// Reads a text table as pieces of a string, compressed or not. Bytes of UTF-8 become characters of the same number (Latin-1): delimiters, quotes and
// line ends are bytes below 128 in both, so cells are split before they are decoded, which shows which row is not valid UTF-8.

import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { FormatError } from 'unrolled';
import type { InputFile } from './files.ts';

const pieceBytes = 1 << 20;

/** The file's bytes as characters, without a byte order mark. UTF-16 is converted to UTF-8 first. */
export async function* piecesOf(file: InputFile): AsyncGenerator<string, void> {
  const plain = createReadStream(file.path, { highWaterMark: pieceBytes });
  const bytes = file.gzip ? plain.pipe(createGunzip({ chunkSize: pieceBytes })) : plain;
  // A pipe passes no errors on.
  if (bytes !== plain) plain.on('error', (error) => bytes.destroy(error));
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let start = true;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      let piece: Buffer = chunk;
      if (start) {
        const [a, b] = piece;
        const wide = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : null;
        if (wide) decoder = new TextDecoder(wide);
        else if (a === 0xef && b === 0xbb && piece[2] === 0xbf) piece = piece.subarray(3);
        start = false;
      }
      yield decoder
        ? Buffer.from(decoder.decode(piece, { stream: true })).toString('latin1')
        : piece.toString('latin1');
    }
    const rest = decoder?.decode() ?? '';
    if (rest !== '') yield Buffer.from(rest).toString('latin1');
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('Z_'))
      throw new FormatError(file.path, `is cut off or damaged: ${(error as Error).message}`, { cause: error });
    throw error;
  } finally {
    plain.destroy();
  }
}

/** The line end: \r only where there is no \n in the whole file. `head` is its beginning. */
export async function lineEndOf(file: InputFile, head: string): Promise<'\n' | '\r'> {
  if (head.includes('\n') || !head.includes('\r')) return '\n';
  for await (const piece of piecesOf(file)) if (piece.includes('\n')) return '\n';
  return '\r';
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes a cell; null where its bytes are not UTF-8. */
export function decodeCell(characters: string): string | null {
  if (!/[\x80-\xff]/.test(characters)) return characters;
  try {
    return strict.decode(Buffer.from(characters, 'latin1'));
  } catch {
    return null;
  }
}
