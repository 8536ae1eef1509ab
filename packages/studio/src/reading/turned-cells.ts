// Which cells of a graph read from the end to the start: what a layer reads is followed back to the graph's input, and every turn on the way counts that is
// along the axis of time. A turn along another axis, of features say, changes no place.

import type { Module } from 'unrolled';
import { namedCells } from 'unrolled/analysis';
import type { GraphModel, GraphNode, GraphSpec } from 'unrolled/graph';

/** Where time is in a value. */
interface TimeAxis {
  readonly axis: number;
  readonly rank: number;
}

/** Cells of layers that read what the graph has turned round on its way from the input: an odd number of times. */
export function turnedCells(model: GraphModel): ReadonlySet<unknown> {
  const { graph } = model;
  const layers = new Map(model.children());
  const cellsOf = (node: GraphNode) => {
    const layer: Module | undefined = layers.get(node.layer ?? node.name);
    return layer ? namedCells(layer) : [];
  };
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const isTurned = (layer: GraphNode): boolean => {
    let turned = false;
    let time: TimeAxis | null = timeOf(layer);
    let node: GraphNode | undefined = layer;
    for (let k = 0; node && time && k < graph.nodes.length; k++) {
      if (cellsOf(node).length > 0) time = timeOf(node);
      if (turns(node, time, graph)) turned = !turned;
      time = timeBefore(node, time, graph);
      node = producers.get(readBy(node, graph));
    }
    return turned;
  };
  const found = graph.nodes.map((node) => [node, cellsOf(node)] as const).filter(([, cells]) => cells.length > 0);
  return new Set(found.flatMap(([node, cells]) => (isTurned(node) ? cells.map(({ cell }) => cell) : [])));
}

/** Where time is in what a recurrent layer reads, [T, B, I] or [B, T, I]. */
const timeOf = ({ op, attributes = {} }: GraphNode): TimeAxis => ({
  axis: op.startsWith('Keras') || attributes.layout === 1 ? 1 : 0,
  rank: 3,
});

/** Whether a node takes rows of a table by ids. */
const isTable = ({ op, inputs: [data] }: GraphNode, { parameters = {}, constants = {} }: GraphSpec): boolean =>
  op === 'Gather' && (Object.hasOwn(parameters, data ?? '') || Object.hasOwn(constants, data ?? ''));

/** What a node reads along time. */
const readBy = (node: GraphNode, graph: GraphSpec): string | null => node.inputs[isTable(node, graph) ? 1 : 0] ?? null;

/** Numbers that are input i of a node, or the attribute `name`; null where neither is known. */
function listOf({ inputs, attributes = {} }: GraphNode, i: number, name: string, { constants = {} }: GraphSpec) {
  const input = inputs[i] ?? '';
  const list = attributes[name] ?? (Object.hasOwn(constants, input) ? constants[input].values : null);
  return list === null || typeof list !== 'object' ? null : Array.from(list as ArrayLike<number>);
}

const counted = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Whether a node turns what it gives round along time. */
function turns(node: GraphNode, { axis, rank }: TimeAxis, graph: GraphSpec): boolean {
  const { op, attributes = {} } = node;
  if (op === 'ReverseSequence') return (attributes.time_axis ?? 0) === axis;
  if (op !== 'Slice') return attributes.goBackwards === true;
  const steps = listOf(node, 4, 'steps', graph) ?? [];
  const axes = listOf(node, 3, 'axes', graph) ?? Array.from(steps.keys());
  return axes.some((one, k) => counted(one, rank) === axis && steps[k] === -1);
}

/** Where time was before a node; null where there was none. */
function timeBefore(node: GraphNode, { axis, rank }: TimeAxis, graph: GraphSpec): TimeAxis | null {
  const { op, attributes = {} } = node;
  switch (op) {
    case 'Transpose': {
      const perm = listOf(node, -1, 'perm', graph) ?? Array.from({ length: rank }, (_, k) => rank - 1 - k);
      return { axis: counted(perm[axis] ?? axis, perm.length), rank: perm.length };
    }
    case 'Squeeze': {
      const axes = listOf(node, 1, 'axes', graph) ?? [];
      const removed = new Set(axes.map((one) => counted(one, rank + axes.length)));
      const kept = Array.from({ length: rank + axes.length }, (_, k) => k).filter((k) => !removed.has(k));
      return { axis: kept[axis] ?? axis, rank: rank + axes.length };
    }
    case 'Unsqueeze': {
      const axes = (listOf(node, 1, 'axes', graph) ?? []).map((one) => counted(one, rank));
      if (axes.includes(axis)) return null;
      return { axis: axis - axes.filter((one) => one < axis).length, rank: rank - axes.length };
    }
    case 'Select':
      return {
        axis: axis + Number(counted(Number(attributes.axis), rank + 1) <= axis),
        rank: rank + 1,
      };
    default:
      return { axis, rank: rank - Number(op === 'Embedding' || isTable(node, graph)) };
  }
}
