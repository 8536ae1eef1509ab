// A graph of the library → a model of Keras' layers.

import type { GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import { ConvertError } from '../../../errors.ts';
import type { ExportedNetwork } from '../../../export/network.ts';
import { floatsOf } from '../../../export/weights.ts';
import type { ConversionReport } from '../../../model/report.ts';
import { type GraphContext, NodeWriter } from './context.ts';
import type { Dialect } from './dialect.ts';
import { KerasGraph } from './graph.ts';
import { operators } from './operators.ts';
import type { GraphValue } from './values.ts';

/** A graph to be written: of one with optional states, with or without them. */
export interface Variant {
  /** What the file is called besides the model's name: '' or `-states`. */
  readonly suffix: string;
  readonly graph: GraphSpec;
  /** The inputs and outputs that are states of all layers, [n, B, H]. */
  readonly stacks: ReadonlySet<string>;
}

/**
 * What is written of a graph: the model that starts from zeros, and where the states can be given, the one that reads and gives them. A step that needs some of
 * its states has the second form alone.
 */
export function variantsOf(network: ExportedNetwork, graph: GraphSpec): Variant[] {
  const stacks = stacksOf(network);
  const states = graph.states ?? [];
  const optional = new Set(graph.inputs.filter((port) => port.optional).map(({ name }) => name));
  if (optional.size === 0 || states.some(({ input }) => !optional.has(input))) return [{ suffix: '', graph, stacks }];
  const dropped = new Set(states.map(({ output }) => output));
  const alone: GraphSpec = {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => !optional.has(name)),
    outputs: graph.outputs.filter(({ name }) => !dropped.has(name)),
    states: [],
  };
  return [
    { suffix: '', graph: alone, stacks },
    { suffix: '-states', graph, stacks },
  ];
}

/** The ports that are states of all layers, [n, B, H]: those of any part, since what one part gives another reads under the same name. */
function stacksOf({ graphs }: ExportedNetwork): ReadonlySet<string> {
  const all = Array.from(graphs.values());
  const ports = new Map(all.flatMap(({ inputs, outputs }) => [...inputs, ...outputs].map((port) => [port.name, port])));
  const names = all.flatMap(({ states = [] }) => states.flatMap(({ input, output }) => [input, output]));
  return new Set(names.filter((name) => isStack(ports.get(name)?.shape ?? [])));
}

const isStack = (shape: readonly (number | string)[]) =>
  shape.length === 3 && typeof shape[0] === 'number' && shape[1] === 'batch';

/** The names of a port in the file: of states one a layer, `h0_l0`, `h0_l1`; a mask for lengths, or nothing. */
export function portNames({ name, shape }: GraphPort, { stacks }: Variant, dialect: Dialect): readonly string[] {
  if (stacks.has(name)) return Array.from({ length: Number(shape?.[0]) }, (_, k) => `${name}_l${k}`);
  if (isLengths({ name, shape })) return dialect.masks ? [name.replace(/lengths$/, 'mask')] : [];
  return [name];
}

export function isLengths({ name, shape }: Pick<GraphPort, 'name' | 'shape'>): boolean {
  return name.endsWith('lengths') && shape?.length === 1 && shape[0] === 'batch';
}

/** The steps of a port's rows: the one axis whose size is known only when the model runs. */
export function timeOf({ inputs }: GraphSpec): string | null {
  const names = new Set(inputs.flatMap(({ shape }) => (shape ?? []).filter((d) => typeof d === 'string')));
  names.delete('batch');
  return names.size === 1 ? (Array.from(names)[0] as string) : null;
}

/** Builds the model. Throws a ConvertError that names the first operation that the layers do not have. */
export function kerasGraph(
  network: ExportedNetwork,
  variant: Variant,
  dialect: Dialect,
  report: ConversionReport,
): KerasGraph {
  const { graph } = variant;
  const g = new KerasGraph();
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const context: GraphContext = {
    g,
    dialect,
    report,
    find: (name) => floatsOf(network, name),
    isRead: (value) => value !== null && read.has(value),
    nodes: graph.nodes,
    made: new Map(),
    units: new Map(),
  };
  const values = new Map<string, GraphValue>();
  for (const port of graph.inputs) values.set(port.name, inputValue(g, port, variant, dialect, report.source));
  for (const name of Object.keys(graph.parameters ?? {})) {
    const found = floatsOf(network, name);
    if (!found) throw new ConvertError(report.source, { where: name, expected: 'a weight', got: 'none' });
    values.set(name, { kind: 'weight', ...found });
  }
  for (const node of graph.nodes) if (node.op !== 'Identity') write(context, node, values);
  for (const port of graph.outputs) output(context, port, values, variant);
  return g;
}

