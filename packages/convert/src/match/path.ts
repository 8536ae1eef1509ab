// A graph as one line of steps from an input to its output, in the words that models are compared by: embedding, recurrent layers, pooling, linear layers and
// activations. Transposes, reshapes and the like leave no step: what axis is time and what is batch is followed through them by name.
//
//   ids [B, T] → Embedding → Transpose → LSTMLayer → Select(axis 0, index −1) → MatMul → Add → Softmax
//   embedding · recurrent · pool(last) · linear · softmax

import type { GraphNode, GraphSpec } from 'unrolled/graph';
import { quoted } from '../errors.ts';

/** Why a graph is not of a form, for people: `node Gather_7 (Gather) is no part of a sequence model`. */
export class Mismatch extends Error {
  override name = 'Mismatch';
}

/** A matrix of the weights by its name there. `transposed`: it is stored [in, out]. */
export interface MatrixOf {
  readonly weight: string;
  readonly bias: string | null;
  readonly transposed: boolean;
}

/** A recurrent layer, whatever op it stands for. */
export interface RecurrentStep {
  readonly kind: 'recurrent';
  readonly name: string;
  readonly cell: 'lstm' | 'gru' | 'gru-reset-before' | 'rnn' | 'rnn-relu';
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly bidirectional: boolean;
  /** The name that its weights begin with. */
  readonly layer: string;
}

/** One step of a graph, in the words that models are compared by: an embedding, a recurrent layer, a pooling, a linear layer or an activation. */
export type Step =
  | { readonly kind: 'embedding'; readonly name: string; readonly weight: string }
  | RecurrentStep
  | { readonly kind: 'pool'; readonly name: string; readonly how: 'last' | 'final' | 'mean' | 'max' }
  | ({ readonly kind: 'linear'; readonly name: string } & MatrixOf)
  | {
      readonly kind: 'activation';
      readonly name: string;
      readonly how: 'relu' | 'sigmoid' | 'softmax' | 'log-softmax';
    };

/** A graph as a line of steps. */
export interface GraphPath {
  readonly input: GraphSpec['inputs'][number];
  /** Whether the input's first axis is time, not the batch. */
  readonly timeFirst: boolean;
  readonly steps: readonly Step[];
  readonly output: string;
  /** Its axes: T, B and F, in their order. */
  readonly outputAxes: readonly string[];
  /** Inputs besides, which hold initial states or lengths. */
  readonly others: readonly string[];
  /** Whether ids 0 are masked as padding. */
  readonly masked: boolean;
}

const transparent = new Set(['Identity', 'Cast', 'Dropout', 'KerasDropout']);
const activations = { Relu: 'relu', Sigmoid: 'sigmoid', Softmax: 'softmax', LogSoftmax: 'log-softmax' } as const;
const kerasActivations = {
  relu: 'relu',
  sigmoid: 'sigmoid',
  softmax: 'softmax',
  log_softmax: 'log-softmax',
} as const;
const recurrentOps = ['LSTMLayer', 'GRULayer', 'RNNLayer', 'KerasLSTM', 'KerasGRU', 'KerasSimpleRNN'];
const mostNodes = 10_000;

/** The steps of a graph. Throws a Mismatch that names the first node that is not of a sequence model. */
export function pathOf(graph: GraphSpec): GraphPath {
  return new Tracer(graph).path();
}

/** The name of a parameter of a node's layer among the weights. */
const parameterOf = (node: GraphNode, key: string) => {
  const layer = node.layer ?? node.name;
  return layer ? `${layer}.${key}` : key;
};

const describe = ({ name, op }: GraphNode) => `node ${quoted(name)} (${op})`;

class Tracer {
  readonly #graph: GraphSpec;
  readonly #producers = new Map<string, GraphNode>();
  readonly #others = new Set<string>();
  #masked = false;
  /** The axes of the value at hand; those of the input are called 0 and 1 until a recurrent layer tells which is time. */
  #axes: string[] = [];
  /** The recurrent layer whose final states the value at hand is; then its axes are [L·D, B, H]. */
  #states: RecurrentStep | null = null;
  #time: string | null = null;

  constructor(graph: GraphSpec) {
    this.#graph = graph;
    for (const node of graph.nodes)
      for (const output of node.outputs) if (output !== null) this.#producers.set(output, node);
  }

