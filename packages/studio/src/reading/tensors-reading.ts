// A graph that reads and gives tensors by name. One of its inputs has the steps: which of its axes is time, and which the batch, its recurrent layers say, by
// how many steps they take and how many rows they read. It reads the test vectors of its certificate, or rows of numbers: all rows of the batch are the same.

import { noGrad, scope, Tensor, tensor } from 'unrolled';
import { type Annotation, annotation, namedCells, observeSteps } from 'unrolled/analysis';
import {
  type GraphModel,
  type GraphPort,
  type GraphValue,
  HostArray,
  type TestVector,
  vectorValue,
} from 'unrolled/graph';
import { GraphReading, type GraphRun } from './graph-reading.ts';
import type { Ablated, Edit, UnitKey } from './protocol.ts';
import type { Described } from './trace-reading.ts';

type Values = Readonly<Record<string, GraphValue>>;
type Rows = readonly (readonly number[])[];

const [mostNamed, mostPrefixes, mostPassages, mostRows] = [8, 300, 20, 2000];

const sizeOf = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** The steps of a graph's input, and what it gives for each. */
export class StepsOfGraph {
  readonly model: GraphModel;
  readonly port: GraphPort;
  /** Axes of the input; null where none of them is. Without an axis of time, a row is all that is read at once. */
  readonly time: number | null;
  readonly #batch: number | null;
  /** The input's sizes in the test vector, and the other inputs that must be there. */
  readonly #shape: readonly number[];
  readonly #others: Values;
  /** An input of lengths: every row is read whole. */
  readonly #lengths: GraphPort | undefined;
  /** Numbers of a row. */
  readonly width: number;
  readonly #states: readonly { readonly input: string; readonly output: string }[];
  /** What it gives, and its axes. */
  readonly #output: GraphPort;
  readonly #outputTime: number | null;
  readonly #outputBatch: number | null;

  /** Null for a graph without a recurrent layer that can be stepped through, and where nothing says what it reads. */
  static of(model: GraphModel, vectors: readonly TestVector[]): StepsOfGraph | null {
    if (vectors.length === 0 || namedCells(model).length === 0) return null;
    return new StepsOfGraph(model, vectors[0]);
  }

