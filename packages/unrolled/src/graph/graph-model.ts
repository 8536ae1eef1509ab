// A graph as a module: its parameters are trained, its layers are found by whoever walks the tree (inspection, optimizers), and its weights are saved under
// the names that they have in the model it came from.

import { requireKinds, requireOneOf, requireText } from '../checks.ts';
import { checkOptions, FormatError, OptionError, ShapeError, suggest } from '../errors.ts';
import { Module, ModuleBuffer, Parameter } from '../nn/module.ts';
import { zeros } from '../tensor/create.ts';
import { Tensor } from '../tensor/tensor.ts';
import { checkGraph, layerName } from './check.ts';
import { type GraphOp, NodeContext, RunContext } from './op.ts';
import { ops } from './ops/index.ts';
import type { GraphNode, GraphPort, GraphSpec } from './spec.ts';
import { type GraphValue, HostArray } from './value.ts';

/** Options of `GraphModel`. */
export interface GraphModelOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'graph';
  readonly graph: GraphSpec;
}

/** Options of a `GraphModel`, defaults filled in. */
export type GraphModelConfig = Required<GraphModelOptions>;

/** Values by the names of a graph's inputs or outputs. */
export type GraphValues = Readonly<Record<string, GraphValue>>;

type Values = Map<string, GraphValue>;

/**
 *     const model = new GraphModel({ graph }).loadStateDict(weights).eval();
 *     const { probabilities } = model.forward({ input: x });      // x as the graph's input has it, mostly [B, T, I]
 *
 * Throws a FormatError for a graph that cannot be run, before anything is allocated.
 */
export class GraphModel extends Module {
  readonly config: GraphModelConfig;
  readonly #tensors = new Map<string, Parameter | ModuleBuffer>();
  readonly #layers = new Map<string, Module>();

  constructor(options: GraphModelOptions) {
    super();
    requireKinds('GraphModel', { options }, { options: { graph: 'object' } });
    checkOptions('GraphModel', options, ['type', 'graph']);
    requireOneOf('GraphModel', 'type', options.type ?? 'graph', ['graph']);
    checkGraph(options.graph, ops, 'GraphModel');
    this.config = { type: 'graph', graph: options.graph };
    this.#make(options.graph);
  }

  get graph(): GraphSpec {
    return this.config.graph;
  }

  /** Parameters and layers of the graph and of the graphs in it. */
  #make(graph: GraphSpec): void {
    for (const [name, shape] of Object.entries(graph.parameters ?? {})) this.#own(name, Parameter.of(zeros(shape)));
    for (const [name, shape] of Object.entries(graph.buffers ?? {})) this.#own(name, ModuleBuffer.of(zeros(shape)));
    for (const node of graph.nodes) {
      const { layer } = ops.get(node.op) as GraphOp;
      if (layer && !this.#layers.has(layerName(node)))
        this.#layers.set(layerName(node), layer(new NodeContext(node, 'GraphModel')));
      for (const value of Object.values(node.attributes ?? {}))
        if (typeof value === 'object' && value !== null && 'graph' in value) this.#make(value.graph);
    }
  }

  #own(name: string, tensor: Parameter | ModuleBuffer): void {
    if (this.#tensors.has(name)) throw new FormatError('GraphModel', `two graphs have a parameter ${name}`);
    this.#tensors.set(name, tensor);
  }

  override *children(): Generator<[name: string, module: Module]> {
    yield* this.#layers;
  }

