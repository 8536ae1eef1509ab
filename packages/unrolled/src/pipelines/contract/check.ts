// An input contract comes from a file, and is checked before anything is decoded or allocated by it.

import { shown } from '../../checks.ts';
import { FormatError } from '../../errors.ts';
import { checkReading } from './graph-reading.ts';
import type { InputContract } from './input.ts';

const mostSide = 4096; // pixels

/** Validates `input` as a contract. Throws a FormatError that names the invalid field. */
export function checkInput(input: unknown, source: string): InputContract {
  const fields = Object(input) as Record<string, unknown>;
  const fail = (name: string, expected: string, got: unknown): never => {
    throw new FormatError(source, `model.input.${name}: expected ${expected}, got ${shown(got)}`);
  };
  const count = (name: string, value: unknown, most = 2 ** 31) => {
    if (!(Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most))
      fail(name, `a whole number from 1 to ${most}`, value);
  };
  const longest = (name: string, value: unknown) => {
    if (!(Number.isInteger(value) && (value as number) >= 0)) fail(name, 'a whole number from 0', value);
  };
  const one = (name: string, value: unknown, choices: readonly unknown[]) => {
    if (!choices.includes(value)) fail(name, `one of ${choices.join(', ')}`, value);
  };
  const image = (value: unknown) => {
    const { height, width, fit, background, range } = Object(value) as Record<string, unknown>;
    count('image.height', height, mostSide);
    count('image.width', width, mostSide);
    one('image.fit', fit, ['cover', 'contain', 'squash']);
    one('image.range', range, ['unit', 'symmetric', 'bytes']);
    const byte = (v: unknown) => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= 255;
    if (!Array.isArray(background) || background.length !== 3 || !background.every(byte))
      fail('image.background', 'three bytes', background);
  };
  const texts = (name: string, value: unknown) => {
    if (!Array.isArray(value) || !value.every((text) => typeof text === 'string')) fail(name, 'a list of texts', value);
  };
  switch (fields.kind) {
    case 'text-generation':
      one('tokens', fields.tokens, ['vocabulary', 'tokenizer']);
      if (fields.graph !== undefined) checkReading(fields.graph, source);
      break;
    case 'text-classification':
      count('maxTokens', fields.maxTokens);
      if (fields.longestTrained !== null) longest('longestTrained', fields.longestTrained);
      if (fields.multiLabel !== undefined) one('multiLabel', fields.multiLabel, [true, false]);
      if (fields.graph !== undefined) checkReading(fields.graph, source);
      break;
    case 'token-classification':
      one('split', fields.split, ['characters', 'spaces']);
      if (fields.longestTrained !== null) longest('longestTrained', fields.longestTrained);
      break;
    case 'translation': {
      const { source: from, target } = Object(fields.longestTrained) as Record<string, unknown>;
      longest('longestTrained.source', from);
      longest('longestTrained.target', target);
      break;
    }
    case 'image-to-text':
      if (fields.image !== null) image(fields.image);
      break;
    case 'visual-question-answering':
      if (fields.image !== null) image(fields.image);
      count('maxTokens', fields.maxTokens);
      break;
    case 'video-classification':
      one('per', fields.per, ['clip', 'frame']);
      if (fields.image !== null) image(fields.image);
      if (fields.frames !== null) count('frames', fields.frames, 100_000);
      if (fields.rate !== null && !((fields.rate as number) > 0 && (fields.rate as number) <= 1000))
        fail('rate', 'frames a second, above 0 and up to 1000', fields.rate);
      count('maxFrames', fields.maxFrames, 100_000);
      break;
    case 'time-series-forecasting':
      texts('columns', fields.columns);
      texts('known', fields.known);
      count('length', fields.length);
      count('horizon', fields.horizon);
      if (!Array.isArray(fields.quantiles)) fail('quantiles', 'a list of numbers', fields.quantiles);
      break;
    case 'time-series-classification':
      one('per', fields.per, ['sequence', 'step']);
      count('maxSteps', fields.maxSteps);
      if (fields.longestTrained !== null) longest('longestTrained', fields.longestTrained);
      break;
    case 'tensors':
      break;
    default:
      fail('kind', 'a task', fields.kind);
  }
  return fields as unknown as InputContract;
}