  private constructor(model: GraphModel, vector: TestVector) {
    const { inputs, outputs, states = [] } = model.graph;
    this.model = model;
    this.#states = states;
    const isState = (name: string) => states.some(({ input, output }) => input === name || output === name);
    this.#lengths = inputs.find(
      ({ name, element, shape }) => element === 'int' && shape?.length === 1 && /len/i.test(name),
    );
    const read = inputs.filter((port) => !port.optional && !isState(port.name) && port !== this.#lengths);
    const floats = outputs.filter(({ element }) => element === 'float');
    const output = floats.find(({ name }) => !isState(name)) ?? floats.at(0);
    if (read.length === 0 || !output) throw new Error('this graph reads nothing, or gives no numbers');
    [[this.port], this.#output] = [read, output];
    this.#shape = vector.inputs[this.port.name].shape;
    const values = Object.entries(vector.inputs).map(([name, array]) => [name, vectorValue(array)] as const);
    const { steps, batch, shape } = probe(model, Object.fromEntries(values), output.name);
    [this.time, this.#batch] = axesOf(this.#shape, this.port, steps, batch);
    this.width = sizeOf(this.#shape.filter((_, axis) => axis !== this.time && axis !== this.#batch));
    this.#others = Object.fromEntries(
      values
        .filter(([name]) => ![this.port.name, this.#lengths?.name].includes(name))
        .map(([name, value]) => [name, isState(name) ? zerosLike(value) : value]),
    );
    const [time, rows] = axesOf(shape, output, this.time === null ? 0 : steps, batch);
    [this.#outputTime, this.#outputBatch] = [this.isOpen ? this.#growing(vector, shape) : time, rows];
  }

  /** The axis of the output that is longer where more steps are read; null where none is. */
  #growing(vector: TestVector, shape: readonly number[]): number | null {
    const rows = this.rowsOf(vector);
    const longer = scope(() => noGrad(() => this.#outputs([[...rows, ...rows.slice(0, 1)]])[0].shape));
    const axis = longer.findIndex((d, k) => d === shape[k] + 1);
    return axis < 0 ? null : axis;
  }

  /** Whether any number of rows may be read: the size of the steps' axis is open, and no other input has to be as long. */
  get isOpen(): boolean {
    const size = this.time === null ? null : this.port.shape?.[this.time];
    const isAsLong = ({ name, shape }: GraphPort) => Object.hasOwn(this.#others, name) && shape?.includes(size ?? '');
    return typeof size === 'string' && !this.model.graph.inputs.some(isAsLong);
  }

  get columns(): readonly string[] {
    const { name } = this.port;
    return this.width === 1 ? [name] : Array.from({ length: this.width }, (_, c) => `${name}[${c}]`);
  }

  /** Rows of the batch's first row. */
  rowsOf(vector: TestVector): number[][] {
    const { values } = vector.inputs[this.port.name];
    const count = this.time === null ? 1 : this.#shape[this.time];
    const rows = Array.from({ length: count }, () => new Array<number>(this.width).fill(0));
    this.#walk(this.#shape, (i, t, c, b) => {
      if (b === 0) rows[t][c] = values[i];
    });
    return rows;
  }

  /** What is read by itself, of the last rows: the rows of each call. States carry from call to call. */
  callsOf(rows: Rows): readonly (readonly Rows[])[] {
    const perCall = this.isOpen ? Math.min(rows.length, mostRows) : this.time === null ? 1 : this.#shape[this.time];
    if (rows.length < perCall)
      throw new Error(`this graph reads ${perCall} rows at once, and there are ${rows.length}`);
    const last = rows.slice(-Math.max(mostRows, perCall));
    const calls = Array.from({ length: Math.floor(last.length / perCall) }, (_, k) =>
      last.slice(k * perCall, (k + 1) * perCall),
    );
    return this.#states.length > 0 ? [calls] : calls.map((call) => [call]);
  }

  #inputs(rows: Rows): Values {
    const value = this.#value(rows);
    const batch = this.#batch === null ? 1 : value.shape[this.#batch];
    const lengths = new HostArray('int', [batch], new Array<number>(batch).fill(rows.length));
    return { [this.port.name]: value, ...(this.#lengths && { [this.#lengths.name]: lengths }) };
  }

  /** The input for some rows, the same in every row of the batch. */
  #value(rows: Rows): GraphValue {
    const alone = Object.keys(this.#others).length === 0 && typeof this.port.shape?.[this.#batch ?? -1] === 'string';
    const shape = this.#shape.map((d, axis) =>
      axis === this.time ? rows.length : axis === this.#batch && alone ? 1 : d,
    );
    const values = new Float64Array(sizeOf(shape));
    this.#walk(shape, (i, t, c) => (values[i] = rows[t][c]));
    const { element } = this.port;
    if (element !== 'float') return new HostArray(element, shape, values);
    const x = tensor(Float32Array.from(values), shape);
    x.requiresGrad = true;
    return x;
  }

  /** Every element by its place: the step, the number within the row, and the row of the batch. */
  #walk(shape: readonly number[], visit: (i: number, t: number, c: number, b: number) => void): void {
    const at = new Array<number>(shape.length).fill(0);
    const size = sizeOf(shape);
    for (let i = 0; i < size; i++) {
      let c = 0;
      for (const [axis, index] of at.entries())
        if (axis !== this.time && axis !== this.#batch) c = c * shape[axis] + index;
      visit(i, this.time === null ? 0 : at[this.time], c, this.#batch === null ? 0 : at[this.#batch]);
      for (let axis = shape.length - 1; axis >= 0 && ++at[axis] === shape[axis]; axis--) at[axis] = 0;
    }
  }

  /** The output [C] after step t of some calls; of the last step where `at` is null. */
  read(calls: readonly Rows[], at: { readonly t: number; readonly steps: number } | null): Tensor {
    if (!at) return this.#numbers(this.#outputs(calls)[calls.length - 1], null);
    const call = this.callOf(at.t, at.steps, calls.length);
    const outputs = this.#outputs(calls.slice(0, call + 1));
    return this.#numbers(outputs[call], at.t - (call * at.steps) / calls.length);
  }

  /** The output after every step of some calls, from one way through them. */
  readAll(calls: readonly Rows[], steps: number): Float32Array[] {
    const outputs = this.#outputs(calls);
    return Array.from({ length: steps }, (_, t) => {
      const call = this.callOf(t, steps, calls.length);
      return Float32Array.from(this.#numbers(outputs[call], t - (call * steps) / calls.length).dataSync());
    });
  }

  /** What each call gives; states carry from one to the next. */
  #outputs(calls: readonly Rows[]): Tensor[] {
    let carried: Values = {};
    return calls.map((rows) => {
      const found = this.model.forward({ ...this.#others, ...carried, ...this.#inputs(rows) });
      carried = Object.fromEntries(this.#states.map(({ input, output }) => [input, found[output]]));
      return found[this.#output.name] as Tensor;
    });
  }

  /** The numbers [C] of an output at a step of its call, or at the last. */
  #numbers(y: Tensor, t: number | null): Tensor {
    const last = this.#outputTime === null ? 0 : y.shape[this.#outputTime] - 1;
    // The later axis first: then the other one is still where it was.
    const taken = [[this.#outputTime, Math.min(t ?? last, last)] as const, [this.#outputBatch, 0] as const]
      .filter((one): one is readonly [number, number] => one[0] !== null)
      .sort(([a], [b]) => b - a);
    let numbers = y;
    for (const [axis, index] of taken) numbers = numbers.select(axis, index);
    return numbers.reshape(numbers.size);
  }

  /** The number of the call that takes step t of all. */
  callOf(t: number, steps: number, calls: number): number {
    return Math.floor((t * calls) / steps);
  }

  /** Whether what comes out has a row for every step. */
  get givesSteps(): boolean {
    return this.#outputTime !== null;
  }

  /** Names of the numbers that come out. */
  labelsOf(count: number): readonly string[] {
    const { name } = this.#output;
    return count === 1 ? [name] : Array.from({ length: count }, (_, c) => `${name}[${c}]`);
  }
}

/** How many steps the recurrent layer that reads first takes, of how many rows; and the sizes of an output. */
function probe(model: GraphModel, values: Values, output: string) {
  let [steps, batch]: [number, number] = [0, 0];
  let first: unknown;
  const shape = scope(() =>
    noGrad(() =>
      observeSteps(
        ({ cell, x }) => {
          first ??= cell;
          if (cell === first) [steps, batch] = [steps + 1, x.shape[0]];
        },
        () => model.eval().forward(values)[output].shape,
      ),
    ),
  );
  return { steps, batch, shape };
}

/** The axes of so many steps and of so many rows: by their sizes, where names or sizes leave no choice. */
function axesOf(
  shape: readonly number[],
  { shape: names }: GraphPort,
  steps: number,
  batch: number,
): readonly [time: number | null, batch: number | null] {
  const named = (axis: number) => names?.[axis];
  const isBatch = (axis: number) => /^(?:batch|n|b)/i.test(String(named(axis) ?? ''));
  const of = (size: number) => Array.from(shape.keys()).filter((axis) => shape[axis] === size);
  const rows = of(batch).find(isBatch) ?? of(batch).find((axis) => steps !== batch || typeof named(axis) !== 'string');
  const open = of(steps).filter((axis) => axis !== rows && !isBatch(axis));
  // Where sizes are alike, features are last.
  const time = open.find((axis) => typeof named(axis) === 'string') ?? open.at(0);
  return [steps > 1 ? (time ?? null) : null, rows ?? null];
}

const zerosLike = (value: GraphValue): GraphValue =>
  value instanceof Tensor
    ? tensor(new Float32Array(value.size), value.shape)
    : new HostArray(value.element, value.shape, new Float64Array(value.size));

/** All that some calls read, without padding. */
const all = (calls: readonly Rows[]) => ({ skipped: 0, behind: 0, size: calls.map(({ length }) => length).join() });

export class TensorsReading extends GraphReading {
  readonly #steps: StepsOfGraph;
  readonly #calls: readonly (readonly Rows[])[];
  protected readonly labels: readonly string[];
  protected readonly annotations: readonly Annotation[];

  /** `inputs` are rows, each of which is read by itself. */
  constructor(steps: StepsOfGraph, inputs: readonly Rows[]) {
    const calls = inputs.flatMap((rows) => steps.callsOf(rows)).slice(0, mostPassages);
    super(
      steps.model,
      calls.map((some) => ({
        symbols: steps.port.element === 'float' || steps.time === null ? null : some.flat().map(([id]) => `${id} `),
        whole: { ...all(some), output: () => steps.read(some, null) },
      })),
    );
    [this.#steps, this.#calls] = [steps, calls];
    this.labels = steps.labelsOf(this.outputAt(0).length);
    this.annotations = this.#properties();
  }

  protected runTo(k: number, t: number): GraphRun {
    const [steps, calls] = [this.#steps, this.#calls[k]];
    const { from, to } = this.passages[k];
    if (!this.#isPrefixed)
      return {
        ...all(calls.slice(0, steps.callOf(t, to - from, calls.length) + 1)),
        output: () => steps.read(calls, { t, steps: to - from }),
      };
    const first = [calls[0].slice(0, t + 1)];
    return { ...all(first), output: () => steps.read(first, null) };
  }

  /** Whether an output after a step is that of the steps up to it: where one comes for all steps together, and any number of them can be read. */
  get #isPrefixed(): boolean {
    return this.#steps.isOpen && !this.#steps.givesSteps && this.#calls.every((one) => one.length === 1);
  }

  /** Whether something comes out after every step. */
  get #scored(): boolean {
    const { givesSteps } = this.#steps;
    return givesSteps || this.#calls[0].length > 1 || (this.#isPrefixed && this.symbols.length <= mostPrefixes);
  }

  /** The numbers that are read at each step, a column each; none where a step is not a row. */
  #columns(): readonly (readonly number[])[] {
    const rows = this.#calls.flatMap((calls) => calls.flat());
    if (this.#steps.port.element !== 'float' || rows.length !== this.symbols.length) return [];
    return this.#steps.columns.slice(0, mostNamed).map((_, c) => rows.map((row) => row[c]));
  }

  #properties(): Annotation[] {
    const place = this.passages.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, t) => t));
    const outputs = this.#scored ? this.symbols.map((_, n) => this.outputAt(n)) : [];
    return [
      ...this.#columns().map((values, c) => annotation(this.#steps.columns[c], values, this.symbols)),
      ...this.labels.slice(0, outputs.length > 0 ? mostNamed : 0).map((label, c) =>
        annotation(
          label,
          outputs.map((values) => values[c]),
          this.symbols,
        ),
      ),
      annotation('position in the window', place, this.symbols),
    ].filter(({ values }) => new Set(values).size > 1);
  }

  protected described(): Described {
    const columns = this.#columns();
    return {
      kind: 'graph',
      losses: new Float32Array(this.symbols.length).fill(Number.NaN),
      loss: Number.NaN,
      accuracy: Number.NaN,
      scored: this.#scored,
      lacks: this.lacks,
      series:
        this.#steps.port.element === 'float' || this.#steps.time === null
          ? { names: this.#steps.columns.slice(0, columns.length), columns, known: 0, forecast: null }
          : null,
    };
  }

  readonly #whole = new Map<number, readonly Float32Array[]>();

  protected override outputAt(n: number): Float32Array {
    if (this.#isPrefixed) return super.outputAt(n);
    const { k, t } = this.indexOf(n);
    const known = this.#whole.get(k) ?? this.#outputsOf(k, []);
    this.#whole.set(k, known);
    return known[t];
  }

  #outputsOf(k: number, edits: readonly Edit[]): readonly Float32Array[] {
    const { from, to } = this.passages[k];
    return this.holding(this.parts[k].whole, edits, () => this.#steps.readAll(this.#calls[k], to - from));
  }

  /** By how much the outputs change with the unit at its mean: none are wanted, so that there is no loss. */
  ablate(key: UnitKey): Ablated {
    const edit: Edit = { ...key, value: this.meanOf(key), when: 'always', n: 0 };
    const changes = this.passages.flatMap(({ from, to }, k) => {
      if (this.#isPrefixed) return distances(this.outputAt(to - 1), this.outputOf(this.parts[k].whole, [edit]));
      return this.#outputsOf(k, [edit]).flatMap((other, t) => distances(this.outputAt(from + t), other));
    });
    const held = changes.reduce((a, b) => a + b, 0) / changes.length;
    return { all: { count: changes.length, whole: 0, held }, focus: null, elsewhere: null };
  }
}

const distances = (a: Float32Array, b: Float32Array): number[] => Array.from(a, (v, c) => Math.abs(v - b[c]));