  override *namedParameters(prefix = ''): Generator<[name: string, parameter: Parameter]> {
    requireText('GraphModel', 'prefix', prefix);
    for (const [name, tensor] of this.#tensors) if (tensor instanceof Parameter) yield [prefix + name, tensor];
    yield* super.namedParameters(prefix);
  }

  override *namedBuffers(prefix = ''): Generator<[name: string, buffer: ModuleBuffer]> {
    requireText('GraphModel', 'prefix', prefix);
    for (const [name, tensor] of this.#tensors) if (tensor instanceof ModuleBuffer) yield [prefix + name, tensor];
    yield* super.namedBuffers(prefix);
  }

  override *namedState(prefix = ''): Generator<[name: string, tensor: Tensor]> {
    requireText('GraphModel', 'prefix', prefix);
    for (const [name, tensor] of this.#tensors) yield [prefix + name, tensor];
    yield* super.namedState(prefix);
  }

  /**
   * Runs the graph on its inputs, by their names; one that is optional may be left out and is zeros then.
   *
   * Throws an OptionError for an input that is missing or not known, and a ShapeError for one that does not fit.
   */
  forward(inputs: GraphValues): Record<string, GraphValue> {
    requireKinds('GraphModel.forward', { inputs }, { inputs: 'object' });
    const { graph } = this;
    const values: Values = new Map(this.#tensors);
    const given = new Map(Object.entries(inputs));
    for (const name of given.keys()) {
      if (graph.inputs.some((port) => port.name === name)) continue;
      const known = graph.inputs.map((port) => port.name);
      throw new OptionError('GraphModel', `inputs.${name}`, `is no input of the graph; ${suggest(name, known)}`);
    }
    const sizes = new Map<string, number>();
    for (const port of graph.inputs) {
      const value = given.get(port.name);
      if (value !== undefined) values.set(port.name, fitting(port, value, sizes));
    }
    for (const port of graph.inputs) if (!values.has(port.name)) values.set(port.name, initial(port, sizes));
    this.#run(graph, values);
    return Object.fromEntries(graph.outputs.map(({ name }) => [name, values.get(name) as GraphValue]));
  }

  #run(graph: GraphSpec, values: Values): void {
    for (const [name, { element, shape, values: list }] of Object.entries(graph.constants ?? {}))
      values.set(name, new HostArray(element, shape, list));
    for (const node of graph.nodes) {
      const outputs = this.#node(node, values);
      for (const [i, name] of node.outputs.entries()) {
        if (name === null) continue;
        if (outputs[i] === undefined)
          throw new FormatError('GraphModel', `node ${node.name} (${node.op}): has no output ${i}`);
        values.set(name, outputs[i]);
      }
    }
  }

  #node(node: GraphNode, values: Values): readonly GraphValue[] {
    const inputs = node.inputs.map((name) => (name === null ? null : (values.get(name) as GraphValue)));
    const runGraph: RunContext['runGraph'] = (graph, own) => {
      const inner: Values = new Map(values);
      for (const [i, { name }] of graph.inputs.entries()) inner.set(name, own[i]);
      this.#run(graph, inner);
      return graph.outputs.map(({ name }) => inner.get(name) as GraphValue);
    };
    const layer = this.#layers.get(layerName(node)) ?? null;
    const context = new RunContext(node, 'GraphModel', inputs, layer, this.training, runGraph);
    const result = (ops.get(node.op) as GraphOp).run(context);
    return Array.isArray(result) ? (result as readonly GraphValue[]) : [result as GraphValue];
  }

  protected override describe(): string {
    const { inputs, outputs, nodes } = this.graph;
    const ports = (list: readonly GraphPort[]) => list.map(shownPort).join(', ');
    return `${ports(inputs)} → ${ports(outputs)}, ${nodes.length} nodes`;
  }
}

/** The input, if it is what the graph declares; symbolic sizes must be the same wherever their name stands. */
function fitting(port: GraphPort, value: GraphValue, sizes: Map<string, number>): GraphValue {
  const isValue = value instanceof Tensor || value instanceof HostArray;
  if (!isValue || (value instanceof HostArray && port.element === 'float'))
    throw new OptionError('GraphModel', `inputs.${port.name}`, `expected a ${port.element} tensor`);
  if (port.shape === null) return value;
  const before = new Map(sizes);
  const fits =
    port.shape.length === value.shape.length &&
    port.shape.every((d, i) => {
      const n = value.shape[i];
      if (typeof d === 'number') return d === n;
      const known = sizes.get(d);
      if (known === undefined) sizes.set(d, n);
      return known === undefined || known === n;
    });
  if (fits) return value;
  const expected = port.shape.map((d) => (typeof d === 'string' ? (before.get(d) ?? d) : d));
  throw new ShapeError('GraphModel', port.name, expected, value.shape);
}

/** Zeros for an optional input that was left out. */
function initial(port: GraphPort, sizes: ReadonlyMap<string, number>): GraphValue {
  const shape = port.shape?.map((d) => (typeof d === 'number' ? d : sizes.get(d)));
  if (!port.optional || shape === undefined || !shape.every((d): d is number => d !== undefined))
    throw new OptionError('GraphModel', `inputs.${port.name}`, `is missing: expected ${shownPort(port)}`);
  if (port.element === 'float') return zeros(shape);
  return new HostArray(port.element, shape, new Float64Array(shape.reduce((n, d) => n * d, 1)));
}

const shownPort = ({ name, element, shape }: GraphPort): string =>
  `${name} ${element} ${shape ? `[${shape.join(', ')}]` : '[…]'}`;
