// Standard output and standard error for everything that writes: hidden characters are made visible on the way, and a failed write ends the
// command with a sentence. A full disk is an error; a reader that has read enough (`| head`) is not.

import { fstatSync, writeSync } from 'node:fs';
import { hasColors, type Output } from './style.ts';
import { visible } from './visible.ts';

/** The used part of a Node stream. */
export interface Stream extends Output {
  readonly fd?: number;
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** What a process does when it can write no more. */
export type GiveUp = (error: NodeJS.ErrnoException) => void;

export class SafeOutput implements Output {
  readonly #stream: () => Stream;
  readonly #giveUp: GiveUp;
  #watched: Stream | null = null;
  /** A \r that may be the first half of a line end, when a text comes in pieces. */
  #held = '';
  #file: boolean | null = null;

  /** `stream` is opened at the first use: opening a pipe costs a millisecond. */
  constructor(stream: () => Stream, giveUp: GiveUp) {
    this.#stream = stream;
    this.#giveUp = giveUp;
  }

  get isTTY(): boolean {
    return this.#stream().isTTY === true;
  }

  get columns(): number | undefined {
    return this.#stream().columns;
  }

  /** False where the reader is behind: `drained` waits for it. */
  write(text: string): boolean {
    const stream = this.#watch();
    const whole = this.#held + text;
    this.#held = whole.endsWith('\r') ? '\r' : '';
    return this.#put(stream, visible(whole.slice(0, whole.length - this.#held.length), { colors: hasColors(stream) }));
  }

  /** Writes a line over the one the cursor is in; on terminals. */
  rewrite(line: string): boolean {
    const stream = this.#watch();
    return this.#put(stream, `\r\x1b[K${visible(line, { colors: hasColors(stream) })}`);
  }

  async drained(): Promise<void> {
    await new Promise<void>((resolve) => this.#stream().once('drain', resolve));
  }

  #watch(): Stream {
    const stream = this.#stream();
    if (this.#watched !== stream) {
      stream.on('error', this.#giveUp);
      this.#watched = stream;
      this.#file = isFile(stream.fd);
    }
    return stream;
  }

  #put(stream: Stream, text: string): boolean {
    if (text === '') return true;
    try {
      if (!this.#file) return stream.write(text);
      // Node writes a part to a disk that is almost full, and counts it as all.
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(stream.fd as number, bytes, at);
    } catch (error) {
      this.#giveUp(error as NodeJS.ErrnoException);
    }
    return true;
  }
}

function isFile(fd: number | undefined): boolean {
  if (fd === undefined) return false;
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

/** Ends the process: silently where the reader has gone, otherwise with a sentence. */
function leave(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  try {
    process.stderr.write(`${lostOutput(error)}\n`);
  } catch {
    // nobody can be told
  }
  process.exit(1);
}

/** The message when standard output can take no more. */
export function lostOutput({ code, message }: NodeJS.ErrnoException): string {
  const why = { ENOSPC: 'the disk is full', EDQUOT: 'the quota is used up', EIO: 'the device reports an error' }[
    code ?? ''
  ];
  return `standard output: cannot be written: ${why ? `${why} (${code})` : (code ?? message)}; what was written of it so far is not whole`;
}

export const stdout = new SafeOutput(() => process.stdout, leave);
/** Nobody can be told that standard error is gone; the exit code says it at the end. */
export const stderr = new SafeOutput(
  () => process.stderr,
  (error) => {
    process.exitCode = error.code === 'EPIPE' ? (process.exitCode ?? 0) : 1;
  },
);
