// What requests must be like: kinds and bounds of every field, before a request waits or anything is allocated for it. What depends on the model (the
// ids there are, the columns of a series) is checked by its pipeline.

import { type EmbedRequest, EngineError, type GenerateRequest, type TaskRequest } from './engine.ts';
import { type EngineLimits, longestStop } from './limits.ts';

/** Throws an EngineError 'request' that names the field. */
export function checkGenerate(request: GenerateRequest, limits: EngineLimits, stateBytes: number): void {
  text('prompt', request.prompt, limits);
  whole('maxTokens', request.maxTokens, 0, limits.maxTokens);
  number('temperature', request.temperature, 0, 1e6);
  whole('topK', request.topK, 0, 2 ** 31);
  number('topP', request.topP, 0, 1);
  number('minP', request.minP, 0, 1);
  whole('seed', request.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  whole('logprobs', request.logprobs, 0, limits.logprobs);
  flag('wantState', request.wantState);
  state(request.state, stateBytes);
  const { stop } = request;
  if (stop === undefined) return;
  if (!Array.isArray(stop) || stop.length > limits.stops)
    throw wrong('stop', `expected a list of at most ${limits.stops} texts`);
  for (const one of stop)
    if (typeof one !== 'string' || one.length > longestStop)
      throw wrong('stop', `expected texts of at most ${longestStop} characters`);
}

export function checkEmbed({ input, pooling }: EmbedRequest, limits: EngineLimits): void {
  if (!Array.isArray(input) || input.length > limits.inputs)
    throw wrong('input', `expected a list of at most ${limits.inputs} texts`);
  let total = 0;
  for (const one of input) {
    text('input', one, limits);
    total += one.length;
  }
  if (total > limits.promptTokens * 4)
    throw wrong('input', `expected at most ${limits.promptTokens * 4} characters in all, got ${total}`);
  if (pooling !== undefined && pooling !== 'last' && pooling !== 'mean')
    throw wrong('pooling', 'expected last or mean');
}

/** Options whose value is bounded by a limit, where they are numbers. */
const bounded: Readonly<Record<string, keyof EngineLimits>> = {
  maxTokens: 'maxTokens',
  minTokens: 'maxTokens',
  noRepeatNgramSize: 'maxTokens',
  beams: 'beams',
  nBest: 'beams',
  steps: 'steps',
};

export function checkTask(
  { inputs, options = {}, state: bytes, wantState }: TaskRequest,
  limits: EngineLimits,
  stateBytes: number,
): void {
  if (!Array.isArray(inputs) || inputs.length > limits.inputs)
    throw wrong('inputs', `expected a list of at most ${limits.inputs} inputs`);
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw wrong('options', 'expected an object');
  flag('wantState', wantState);
  state(bytes, stateBytes);
  if ((bytes !== undefined || wantState) && inputs.length !== 1)
    throw wrong('inputs', `expected one input with a state, got ${inputs.length}`);
  for (const [name, value] of Object.entries(options)) {
    if (name === 'signal' || name === 'batchSize') throw wrong(name, 'is not an option of a request');
    const limit = bounded[name];
    if (limit && typeof value === 'number' && value > limits[limit])
      throw wrong(name, `expected at most ${limits[limit]}, got ${value}`);
  }
  const budget = { bytes: limits.inputBytes, values: 1_000_000 };
  measure('options', options, limits, budget, 0);
  for (const input of inputs) measure('inputs', input, limits, budget, 0);
}

const deepest = 8;

/** Takes what a value needs from the budget. Only data passes: no functions, no objects of classes. */
function measure(
  param: string,
  value: unknown,
  limits: EngineLimits,
  budget: { bytes: number; values: number },
  depth: number,
): void {
  if (--budget.values < 0) throw wrong(param, 'has too many values');
  if (typeof value === 'string') {
    if (value.length > limits.textLength)
      throw wrong(param, `expected texts of at most ${limits.textLength} characters, got ${value.length}`);
    budget.bytes -= 2 * value.length;
  } else if (ArrayBuffer.isView(value)) budget.bytes -= value.byteLength;
  else if (Array.isArray(value)) {
    if (value.length > budget.values) throw wrong(param, 'has too many values');
    if (depth > deepest) throw wrong(param, 'is nested too deeply');
    for (const one of value) measure(param, one, limits, budget, depth + 1);
  } else if (isPlain(value)) {
    if (depth > deepest) throw wrong(param, 'is nested too deeply');
    const { width, height, frames } = value;
    if (typeof width === 'number' && typeof height === 'number' && !(width * height <= limits.pixels))
      throw wrong(param, `expected at most ${limits.pixels} pixels, got ${width} × ${height}`);
    if (Array.isArray(frames) && frames.length > limits.frames)
      throw wrong(param, `expected at most ${limits.frames} frames, got ${frames.length}`);
    for (const one of Object.values(value)) measure(param, one, limits, budget, depth + 1);
  } else if (!(value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean'))
    throw wrong(param, `a ${typeof value} is no data`);
  else budget.bytes -= 8;
  if (budget.bytes < 0) throw wrong(param, `expected at most ${limits.inputBytes} bytes in all`);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A text, or ids. Whether there are such ids the model knows. */
function text(param: string, value: unknown, limits: EngineLimits): void {
  if (typeof value === 'string') {
    if (value.length <= limits.textLength) return;
    throw wrong(param, `expected at most ${limits.textLength} characters, got ${value.length}`);
  }
  if (!Array.isArray(value)) throw wrong(param, 'expected a text or a list of ids');
  if (value.length > limits.promptTokens)
    throw wrong(param, `expected at most ${limits.promptTokens} ids, got ${value.length}`);
  if (!value.every((id) => Number.isInteger(id) && id >= 0 && id < 2 ** 31)) throw wrong(param, 'expected ids from 0');
}

function whole(param: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (!(typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most))
    throw wrong(param, `expected a whole number from ${least} to ${most}, got ${shown(value)}`);
}

function number(param: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (!(typeof value === 'number' && value >= least && value <= most))
    throw wrong(param, `expected a number from ${least} to ${most}, got ${shown(value)}`);
}

function flag(param: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw wrong(param, `expected true or false, got ${shown(value)}`);
}

/** `most` 0: the model has no states. */
function state(value: unknown, most: number): void {
  if (value === undefined) return;
  if (!(value instanceof Uint8Array)) throw wrong('state', 'expected bytes');
  if (most === 0) throw new EngineError('state', 'this model has no states', { param: 'state' });
  if (value.length > most)
    throw new EngineError('state', `a state of this model has at most ${most} bytes, got ${value.length}`, {
      param: 'state',
    });
}

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : `a ${typeof value}`);

const wrong = (param: string, problem: string): EngineError =>
  new EngineError('request', `${param}: ${problem}`, { param });
