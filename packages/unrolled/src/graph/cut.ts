// Part of a graph: what has to run for one of its values, and nothing else. The classifier behind the last feature map is left out in this way.

import type { GraphNode, GraphPort, GraphSpec } from './spec.ts';

/** The graph that gives `outputs` alone: its nodes, inputs, constants and weights are those that they depend on. */
export function cutGraph(graph: GraphSpec, outputs: readonly GraphPort[]): GraphSpec {
  const needed = new Set(outputs.map(({ name }) => name));
  const nodes = graph.nodes
    .toReversed()
    .filter((node) => {
      const runs = node.outputs.some((name) => name !== null && needed.has(name));
      if (runs) for (const name of readBy(node)) needed.add(name);
      return runs;
    })
    .reverse();
  const some = <T>(named: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(Object.entries(named).filter(([name]) => needed.has(name)));
  return {
    inputs: graph.inputs.filter(({ name }) => needed.has(name)),
    outputs,
    nodes,
    constants: some(graph.constants),
    parameters: some(graph.parameters),
    buffers: some(graph.buffers),
  };
}

/** Names of the values that a node reads, and that the graphs in it read. */
function* readBy({ inputs, attributes = {} }: GraphNode): Generator<string> {
  for (const name of inputs) if (name !== null) yield name;
  for (const value of Object.values(attributes)) {
    if (typeof value !== 'object' || value === null || !('graph' in value)) continue;
    for (const { name } of value.graph.outputs) yield name;
    for (const node of value.graph.nodes) yield* readBy(node);
  }
}
