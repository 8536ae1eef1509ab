// A memory problem's model: a recurrent layer over vectors, and a linear layer at each step.

import type { MemoryModel } from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { GraphBuilder } from '../graph-builder.ts';
import { lastState } from './parts.ts';

/** input [T, B, I], lengths → output [T, B, O] of every step, last [B, O] of each row's last step, and the state after it. */
export function memoryModelGraph(model: MemoryModel): GraphSpec {
  const g = new GraphBuilder();
  const { inputSize, outputSize, cell } = model.config;
  const x = g.input('input', 'float', ['time', 'batch', inputSize]);
  const lengths = g.input('lengths', 'int', ['batch']);
  const before = g.stateInputs(model.recurrent, cell);
  const { output, states } = g.recurrent('recurrent', model.recurrent, cell, x, { lengths, states: before });
  g.output('output', g.linear('head', model.head, output), ['time', 'batch', outputSize]);
  g.output('last', g.linear('head', model.head, lastState(g, states[0], 1)), ['batch', outputSize]);
  g.stateOutputs(model.recurrent, cell, states);
  return g.finish();
}
