// Whether a number that a graph computes is the length of a sequence in it: the count of a Loop, the lengths by which all of a sequence is turned around.

import type { GraphNode } from 'unrolled/graph';
import type { Patterns } from './patterns.ts';

const deepest = 60; // nodes that are followed back

/** Ops that only repeat the numbers of their first input, or give it other axes. */
const repeating = new Set(['Identity', 'Cast', 'Squeeze', 'Unsqueeze', 'Reshape', 'Expand', 'Tile']);

/** Whether every number of a value is the size of an axis of x, for all inputs of the graph. */
export function isSize(name: string, x: string, axis: number, of: Patterns): boolean {
  const [base, own] = originOf(x, axis, of);
  let at = name;
  for (let i = 0; i < deepest; i++) {
    const constant = of.constant(at);
    if (constant) return Array.from(constant.values()).every((v) => v === of.declared(base, own));
    const maker = of.maker(at);
    if (maker?.inputs[0] == null) return false;
    if (!repeating.has(maker.op)) return isSizeFrom(maker, base, own, of);
    at = maker.inputs[0];
  }
  return false;
}

/** Whether a node gives one size of a shape: this one. */
function isSizeFrom(node: GraphNode, base: string, axis: number, of: Patterns): boolean {
  const shape = node.op === 'Shape' ? node : of.maker(node.inputs[0], 'Shape');
  if (shape?.inputs[0] == null) return false;
  const { start = 0, end = Infinity } = (shape.attributes ?? {}) as {
    readonly start?: number;
    readonly end?: number;
  };
  const place = node === shape ? (end === start + 1 ? 0 : null) : placeOf(node, of);
  if (place === null || place < 0 || start < 0 || start + place >= (end < 0 ? 0 : end)) return false;
  const [same, own] = originOf(shape.inputs[0], start + place, of);
  return same === base && own === axis;
}

/** The position that a Gather or a Slice takes of a list, where it is one. */
function placeOf(node: GraphNode, of: Patterns): number | null {
  if (node.op === 'Gather') {
    const index = of.constant(node.inputs[1]);
    return index && index.element === 'int' && Array.from(index.values()).length === 1 ? index.values()[0] : null;
  }
  if (node.op !== 'Slice') return null;
  const [starts, ends, axes = [0]] = ['starts', 'ends', 'axes'].map(
    (setting, i) => of.list(node, 1 + i, setting) ?? undefined,
  );
  const one = starts?.length === 1 && ends?.length === 1 && axes.join() === '0' && ends[0] === starts[0] + 1;
  return one && node.inputs[4] == null && !node.attributes?.steps ? (starts?.[0] ?? null) : null;
}

/** Where the size of an axis comes from, through nodes that keep it. */
function originOf(name: string, axis: number, of: Patterns): [name: string, axis: number] {
  let [at, place] = [of.plain(name), axis];
  for (let i = 0; i < deepest; i++) {
    const node = of.maker(at);
    const before = node && axisBefore(node, at, place, of);
    if (node?.inputs[0] == null || before === null) break;
    [at, place] = [of.plain(node.inputs[0]), before];
  }
  return [at, place];
}

/** The axis of a node's first input whose size an axis of its result has; null where it is no such. */
function axisBefore(node: GraphNode, output: string, axis: number, of: Patterns): number | null {
  switch (node.op) {
    case 'Transpose':
      return of.permutation(node)?.[axis] ?? null;
    case 'ReverseSequence':
    case 'Tanh':
    case 'Sigmoid':
    case 'Relu':
      return axis;
    case 'RNNLayer':
    case 'GRULayer':
    case 'LSTMLayer':
      return node.outputs[0] === output && axis < 2 ? axis : null; // time and batch
    case 'Slice': {
      const axes = of.list(node, 3, 'axes');
      return axes?.every((one) => one >= 0) && (of.flipped(node) !== null || !axes.includes(axis)) ? axis : null;
    }
    case 'Unsqueeze': {
      const axes = of.list(node, 1, 'axes');
      if (!axes?.every((one) => one >= 0) || axes.includes(axis)) return null;
      return axis - axes.filter((one) => one < axis).length;
    }
    case 'Squeeze': {
      const axes = of.list(node, 1, 'axes');
      if (!axes?.every((one) => one >= 0)) return null;
      return axes
        .toSorted((one, other) => one - other)
        .reduce((place, one) => (one <= place ? place + 1 : place), axis);
    }
    default:
      return null;
  }
}
