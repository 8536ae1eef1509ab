// Lines of a large text file, compressed or not, one after the other: of a file of word vectors no more than a line is in memory.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FormatError } from 'unrolled';
import { checkUnchanged, inputFile } from './files.ts';

const longestLine = 2 ** 22; // characters

/** Throws a FormatError for a file that is cut off, and for a line of more than four million characters. */
export async function* linesOfFile(named: string): AsyncGenerator<string, void> {
  const file = inputFile(named);
  const bytes = createReadStream(file.path);
  const unpacked = file.gzip ? bytes.pipe(createGunzip()) : bytes;
  bytes.on('error', (error) => unpacked.destroy(error));
  const text = Readable.from(unpacked).setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of text) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() as string;
      if (rest.length > longestLine)
        throw new FormatError(named, 'has a line of more than four million characters; is it a text file?');
      for (const line of lines) yield line.replace(/\r$/, '');
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(named, `is cut off or damaged: ${(error as Error).message}`, { cause: error });
  } finally {
    bytes.destroy();
  }
  if (rest !== '') yield rest;
  checkUnchanged(file);
}
