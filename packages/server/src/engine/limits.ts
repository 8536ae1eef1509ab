// What a request may ask for, at most. Checked before anything of the size that it names is allocated.

import { OptionError } from 'unrolled';

/** Upper bounds of requests. */
export interface EngineLimits {
  /** Symbols to generate in one request. Default 16,384. */
  readonly maxTokens: number;
  /** Symbols of a prompt or of a text to embed. Default 65,536. */
  readonly promptTokens: number;
  /** UTF-16 code units of one text. Default 262,144. */
  readonly textLength: number;
  /** Stop texts, of at most 256 code units each. Default 16. */
  readonly stops: number;
  /** Inputs of one call. Default 256. */
  readonly inputs: number;
  /** Bytes of all inputs and options of a call together. Default 64 MiB. */
  readonly inputBytes: number;
  /** Pixels of one image, encoded or not. Default 40 million. */
  readonly pixels: number;
  /** Beam width. Default 64. */
  readonly beams: number;
  /** Steps to forecast. Default 10,000. */
  readonly steps: number;
  /** Frames of one clip. Default 4096. */
  readonly frames: number;
  /** Numbers in the output tensors of one call of a network. Default 1,048,576. */
  readonly outputNumbers: number;
  /** Most probable symbols to report at each step. Default 20. */
  readonly logprobs: number;
}

const defaults: EngineLimits = {
  maxTokens: 16_384,
  promptTokens: 65_536,
  textLength: 262_144,
  stops: 16,
  inputs: 256,
  inputBytes: 64 << 20,
  pixels: 40_000_000,
  beams: 64,
  steps: 10_000,
  frames: 4096,
  outputNumbers: 2 ** 20,
  logprobs: 20,
};

/** Longest stop text in UTF-16 code units. */
export const longestStop = 256;

/** The limits, with defaults for what is left out. Throws an OptionError for one that is not a whole number from 1, or is unknown. */
export function limitsOf(limits: Partial<EngineLimits> = {}): EngineLimits {
  if (typeof limits !== 'object' || limits === null)
    throw new OptionError('createEngine', 'limits', 'expected an object such as { maxTokens: 1000 }');
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaults, name))
      throw new OptionError(
        'createEngine',
        `limits.${name}`,
        `unknown limit; known are ${Object.keys(defaults).join(', ')}`,
      );
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw new OptionError('createEngine', `limits.${name}`, `expected a whole number from 1, got ${String(value)}`);
  }
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given), logprobs: Math.min(limits.logprobs ?? defaults.logprobs, 20) };
}
