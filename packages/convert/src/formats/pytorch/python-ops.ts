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
  MulScalar: (node, of) => `${of(0)} * ${Number(attribute(node, 'value'))}`,
  ReduceMax: reduce('amax'),
  ReduceSum: reduce('sum'),
  ReduceMean: reduce('mean'),
  Transpose: (node, of) => `${of(0)}.permute(${list(node, 'perm')})`,
  // 0 is the size of the input's own axis
  Reshape: (node, of) => {
    const shape = attribute(node, 'shape') as readonly number[];
    return `${of(0)}.reshape(${shape.map((d, axis) => (d === 0 ? `${of(0)}.shape[${axis}]` : d)).join(', ')})`;
  },
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
  Conv2dLayer: call,
  BatchNorm2d: call,
  Softmax: (node, of) => `${of(0)}.softmax(${Number(attribute(node, 'axis'))})`,
  LogSoftmax: (node, of) => `${of(0)}.log_softmax(${Number(attribute(node, 'axis'))})`,
  AveragePool: (node, of) => {
    const [size, stride, pad] = ['kernel_shape', 'strides', 'pads'].map(
      (name) => (attribute(node, name) as number[])[0],
    );
    const ceil = attribute(node, 'ceil_mode') ? 'True' : 'False';
    return `F.avg_pool2d(${of(0)}, ${size}, ${stride}, ${pad}, ceil_mode=${ceil}, count_include_pad=False)`;
  },
  OneHotRows: (node, of) => `F.one_hot(${of(0)}, ${Number(attribute(node, 'depth'))}).float()`,
  CountSteps: (_, of) => `${of(0)}.clamp(min=1).unsqueeze(1)`,
  MaxOverTime: (_, of) => `max_over_time(${of(0)}, ${of(1)})`,
  MaskedSoftmax: (_, of) => `masked_softmax(${of(0)}, ${of(1)})`,
  HardWeights: (_, of) => `hard_weights(${of(0)})`,
  ReverseSequence: (_, of) => `reverse_rows(${of(0)}, ${of(1)})`,
  DepthwiseConv: (_, of) => `depthwise_conv(${of(0)}, ${of(1)}, ${of(2)})`,
  ShiftMaps: (node, of) =>
    `shift_maps(${of(0)}, ${of(1)}, ${of(2)}, backward=${attribute(node, 'backward') ? 'True' : 'False'})`,
  LastSteps: (node, of) => `${of(0)}[-${Number(attribute(node, 'count'))}:]`,
  StepsBefore: (_, of) => `torch.cat([${of(1)}, ${of(0)}])[:-1]`,
  StepAt: (_, of) => `${of(0)}[${of(1)}, torch.arange(len(${of(1)}), device=${of(1)}.device)]`,
  SplitSteps: (_, of) => `${of(0)}.reshape(*${of(1)}.shape[:2], -1)`,
  ExpandSteps: (_, of) => `${of(0)}.expand(len(${of(1)}), -1, -1)`,
  ZerosLike: method('zeros_like'),
  AddSteps: (node, of) => `${of(0)} + ${Number(attribute(node, 'count'))}`,
};
