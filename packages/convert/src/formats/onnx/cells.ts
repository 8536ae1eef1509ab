// Steps of cells that an exporter wrote out, raised to the library's layers (step-patterns.ts has the equations). As a layer a step runs in one call, it trains
// under PyTorch's names, and inspection sees it; in the body of a Scan or a Loop it may then be a whole sequence (sequences.ts). Steps with the same weights,
// as in a sequence that was unrolled, share one layer.

import type { SavedTensor } from 'unrolled';
import type { GraphNode } from 'unrolled/graph';
import type { ConversionReport } from '../../model/report.ts';
import { bodiesOf, type Body, type Draft } from './body.ts';
import type { Numbers } from './linear.ts';
import { Patterns } from './patterns.ts';
import type { LayerWeights } from './recurrent.ts';
import { type CellStep, type Gate, stepAt } from './step-patterns.ts';
import type { Zeros } from './zeros.ts';

/** A step that was found. */
interface Found {
  readonly body: Body;
  readonly step: CellStep;
  /** Equal keys are equal weights. */
  readonly key: string;
}

/** Raises steps that are written out, in all graphs. */
export function raiseCells(draft: Draft, zeros: Zeros, report: ConversionReport, weights: LayerWeights): void {
  const all = Array.from(bodiesWithStates(draft.main)).flatMap(({ body, states }) =>
    stepsIn(draft, zeros, body, states),
  );
  const found = withoutShared(draft, withEvidence(all, zeros));
  if (found.length === 0) return;
  const layers = new Map<string, string>();
  const raised = new Map<GraphNode, readonly GraphNode[]>();
  for (const { step, key } of found) {
    const nodes = layerNodes(draft, step, zeros, layers.get(key) ?? null);
    const { name } = nodes.layer;
    if (!layers.has(key)) {
      layers.set(key, name);
      weights.set(name, weightsOf(step));
    }
    const shared = layers.get(key) === name ? '' : `, with the weights of ${layers.get(key)}`;
    report.decide('written-out-cell', name, `one step of ${step.title}${shared}`, `its equations: ${step.equation}`);
    for (const node of step.nodes) raised.set(node, []);
    raised.set(step.at, nodes.nodes);
  }
  for (const body of draft.bodies()) body.nodes = body.nodes.flatMap((node) => raised.get(node) ?? [node]);
}

/** Every graph, with the inputs that are the outputs of the iteration before. Of the main graph nothing says which those are. */
function* bodiesWithStates(
  body: Body,
  states: ReadonlyMap<string, string> | null = null,
): Generator<{ readonly body: Body; readonly states: ReadonlyMap<string, string> | null }> {
  yield { body, states };
  for (const node of body.nodes)
    for (const inner of bodiesOf(node)) {
      const pairs = new Map<string, string>();
      const scanned = Number(node.attributes?.num_scan_inputs ?? 0);
      const [first, count, output] =
        node.op === 'Loop' ? [2, inner.inputs.length - 2, 1] : [0, inner.inputs.length - scanned, 0];
      if (node.op === 'Loop' || node.op === 'Scan')
        for (let k = 0; k < count; k++)
          if (inner.outputs[output + k]) pairs.set(inner.inputs[first + k].name, inner.outputs[output + k].name);
      yield* bodiesWithStates(inner, pairs);
    }
}

function stepsIn(draft: Draft, zeros: Zeros, body: Body, states: ReadonlyMap<string, string> | null): Found[] {
  const of = new Patterns(draft, body);
  const outputs = new Set(body.outputs.map(({ name }) => of.plain(name)));
  const inputs = new Set(body.inputs.map(({ name }) => name));
  const isState = (before: string, after: string) => {
    const next = states?.get(before);
    return states ? next !== undefined && of.plain(next) === after : inputs.has(before) && outputs.has(after);
  };
  const used = new Set<GraphNode>();
  const found: Found[] = [];
  for (const node of body.nodes) {
    const step = stepAt(node, of, isState);
    if (!step || step.nodes.some((part) => used.has(part)) || !fitsBatch(step, of, zeros)) continue;
    for (const part of step.nodes) used.add(part);
    found.push({ body, step, key: keyOf(step) });
  }
  return found;
}

/** A layer's states have a row for each of the input, which an op's operands need not: a state may be one row for all. Zeros are left out. */
function fitsBatch({ x, states }: CellStep, of: Patterns, zeros: Zeros): boolean {
  if (states.every((state) => zeros.is(state))) return true;
  const rows = of.declared(x, 0);
  return states.every((state) => {
    const own = of.declared(state, 0);
    return !of.constant(state) && (of.rank(state) ?? 2) === 2 && (rows === null || own === null || rows === own);
  });
}

