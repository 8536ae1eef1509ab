// Bounds on what a request can ask for. Each is checked before anything of that size is allocated.

import { OptionError, suggest } from 'unrolled';

/** Limits of one request: what is above them is refused before memory is allocated. */
export interface ServerLimits {
  /** Bytes of a body of text. Default 2 MiB. */
  readonly bodyBytes: number;
  /** Bytes of a body with images. Default 32 MiB. */
  readonly mediaBytes: number;
  /** Milliseconds in which a body has to arrive. Default 30 000. */
  readonly bodyMs: number;
  /** Milliseconds after which a request that is not answered ends. Default 120 000. */
  readonly deadlineMs: number;
  /** Milliseconds for which a client may leave a streamed answer unread. Default 30 000. */
  readonly stallMs: number;
  /** Characters (UTF-16 code units) of one text. Default 262 144. */
  readonly characters: number;
  /** Texts, prompts, series or questions of a request. Default 256. */
  readonly inputs: number;
  /** Continuations of a request: prompts times `n`. Default 128. */
  readonly choices: number;
  /** Symbols generated for one continuation. Default 16 384. */
  readonly maxTokens: number;
  /** Texts that end a continuation. Default 16. */
  readonly stops: number;
  /** Characters of each of them. Default 256. */
  readonly stopLength: number;
  /** Images of a request. Default 64. */
  readonly images: number;
  /** Bytes of one encoded image. Default 10 MiB. */
  readonly imageBytes: number;
  /** Frames of a clip. Default 512. */
  readonly frames: number;
  /** Beam width. Default 32. */
  readonly beams: number;
  /** Numbers in a time series or a tensor. Default 262 144. */
  readonly numbers: number;
  /** Numbers in the outputs of a network, all of its tensors together. Default 1 048 576. */
  readonly outputNumbers: number;
  /** Steps of a forecast. Default 4096. */
  readonly steps: number;
}

export const defaultLimits: ServerLimits = {
  bodyBytes: 2 * 2 ** 20,
  mediaBytes: 32 * 2 ** 20,
  bodyMs: 30_000,
  deadlineMs: 120_000,
  stallMs: 30_000,
  characters: 2 ** 18,
  inputs: 256,
  choices: 128,
  maxTokens: 16_384,
  stops: 16,
  stopLength: 256,
  images: 64,
  imageBytes: 10 * 2 ** 20,
  frames: 512,
  beams: 32,
  numbers: 2 ** 18,
  outputNumbers: 2 ** 20,
  steps: 4096,
};

/** The defaults with these in their place. Throws an OptionError for an unknown limit, and for one that is no whole number from 1. */
export function limitsOf(some: Partial<ServerLimits> = {}): ServerLimits {
  const who = 'createServer limits';
  const known = Object.keys(defaultLimits);
  for (const [name, value] of Object.entries(some)) {
    if (!known.includes(name)) throw new OptionError(who, name, `unknown option; ${suggest(name, known)}`);
    if (!(Number.isSafeInteger(value) && value >= 1 && value <= 2 ** 31 - 1))
      throw new OptionError(who, name, `expected a whole number from 1, got ${String(value)}`);
  }
  return { ...defaultLimits, ...some };
}
