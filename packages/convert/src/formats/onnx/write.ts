// Writes ONNX: each graph of the network as a file, its nodes as the operators of opset 17, which onnxruntime has since 1.12.
//
// Tensors are [time, batch, …] as in the library, both sizes symbolic; ids and lengths are int64. An initial state is an input with as many rows as the batch,
// or with one that is used for all of them: zeros [L·D, 1, H] start any batch. It is no initializer of the same name, which would be ONNX' way of an input
// that may be left out: onnxruntime-node passes such an input over in silence, and computes from the default.

import type { GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import { ConvertError } from '../../errors.ts';
import { type ExportedNetwork, withoutGraph } from '../../export/network.ts';
import { floatsOf } from '../../export/weights.ts';
import type { ConversionReport } from '../../model/report.ts';
import { stateRows } from './own-states.ts';
import { OnnxGraph } from './writing/graph.ts';
import { operators } from './writing/operators.ts';
import { onnxBytes, type OnnxValue } from './writing/proto.ts';

const [opset, irVersion] = [17, 8];

/** The files of the network: `model.onnx`, or one a graph, `model-encoder.onnx` and `model-decoder.onnx`. */
export async function write(network: ExportedNetwork, report: ConversionReport): Promise<Map<string, Uint8Array>> {
  if (network.graphs.size === 0)
    report.problem({
      expected: 'a model that has a graph',
      got: withoutGraph(network),
      advice: 'its weights alone can be written, as pytorch, safetensors or npz',
    });
  const files = new Map<string, Uint8Array>();
  for (const [part, graph] of network.graphs)
    files.set(onnxFile(network.name, part), written(network, graph, part, report));
  const once = files.size > 1 ? 'it is written once in each file that reads it' : 'it is written once';
  for (const [alias, own] of network.aliases) report.decide('tied-weights', alias, `as ${own}`, once);
  report.decide('layout', null, 'time first, [time, batch, …]', 'as the library has it');
  report.decide('padding', null, 'lengths as an input', 'they become sequence_lens, or a mask in a Scan');
  return files;
}

/** The name of the file of a part. */
export function onnxFile(name: string, part: string): string {
  return `${part === 'model' ? name : `${name}-${part}`}.onnx`;
}

function written(network: ExportedNetwork, graph: GraphSpec, part: string, report: ConversionReport): Uint8Array {
  const g = new OnnxGraph();
  const values = new Map<string, string>();
  const inputs: OnnxValue[] = [];
  for (const port of graph.inputs) {
    inputs.push(valueOf(port));
    values.set(port.name, port.optional ? expanded(g, graph, port) : port.name);
  }
  for (const name of Object.keys(graph.parameters ?? {})) values.set(name, weight(g, network, name));
  for (const node of graph.nodes) emit(g, network, node, values, report);
  const parts = g.parts(part, inputs, graph.outputs.map(valueOf));
  return onnxBytes({
    irVersion,
    opset,
    producer: 'unrolled',
    graph: parts,
    metadata: {
      config: JSON.stringify(network.config),
      states: JSON.stringify(graph.states ?? []),
      ...(network.aliases.size > 0 && { aliases: JSON.stringify(Object.fromEntries(network.aliases)) }),
    },
  });
}

const valueOf = ({ name, element, shape, optional }: GraphPort): OnnxValue => ({
  name,
  element: element === 'int' ? 'int64' : element,
  shape: optional && shape ? shape.map((d) => (d === 'batch' ? stateRows : d)) : shape,
});

/** A state that was given for one row or for all, as many rows as the batch has. */
function expanded(g: OnnxGraph, graph: GraphSpec, { name, shape }: GraphPort): string {
  const given = graph.inputs.find((port) => !port.optional && port.shape?.includes('batch'));
  if (!given || !shape) return name;
  const rows = g.size(given.name, (given.shape as readonly unknown[]).indexOf('batch'));
  const sizes = shape.map((d) => (typeof d === 'number' ? g.ints([d]) : rows));
  return g.op('Expand', [name, g.concat(sizes, 0)]);
}

/** The weight as an initializer under its own name, once. */
function weight(g: OnnxGraph, network: ExportedNetwork, name: string): string {
  if (g.tensors.some((t) => t.name === name)) return name;
  const found = floatsOf(network, name);
  if (!found) throw new ConvertError(network.name, { where: name, expected: 'a weight', got: 'none' });
  return g.floats(name, found.shape, found.values);
}

function emit(
  g: OnnxGraph,
  network: ExportedNetwork,
  node: GraphNode,
  values: Map<string, string>,
  report: ConversionReport,
): void {
  const operator = Object.hasOwn(operators, node.op) ? operators[node.op] : undefined;
  if (!operator) {
    report.problem({ where: `node ${node.name}`, expected: 'an operator that ONNX can express', got: node.op });
    return;
  }
  const result = operator({
    g,
    node,
    inputs: node.inputs.map((name) => (name === null ? null : (values.get(name) as string))),
    attributes: (node.attributes ?? {}) as Record<string, never>,
    weight: (name) => weight(g, network, `${node.layer}.${name}`),
    find: (name) => floatsOf(network, name),
    report,
  });
  const outputs = typeof result === 'string' ? [result] : result;
  for (const [i, name] of node.outputs.entries()) {
    if (name === null) continue;
    if (node.op === 'Identity') g.op('Identity', [outputs[i]], {}, [name]);
    values.set(name, node.op === 'Identity' ? name : outputs[i]);
  }
}
