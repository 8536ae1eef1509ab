// A graph as a text model: symbols in, scores out. A graph with states is read symbol by symbol; another reads a window of the last symbols at every step,
// as it was trained.

import { requireEach, requireNumbers } from '../checks.ts';
import type { Stepper } from '../decode/stepper.ts';
import { FormatError, OptionError } from '../errors.ts';
import type { GraphModel } from '../graph/graph-model.ts';
import { type GraphValue, HostArray } from '../graph/value.ts';
import { type SignalLike, throwIfAborted } from '../abort.ts';
import { compute } from '../inference/compute.ts';
import { tensor } from '../tensor/create.ts';
import { Tensor } from '../tensor/tensor.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { GraphReading } from './contract/graph-reading.ts';

const who = 'GraphModel';

/** Rows of symbols of one length → the graph's outputs for them, with the states before it. */
function run(
  model: GraphModel,
  reading: GraphReading,
  rows: readonly (readonly number[])[],
  states: Readonly<Record<string, GraphValue>> = {},
): Record<string, GraphValue> {
  const { input, form, symbols: V, timeFirst } = reading;
  const [B, T] = [rows.length, rows[0].length];
  const shape = timeFirst ? [T, B] : [B, T];
  const ids = Array.from({ length: B * T }, (_, k) =>
    timeFirst ? rows[k % B][Math.floor(k / B)] : rows[Math.floor(k / T)][k % T],
  );
  if (form === 'ids') return model.forward({ ...states, [input]: new HostArray('int', shape, ids) });
  if (ids.length * V > mostValues)
    throw new FormatError(
      who,
      `one-hot rows of ${V} symbols for ${ids.length} steps are more than ${mostValues} values`,
    );
  const values = new Float32Array(ids.length * V);
  for (const [k, id] of ids.entries()) if (id >= 0) values[k * V + id] = 1;
  return model.forward({ ...states, [input]: tensor(values, [...shape, V]) });
}

/** The scores of the last step of each row, or those of the row: [B, C] as logits. */
function logitsOf(outputs: Readonly<Record<string, GraphValue>>, { output, gives, timeFirst }: GraphReading): Tensor {
  const y = outputs[output];
  if (!(y instanceof Tensor) || y.rank < 2 || y.rank > 3)
    throw new FormatError(who, `output ${output}: expected scores of each row or step, a tensor of 2 or 3 axes`);
  const axis = timeFirst ? 0 : 1;
  const last = y.rank === 3 ? y.select(axis, y.shape[axis] - 1) : y;
  switch (gives) {
    case 'logits':
    case 'log-probabilities':
      return last;
    case 'probabilities':
      return last.maximum(leastProbability).log();
    case 'probability': {
      const p = last.dataSync();
      const both = Array.from(p).flatMap((one) => [1 - one, one].map((v) => Math.log(Math.max(v, leastProbability))));
      return tensor(both, [p.length, 2], { backend: y.backend });
    }
    default:
      throw gives satisfies never;
  }
}

const mostValues = 2 ** 28; // of one-hot rows

const leastProbability = 1e-38; // float32's, so that its logarithm is a number

/** The symbols that a graph reads at once: what it knows, the last `length`, padded before. */
function windowOf(ids: ArrayLike<number>, { symbols, length, padding, form }: GraphReading): number[] {
  const known = Array.from(ids).filter((id) => id < symbols);
  const last = length === null ? known : known.slice(-length);
  if (length === null || padding === null || last.length === length) return last;
  const before = new Array<number>(length - last.length).fill(form === 'ids' ? padding : nothing);
  return [...before, ...last];
}

const nothing = -1; // a one-hot row of zeros

/** Makes steppers of a graph that predicts the next symbol. */
export function graphSteppers(model: GraphModel, reading: GraphReading): () => Stepper {
  const { states = [] } = model.graph;
  return () => (states.length > 0 ? new StatefulStepper(model, reading) : new WindowStepper(model, reading));
}

abstract class GraphStepper implements Stepper {
  readonly model: GraphModel;
  readonly reading: GraphReading;

  constructor(model: GraphModel, reading: GraphReading) {
    this.model = model;
    this.reading = reading;
  }

  get vocabularySize(): number {
    return this.reading.symbols;
  }

  abstract step(symbol: number): Float32Array;
  abstract state(): Float32Array[];
  abstract setState(state: readonly Float32Array[]): void;
  abstract reset(): void;

  dispose(): void {
    this.reset();
  }
}

/** Reads one symbol and keeps the states of the graph. */
class StatefulStepper extends GraphStepper {
  #states: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>> = {};