/** tanh(W x + R h) alone is no recurrence: a plain RNN is one whose state comes back, or one of several that pass it on. */
function withEvidence(found: readonly Found[], zeros: Zeros): Found[] {
  const links = new Set<string>();
  for (const { step, key } of found) for (const name of step.after) links.add(`${key}\n${name}`);
  const before = new Set(found.map(({ step, key }) => `${key}\n${step.states[0]}`));
  return found.filter(({ step, key }) => {
    if (step.op !== 'RNNLayer' || step.isState) return true;
    return (
      links.has(`${key}\n${step.states[0]}`) || (before.has(`${key}\n${step.after[0]}`) && zeros.is(step.states[0]))
    );
  });
}

/** Without the steps whose weights something else reads too: as a layer's they would no longer be one parameter with those. */
function withoutShared(draft: Draft, found: readonly Found[]): Found[] {
  const readers = new Map<string, Set<GraphNode>>();
  for (const body of draft.bodies())
    for (const node of body.nodes)
      for (const name of node.inputs) {
        if (name === null || !draft.constants.has(name)) continue;
        const set = readers.get(name);
        if (set) set.add(node);
        else readers.set(name, new Set([node]));
      }
  let left = found;
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const products = new Set(left.flatMap(({ step }) => step.gates.flatMap(({ x, h }) => [x.node, h.node])));
    const known = new Map<string, boolean>();
    const own = (source: string): boolean => {
      const answer = known.get(source) ?? Array.from(readers.get(source) ?? []).every((node) => products.has(node));
      known.set(source, answer);
      return answer;
    };
    left = left.filter(({ step }) => step.gates.every(({ x, h }) => own(x.source) && own(h.source)));
  }
  return left.slice();
}

function keyOf({ op, attributes, gates }: CellStep): string {
  const keys = (list: readonly (Numbers | null)[]) => list.map((numbers) => numbers?.key ?? '');
  return JSON.stringify([
    op,
    attributes,
    gates.map(({ x, h, biasX, biasH }) => [x.matrix.key, h.matrix.key, keys(biasX), keys(biasH)]),
  ]);
}

/** The step as a layer over a sequence of one. */
function layerNodes(
  draft: Draft,
  step: CellStep,
  zeros: Zeros,
  shared: string | null,
): { readonly nodes: readonly GraphNode[]; readonly layer: GraphNode } {
  const { op, attributes, states, after } = step;
  const fromZero = states.every((state) => zeros.is(state));
  const name = draft.nodeName(`${after[0]}.${op.replace('Layer', '').toLowerCase()}`);
  const value = (part: string) => draft.name(`${name}.${part}`);
  const shape = (part: string, what: 'Squeeze' | 'Unsqueeze', input: string, output: string): GraphNode => ({
    name: draft.nodeName(`${name}.${part}`),
    op: what,
    inputs: [input],
    outputs: [output],
    attributes: { axes: [0] },
  });
  const [x, ...before] = ['x', ...(fromZero ? [] : states.map((_, i) => ['h0', 'c0'][i]))].map(value);
  const last = after.map((_, i) => value(['hn', 'cn'][i]));
  const layer: GraphNode = {
    name,
    op,
    ...(shared !== null && { layer: shared }),
    inputs: [x, ...(before.length > 0 ? [null, ...before] : [])],
    outputs: [null, ...last],
    attributes,
  };
  return {
    layer,
    nodes: [
      shape('x', 'Unsqueeze', step.x, x),
      ...before.map((given, i) => shape(['h0', 'c0'][i], 'Unsqueeze', states[i], given)),
      layer,
      ...last.map((given, i) => shape(['hn', 'cn'][i], 'Squeeze', given, after[i])),
    ],
  };
}

/** The gates one below the other, under PyTorch's names. */
function weightsOf({ gates, attributes }: CellStep): ReadonlyMap<string, () => SavedTensor> {
  const { hiddenSize: H, inputSize: I, bias } = attributes as Readonly<Record<string, number>>;
  const stacked = (size: number, parts: readonly (readonly (Numbers | null)[])[]) => {
    const data = new Float32Array(parts.length * size);
    for (const [gate, list] of parts.entries())
      for (const numbers of list) numbers?.read().forEach((v, i) => (data[gate * size + i] += v));
    return data;
  };
  const rows = gates.length * H;
  const matrix = (columns: number, of: (gate: Gate) => Numbers) => () => ({
    shape: [rows, columns],
    data: stacked(
      H * columns,
      gates.map((gate) => [of(gate)]),
    ),
  });
  const vector = (of: (gate: Gate) => Gate['biasX']) => () => ({ shape: [rows], data: stacked(H, gates.map(of)) });
  const weights = new Map<string, () => SavedTensor>([
    ['weight_ih_l0', matrix(I, ({ x }) => x.matrix)],
    ['weight_hh_l0', matrix(H, ({ h }) => h.matrix)],
  ]);
  if (!bias) return weights;
  weights.set(
    'bias_ih_l0',
    vector(({ biasX }) => biasX),
  );
  return weights.set(
    'bias_hh_l0',
    vector(({ biasH }) => biasH),
  );
}