  path(): GraphPath {
    const states = new Set((this.#graph.states ?? []).map(({ output }) => output));
    const output = this.#graph.outputs.find(({ name }) => !states.has(name));
    if (!output) throw new Mismatch('it has no output');
    const { input, nodes } = this.#line(output.name);
    const rank = input.shape?.length ?? (input.element === 'float' ? 3 : 2);
    if (rank !== (input.element === 'float' ? 3 : 2))
      throw new Mismatch(`its input ${quoted(input.name)} has ${rank} axes, and a batch of sequences has not`);
    this.#axes = ['0', '1', 'F'].slice(0, rank);
    const steps = nodes.flatMap(({ node, value }) => this.#step(node, value));
    if (this.#time === null) throw new Mismatch('it has no recurrent layer');
    if (this.#states) throw new Mismatch('it gives the states of a recurrent layer');
    const outputAxes = this.#axes.map((axis) => (axis === 'F' ? 'F' : axis === this.#time ? 'T' : 'B'));
    return {
      input,
      timeFirst: this.#time === '0',
      steps,
      output: output.name,
      outputAxes,
      others: [...this.#others],
      masked: this.#masked,
    };
  }

  /** Nodes from the input to a value, each with its output that is read. */
  #line(output: string): { input: GraphSpec['inputs'][number]; nodes: { node: GraphNode; value: string }[] } {
    const nodes: { node: GraphNode; value: string }[] = [];
    let value = output;
    while (nodes.length < mostNodes) {
      const input = this.#graph.inputs.find(({ name }) => name === value);
      if (input) return { input, nodes: nodes.reverse() };
      const node = this.#producers.get(value);
      if (!node) throw new Mismatch(`its output does not follow from an input: ${quoted(value)} is a constant`);
      nodes.push({ node, value });
      value = this.#before(node);
    }
    throw new Mismatch(`it has more than ${mostNodes} nodes`);
  }

  /** The value that a node changes: its one input that is not a weight, a shape, a state or a mask. */
  #before(node: GraphNode): string {
    if (recurrentOps.includes(node.op)) {
      const [x, second, ...states] = node.inputs;
      for (const state of states) if (state !== null) this.#other(node, state, 'initial state');
      if (second != null) this.#maskOf(node, second);
      return x as string;
    }
    if (node.op === 'Concat') {
      const states = node.inputs.map((name) => this.#producers.get(name as string));
      const from = new Set(states.map((select) => select?.inputs[0]));
      const [first] = states;
      if (first && from.size === 1 && states.every((one) => one?.op === 'Select' || one?.op === 'Gather'))
        return first.inputs[0] as string;
      throw new Mismatch(`${describe(node)} joins what no sequence model joins`);
    }
    const data = node.inputs.filter((name): name is string => name !== null && !this.#isFixed(name));
    if (data.length === 1) return data[0];
    throw new Mismatch(`${describe(node)} reads ${data.length} values, and a step of a sequence model reads one`);
  }

  #isFixed(name: string): boolean {
    const { parameters = {}, buffers = {}, constants = {} } = this.#graph;
    return [parameters, buffers, constants].some((named) => Object.hasOwn(named, name));
  }

  /** An input besides: as it is, lengths as integers of another width, or the states of all layers of which this layer's are a part. */
  #other(node: GraphNode, value: string, what: string): void {
    const from = this.#producers.get(value);
    const name = from && ['Cast', 'Slice'].includes(from.op) ? (from.inputs[0] as string) : value;
    if (!this.#graph.inputs.some((input) => input.name === name))
      throw new Mismatch(`${describe(node)} has an ${what} that the graph computes`);
    this.#others.add(name);
  }

  /** Lengths as an input of the graph, or Keras' mask of id 0. */
  #maskOf(node: GraphNode, name: string): void {
    const from = this.#producers.get(name);
    if (from?.op === 'KerasIdMask') this.#masked = true;
    else if (node.op.startsWith('Keras')) throw new Mismatch(`${describe(node)} has a mask that is not that of id 0`);
    else this.#other(node, name, 'input of lengths');
  }

  #step(node: GraphNode, value: string): Step[] {
    const { name, op, attributes = {} } = node;
    if (recurrentOps.includes(op)) return this.#recurrent(node, value);
    if (this.#states) return this.#final(node, this.#states);
    if (transparent.has(op)) return [];
    if (Object.hasOwn(activations, op)) {
      if (op.endsWith('oftmax') && !this.#isLast(attributes.axis ?? -1))
        throw new Mismatch(`${describe(node)} is not over the last axis`);
      return [{ kind: 'activation', name, how: activations[op as keyof typeof activations] }];
    }
    switch (op) {
      case 'KerasActivation': {
        const { activation } = attributes;
        if (typeof activation === 'string' && Object.hasOwn(kerasActivations, activation))
          return [{ kind: 'activation', name, how: kerasActivations[activation as keyof typeof kerasActivations] }];
        throw new Mismatch(
          `${describe(node)} is the activation ${JSON.stringify(activation)}, which no sequence model has`,
        );
      }
      case 'KerasReLU': {
        const plain = Object.values(attributes).every((setting) => setting === null || setting === 0);
        if (!plain) throw new Mismatch(`${describe(node)} is no plain relu`);
        return [{ kind: 'activation', name, how: 'relu' }];
      }
      case 'Transpose': {
        const perm = attributes.perm as readonly number[] | undefined;
        this.#axes = (perm ?? [...this.#axes.keys()].reverse()).map((axis) => this.#axes[axis]);
        return [];
      }
      case 'Squeeze':
      case 'Unsqueeze':
      case 'Reshape':
        this.#reshape(node);
        return [];
      case 'Embedding':
        this.#axes = [...this.#axes, 'F'];
        return [{ kind: 'embedding', name, weight: parameterOf(node, 'weight') }];
      case 'Gather':
        if (this.#isFixed(node.inputs[0] as string) && (attributes.axis ?? 0) === 0) {
          this.#axes = [...this.#axes, 'F'];
          return [{ kind: 'embedding', name, weight: node.inputs[0] as string }];
        }
        return this.#last(node, this.#scalar(node.inputs[1]));
      case 'Select':
        return this.#last(node, attributes.index);
      case 'ReduceMean':
      case 'ReduceMax':
        return this.#reduced(node);
      case 'Linear':
      case 'MatMul':
      case 'Gemm':
        return [{ kind: 'linear', name, ...this.#matrix(node) }];
      case 'Add': {
        const bias = node.inputs.find((one) => one !== null && this.#isFixed(one)) as string;
        if (this.#graph.parameters?.[bias]?.length !== 1)
          throw new Mismatch(`${describe(node)} adds what is no bias of a linear layer`);
        // The bias of the product before it: joined by `joined`.
        return [{ kind: 'linear', name, weight: '', bias, transposed: false }];
      }
      default:
        throw new Mismatch(`${describe(node)} is no part of a sequence model`);
    }
  }

  #recurrent(node: GraphNode, value: string): Step[] {
    const { name, op, attributes = {} } = node;
    const keras = op.startsWith('Keras');
    const settings = attributes as Readonly<Record<string, unknown>>;
    const only = (setting: string, usual: unknown) => {
      if ((settings[setting] ?? usual) !== usual)
        throw new Mismatch(`${describe(node)} has ${setting} ${JSON.stringify(settings[setting])}, not ${usual}`);
    };
    const isRNN = op === 'RNNLayer' || op === 'KerasSimpleRNN';
    const nonlinearity = settings[keras ? 'activation' : 'nonlinearity'] ?? 'tanh';
    if (nonlinearity !== 'tanh' && !(isRNN && nonlinearity === 'relu'))
      throw new Mismatch(`${describe(node)} has the activation ${JSON.stringify(nonlinearity)}`);
    if (keras && !isRNN) only('recurrentActivation', 'sigmoid');
    if (keras) only('goBackwards', false);
    if (settings.bidirectional) only('merge', 'concat');
    only('projSize', 0);
    const [time, batch] = keras ? [this.#axes[1], this.#axes[0]] : this.#axes;
    this.#time ??= time;
    if (this.#axes.length !== 3 || this.#axes[2] !== 'F' || time !== this.#time)
      throw new Mismatch(`${describe(node)} reads other axes than time, batch and features`);
    const step: RecurrentStep = {
      kind: 'recurrent',
      name,
      layer: node.layer ?? name,
      cell: isRNN
        ? nonlinearity === 'relu'
          ? 'rnn-relu'
          : 'rnn'
        : op.endsWith('GRULayer') || op === 'KerasGRU'
          ? (settings.resetAfter ?? true)
            ? 'gru'
            : 'gru-reset-before'
          : 'lstm',
      inputSize: Number(settings.inputSize),
      hiddenSize: Number(settings.hiddenSize),
      numLayers: Number(settings.numLayers ?? 1),
      bias: (settings.bias ?? true) === true,
      bidirectional: settings.bidirectional === true,
    };
    if (node.outputs[0] !== value) {
      if (node.outputs[1] !== value) throw new Mismatch(`${describe(node)} gives its cell states`);
      this.#axes = ['D', batch, 'F'];
      this.#states = step;
      return [step];
    }
    if (!keras || settings.returnSequences === true) return [step];
    this.#axes = [batch, 'F'];
    return [step, { kind: 'pool', name, how: 'final' }];
  }

  /** Of the final states [L·D, B, H]: the last layer's, directions side by side. */
  #final(node: GraphNode, step: RecurrentStep): Step[] {
    const directions = step.bidirectional ? 2 : 1;
    const states = step.numLayers * directions;
    const parts = node.op === 'Concat' ? node.inputs.map((name) => this.#producers.get(name as string)) : [node];
    const indices = parts.map((part) => {
      const { axis = 0, index } = (part as GraphNode).attributes ?? {};
      const at = part?.op === 'Gather' ? this.#scalar(part.inputs[1]) : index;
      return axis === 0 && typeof at === 'number' ? (at < 0 ? at + states : at) : null;
    });
    const wanted = Array.from({ length: directions }, (_, d) => states - directions + d);
    const axis = node.op === 'Concat' ? node.attributes?.axis : 1;
    if (indices.join() !== wanted.join() || (axis !== 1 && axis !== -1))
      throw new Mismatch(`${describe(node)} takes other states than the final ones of the last layer`);
    this.#axes = [this.#axes[1], 'F'];
    this.#states = null;
    return [{ kind: 'pool', name: node.name, how: 'final' }];
  }

  #last(node: GraphNode, index: unknown): Step[] {
    const axis = this.#axisOf(node.attributes?.axis ?? 0);
    if (this.#axes[axis] !== this.#time || index !== -1)
      throw new Mismatch(`${describe(node)} takes another part than the last step`);
    this.#axes = this.#axes.filter((_, i) => i !== axis);
    return [{ kind: 'pool', name: node.name, how: 'last' }];
  }

  #reduced(node: GraphNode): Step[] {
    const { keepdims = 1 } = node.attributes ?? {};
    const axes = this.#list(node, 1, 'axes');
    const axis = axes?.length === 1 ? this.#axisOf(axes[0]) : -1;
    if (this.#axes[axis] !== this.#time || (keepdims !== 0 && keepdims !== false))
      throw new Mismatch(`${describe(node)} is not over time`);
    this.#axes = this.#axes.filter((_, i) => i !== axis);
    return [{ kind: 'pool', name: node.name, how: node.op === 'ReduceMax' ? 'max' : 'mean' }];
  }

  #reshape(node: GraphNode): void {
    const axes = this.#axes;
    const fail = () => new Mismatch(`${describe(node)} changes the form otherwise than a sequence model does`);
    if (node.op === 'Squeeze') {
      const removed = this.#list(node, 1, 'axes')?.map((axis) => this.#axisOf(axis)) ?? [];
      if (removed.length === 0 || removed.some((axis) => axes[axis] !== '1 of 1')) throw fail();
      this.#axes = axes.filter((_, axis) => !removed.includes(axis));
      return;
    }
    if (node.op === 'Unsqueeze') {
      const [axis, ...more] = this.#list(node, 1, 'axes') ?? [];
      if (axis === undefined || more.length > 0) throw fail();
      const at = axis < 0 ? axis + axes.length + 1 : axis;
      this.#axes = [...axes.slice(0, at), '1 of 1', ...axes.slice(at)];
      return;
    }
    // Directions apart and together again: [T, B, 2·H] ↔ [T, B, 2, H].
    const shape = this.#list(node, 1, 'shape') ?? [];
    if (shape[0] !== 0 || shape[1] !== 0) throw fail();
    if (axes.length === 3 && axes[2] === 'F' && shape.length === 4 && shape[2] === 2)
      this.#axes = [...axes.slice(0, 2), '2', 'H'];
    else if (axes.length === 4 && axes[2] === '2' && axes[3] === 'H' && shape.length === 3)
      this.#axes = [...axes.slice(0, 2), 'F'];
    else throw fail();
  }

  #matrix(node: GraphNode): MatrixOf {
    if (!this.#isLast(-1)) throw new Mismatch(`${describe(node)} multiplies another axis than the features`);
    const { attributes = {}, inputs } = node;
    if (node.op === 'Linear') {
      const bias = (attributes.bias ?? true) === true ? parameterOf(node, 'bias') : null;
      return { weight: parameterOf(node, 'weight'), bias, transposed: false };
    }
    const isParameter = Object.hasOwn(this.#graph.parameters ?? {}, inputs[1] ?? '');
    const plain = [attributes.alpha ?? 1, attributes.beta ?? 1].every((factor) => factor === 1) && !attributes.transA;
    if (!isParameter || !plain || this.#isFixed(inputs[0] as string))
      throw new Mismatch(`${describe(node)} is no linear layer`);
    return { weight: inputs[1] as string, bias: inputs[2] ?? null, transposed: !attributes.transB };
  }

  #isLast(axis: unknown): boolean {
    return this.#axes[this.#axisOf(axis)] === 'F' && this.#axes.at(-1) === 'F';
  }

  #axisOf(axis: unknown): number {
    return Number(axis) < 0 ? Number(axis) + this.#axes.length : Number(axis);
  }

  #scalar(name: string | null | undefined): number | null {
    const constant = name == null ? undefined : this.#graph.constants?.[name];
    return constant?.values.length === 1 && constant.shape.length === 0 ? constant.values[0] : null;
  }

  /** A list from an input of constants, or from the attribute. */
  #list(node: GraphNode, input: number, attribute: string): readonly number[] | undefined {
    const name = node.inputs[input];
    if (name != null) return this.#graph.constants?.[name]?.values;
    return node.attributes?.[attribute] as readonly number[] | undefined;
  }
}
