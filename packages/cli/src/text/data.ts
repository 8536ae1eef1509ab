// The text that a command was given (one file or several, in any Unicode encoding, also compressed with gzip, or standard input), and the streams of its characters that
// train and validate.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { FormatError, OptionError } from 'unrolled';
import { decodeText, StreamBatcher } from 'unrolled/data';
import { MissingError, readNamed, RefusedFile } from '../files/index.ts';
import { unpacked } from '../readers/index.ts';
import type { TextSettings } from './config.ts';

export interface TextSource {
  readonly text: string;
  /** What it is, for a person: a path, or a description. */
  readonly source: string;
  /** Where it was read, for a program; none where it was in no file. */
  readonly paths: readonly string[];
}

/** Joins the files named, `-` being standard input. Throws an error that names the file and what is wrong with it. */
export function readText(paths: readonly string[]): TextSource {
  const text = paths.map(readOne).join('\n');
  if (text.trim() === '') throw new FormatError(paths.join(', '), 'is empty: there is nothing to learn from');
  return { text, source: paths.join(', '), paths };
}

function readOne(path: string): string {
  try {
    const name = path === '-' ? 'standard input' : path;
    return decodeText(unpacked(readNamed(path), name), name);
  } catch (error) {
    throw error instanceof RefusedFile ? refused(path, error) : readable(path, error);
  }
}

function refused(path: string, { refusal, problem }: RefusedFile): OptionError {
  if (refusal === 'missing') return new MissingError('text', path);
  return new OptionError('text', path, refusal === 'folder' ? 'is a folder; name the files in it' : problem);
}

function readable(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? error : new OptionError('text', path, `cannot be read: ${code}`);
}

/** What a run on these files is called: `my` for my.txt and my.txt.gz. */
export function nameOf(paths: readonly string[]): string {
  const name = basename(paths[0]).replace(/(\.[^.]+)?(\.gz)?$/i, '');
  return name === '-' || name === '' ? 'text' : name;
}

/** Of a text: what says that it is the same. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Most rows that a validation reads at the same time, and its window: long, so that the state is carried as in use. */
const validationStreams = 16;
const validationWindow = 128;

export interface TextStreams {
  readonly train: StreamBatcher;
  readonly validation: StreamBatcher | null;
}

/** The first part of the text trains, the last `valFrac` validates. */
export function makeStreams(
  ids: Int32Array,
  { batch, seqLength, valFrac }: Pick<TextSettings, 'batch' | 'seqLength' | 'valFrac'>,
): TextStreams {
  const cut = Math.floor(ids.length * (1 - valFrac));
  const needed = batch * seqLength + 1;
  if (cut < needed)
    throw new OptionError(
      'train text',
      '--batch',
      `${batch} windows of ${seqLength} need a text of ${needed} symbols, and the training part has ${cut}${thatFit(cut, batch, seqLength)}`,
    );
  const train = new StreamBatcher(ids.subarray(0, cut), { streams: batch, windowLength: seqLength });
  const rest = ids.subarray(cut);
  if (rest.length < 2) return { train, validation: null };
  return { train, validation: validationOf(rest) };
}

/** The options with which a text of `length` symbols has one batch; as few streams as it takes, then a shorter window. */
function thatFit(length: number, batch: number, seqLength: number): string {
  if (length < 2) return '; give it more text';
  const streams = Math.max(1, Math.min(batch, Math.floor((length - 1) / seqLength)));
  return `; --batch ${streams} --seq-length ${Math.min(seqLength, length - 1)} would fit`;
}

/** The streams that a validation reads: fewer and shorter ones for a short text. */
export function validationOf(ids: Int32Array): StreamBatcher {
  if (ids.length < 2)
    throw new OptionError('validation', 'text', `expected at least 2 symbols that the model knows, got ${ids.length}`);
  const streams = Math.max(1, Math.min(validationStreams, Math.floor(ids.length / (2 * validationWindow))));
  return new StreamBatcher(ids, {
    streams,
    windowLength: Math.max(1, Math.min(validationWindow, Math.floor((ids.length - 1) / streams))),
  });
}
