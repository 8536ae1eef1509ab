// What each op of an exported graph is in ONNX.

import type { RecurrentCell } from '../../../export/cells.ts';
import type { ConversionReport } from '../../../model/report.ts';
import type { OnnxGraph } from './graph.ts';
import { imageOperators } from './image-operators.ts';
import type { OnnxAttribute } from './proto.ts';
import type { Operator } from './operator.ts';
import { activeSteps, writeRecurrent } from './recurrent.ts';
import { scanCells } from './scan-cells.ts';

const largeNegative = -(2 ** 127); // finite: below all scores there are

/** The same operator, its attributes as they are. */
const same: Operator = ({ g, node, inputs, attributes }) =>
  g.op(node.op, inputs as string[], attributes as Record<string, OnnxAttribute>);

/** Axes that are an input since opset 13. */
const withAxes: Operator = ({ g, node, inputs, attributes: { axes, keepdims } }) =>
  g.op(node.op, [inputs[0] as string, g.ints(axes)], keepdims === undefined ? {} : { keepdims: Number(keepdims) });

/** bool [B, S] for scores [B, S]. */
function activePositions(g: OnnxGraph, scores: string, lengths: string): string {
  const S = g.squeeze(g.size(scores, 1), 0);
  const positions = g.unsqueeze(g.op('Range', [g.ints([0], true), S, g.ints([1], true)]), 0);
  return g.op('Less', [positions, g.unsqueeze(lengths, 1)]);
}

export const operators: Readonly<Record<string, Operator>> = {
  ...imageOperators,
  Identity: ({ inputs: [x] }) => x as string,
  Add: same,
  Sub: same,
  Mul: same,
  Div: same,
  Sqrt: same,
  Tanh: same,
  Sigmoid: same,
  Relu: same,
  Softplus: same,
  MatMul: same,
  Transpose: same,
  Concat: same,
  Softmax: same,
  LogSoftmax: same,
  ReverseSequence: same,
  ReduceSum: withAxes,
  Squeeze: withAxes,
  Unsqueeze: withAxes,

  ReduceMean: ({ g, inputs: [x], attributes: { axes, keepdims } }) =>
    g.op('ReduceMean', [x as string], { axes, keepdims: Number(keepdims) }),

  ReduceMax: ({ g, inputs: [x], attributes: { axes, keepdims } }) =>
    g.op('ReduceMax', [x as string], { axes, keepdims: Number(keepdims) }),

  AddScalar: ({ g, inputs: [x], attributes: { value } }) => g.op('Add', [x as string, g.float(value)]),

  MulScalar: ({ g, inputs: [x], attributes: { value } }) => g.op('Mul', [x as string, g.float(value)]),

  Reshape: ({ g, inputs: [x], attributes: { shape } }) => g.op('Reshape', [x as string, g.ints(shape)]),

  Select: ({ g, inputs: [x], attributes: { axis, index } }) =>
    g.op('Gather', [x as string, g.ints([index], true)], { axis }),

  Part: ({ g, inputs: [x], attributes: { axis, from, to } }) => g.slice(x as string, axis, from, to),

  Linear: ({ g, inputs: [x], attributes: { bias }, weight }) => {
    const product = g.op('MatMul', [x as string, g.op('Transpose', [weight('weight')], { perm: [1, 0] })]);
    return bias ? g.op('Add', [product, weight('bias')]) : product;
  },

  Embedding: ({ g, inputs: [ids], weight }) => g.op('Gather', [weight('weight'), ids as string]),

  OneHotRows: ({ g, inputs: [ids], attributes: { depth } }) => {
    const offOn = g.concat([g.unsqueeze(g.float(0), 0), g.unsqueeze(g.float(1), 0)], 0);
    return g.op('OneHot', [ids as string, g.ints([depth], true), offOn]);
  },

  LayerNorm: ({ g, inputs: [x], attributes: { eps }, weight }) =>
    g.op('LayerNormalization', [x as string, weight('weight'), weight('bias')], { epsilon: { float: eps } }),

  Recurrent: ({ g, node, inputs: [x, lengths, ...states], attributes, find, report }) => {
    const { cell, hiddenSize, numLayers, first, bidirectional } = attributes as unknown as RecurrentAttributes;
    const name = node.layer as string;
    decideCell(report, name, cell);
    const layer = { name, cell, hiddenSize, numLayers, first, directions: bidirectional ? 2 : 1 } as const;
    return writeRecurrent(g, layer, find, x as string, lengths, states);
  },

  /** float [B, 1]: the steps of each row, at least 1. */
  CountSteps: ({ g, inputs: [lengths] }) =>
    g.unsqueeze(g.op('Max', [g.op('Cast', [lengths as string], { to: 1 }), g.float(1)]), 1),

  /** y [T, B, H] → [B, H]; 0 for a row without a step. */
  MaxOverTime: ({ g, inputs: [y, lengths] }) => {
    const active = activeSteps(g, y as string, lengths as string);
    const masked = g.op('Where', [active, y as string, g.float(largeNegative)]);
    const largest = g.op('ReduceMax', [masked], { axes: [0], keepdims: 0 });
    const began = g.unsqueeze(g.op('Greater', [lengths as string, g.ints([0], true)]), 1);
    return g.op('Where', [began, largest, g.float(0)]);
  },

  /** Scores [B, S] → their softmax over the positions that count, 0 at the others. */
  MaskedSoftmax: ({ g, inputs: [scores, lengths] }) => {
    if (lengths === null) return g.op('Softmax', [scores as string], { axis: -1 });
    const active = activePositions(g, scores as string, lengths);
    const masked = g.op('Where', [active, scores as string, g.float(largeNegative)]);
    return g.op('Where', [active, g.op('Softmax', [masked], { axis: -1 }), g.float(0)]);
  },
};

/** The attributes of a recurrent node. */
export interface RecurrentAttributes {
  readonly cell: RecurrentCell;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly first: number;
  readonly bidirectional: boolean;
}

function decideCell(report: ConversionReport, layer: string, cell: RecurrentCell): void {
  if (cell === 'gru')
    report.decide('gru-form', layer, 'reset after the product', 'linear_before_reset=1, as in PyTorch and the library');
  else if (cell === 'gru-reset-before')
    report.decide('gru-form', layer, 'reset before the product', 'linear_before_reset=0');
  else if (Object.hasOwn(scanCells, cell))
    report.decide('operator', layer, `${cell} as a Scan`, 'ONNX has no operator for it');
  if (cell === 'gru' || cell === 'gru-reset-before') report.decide('gate-order', layer, 'z r h', 'the order of ONNX');
  if (cell === 'lstm' || cell === 'lstm-peephole') report.decide('gate-order', layer, 'i o f c', 'the order of ONNX');
}
