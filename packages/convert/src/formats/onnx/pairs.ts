// Two layers of one form that read the same sequence, one of them backwards, are one bidirectional layer: as exporters write it that have no such operator, or
// a second operator with direction `reverse`.
//
//   y₁ = layer₁(x)      y₂ = reversed(layer₂(reversed(x)))      →      y = layer(x), y₁ and y₂ its halves, and [y₁ | y₂] is y itself (tidy.ts)

import type { GraphNode } from 'unrolled/graph';
import { quoted } from '../../errors.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { Body, Draft } from './body.ts';
import { inOrder, Patterns } from './patterns.ts';
import type { LayerWeights } from './recurrent.ts';
import { isReversal } from './tidy.ts';

const layers = new Set(['RNNLayer', 'GRULayer', 'LSTMLayer']);

/** A layer of one direction, and what it reads: `base` with its axes in an order, backwards or not. */
interface Reader {
  readonly node: GraphNode;
  readonly base: string;
  readonly order: string;
  readonly backwards: boolean;
}

/** Joins forward and backward layers of one input, in all graphs. */
export function joinDirections(draft: Draft, report: ConversionReport, weights: LayerWeights): void {
  const shared = layersInUse(draft);
  for (const body of draft.bodies()) {
    const found = pairsIn(draft, body, shared);
    // All at once; where one of them reads what the other gives, each alone, if they are not too many.
    const together = found.length > 0 && joinAll(draft, body, found);
    const joined = together ? found : found.slice(0, mostTried).filter((pair) => joinAll(draft, body, [pair]));
    for (const { forward, backward } of joined) {
      join(weights, forward, backward);
      const names = `${quoted(forward.name)} and ${quoted(backward.name)}`;
      report.decide(
        'directions',
        forward.name,
        `one bidirectional layer of ${names}`,
        'both read the same sequence, the second backwards',
      );
    }
  }
}

const mostTried = 50;

interface Pair {
  readonly forward: GraphNode;
  readonly backward: GraphNode;
}

/** Whether the pairs could be joined: nodes that read one another in a circle have no order. */
function joinAll(draft: Draft, body: Body, pairs: readonly Pair[]): boolean {
  const replaced = new Map<GraphNode, readonly GraphNode[]>();
  for (const { forward, backward } of pairs) {
    replaced.set(forward, joined(draft, forward, backward));
    replaced.set(backward, []);
  }
  const nodes = inOrder(body.nodes.flatMap((node) => replaced.get(node) ?? [node]));
  if (nodes) body.nodes = nodes;
  return nodes !== null;
}

/** How many nodes use each layer's weights. */
function layersInUse(draft: Draft): Map<string, number> {
  const uses = new Map<string, number>();
  for (const body of draft.bodies())
    for (const node of body.nodes)
      if (layers.has(node.op)) uses.set(node.layer ?? node.name, (uses.get(node.layer ?? node.name) ?? 0) + 1);
  return uses;
}

/** Each backward layer with a forward one of the same form over the same sequence. */
function pairsIn(draft: Draft, body: Body, uses: ReadonlyMap<string, number>): Pair[] {
  const of = new Patterns(draft, body);
  const readers = body.nodes.flatMap((node) => {
    const { bidirectional, numLayers = 1 } = node.attributes ?? {};
    if (!layers.has(node.op) || bidirectional === true || numLayers !== 1) return [];
    if ((uses.get(node.layer ?? node.name) ?? 0) > 1) return [];
    return [readerOf(node, of)];
  });
  const forwards = new Map<string, GraphNode[]>();
  for (const reader of readers) {
    if (reader.backwards) continue;
    const form = formOf(reader);
    const list = forwards.get(form);
    if (list) list.push(reader.node);
    else forwards.set(form, [reader.node]);
  }
  return readers.flatMap((reader) => {
    const forward = reader.backwards ? forwards.get(formOf(reader))?.shift() : undefined;
    return forward ? [{ forward, backward: reader.node }] : [];
  });
}

