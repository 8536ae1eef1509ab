// ONNX models to damage: a recurrent layer with all its inputs, a graph with shape arithmetic, branches and loops.

import { made } from '../onnx-recurrent-cases.ts';
import { onnxModel } from '../onnx-writer.ts';

const one = { shape: [1], values: [1], type: 'int64' } as const;

/** y = x W where the first size is even, else −x; then three rounds of y ← y + x; as many rows as x has, by its shape. */
const branches = onnxModel({
  nodes: [
    { op: 'Shape', inputs: ['x'], outputs: ['shape'] },
    { op: 'Gather', inputs: ['shape', 'zero'], outputs: ['rows'] },
    { op: 'Equal', inputs: ['rows', 'two'], outputs: ['even'] },
    {
      op: 'If',
      inputs: ['even'],
      outputs: ['chosen'],
      attributes: {
        then_branch: {
          graph: {
            nodes: [{ op: 'MatMul', inputs: ['x', 'W'], outputs: ['product'] }],
            inputs: [],
            outputs: [{ name: 'product' }],
          },
        },
        else_branch: {
          graph: {
            nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['negative'] }],
            inputs: [],
            outputs: [{ name: 'negative' }],
          },
        },
      },
    },
    {
      op: 'Loop',
      inputs: ['three', '', 'chosen'],
      outputs: ['y', 'all'],
      attributes: {
        body: {
          graph: {
            nodes: [
              { op: 'Add', inputs: ['carried', 'x'], outputs: ['sum'] },
              { op: 'Identity', inputs: ['going'], outputs: ['on'] },
              { op: 'Identity', inputs: ['sum'], outputs: ['collected'] },
            ],
            inputs: [
              { name: 'i', type: 'int64', shape: [] },
              { name: 'going', type: 'bool', shape: [] },
              { name: 'carried' },
            ],
            outputs: [{ name: 'on', type: 'bool' }, { name: 'sum' }, { name: 'collected' }],
          },
        },
      },
    },
  ],
  inputs: [{ name: 'x', shape: ['rows', 2] }],
  outputs: [{ name: 'y' }, { name: 'all' }],
  initializers: {
    W: { shape: [2, 2], values: [1, 2, 3, 4] },
    zero: { shape: [], values: [0], type: 'int64' },
    two: { shape: [], values: [2], type: 'int64' },
    three: { ...one, shape: [], values: [3] },
  },
});

/** Gates put into another order by the graph itself, and an initial state of zeros made in it. */
const folded = onnxModel({
  nodes: [
    { op: 'Split', inputs: ['weights'], outputs: ['a', 'b', 'c', 'd'], attributes: { axis: 0 } },
    { op: 'Concat', inputs: ['a', 'd', 'b', 'c'], outputs: ['ordered'], attributes: { axis: 0 } },
    { op: 'Unsqueeze', inputs: ['ordered', 'first'], outputs: ['W'] },
    { op: 'Shape', inputs: ['x'], outputs: ['shape'] },
    { op: 'Gather', inputs: ['shape', 'axis'], outputs: ['batch'], attributes: { axis: 0 } },
    { op: 'Concat', inputs: ['directions', 'batch', 'size'], outputs: ['sizes'], attributes: { axis: 0 } },
    { op: 'Expand', inputs: ['nothing', 'sizes'], outputs: ['state'] },
    {
      op: 'LSTM',
      inputs: ['x', 'W', 'R', '', '', 'state', 'state'],
      outputs: ['Y', '', ''],
      attributes: { hidden_size: 1 },
    },
    { op: 'Squeeze', inputs: ['Y', 'directions'], outputs: ['y'] },
  ],
  inputs: [{ name: 'x', shape: ['time', 'batch', 2] }],
  outputs: [{ name: 'y', shape: ['time', 'batch', 1] }],
  initializers: {
    weights: { shape: [4, 2], values: [1, 2, 3, 4, 5, 6, 7, 8] },
    R: { shape: [1, 4, 1], values: [1, 2, 3, 4] },
    first: { ...one, values: [0] },
    axis: one,
    directions: one,
    size: one,
    nothing: { shape: [1, 1, 1], values: [0] },
  },
});

/** Models as they are, to be damaged. */
export const onnxFiles: readonly Uint8Array[] = [
  branches,
  folded,
  made({ op: 'LSTM', direction: 'bidirectional', peepholes: true, states: true, lengths: [5, 2, 3] }).bytes,
  made({ op: 'GRU', direction: 'reverse', lengths: [5, 2, 3], attributes: { linear_before_reset: 1 } }).bytes,
];
export { branches as onnxBranches, folded as onnxFolded };
