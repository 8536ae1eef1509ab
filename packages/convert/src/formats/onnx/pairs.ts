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
    const tried = new Set<string>();
    for (let pair = nextPair(draft, body, shared, tried); pair; pair = nextPair(draft, body, shared, tried)) {
      const [forward, backward] = pair;
      tried.add(backward.node.name);
      const nodes = inOrder(joined(draft, body, forward, backward));
      if (!nodes) continue; // one reads what the other gives
      body.nodes = nodes;
      join(weights, forward.node, backward.node);
      const names = `${quoted(forward.node.name)} and ${quoted(backward.node.name)}`;
      report.decide(
        'directions',
        forward.node.name,
        `one bidirectional layer of ${names}`,
        'both read the same sequence, the second backwards',
      );
    }
  }
}

/** How many nodes use each layer's weights. */
function layersInUse(draft: Draft): Map<string, number> {
  const uses = new Map<string, number>();
  for (const body of draft.bodies())
    for (const node of body.nodes)
      if (layers.has(node.op)) uses.set(node.layer ?? node.name, (uses.get(node.layer ?? node.name) ?? 0) + 1);
  return uses;
}

function nextPair(
  draft: Draft,
  body: Body,
  uses: ReadonlyMap<string, number>,
  tried: ReadonlySet<string>,
): [forward: Reader, backward: Reader] | null {
  const of = new Patterns(draft, body);
  const readers = body.nodes.flatMap((node) => {
    const { bidirectional, numLayers = 1 } = node.attributes ?? {};
    if (!layers.has(node.op) || bidirectional === true || numLayers !== 1 || tried.has(node.name)) return [];
    if ((uses.get(node.layer ?? node.name) ?? 0) > 1) return [];
    const reader = readerOf(node, of);
    return reader ? [reader] : [];
  });
  for (const backward of readers) {
    if (!backward.backwards) continue;
    const form = formOf(backward);
    const forward = readers.find((reader) => !reader.backwards && formOf(reader) === form);
    if (forward) return [forward, backward];
  }
  return null;
}

/** What both must have in common. */
function formOf({ node, base, order }: Reader): string {
  const states = node.inputs.slice(2).map((state) => state != null);
  return JSON.stringify([node.op, node.attributes, base, order, node.inputs[1] ?? null, states.includes(true)]);
}

/** Follows the input back through changes of the order of axes and reversals of time. */
function readerOf(node: GraphNode, of: Patterns): Reader | null {
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

/** The body with one layer in place of the two; not yet in order. */
function joined(draft: Draft, body: Body, forward: Reader, backward: Reader): GraphNode[] {
  const { name, op, attributes, inputs } = forward.node;
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
    .map((state, i) => add(`both_${i}`, 'Concat', [state, backward.node.inputs[2 + i]], { axis: 0 }));
  const [y, ...last] = ['y', ...forward.node.outputs.slice(1).map((_, i) => `last_${i}`)].map((part) =>
    draft.name(`${name}.${part}`),
  );
  const [x, lengths = null] = inputs;
  made.push({
    name,
    op,
    ...(forward.node.layer !== undefined && { layer: forward.node.layer }),
    inputs: states.length > 0 ? [x, lengths, ...states] : lengths === null ? [x] : [x, lengths],
    outputs: [y, ...last],
    attributes: { ...attributes, bidirectional: true },
  });
  for (const [d, { outputs }] of [forward.node, backward.node].entries()) {
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
  return body.nodes.flatMap((node) => (node === forward.node ? made : node === backward.node ? [] : [node]));
}

/** The weights of the second layer as the backward direction of the first. */
function join(weights: LayerWeights, forward: GraphNode, backward: GraphNode): void {
  const [name, other] = [forward, backward].map((node) => node.layer ?? node.name);
  const [own, its] = [weights.get(name), weights.get(other)];
  if (!own || !its) throw new Error(`unreachable: ${name}, ${other}`);
  weights.delete(other);
  weights.set(name, new Map([...own, ...Array.from(its, ([key, make]) => [`${key}_reverse`, make] as const)]));
}
