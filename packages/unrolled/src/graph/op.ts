// What an op of a graph is: its attributes, the layer that holds its parameters if it has any, and what it does. Names and meanings are those of ONNX'
// operators where ONNX has them, at their latest version, with one rule for the older ones: what became an input (axes, split, pads, starts …) is read
// from the input where there is one, and from the attribute of the same name otherwise. Layers have the library's names.

import { requireKinds } from '../checks.ts';
import { FormatError, suggest } from '../errors.ts';
import type { Module } from '../nn/module.ts';
import type { GraphAttribute, GraphNode, GraphSpec } from './spec.ts';
import { asFloat, asIndices, type GraphValue, HostArray, onHost } from './value.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** An op of graphs. */
export interface GraphOp {
  /** The names of its inputs, in order; `?` marks one that may be left out, `…` stands for any number of the last. For errors and checks. */
  readonly inputs: readonly string[];
  /** The attributes that it knows. A node with another one is refused. */
  readonly attributes?: readonly string[];
  /** Makes the layer that holds its parameters. Called once, when the model is made. */
  layer?(node: NodeContext): Module;
  /** Computes its outputs, in their order. */
  run(node: RunContext): GraphValue | readonly GraphValue[];
  /** A faster `run` with the same result to the bit, for a node whose weights no longer change; null where there is none. */
  freeze?(node: FrozenContext): GraphOp['run'] | null;
}

/** A node whose weights no longer change. */
export interface FrozenContext extends NodeContext {
  /** The layer with its parameters; only for ops that have one. */
  readonly layer: Module | null;
  /** Input i, if it is a parameter or buffer of the graph. */
  weight(i: number): Tensor | null;
}

/** A node with typed access to its attributes. */
export class NodeContext {
  readonly node: GraphNode;
  /** The graph's name, for errors. */
  readonly source: string;

  constructor(node: GraphNode, source: string) {
    requireKinds('NodeContext', { node, source }, { node: { name: 'text', op: 'text' }, source: 'text' });
    this.node = node;
    this.source = source;
  }

  /** Throws a FormatError that names the node. */
  fail(problem: string): never {
    const { name, op } = this.node;
    throw new FormatError(this.source, `node ${JSON.stringify(name.slice(0, 100))} (${op}): ${problem}`);
  }

  has(name: string): boolean {
    return this.#attribute(name) !== undefined;
  }

  number(name: string, usual?: number): number {
    return this.#typed(name, usual, 'a number', (v): v is number => typeof v === 'number' && Number.isFinite(v));
  }

  whole(name: string, usual?: number): number {
    return this.#typed(name, usual, 'a whole number', (v): v is number => Number.isSafeInteger(v));
  }

  flag(name: string, usual?: boolean): boolean {
    const value = this.#attribute(name);
    if (value === 0 || value === 1) return value === 1; // ONNX has no booleans
    return this.#typed(name, usual, 'true or false', (v): v is boolean => typeof v === 'boolean');
  }

  text(name: string, usual?: string): string {
    return this.#typed(name, usual, 'a text', (v): v is string => typeof v === 'string');
  }

  oneOf<const T extends string>(name: string, known: readonly T[], usual?: T): T {
    const value = this.text(name, usual);
    if (known.includes(value as T)) return value as T;
    return this.fail(`${name}: expected one of ${known.join(', ')}, got ${JSON.stringify(value.slice(0, 60))}`);
  }

  wholes(name: string, usual?: readonly number[]): readonly number[] {
    return this.#typed(name, usual, 'a list of whole numbers', (v): v is readonly number[] =>
      isList(v, Number.isSafeInteger),
    );
  }

  numbers(name: string, usual?: readonly number[]): readonly number[] {
    return this.#typed(name, usual, 'a list of numbers', (v): v is readonly number[] => isList(v, Number.isFinite));
  }

  texts(name: string, usual?: readonly string[]): readonly string[] {
    return this.#typed(name, usual, 'a list of texts', (v): v is readonly string[] =>
      isList(v, (one) => typeof one === 'string'),
    );
  }

  /** A graph that the node runs. */
  graph(name: string): GraphSpec {
    const value = this.#attribute(name);
    if (typeof value === 'object' && value !== null && 'graph' in value) return value.graph;
    return this.fail(`${name}: expected a graph, got ${shownAttribute(value)}`);
  }

  #attribute(name: string): GraphAttribute | undefined {
    const { attributes = {} } = this.node;
    return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  }

  #typed<T extends GraphAttribute>(name: string, usual: T | undefined, what: string, is: (v: unknown) => v is T): T {
    const value = this.#attribute(name) ?? usual;
    if (is(value)) return value;
    return this.fail(`${name}: expected ${what}, got ${shownAttribute(value)}`);
  }
}

