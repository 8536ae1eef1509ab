// ONNX models to damage: a recurrent layer with all its inputs, a graph with shape arithmetic, branches and loops.

import { made, wave } from '../onnx-recurrent-cases.ts';
import { onnxModel, type OnnxNode } from '../onnx-writer.ts';

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

const matrix = (...shape: number[]) => ({
  shape,
  values: wave(
    shape.reduce((n, d) => n * d, 1),
    shape.length,
  ),
});

/** One step of a GRU, reset before the product, from xt and h. */
const gruStep = (direction: number): readonly OnnxNode[] => [
  { op: 'Concat', inputs: ['xt', 'h'], outputs: ['both'], attributes: { axis: 1 } },
  { op: 'MatMul', inputs: ['both', `K${direction}`], outputs: ['k'] },
  { op: 'Add', inputs: ['k', 'b'], outputs: ['gates'] },
  { op: 'Split', inputs: ['gates'], outputs: ['gr', 'gz'], attributes: { axis: 1 } },
  { op: 'Sigmoid', inputs: ['gr'], outputs: ['r'] },
  { op: 'Sigmoid', inputs: ['gz'], outputs: ['z'] },
  { op: 'Mul', inputs: ['r', 'h'], outputs: ['rh'] },
  { op: 'Gemm', inputs: ['xt', `W${direction}`], outputs: ['gx'], attributes: { transB: 1 } },
  { op: 'Gemm', inputs: ['rh', `R${direction}`], outputs: ['gh'], attributes: { transB: 1 } },
  { op: 'Add', inputs: ['gx', 'gh'], outputs: ['gn'] },
  { op: 'Tanh', inputs: ['gn'], outputs: ['n'] },
  { op: 'Sub', inputs: ['h', 'n'], outputs: ['d'] },
  { op: 'Mul', inputs: ['z', 'd'], outputs: ['zd'] },
  { op: 'Add', inputs: ['n', 'zd'], outputs: ['hn'] },
  { op: 'Identity', inputs: ['hn'], outputs: ['out'] },
];

/** A Scan over a written-out step of a GRU, one backwards, and their outputs side by side. */
const writtenOut = onnxModel({
  nodes: [
    ...[0, 1].map(
      (direction): OnnxNode => ({
        op: 'Scan',
        inputs: ['start', 'x'],
        outputs: [`last${direction}`, `y${direction}`],
        attributes: {
          num_scan_inputs: 1,
          scan_input_directions: [direction],
          scan_output_directions: [direction],
          body: {
            graph: {
              nodes: gruStep(direction),
              inputs: [
                { name: 'h', shape: [2, 3] },
                { name: 'xt', shape: [2, 2] },
              ],
              outputs: [{ name: 'hn' }, { name: 'out' }],
            },
          },
        },
      }),
    ),
    { op: 'Concat', inputs: ['y0', 'y1'], outputs: ['y'], attributes: { axis: 2 } },
  ],
  inputs: [{ name: 'x', shape: [4, 2, 2] }],
  outputs: [{ name: 'y' }, { name: 'last0' }, { name: 'last1' }],
  initializers: {
    start: { shape: [2, 3], values: [0, 0, 0, 0, 0, 0] },
    b: { shape: [6], values: wave(6, 3) },
    ...Object.fromEntries(
      [0, 1].flatMap((d) => [
        [`K${d}`, matrix(5, 6)],
        [`W${d}`, matrix(3, 2)],
        [`R${d}`, matrix(3, 3)],
      ]),
    ),
  },
});

/** Models as they are, to be damaged. */
export const onnxFiles: readonly Uint8Array[] = [
  branches,
  folded,
  writtenOut,
  made({ op: 'LSTM', direction: 'bidirectional', peepholes: true, states: true, lengths: [5, 2, 3] }).bytes,
  made({ op: 'GRU', direction: 'reverse', lengths: [5, 2, 3], attributes: { linear_before_reset: 1 } }).bytes,
];
export { branches as onnxBranches, folded as onnxFolded, writtenOut as onnxWrittenOut };