/** What both must have in common. */
function formOf({ node, base, order }: Reader): string {
  const states = node.inputs.slice(2).map((state) => state != null);
  return JSON.stringify([node.op, node.attributes, base, order, node.inputs[1] ?? null, states.includes(true)]);
}

/** Follows the input back through changes of the order of axes and reversals of time. */
function readerOf(node: GraphNode, of: Patterns): Reader {
  const lengths = node.inputs[1] ?? null;
  let at = node.inputs[0] as string;
  let order: readonly number[] = [0, 1, 2]; // of the axes of `at`: time, batch, features
  let backwards = false;
  for (let i = 0; i < 60; i++) {
    const maker = of.maker(at);
    if (!maker || maker.inputs[0] == null) break;
    const turned = of.permutation(maker);
    if (turned?.length === 3) order = order.map((axis) => turned[axis]);
    else if (isReversal(maker, of, { time: order[0], batch: order[1], lengths })) backwards = !backwards;
    else if (maker.op !== 'Identity') break;
    at = maker.inputs[0];
  }
  return { node, base: at, order: order.join(), backwards };
}

/** One layer in place of the two, with all that they gave. */
function joined(draft: Draft, forward: GraphNode, backward: GraphNode): GraphNode[] {
  const { name, op, attributes, inputs } = forward;
  const { hiddenSize } = attributes as { readonly hiddenSize: number };
  const made: GraphNode[] = [];
  const add = (
    part: string,
    what: string,
    from: readonly (string | null)[],
    own: GraphNode['attributes'],
    to?: string | null,
  ) => {
    const output = to ?? draft.name(`${name}.${part}`);
    made.push({ name: draft.nodeName(`${name}.${part}`), op: what, inputs: from, outputs: [output], attributes: own });
    return output;
  };
  const states = inputs
    .slice(2)
    .map((state, i) => add(`both_${i}`, 'Concat', [state, backward.inputs[2 + i]], { axis: 0 }));
  const [y, ...last] = ['y', ...forward.outputs.slice(1).map((_, i) => `last_${i}`)].map((part) =>
    draft.name(`${name}.${part}`),
  );
  const [x, lengths = null] = inputs;
  made.push({
    name,
    op,
    ...(forward.layer !== undefined && { layer: forward.layer }),
    inputs: states.length > 0 ? [x, lengths, ...states] : lengths === null ? [x] : [x, lengths],
    outputs: [y, ...last],
    attributes: { ...attributes, bidirectional: true },
  });
  for (const [d, { outputs }] of [forward, backward].entries()) {
    const [own, ...after] = outputs;
    const half = { starts: [d * hiddenSize], ends: [(d + 1) * hiddenSize], axes: [2] };
    if (own != null && d === 0) add('forward', 'Slice', [y], half, own);
    if (own != null && d === 1) {
      const aligned = add('backward', 'Slice', [y], half);
      if (lengths !== null)
        add('backwards', 'ReverseSequence', [aligned, lengths], { time_axis: 0, batch_axis: 1 }, own);
      else
        add(
          'backwards',
          'Slice',
          [aligned],
          { starts: [-1], ends: [-Number.MAX_SAFE_INTEGER], axes: [0], steps: [-1] },
          own,
        );
    }
    for (const [i, state] of after.entries())
      if (state !== null) add(`state_${d}`, 'Slice', [last[i]], { starts: [d], ends: [d + 1], axes: [0] }, state);
  }
  return made;
}

/** The weights of the second layer as the backward direction of the first. */
function join(weights: LayerWeights, forward: GraphNode, backward: GraphNode): void {
  const [name, other] = [forward, backward].map((node) => node.layer ?? node.name);
  const [own, its] = [weights.get(name), weights.get(other)];
  if (!own || !its) throw new Error(`unreachable: ${name}, ${other}`);
  weights.delete(other);
  weights.set(name, new Map([...own, ...Array.from(its, ([key, make]) => [`${key}_reverse`, make] as const)]));
}