/** Steps that a loop takes at most: a file of a few bytes can ask for any number of them, of tensors without elements. */
const mostIterations = 1_000_000;

/** A node that is run: its inputs, its layer, and the way to run a graph of its own. */
export class RunContext extends NodeContext {
  readonly inputs: readonly (GraphValue | null)[];
  /** The layer with its parameters; only for ops that have one. */
  readonly layer: Module | null;
  /** Whether the model is in training mode: dropout and batch norm differ. Set before each run. */
  training: boolean;
  /** Runs a graph of an attribute: its inputs in order → its outputs in order. It sees the values around the node by their names. */
  readonly runGraph: (graph: GraphSpec, inputs: readonly GraphValue[]) => readonly GraphValue[];

  constructor(
    node: GraphNode,
    source: string,
    inputs: readonly (GraphValue | null)[],
    layer: Module | null,
    training: boolean,
    runGraph: RunContext['runGraph'],
  ) {
    super(node, source);
    this.inputs = inputs;
    this.layer = layer;
    this.training = training;
    this.runGraph = runGraph;
  }

  /** Whether input i is given. */
  given(i: number): boolean {
    return this.inputs[i] !== null && this.inputs[i] !== undefined;
  }

  /** Input i, whatever it is. */
  value(i: number): GraphValue {
    return this.inputs[i] ?? this.fail(`input ${i} is missing`);
  }

  /** Input i as a float tensor. */
  tensor(i: number): Tensor {
    const like = this.inputs.find((value) => value && !(value instanceof HostArray) && value.dtype !== 'int32') as
      | Tensor
      | undefined;
    return asFloat(this.value(i), like);
  }

  /** Input i as an int32 tensor: ids or lengths. */
  indices(i: number): Tensor {
    return asIndices(this.value(i));
  }

  /** Input i as integers of the host. */
  host(i: number): HostArray {
    return onHost(this.value(i));
  }

  /** A list of integers that is input i, or in older versions the attribute `name`; null where there is neither. */
  list(i: number, name: string): readonly number[] | null {
    if (this.given(i)) return Array.from(this.host(i).values);
    return this.has(name) ? this.wholes(name) : null;
  }

  /** Throws for a loop of more steps than any sequence has. */
  requireIterations(steps: number): void {
    if (steps > mostIterations) this.fail(`more than ${mostIterations} iterations`);
  }

  /** An axis, counted from the end where it is negative, of a value with `rank` axes. */
  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (counted >= 0 && counted < Math.max(1, rank)) return counted;
    return this.fail(`there is no axis ${axis} of ${rank}`);
  }
}

/** Throws a FormatError for inputs or attributes that the op does not have. */
export function checkNode(node: GraphNode, op: GraphOp, source: string): void {
  const context = new NodeContext(node, source);
  const any = op.inputs.at(-1)?.includes('…') === true;
  if (node.inputs.length > op.inputs.length && !any)
    context.fail(`expected at most ${op.inputs.length} inputs, ${op.inputs.join(', ')}, got ${node.inputs.length}`);
  for (const [i, name] of op.inputs.entries()) {
    if (!name.includes('?') && !(any && i === op.inputs.length - 1) && (node.inputs[i] ?? null) === null)
      context.fail(`input ${name} is missing`);
  }
  const known = op.attributes ?? [];
  for (const name of Object.keys(node.attributes ?? {})) {
    if (!known.includes(name))
      context.fail(
        `attribute ${name.slice(0, 60)} is not known; ${known.length > 0 ? suggest(name, known) : 'there are none'}`,
      );
  }
}

function isList(value: unknown, is: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => is(one));
}

function shownAttribute(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 60) ?? typeof value);
}
