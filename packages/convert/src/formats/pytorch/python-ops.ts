// What each op of an exported graph is in PyTorch, as an expression.

import type { GraphNode } from 'unrolled/graph';

/** The node, the expression of its input k, and the expression of its layer → its own. */
type PythonOp = (node: GraphNode, of: (k: number) => string, layer: string) => string;

const infix =
  (sign: string): PythonOp =>
  (_, of) =>
    `${of(0)} ${sign} ${of(1)}`;
const method =
  (name: string): PythonOp =>
  (_, of) =>
    `torch.${name}(${of(0)})`;
const call: PythonOp = (_, of, layer) => `${layer}(${of(0)})`;

const attribute = ({ attributes = {} }: GraphNode, name: string) => attributes[name] as number | readonly number[];
const list = (node: GraphNode, name: string) => (attribute(node, name) as readonly number[]).join(', ');

const reduce =
  (name: string): PythonOp =>
  (node, of) =>
    `${of(0)}.${name}(dim=(${list(node, 'axes')},), keepdim=${attribute(node, 'keepdims') ? 'True' : 'False'})`;

export const pythonOps: Readonly<Record<string, PythonOp>> = {
  Add: infix('+'),
  Sub: infix('-'),
  Mul: infix('*'),
  Div: infix('/'),
  MatMul: infix('@'),
  Sqrt: method('sqrt'),
  Tanh: method('tanh'),
  Sigmoid: method('sigmoid'),
  Relu: method('relu'),
  Softplus: (_, of) => `F.softplus(${of(0)}, threshold=80)`,
  AddScalar: (node, of) => `${of(0)} + ${Number(attribute(node, 'value'))}`,
  ReduceSum: reduce('sum'),
  ReduceMean: reduce('mean'),
  Transpose: (node, of) => `${of(0)}.permute(${list(node, 'perm')})`,
  Reshape: (node, of) => `${of(0)}.reshape(${list(node, 'shape')})`,
  Unsqueeze: (node, of) => `${of(0)}.unsqueeze(${list(node, 'axes')})`,
  Squeeze: (node, of) => `${of(0)}.squeeze(${list(node, 'axes')})`,
  Concat: (node, of) =>
    `torch.cat([${node.inputs.map((_, k) => of(k)).join(', ')}], ${Number(attribute(node, 'axis'))})`,
  Select: (node, of) => `${of(0)}.select(${Number(attribute(node, 'axis'))}, ${Number(attribute(node, 'index'))})`,
  Part: (node, of) =>
    `${of(0)}.narrow(${Number(attribute(node, 'axis'))}, ${Number(attribute(node, 'from'))}, ${Number(attribute(node, 'to')) - Number(attribute(node, 'from'))})`,
  Linear: call,
  Embedding: call,
  LayerNorm: call,
  OneHotRows: (node, of) => `F.one_hot(${of(0)}, ${Number(attribute(node, 'depth'))}).float()`,
  CountSteps: (_, of) => `${of(0)}.clamp(min=1).unsqueeze(1)`,
  MaxOverTime: (_, of) => `max_over_time(${of(0)}, ${of(1)})`,
  MaskedSoftmax: (_, of) => `masked_softmax(${of(0)}, ${of(1)})`,
};

/** The functions of ops that are no expression, by the op. */
export const pythonFunctions: Readonly<Record<string, readonly string[]>> = {
  MaxOverTime: [
    'def max_over_time(y, lengths):',
    '    """y [T, B, H] -> [B, H], over the steps that count; 0 for a row without one."""',
    '    outside = torch.arange(len(y))[:, None] >= lengths',
    "    largest = y.masked_fill(outside[:, :, None], -float('inf')).amax(0)",
    '    return largest.masked_fill((lengths == 0)[:, None], 0)',
  ],
  MaskedSoftmax: [
    'def masked_softmax(scores, lengths):',
    '    """Scores [B, S] -> weights, 0 past the lengths."""',
    '    outside = torch.arange(scores.shape[1]) >= lengths[:, None]',
    "    return scores.masked_fill(outside, -float('inf')).softmax(1).masked_fill(outside, 0)",
  ],
};