  step(symbol: number): Float32Array {
    return compute(this.model, () => {
      const before = Object.entries(this.#states).map(
        ([name, { shape, data }]) => [name, tensor(data, shape)] as const,
      );
      const outputs = run(this.model, this.reading, [[symbol]], Object.fromEntries(before));
      const after = (this.model.graph.states ?? []).map(({ input, output }) => {
        const value = outputs[output] as Tensor;
        return [input, { shape: value.shape, data: Float32Array.from(value.dataSync()) }] as const;
      });
      this.#states = Object.fromEntries(after);
      return Float32Array.from(logitsOf(outputs, this.reading).dataSync());
    });
  }

  state(): Float32Array[] {
    return Object.values(this.#states).map(({ data }) => data.slice());
  }

  setState(state: readonly Float32Array[]): void {
    requireEach('Stepper.setState', 'state', state, requireNumbers);
    const names = (this.model.graph.states ?? []).map(({ input }) => input);
    const shapes = names.map((name) => this.model.graph.inputs.find((port) => port.name === name)?.shape ?? []);
    const sizes = shapes.map((shape) => shape.map((d) => (typeof d === 'number' ? d : 1)));
    const count = (shape: readonly number[]) => shape.reduce((n, d) => n * d, 1);
    if (state.length === 0) return this.reset();
    if (
      state.length !== names.length ||
      !state.every((data, k) => data.length === count(sizes[k]) && data.every(Number.isFinite))
    )
      throw new OptionError('Stepper.setState', 'state', `expected finite numbers for ${names.join(', ')}`);
    this.#states = Object.fromEntries(names.map((name, k) => [name, { shape: sizes[k], data: Float32Array.from(state[k]) }])); // biome-ignore format: a call
  }

  reset(): void {
    this.#states = {};
  }
}

/** Reads the last symbols again at every step. Its state is these symbols. */
class WindowStepper extends GraphStepper {
  #ids: number[] = [];

  step(symbol: number): Float32Array {
    const { length, symbols } = this.reading;
    if (symbol < symbols) this.#ids.push(symbol);
    if (length !== null) this.#ids = this.#ids.slice(-length);
    const window = windowOf(this.#ids, this.reading);
    if (window.length === 0) return new Float32Array(symbols); // nothing that it knows was read
    return compute(this.model, () =>
      Float32Array.from(logitsOf(run(this.model, this.reading, [window]), this.reading).dataSync()),
    );
  }

  state(): Float32Array[] {
    return [Float32Array.from(this.#ids)];
  }

  setState(state: readonly Float32Array[]): void {
    requireEach('Stepper.setState', 'state', state, requireNumbers);
    const { symbols } = this.reading;
    const [ids = new Float32Array(0), ...more] = state;
    if (more.length > 0 || !ids.every((id) => Number.isInteger(id) && id >= 0 && id < symbols))
      throw new OptionError('Stepper.setState', 'state', `expected ids below ${symbols}`);
    this.#ids = Array.from(ids);
  }

  reset(): void {
    this.#ids = [];
  }
}

/** Options of `graphProbabilities`. */
export interface GraphReadOptions {
  readonly batchSize?: number;
  readonly signal?: SignalLike | null;
}

/** Probabilities of every sequence, p[n · C + c]. Sequences that are read at one length are read together. */
export async function graphProbabilities(
  model: GraphModel,
  reading: GraphReading,
  classes: number,
  sequences: readonly ArrayLike<number>[],
  { batchSize = 128, signal }: GraphReadOptions = {},
): Promise<Float32Array> {
  const windows = sequences.map((ids) => windowOf(ids, reading));
  const p = new Float32Array(sequences.length * classes).fill(1 / classes); // of a text of which nothing is known
  const order = [...windows.keys()].filter((n) => windows[n].length > 0).sort((a, b) => windows[a].length - windows[b].length); // biome-ignore format: a call
  for (let at = 0; at < order.length; ) {
    throwIfAborted('GraphModel', signal);
    const { length } = windows[order[at]];
    let end = at;
    while (end < order.length && end - at < batchSize && windows[order[end]].length === length) end++;
    const rows = order.slice(at, end);
    const values = compute(model, () => {
      const y = logitsOf(run(model, reading, rows.map((n) => windows[n])), reading).softmax(-1); // biome-ignore format: a call
      if (y.shape[0] !== rows.length || y.shape[1] !== classes)
        throw new FormatError(who, `gives scores [${y.shape.join(', ')}], expected [${rows.length}, ${classes}]`);
      return Float32Array.from(y.dataSync());
    });
    for (const [k, n] of rows.entries()) p.set(values.subarray(k * classes, (k + 1) * classes), n * classes);
    at = end;
    await yieldToEventLoop();
  }
  return p;
}
