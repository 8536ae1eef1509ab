// What raising leaves behind: axes that come and go, sequences that are turned around twice, halves that are put together again.

import type { GraphNode } from 'unrolled/graph';
import type { Body, Draft } from './body.ts';
import { numberOf } from './fold.ts';
import { Patterns } from './patterns.ts';
import { isSize } from './sizes.ts';

/** Leaves out nodes whose result is a value that is there already. Nodes that nobody reads any more are left to `prune`. */
export function tidy(draft: Draft): void {
  for (const body of draft.bodies()) {
    while (once(draft, body));
    named(draft, body);
  }
}

/** A value that is an output under another name gets that name. */
function named(draft: Draft, body: Body): void {
  const of = new Patterns(draft, body);
  const outputs = new Set(body.outputs.map(({ name }) => name));
  const names = new Map<string, string>();
  const left = body.nodes.filter(({ op, inputs: [input], outputs: [output] }) => {
    const free = input != null && of.maker(input) !== null && !outputs.has(input) && !names.has(input);
    if (op !== 'Identity' || !free || output == null || !outputs.has(output)) return true;
    names.set(input, output);
    return false;
  });
  if (names.size === 0) return;
  body.nodes = left;
  rename(draft, body, (name) => names.get(name) ?? name);
}

/** Other names for values of a body, in the graphs of its nodes too. */
function rename(draft: Draft, body: Body, renamed: (name: string) => string): void {
  const each = (names: readonly (string | null)[]) => names.map((name) => name && renamed(name));
  for (const one of draft.bodies(body)) {
    one.nodes = one.nodes.map((node) => ({ ...node, inputs: each(node.inputs), outputs: each(node.outputs) }));
    for (const [i, port] of one.outputs.entries()) one.outputs[i] = { ...port, name: renamed(port.name) };
  }
}

/** One round; whether anything changed. */
function once(draft: Draft, body: Body): boolean {
  const of = new Patterns(draft, body);
  const aliases = new Map<string, string>();
  const outputs = new Set(body.outputs.map(({ name }) => name));
  const nodes: GraphNode[] = [];
  let changed = false;
  for (const node of body.nodes) {
    const [output] = node.outputs;
    const same = output == null || node.outputs.length !== 1 ? null : sameAs(node, of);
    if (same !== null && output != null && !outputs.has(output)) aliases.set(output, aliases.get(same) ?? same);
    else {
      const simpler = output == null ? null : straightened(node, of);
      if (same !== null && node.op !== 'Identity')
        nodes.push({ ...node, op: 'Identity', inputs: [same], attributes: {} });
      else nodes.push(simpler ?? node);
      changed ||= simpler !== null || (same !== null && node.op !== 'Identity');
    }
  }
  body.nodes = nodes;
  if (aliases.size === 0) return changed;
  rename(draft, body, (name) => aliases.get(name) ?? name);
  return true;
}

/** The value that a node gives again; null for a node that makes a new one. */
function sameAs(node: GraphNode, of: Patterns): string | null {
  const [input] = node.inputs;
  if (input == null) return null;
  const inner = of.maker(input);
  const before = inner?.inputs[0] ?? null;
  switch (node.op) {
    case 'Identity':
      return input;
    case 'Squeeze':
    case 'Unsqueeze': {
      const [axes, others] = [of.list(node, 1, 'axes'), inner && of.list(inner, 1, 'axes')];
      const opposite = inner?.op === (node.op === 'Squeeze' ? 'Unsqueeze' : 'Squeeze');
      return opposite && axes !== null && others?.join() === axes.join() && axes.every((axis) => axis >= 0)
        ? before
        : null;
    }
    case 'Transpose': {
      const [order, first] = [of.permutation(node), inner && of.permutation(inner)];
      return order && first && order.every((axis, i) => first[axis] === i) ? before : null;
    }
    case 'Concat':
      return wholeOf(node, of);
    default: {
      const [own, its] = [reversalOf(node, of), inner && reversalOf(inner, of)];
      return own !== null && own === its ? before : null;
    }
  }
}

/** reversed(transposed(reversed(x))), the axes being the same, is transposed(x). */
function straightened(node: GraphNode, of: Patterns): GraphNode | null {
  const transposing = of.maker(node.inputs[0], 'Transpose');
  const order = transposing && of.permutation(transposing);
  const inner = transposing && of.maker(transposing.inputs[0]);
  if (!order || !inner || inner.inputs[0] == null) return null;
  const [own, its] = [reversalOf(node, of, order), reversalOf(inner, of)];
  if (own === null || own !== its) return null;
  return { ...transposing, name: node.name, inputs: [inner.inputs[0]], outputs: node.outputs };
}

/** x of [x[.., :H] | x[.., H:]], a bidirectional layer's output, along the last of three axes. */
function wholeOf(node: GraphNode, of: Patterns): string | null {
  const axis = numberOf(node.attributes, 'axis');
  if (node.inputs.length !== 2 || (axis !== 2 && axis !== -1)) return null;
  const parts = node.inputs.map((name) => of.maker(name, 'Slice'));
  const [first, second] = parts.map((part) => part && rangeOf(part, of));
  if (!first || !second || parts[0]?.inputs[0] !== parts[1]?.inputs[0]) return null;
  const whole = parts[0]?.inputs[0] ?? null;
  const layer = of.maker(whole, 'RNNLayer', 'GRULayer', 'LSTMLayer');
  const { hiddenSize, bidirectional } = (layer?.attributes ?? {}) as Readonly<Record<string, unknown>>;
  if (layer?.outputs[0] !== whole || bidirectional !== true || typeof hiddenSize !== 'number') return null;
  const covers =
    first.start === 0 && first.end === hiddenSize && second.start === hiddenSize && second.end === 2 * hiddenSize;
  return covers && first.axis === 2 && second.axis === 2 ? whole : null;
}

function rangeOf(
  node: GraphNode,
  of: Patterns,
): { readonly axis: number; readonly start: number; readonly end: number } | null {
  const [starts, ends, axes] = ['starts', 'ends', 'axes'].map((setting, i) => of.list(node, 1 + i, setting));
  if (
    starts?.length !== 1 ||
    ends?.length !== 1 ||
    axes?.length !== 1 ||
    node.inputs[4] != null ||
    node.attributes?.steps
  )
    return null;
  return { axis: axes[0], start: starts[0], end: ends[0] };
}

/** Which axis of its result a node turns around, and for ReverseSequence by which lengths, as a key; null for other nodes. `order`: axes behind a transpose. */
function reversalOf(node: GraphNode, of: Patterns, order: readonly number[] = [0, 1, 2, 3, 4]): string | null {
  if (node.op === 'ReverseSequence') {
    const [time, batch] = [numberOf(node.attributes, 'time_axis') ?? 0, numberOf(node.attributes, 'batch_axis') ?? 1];
    const [x, lengths] = node.inputs;
    if (x != null && lengths != null && isSize(lengths, x, time, of)) return String(order[time]); // all of every row
    return `${order[time]} ${order[batch]} ${node.inputs[1]}`;
  }
  const axis = of.flipped(node);
  return axis === null ? null : String(order[axis]);
}

/** Whether a node turns time around, all of it or each row's length. */
export function isReversal(
  node: GraphNode,
  of: Patterns,
  { time, batch, lengths }: { readonly time: number; readonly batch: number; readonly lengths: string | null },
): boolean {
  const key = reversalOf(node, of);
  return key !== null && key === (lengths === null ? String(time) : `${time} ${batch} ${lengths}`);
}
