// ONNX → an ordinary module. The file's graph is brought to the latest form of its operators, what is constant in it is computed, recurrent operators
// become layers, and initializers become parameters: the model can be trained further and looked inside.

import { FormatError, type SavedTensor } from 'unrolled';
import {
  checkGraph,
  type FilledTensor,
  type GraphConstant,
  type GraphNode,
  graphOps,
  type GraphSpec,
  unknownOps,
} from 'unrolled/graph';
import { ConvertError } from '../../errors.ts';
import { importedNetwork, type LayerSummary, type ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import type { ReadOptions } from '../format.ts';
import { bodiesOf, type Draft } from './body.ts';
import { raiseCells } from './cells.ts';
import { fixInputs } from './fixed.ts';
import { foldConstants, prune } from './fold.ts';
import { askGRU } from './gru-form.ts';
import type { GraphMessage, ModelMessage, TensorMessage } from './messages.ts';
import { type LayerWeights, raiseRecurrent, weightOf } from './recurrent.ts';
import { joinDirections } from './pairs.ts';
import { raiseSequences } from './sequences.ts';
import { simplify } from './simplify.ts';
import { ownStates } from './own-states.ts';
import { externalFiles } from './tensors.ts';
import { tidy } from './tidy.ts';
import { isTrained } from './trained.ts';
import { translate } from './translate.ts';
import { readMessages } from './wire.ts';
import { Zeros } from './zeros.ts';

const [oldest, newest] = [7, 22];

export async function read(files: ModelFiles, report: ConversionReport, options: ReadOptions): Promise<ModelContents> {
  const model = readMessages(await files.bytes(files.main), files.name);
  requireGraph(model, report);
  const external = await externalFiles(files, tensorsOf(model.graph));
  const { draft, arrays } = translate(model, external, report);
  fixInputs(draft, options.fixed ?? {}, report);
  askGRU(draft, model, report, options);
  const states = ownStates(draft, model);
  const folded = foldConstants(draft);
  if (folded > 0) report.decide('constant-folding', null, `${folded} nodes`, 'they do not depend on the input');
  simplify(draft);
  const layers: LayerWeights = new Map();
  raiseRecurrent(draft, new Zeros(draft), report, layers);
  raiseCells(draft, new Zeros(draft), report, layers);
  prune(draft);
  raiseSequences(draft, new Zeros(draft), report);
  joinDirections(draft, report, layers);
  tidy(draft);
  prune(draft);
  const { graph: whole, tensors } = finished(draft);
  const graph = states.length > 0 ? { ...whole, states } : whole;
  const problems = report.problems.length;
  for (const { op, node } of unknownOps(graph, graphOps)) {
    const name = op.replace(/^ai\.onnx\.(?=[^.]+$)/, '').slice(0, 80);
    report.problem({
      where: `node ${node} (${name})`,
      expected: 'an operator that is read; docs/convert.md lists them',
      got: name,
      advice: 'export the model without it, or convert the part before and behind it',
    });
  }
  if (report.problems.length === problems) checked(graph, report);
  return {
    format: 'onnx',
    producer: [model.producer, model.producerVersion].filter(Boolean).join(' ') || null,
    arrays,
    layers: summaries(draft),
    network: importedNetwork(
      graph,
      new Map([
        ...tensors,
        ...Array.from(layers, ([layer, own]) =>
          Array.from(own, ([name, make]) => [`${layer}.${name}`, make] as const),
        ).flat(),
      ]),
    ),
    report,
  };
}

function requireGraph(
  model: ModelMessage,
  report: ConversionReport,
): asserts model is ModelMessage & { readonly graph: GraphMessage } {
  if (!model.graph || model.opsets.size === 0)
    throw new ConvertError(report.source, {
      expected: 'an ONNX model with a graph and its opset',
      got: model.graph ? 'no opset' : 'no graph',
      advice: 'is this an ONNX file?',
    });
  const opset = model.opsets.get('') ?? newest;
  if (opset > newest)
    report.warn(
      `opset ${opset} is newer than ${newest}, the newest that is known here`,
      null,
      'its operators are read with their meaning in that one; compare the outputs with those of the source',
    );
  if (opset < oldest)
    report.warn(
      `opset ${opset} is older than ${oldest}`,
      null,
      'operators whose meaning changed are refused; onnx.version_converter makes a newer file of it',
    );
  if (model.functions > 0)
    report.decide('functions', null, 'passed over', 'nodes that call functions of the file are refused by name');
}

/** All tensors of a graph, of its nodes and of the graphs in them. */
function* tensorsOf(graph: GraphMessage): Generator<TensorMessage> {
  yield* graph.initializers;
  for (const { attributes } of graph.nodes)
    for (const { tensor, graph: inner } of attributes) {
      if (tensor) yield tensor;
      if (inner) yield* tensorsOf(inner);
    }
}

/** The graph as the library has it, and its float tensors. */
function finished(draft: Draft): { graph: GraphSpec; tensors: Map<string, () => SavedTensor | FilledTensor> } {
  const read = new Map<string, GraphNode[]>();
  for (const body of draft.bodies()) {
    for (const node of body.nodes)
      for (const name of node.inputs) {
        if (name === null) continue;
        const readers = read.get(name);
        if (readers) readers.push(node);
        else read.set(name, [node]);
      }
    for (const { name } of body.outputs) if (!read.has(name)) read.set(name, []);
  }
  const constants: Record<string, GraphConstant> = Object.create(null);
  const parameters: Record<string, readonly number[]> = Object.create(null);
  const buffers: Record<string, readonly number[]> = Object.create(null);
  const floating: string[] = [];
  for (const [name, constant] of draft.constants) {
    const readers = read.get(name);
    if (!readers) continue;
    const { element, shape } = constant;
    if (element !== 'float') constants[name] = { element, shape, values: Array.from(constant.values()) };
    else {
      floating.push(name);
      (isTrained(name, constant, readers) ? parameters : buffers)[name] = shape;
    }
  }
  const { inputs, outputs, nodes } = draft.main;
  return {
    graph: { inputs, outputs, nodes, constants, parameters, buffers },
    tensors: new Map(
      floating.map((name) => {
        const constant = draft.constants.get(name);
        if (!constant) throw new Error(`unreachable: ${name}`);
        return [name, () => weightOf(constant)];
      }),
    ),
  };
}

/** Asks the library whether it can run the graph; what it says becomes a problem. */
function checked(graph: GraphSpec, report: ConversionReport): void {
  try {
    checkGraph(graph, graphOps, report.source);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    report.problem({ where: 'graph', expected: 'a graph that can be run', got: error.message.slice(0, 500) });
  }
}

/** The nodes with weights, in the words of the file. */
function summaries(draft: Draft): LayerSummary[] {
  const layers: LayerSummary[] = [];
  for (const body of draft.bodies())
    for (const node of body.nodes) {
      if (bodiesOf(node).length > 0) continue;
      const { inputSize, hiddenSize, bidirectional } = (node.attributes ?? {}) as Readonly<Record<string, unknown>>;
      const recurrent = typeof hiddenSize === 'number' && typeof inputSize === 'number';
      const own = node.inputs.flatMap((name) => {
        const constant = name === null ? undefined : draft.constants.get(name);
        return constant?.element === 'float' && constant.shape.length > 0 ? [constant.shape] : [];
      });
      if (!recurrent && own.length === 0) continue;
      const size = (shape: readonly number[]) => shape.reduce((n, d) => n * d, 1);
      layers.push({
        name: node.name,
        kind: node.op,
        settings: recurrent
          ? `${inputSize} → ${hiddenSize}${bidirectional === true ? ', bidirectional' : ''}`
          : own.map((shape) => `[${shape.join(', ')}]`).join(' '),
        output: null,
        parameters: recurrent
          ? recurrentSize(node, inputSize, hiddenSize)
          : own.reduce((n, shape) => n + size(shape), 0),
      });
    }
  return layers;
}

function recurrentSize(node: GraphNode, inputSize: number, hiddenSize: number): number {
  const gates = { RNNLayer: 1, GRULayer: 3, LSTMLayer: 4 }[node.op] ?? 0;
  const directions = node.attributes?.bidirectional === true ? 2 : 1;
  const biases = node.attributes?.bias === false ? 0 : 2;
  return directions * gates * hiddenSize * (inputSize + hiddenSize + biases);
}
