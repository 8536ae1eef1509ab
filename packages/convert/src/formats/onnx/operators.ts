// Operators whose meaning or form changed between opsets, brought to the latest one, and attributes that mean nothing to who only reads.

import type { GraphAttribute, GraphNode } from 'unrolled/graph';
import type { ConversionReport } from '../../model/report.ts';
import type { Draft } from './body.ts';
import { elementOf, kindOf, typeName } from './tensors.ts';

/** A node as the file has it, its attributes decoded. */
export interface RawNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly (string | null)[];
  readonly outputs: readonly (string | null)[];
  readonly attributes: Map<string, GraphAttribute>;
}

/** What a rule may use. */
export interface RuleContext {
  readonly draft: Draft;
  readonly report: ConversionReport;
  /** The version of the operator set that the node's domain has in the file. */
  readonly opset: number;
}

/** Changes the attributes of a node in place, or gives the nodes that stand for it. */
type Rule = (node: RawNode, context: RuleContext) => readonly GraphNode[] | undefined;

/** Attributes of old opsets, of training, or of memory: without meaning for the result. */
const meaningless: Readonly<Record<string, readonly string[]>> = {
  '*': ['consumed_inputs'],
  BatchNormalization: ['is_test'],
  Cast: ['saturate', 'round_mode'],
  Dropout: ['is_test'],
  RNN: ['output_sequence'],
  GRU: ['output_sequence'],
  LSTM: ['output_sequence'],
};

const rules: Readonly<Record<string, Rule>> = {
  Softmax: softmax,
  LogSoftmax: softmax,
  Cast(node, { report }) {
    const to = node.attributes.get('to');
    const element = typeof to === 'string' ? namedElement(to) : elementOf(Number(to));
    if (element === null)
      report.problem({
        where: `node ${node.name} (Cast)`,
        expected: 'an element type of numbers',
        got: typeof to === 'string' ? to.slice(0, 40) : typeName(Number(to)),
      });
    node.attributes.set('to', element === null ? 'float' : kindOf(element));
    return undefined;
  },
  BatchNormalization(node, { opset, report }) {
    const spatial = node.attributes.get('spatial');
    node.attributes.delete('spatial');
    if (spatial !== undefined && spatial !== 1)
      report.problem({ where: `node ${node.name} (BatchNormalization)`, expected: 'spatial = 1', got: '0' });
    if (opset >= 14) return undefined;
    return [{ ...plain(node), outputs: node.outputs.slice(0, 1) }]; // what training gives besides
  },
  Scan(node, { opset }) {
    if (opset < 9) node.attributes.set('batched', 1);
    return undefined;
  },
  QuantizeLinear: (node, context) => quantized(node, context, 2),
  QLinearConv: (node, context) => quantized(node, context, 7),
  ...Object.fromEntries(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'PRelu', 'Gemm'].map((op) => [op, broadcast])),
};

/** The nodes, in the library's ops, that a node of the file stands for. */
export function normalized(node: RawNode, context: RuleContext): readonly GraphNode[] {
  for (const name of [...meaningless['*'], ...(Object.hasOwn(meaningless, node.op) ? meaningless[node.op] : [])])
    node.attributes.delete(name);
  const rule = Object.hasOwn(rules, node.op) ? rules[node.op] : null;
  return rule?.(node, context) ?? [plain(node)];
}

function plain({ name, op, inputs, outputs, attributes }: RawNode): GraphNode {
  return attributes.size > 0
    ? { name, op, inputs, outputs, attributes: Object.fromEntries(attributes) }
    : { name, op, inputs, outputs };
}

/** Before opset 13: over all axes from `axis` on together, and `axis` was 1. */
function softmax(node: RawNode, { draft, opset }: RuleContext): readonly GraphNode[] | undefined {
  if (opset >= 13) return undefined;
  const axis = Number(node.attributes.get('axis') ?? 1);
  if (axis === -1) return undefined;
  const { name, op, inputs, outputs } = node;
  const [shape, flat, result] = ['shape', 'flat', 'result'].map((part) => draft.name(`${name}.${part}`));
  const named = (part: string) => draft.nodeName(`${name}.${part}`);
  return [
    { name: named('shape'), op: 'Shape', inputs, outputs: [shape] },
    { name: named('flat'), op: 'Flatten', inputs, outputs: [flat], attributes: { axis } },
    { name, op, inputs: [flat], outputs: [result], attributes: { axis: 1 } },
    { name: named('result'), op: 'Reshape', inputs: [result, shape], outputs },
  ];
}

/** Before opset 7 an operand was broadcast where a flag said so, and along axes from `axis` on. */
function broadcast(node: RawNode, { opset, report }: RuleContext): readonly GraphNode[] | undefined {
  const axis = node.attributes.get('axis');
  const flag = node.attributes.get('broadcast');
  if (opset >= 7) return undefined;
  if (node.op === 'PRelu') node.attributes.set('channels', 1);
  node.attributes.delete('broadcast');
  node.attributes.delete('axis');
  if (axis === undefined || flag === undefined) return undefined;
  report.problem({
    where: `node ${node.name} (${node.op})`,
    expected: 'operands that are broadcast from their last axes on, as since opset 7',
    got: `axis ${Number(axis)} of opset ${opset}`,
    advice: 'convert the model with onnx.version_converter',
  });
  return undefined;
}

/** The range of the type to which a node rounds: that of its zero point. */
function quantized(node: RawNode, { draft, report }: RuleContext, place: number): undefined {
  const zero = node.inputs[place] ?? null;
  const type = zero === null ? 'uint8' : draft.constants.get(zero)?.type;
  node.attributes.delete('saturate');
  if (type === 'int8' || type === 'uint8') {
    node.attributes.set('low', type === 'int8' ? -128 : 0);
    node.attributes.set('high', type === 'int8' ? 127 : 255);
  } else
    report.problem({
      where: `node ${node.name} (${node.op})`,
      expected: 'a constant zero point of 8 bits',
      got: type ?? 'one that is computed',
    });
}

/** Opsets below 6 name the type of a Cast. */
function namedElement(name: string) {
  const numbers: Readonly<Record<string, number>> = { FLOAT: 1, INT32: 6, INT64: 7, BOOL: 9, DOUBLE: 11 };
  return Object.hasOwn(numbers, name) ? elementOf(numbers[name]) : null;
}
