// Nodes that run graphs of their own: branches and loops.

import { stack } from '../../tensor/ops/shaping.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { hostConcat, hostSlice } from '../host-arrays.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { asFloat, type GraphValue, HostArray } from '../value.ts';
import { reshaped } from './shaping.ts';

export const controlFlowOps: Readonly<Record<string, GraphOp>> = {
  If: {
    inputs: ['cond'],
    attributes: ['then_branch', 'else_branch'],
    run: (node) => node.runGraph(node.graph(node.host(0).values[0] !== 0 ? 'then_branch' : 'else_branch'), []),
  },

  /** Runs its body M times, or as long as its condition holds. Values are carried from one iteration to the next; others are collected. */
  Loop: {
    inputs: ['M?', 'cond?', 'v_initial?', '…'],
    attributes: ['body'],
    run: (node) => {
      const body = node.graph('body');
      const most = node.given(0) ? node.host(0).values[0] : Infinity;
      let going = !node.given(1) || node.host(1).values[0] !== 0;
      let carried = node.inputs.slice(2).map((_, i) => node.value(2 + i));
      const collected: GraphValue[][] = body.outputs.slice(1 + carried.length).map(() => []);
      for (let i = 0; i < most && going; i++) {
        node.requireIterations(i + 1);
        const condition = new HostArray('bool', [], [1]);
        const results = node.runGraph(body, [new HostArray('int', [], [i]), condition, ...carried]);
        going = hostOf(results[0]) !== 0;
        carried = results.slice(1, 1 + carried.length);
        for (const [k, list] of collected.entries()) list.push(results[1 + carried.length + k]);
      }
      return [
        ...carried,
        ...collected.map((list, k) => collect(node, list, 0, body.outputs[1 + carried.length + k].element)),
      ];
    },
  },

  /** Runs its body on each position of its scan inputs. States come first. `batched` is the form of opset 8: a batch axis, and lengths as first input. */
  Scan: {
    inputs: ['initial_state_and_scan_inputs?', '…'],
    attributes: [
      'body',
      'num_scan_inputs',
      'scan_input_axes',
      'scan_input_directions',
      'scan_output_axes',
      'scan_output_directions',
      'directions',
      'batched',
    ],
    run: (node) => {
      if (!node.flag('batched', false))
        return scanned(
          node,
          node.inputs.map((_, i) => node.value(i)),
        );
      if (node.given(0)) node.fail('sequence_lens of opset 8 are not supported; convert the model to opset 9');
      const values = node.inputs.slice(1).map((_, i) => node.value(1 + i));
      const [B] = values[0].shape;
      const rows = Array.from({ length: B }, (_, b) =>
        scanned(
          node,
          values.map((value) => at(value, 0, b)),
        ),
      );
      return rows[0].map((_, k) =>
        collect(
          node,
          rows.map((row) => row[k]),
          0,
          'float',
        ),
      );
    },
  },
};

function scanned(node: RunContext, values: readonly GraphValue[]): GraphValue[] {
  const body = node.graph('body');
  const count = node.whole('num_scan_inputs');
  const states = values.length - count;
  if (count < 1 || states < 0) node.fail(`num_scan_inputs: expected 1 to ${values.length}, got ${count}`);
  const outputs = body.outputs.length - states;
  const zeros = (n: number) => new Array<number>(Math.max(0, n)).fill(0);
  const axes = node.wholes('scan_input_axes', zeros(count));
  const backwards = node.wholes('scan_input_directions', node.wholes('directions', zeros(count)));
  const outputAxes = node.wholes('scan_output_axes', zeros(outputs));
  const outputBackwards = node.wholes('scan_output_directions', zeros(outputs));
  const inputs = values.slice(states);
  const along = inputs.map((value, k) => node.axis(axes[k] ?? 0, value.shape.length));
  const [T] = inputs.map((value, k) => value.shape[along[k]]);
  if (inputs.some((value, k) => value.shape[along[k]] !== T)) node.fail('its scan inputs differ in length');
  node.requireIterations(T);
  const steps = inputs.map((value, k) =>
    value instanceof Tensor ? value.unbind(along[k]) : Array.from({ length: T }, (_, t) => at(value, along[k], t)),
  );
  let carried = values.slice(0, states);
  const collected: GraphValue[][] = zeros(outputs).map(() => []);
  for (let t = 0; t < T; t++) {
    const now = steps.map((list, k) => list[backwards[k] ? T - 1 - t : t]);
    const results = node.runGraph(body, [...carried, ...now]);
    carried = results.slice(0, states);
    for (const [k, list] of collected.entries()) list.push(results[states + k]);
  }
  return [
    ...carried,
    ...collected.map((list, k) =>
      collect(node, outputBackwards[k] ? list.reverse() : list, outputAxes[k] ?? 0, body.outputs[states + k].element),
    ),
  ];
}

function hostOf(value: GraphValue): number {
  return value instanceof HostArray ? value.values[0] : value.itemSync();
}

/** One position of an axis, which goes. */
function at(value: GraphValue, axis: number, index: number): GraphValue {
  if (value instanceof Tensor) return value.select(axis, index);
  const one = hostSlice(value, axis, index, 1, 1);
  return new HostArray(one.element, one.shape.toSpliced(axis, 1), one.values);
}

/** Values of one iteration each, along a new axis. */
function collect(
  node: RunContext,
  list: readonly GraphValue[],
  axis: number,
  element: 'float' | 'int' | 'bool',
): GraphValue {
  if (list.length === 0) {
    if (element === 'float') return asFloat(new HostArray('int', [0], []));
    return new HostArray(element, [0], []);
  }
  const counted = node.axis(axis, list[0].shape.length + 1);
  if (list.every((value) => value instanceof HostArray))
    return hostConcat(
      list.map((value) => reshaped(value, value.shape.toSpliced(counted, 0, 1)) as HostArray),
      counted,
    );
  return stack(
    list.map((value) => asFloat(value)),
    counted,
  );
}
