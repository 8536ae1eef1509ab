// What ops on images and frames are in ONNX.

import { OnnxGraph, untyped } from './graph.ts';
import type { Operator } from './operator.ts';
import { activeSteps } from './recurrent.ts';

export const imageOperators: Readonly<Record<string, Operator>> = {
  /** x [B, C, h, w] */
  Conv2dLayer: ({ g, inputs: [x], attributes, weight }) => {
    const { kernelSize, stride, padding, bias } = attributes as unknown as ConvolutionAttributes;
    return g.op('Conv', [x as string, weight('weight'), ...(bias ? [weight('bias')] : [])], {
      kernel_shape: kernelSize,
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    });
  },

  BatchNorm2d: ({ g, inputs: [x], attributes: { eps }, weight }) => {
    const weights = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => weight(name));
    return g.op('BatchNormalization', [x as string, ...weights], { epsilon: { float: eps } });
  },

  AveragePool: ({ g, inputs: [x], attributes }) => g.op('AveragePool', [x as string], attributes),

  /** steps [K − 1 + T, B, H], weight [K, H], bias [H] → [T, B, H]: each unit over its last K steps. */
  DepthwiseConv: ({ g, inputs: [steps, weight, bias], attributes: { taps, units } }) => {
    const kernel = g.unsqueeze(g.op('Transpose', [weight as string], { perm: [1, 0] }), 1); // [H, 1, K]
    const turned = g.op('Transpose', [steps as string], { perm: [1, 2, 0] });
    const y = g.op('Conv', [turned, kernel, bias as string], { kernel_shape: [taps], group: units });
    return g.op('Transpose', [y], { perm: [2, 0, 1] });
  },

  /** The last `count` steps. */
  LastSteps: ({ g, inputs: [x], attributes: { count } }) => g.slice(x as string, 0, -count, 2 ** 31),

  /** x [T, B, ..] and the step before its first [1, B, ..] → each step's predecessor [T, B, ..]. */
  StepsBefore: ({ g, inputs: [x, before] }) => g.slice(g.concat([before as string, x as string], 0), 0, 0, -1),

  /** x [T, B, F], index [B] → step index[b] of row b [B, F]. */
  StepAt: ({ g, inputs: [x, index] }) => {
    const one = g.op('Expand', [g.unsqueeze(index as string, 0, 2), rowShape(g, x as string)]); // [1, B, F]
    return g.squeeze(g.op('GatherElements', [x as string, one], { axis: 0 }), 0);
  },

  /** Rows [T·B, F] as the steps they came from: [T, B, F]. */
  SplitSteps: ({ g, inputs: [rows, like] }) => {
    const sizes = g.op('Shape', [like as string], { start: 0, end: 2 });
    return g.op('Reshape', [rows as string, g.concat([sizes, g.ints([-1])], 0)]);
  },

  /** v [B, E] at each step of x [T, B, ..]: [T, B, E]. */
  ExpandSteps: ({ g, inputs: [v, x] }) =>
    g.op('Expand', [g.unsqueeze(v as string, 0), g.concat([g.size(x as string, 0), g.ints([1, 1])], 0)]),

  ZerosLike: ({ g, inputs: [x] }) => g.op('ConstantOfShape', [g.op('Shape', [x as string])]),

  AddSteps: ({ g, inputs: [lengths], attributes: { count } }) => g.op('Add', [lengths as string, g.ints([count])]),

  /** Weights [B, R] → 1 at the largest, 0 elsewhere. */
  HardWeights: ({ g, inputs: [weights] }) => {
    const offOn = g.concat([g.unsqueeze(g.float(0), 0), g.unsqueeze(g.float(1), 0)], 0);
    const largest = g.op('ArgMax', [weights as string], { axis: 1, keepdims: 0 });
    return g.op('OneHot', [largest, g.size(weights as string, 1), offOn]);
  },

  /**
   * Kernels [T, B, H, 9] and gates [T, B, H, h, w] → the last maps [B, H, h, w]: each step shifts them by its 3 × 3 kernel, and multiplies by its
   * gate. At first they are 1; a row past its length keeps its maps.
   */
  ShiftMaps: ({ g, inputs: [kernels, gates, lengths], attributes: { backward } }) => {
    const active = g.unsqueeze(activeSteps(g, gates as string, lengths as string), 3); // [T, B, 1, 1]
    const shape = g.op('Shape', [gates as string], { start: 1, end: 5 });
    const before = g.op('Expand', [g.float(1), shape]);
    const body = new OnnxGraph(`${g.name()}_`);
    const [maps, kernel, gate, here] = [body.name(), body.name(), body.name(), body.name()];
    const padded = body.op('Pad', [maps, body.ints([0, 0, 1, 1, 0, 0, 1, 1])]);
    const taps = Array.from({ length: 9 }, (_, k) => {
      const [row, column] = [Math.floor(k / 3), k % 3];
      const end = (at: number) => (at === 2 ? 2 ** 31 : at - 2);
      const part = body.slice(body.slice(padded, 2, row, end(row)), 3, column, end(column));
      return body.op('Mul', [part, body.unsqueeze(body.slice(kernel, 2, k, k + 1), 3)]);
    });
    const moved = taps.reduce((a, b) => body.op('Add', [a, b]));
    const next = body.op('Where', [body.unsqueeze(here, 3), body.op('Mul', [moved, gate]), maps]);
    const scanned = [kernels as string, gates as string, active];
    const inputs = [untyped(maps), untyped(kernel), untyped(gate), untyped(here, 'bool')];
    return g.op('Scan', [before, ...scanned], {
      num_scan_inputs: scanned.length,
      scan_input_directions: scanned.map(() => (backward ? 1 : 0)),
      body: { graph: body.parts('shift_maps', inputs, [untyped(next)]) },
    });
  },
};

/** The shape of one step of x [T, B, F], with its axis of time: [1, B, F]. */
function rowShape(g: OnnxGraph, x: string): string {
  return g.concat([g.ints([1]), g.op('Shape', [x], { start: 1, end: 3 })], 0);
}

interface ConvolutionAttributes {
  readonly kernelSize: readonly number[];
  readonly stride: number;
  readonly padding: number;
  readonly bias: boolean;
}