function inputValue(g: KerasGraph, port: GraphPort, variant: Variant, dialect: Dialect, source: string): GraphValue {
  const { name, element, shape } = port;
  const batch = shape?.indexOf('batch') ?? -1;
  if (!shape || batch < 0)
    throw new ConvertError(source, { where: `input ${name}`, expected: 'an input with a batch', got: `[${(shape ?? []).join(', ')}]` }); // biome-ignore format: one thing
  if (variant.stacks.has(name)) {
    const items = portNames(port, variant, dialect).map((own) => {
      const tensor = g.input(own, 'float32', [shape[2]]);
      return () => ({ kind: 'tensor', tensor, batch: 0 }) as const;
    });
    return { kind: 'stack', items };
  }
  if (isLengths(port)) {
    const [own] = portNames(port, variant, dialect);
    const time = timeOf(variant.graph);
    if (own !== undefined && time === null)
      throw new ConvertError(source, { where: `input ${name}`, expected: 'lengths of one time axis', got: 'several' });
    return { kind: 'lengths', mask: own === undefined ? null : g.input(own, 'bool', [time as string]) };
  }
  const dtype = element === 'float' ? 'float32' : 'int32';
  if (dialect.columns && shape.length === 1) return { kind: 'column', tensor: g.input(name, dtype, [1]) };
  return { kind: 'tensor', tensor: g.input(name, dtype, shape.filter((_, k) => k !== batch)), batch }; // biome-ignore format: one thing
}

function write(context: GraphContext, node: GraphNode, values: Map<string, GraphValue>): void {
  const none: GraphValue = { kind: 'none' };
  const inputs = node.inputs.map((name) => (name === null ? none : (values.get(name) ?? none)));
  const outputs = written(context, node, inputs);
  for (const [k, name] of node.outputs.entries()) if (name !== null) values.set(name, outputs[k]);
}

/** What a node gives; for channels that are read alone, channel by channel. */
function written(context: GraphContext, node: GraphNode, inputs: readonly GraphValue[]): readonly GraphValue[] {
  const writer = new NodeWriter(context, node, inputs);
  if (!Object.hasOwn(operators, node.op)) writer.fail(`an operation that ${writer.title} has a layer for`, node.op);
  const apart = inputs.find((value) => value.kind === 'channels');
  if (apart?.kind !== 'channels' || node.op === 'Reshape') {
    const result = operators[node.op](writer);
    return Array.isArray(result) ? (result as readonly GraphValue[]) : [result as GraphValue];
  }
  const each = apart.items.map(
    (_, c) =>
    written(context, node, inputs.map((value) => (value.kind === 'channels' ? value.items[c] : value))), // biome-ignore format: a call
  );
  return each[0].map((_, k) => ({ kind: 'channels', items: each.map((outputs) => outputs[k]) }));
}

function output(
  context: GraphContext,
  port: GraphPort,
  values: ReadonlyMap<string, GraphValue>,
  variant: Variant,
): void {
  const node = context.nodes.find(({ outputs }) => outputs.includes(port.name)) as GraphNode;
  const source = node.op === 'Identity' ? (node.inputs[0] as string) : port.name;
  const value = values.get(source) ?? { kind: 'none' };
  const writer = new NodeWriter(context, node, [value]);
  if (variant.stacks.has(port.name)) {
    const names = portNames(port, variant, context.dialect);
    const items = value.kind === 'stack' ? value.items : [];
    if (items.length !== names.length) writer.fail(`the states of ${names.length} layers`, String(items.length));
    for (const [k, name] of names.entries()) context.g.outputs.set(name, items[k]().tensor);
  } else context.g.outputs.set(port.name, writer.tensor(0).tensor);
}
