// Files that this library wrote say in their metadata which outputs are the next call's inputs. ONNX has no state that may be left out, so they are
// inputs with one row for all, which an Expand gives to each row of the batch; here they are optional inputs again, with the batch's rows.

import type { GraphNode, GraphSpec } from 'unrolled/graph';
import type { Body, Draft } from './body.ts';
import type { ModelMessage } from './messages.ts';

type States = NonNullable<GraphSpec['states']>;

const mostStates = 1000;

/** The name of the size that a state has instead of the batch's. */
export const stateRows = 'state_rows';

/** Makes the states of a file of ours optional inputs, and returns them: those that its graph has. */
export function ownStates(draft: Draft, { producer, metadata }: ModelMessage): States {
  if (producer !== 'unrolled') return [];
  const { inputs, outputs } = draft.main;
  const states = declared(metadata.get('states')).filter(
    ({ input, output }) => inputs.some(({ name }) => name === input) && outputs.some(({ name }) => name === output),
  );
  for (const { input } of states) {
    const at = inputs.findIndex(({ name }) => name === input);
    const { shape, ...port } = inputs[at];
    if (!shape?.includes(stateRows)) continue; // it has to be given
    inputs[at] = { ...port, shape: shape.map((d) => (d === stateRows ? 'batch' : d)), optional: true };
    withoutExpand(draft.main, input);
  }
  return states;
}

/** The metadata's list, if it is one: a file can say anything. */
function declared(json: string | undefined): States {
  try {
    const list: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(list) && list.length <= mostStates ? list.filter(isState) : [];
  } catch {
    return [];
  }
}

function isState(one: unknown): one is States[number] {
  const { input, output } = Object(one) as Partial<States[number]>;
  return typeof input === 'string' && typeof output === 'string';
}

/** Whoever reads the expanded state reads the state. */
function withoutExpand(body: Body, input: string): void {
  const expand = body.nodes.find(({ op, inputs }) => op === 'Expand' && inputs[0] === input);
  const expanded = expand?.outputs[0];
  if (!expanded || body.outputs.some(({ name }) => name === expanded)) return;
  body.nodes = body.nodes
    .filter((node) => node !== expand)
    .map((node): GraphNode => ({ ...node, inputs: node.inputs.map((name) => (name === expanded ? input : name)) }));
}
