// A Scan or a Loop whose body is nothing but steps of cells (cells.ts) is these layers over the whole sequence: one call instead of one for each step.
//
//   Scan   x_t is a position of a scan input; the states are carried; h'_t are collected
//   Loop   x_t = Gather(X, i) with the iteration i, as often as X has positions there

import type { GraphNode } from 'unrolled/graph';
import type { ConversionReport } from '../../model/report.ts';
import { bodiesOf, type Body, type Draft } from './body.ts';
import { numberOf } from './fold.ts';
import { Patterns } from './patterns.ts';
import { isSize } from './sizes.ts';
import type { Zeros } from './zeros.ts';

const layers = new Set(['RNNLayer', 'GRULayer', 'LSTMLayer']);

/** Raises the loops of all graphs whose bodies are steps of layers. */
export function raiseSequences(draft: Draft, zeros: Zeros, report: ConversionReport): void {
  for (const body of draft.bodies()) {
    const around = new Patterns(draft, body);
    body.nodes = body.nodes.flatMap((node) => {
      if (node.op !== 'Scan' && node.op !== 'Loop') return [node];
      const raised = new Sequence(draft, zeros, around, node).nodes();
      if (!raised) return [node];
      const names = raised.filter(({ op }) => layers.has(op)).map(({ name }) => name);
      report.decide(
        'whole-sequence',
        names.join(', '),
        `a layer over all steps of ${node.name}`,
        `the body of the ${node.op} is its step`,
      );
      return raised;
    });
  }
}

/** A sequence of values [T, B, ..] by the value of one step in the body. */
type Sequences = Map<string, string>;

class Sequence {
  readonly #draft: Draft;
  readonly #zeros: Zeros;
  readonly #outer: Patterns;
  readonly #node: GraphNode;
  readonly #made: GraphNode[] = [];

  constructor(draft: Draft, zeros: Zeros, around: Patterns, node: GraphNode) {
    this.#draft = draft;
    this.#zeros = zeros;
    this.#outer = around;
    this.#node = node;
  }

  /** The nodes that stand for the loop; null where its body is something else too. */
  nodes(): readonly GraphNode[] | null {
    const [body] = bodiesOf(this.#node) as readonly (Body | undefined)[];
    if (!body) return null; // a loop without a body is refused when the graph is checked
    const inside = new Patterns(this.#draft, body);
    const sequences: Sequences = new Map();
    const used = new Set<GraphNode>();
    const form = this.#node.op === 'Scan' ? this.#scan(body, sequences) : this.#loop(body, inside, sequences, used);
    if (!form) return null;
    const { states, collected } = form;
    for (const layer of body.nodes)
      if (layers.has(layer.op) && !this.#layer(layer, body, inside, states, sequences, used)) return null;
    if (body.nodes.some((node) => !used.has(node))) return null;
    if (states.some(({ done }) => !done)) return null;
    for (const { step, output, axis, backwards } of collected) {
      if (output === null) continue;
      const sequence = sequences.get(inside.plain(step));
      if (sequence === undefined) return null;
      this.#moved(sequence, axis, backwards, output);
    }
    return this.#made;
  }

  #scan(body: Body, sequences: Sequences): Form | null {
    const { inputs, outputs, attributes } = this.#node;
    const count = numberOf(attributes, 'num_scan_inputs') ?? 0;
    const carried = inputs.length - count;
    if (count < 1 || carried < 1 || numberOf(attributes, 'batched') || inputs.includes(null)) return null;
    const setting = (name: string, i: number) => (attributes?.[name] as readonly number[] | undefined)?.[i] ?? 0;
    for (let k = 0; k < count; k++) {
      const axis = setting('scan_input_axes', k);
      if (axis !== 0 && axis !== 1) return null;
      const backwards = setting('scan_input_directions', k) || setting('directions', k);
      sequences.set(body.inputs[carried + k].name, this.#turned(inputs[carried + k] as string, axis, backwards === 1));
    }
    const collected = body.outputs.slice(carried).map(({ name }, k) => ({
      step: name,
      output: outputs[carried + k] ?? null,
      axis: setting('scan_output_axes', k),
      backwards: setting('scan_output_directions', k) === 1,
    }));
    if (collected.some(({ axis }) => axis !== 0 && axis !== 1)) return null;
    return { states: this.#states(body, carried, 0, 0, 0), collected };
  }

  #loop(body: Body, inside: Patterns, sequences: Sequences, used: Set<GraphNode>): Form | null {
    const { inputs, outputs } = this.#node;
    const [trips, condition] = inputs;
    const [index, going] = body.inputs;
    const carried = inputs.length - 2;
    const isTrue = (name: string | null | undefined) => name == null || this.#outer.constant(name)?.values()[0] === 1;
    const goesOn = inside.plain(body.outputs[0].name);
    if (carried < 1 || trips == null || inputs.slice(2).includes(null) || !isTrue(condition)) return null;
    if (goesOn !== going.name && (this.#outer.constant(goesOn) === null || !isTrue(goesOn))) return null;
    for (const node of body.nodes) {
      const [x, at] = node.inputs;
      if (node.op !== 'Gather' || at !== index.name || x == null || node.outputs[0] === null) continue;
      const axis = numberOf(node.attributes, 'axis') ?? 0;
      const isOuter = inside.maker(x) === null && !body.inputs.some(({ name }) => name === x);
      const isScalar = inside.declared(index.name, 0) === null;
      if (!isOuter || !isScalar || (axis !== 0 && axis !== 1) || !isSize(trips, x, axis, this.#outer)) return null;
      sequences.set(node.outputs[0], this.#turned(x, axis, false));
      used.add(node);
    }
    const collected = body.outputs
      .slice(1 + carried)
      .map(({ name }, k) => ({ step: name, output: outputs[carried + k] ?? null, axis: 0, backwards: false }));
    return { states: this.#states(body, carried, 2, 2, 1), collected };
  }

  #states(body: Body, count: number, outer: number, first: number, output: number): State[] {
    return Array.from({ length: count }, (_, k) => ({
      before: body.inputs[first + k].name,
      after: body.outputs[output + k].name,
      initial: this.#node.inputs[outer + k] as string,
      last: this.#node.outputs[k] ?? null,
      done: false,
    }));
  }

  /** One step of a layer in the body → the layer over its sequence. Whether it is one, and its states are carried. */
  #layer(
    layer: GraphNode,
    body: Body,
    inside: Patterns,
    states: readonly State[],
    sequences: Sequences,
    used: Set<GraphNode>,
  ): boolean {
    const one = (name: string | null | undefined) => {
      const node = inside.maker(name, 'Unsqueeze');
      return node && inside.list(node, 1, 'axes')?.join() === '0' ? node : null;
    };
    const squeezed = (name: string | null) =>
      body.nodes.find(
        (node) => node.op === 'Squeeze' && node.inputs[0] === name && inside.list(node, 1, 'axes')?.join() === '0',
      );
    const [x, lengths, ...before] = layer.inputs;
    const [y, ...after] = layer.outputs;
    const input = one(x);
    const sequence = input?.inputs[0] == null ? undefined : sequences.get(input.inputs[0]);
    if (!input || sequence === undefined || lengths != null || y !== null || before.length !== after.length)
      return false;
    if (before.length === 0) return false;
    const own: State[] = [];
    const parts = [layer, input];
    for (const [i, name] of before.entries()) {
      const given = one(name);
      const next = squeezed(after[i]);
      const state = states.find((candidate) => candidate.before === given?.inputs[0] && !candidate.done);
      if (!given || !state || !next || inside.plain(state.after) !== next.outputs[0]) return false;
      own.push(state);
      parts.push(given, next);
    }
    const zeros = own.every(({ initial }) => this.#zeros.is(initial));
    if (!zeros && own.some(({ initial }) => this.#draft.constants.has(initial))) return false;
    for (const part of parts) used.add(part);
    for (const state of own) state.done = true;
    const all = this.#draft.name(`${layer.name}.sequence`);
    const h = squeezed(after[0])?.outputs[0] as string;
    sequences.set(h, all);
    const first = zeros
      ? []
      : own.map(({ initial }, i) => this.#add(`${layer.name}.first_${i}`, 'Unsqueeze', [initial], { axes: [0] }));
    const last = own.map(({ last: name }, i) => name && this.#draft.name(`${layer.name}.last_${i}`));
    this.#made.push({
      ...layer,
      inputs: [sequence, ...(first.length > 0 ? [null, ...first] : [])],
      outputs: [all, ...last],
    });
    for (const [i, { last: name }] of own.entries())
      if (name !== null) this.#add(`${layer.name}.end_${i}`, 'Squeeze', [last[i] as string], { axes: [0] }, name);
    return true;
  }

  /** A value with steps along an axis → [T, B, ..] in the order in which they are read. */
  #turned(name: string, axis: number, backwards: boolean): string {
    const turned = axis === 0 ? name : this.#add(`${this.#node.name}.steps`, 'Transpose', [name], { perm: [1, 0, 2] });
    return backwards ? this.#reversed(turned) : turned;
  }

  /** The way back, to the value of this name. */
  #moved(name: string, axis: number, backwards: boolean, to: string): void {
    const ordered = backwards ? this.#reversed(name) : name;
    if (axis === 0) this.#add(`${this.#node.name}.collected`, 'Identity', [ordered], undefined, to);
    else this.#add(`${this.#node.name}.collected`, 'Transpose', [ordered], { perm: [1, 0, 2] }, to);
  }

  #reversed(name: string): string {
    const settings = { starts: [-1], ends: [-Number.MAX_SAFE_INTEGER], axes: [0], steps: [-1] };
    return this.#add(`${this.#node.name}.backwards`, 'Slice', [name], settings);
  }

  #add(
    like: string,
    op: string,
    inputs: readonly string[],
    attributes: GraphNode['attributes'],
    to: string = this.#draft.name(like),
  ): string {
    this.#made.push({ name: this.#draft.nodeName(like), op, inputs, outputs: [to], ...(attributes && { attributes }) });
    return to;
  }
}

/** A value that is carried from step to step. */
interface State {
  readonly before: string;
  readonly after: string;
  /** In the graph around: its first value, and the name of its last. */
  readonly initial: string;
  readonly last: string | null;
  done: boolean;
}

interface Form {
  readonly states: readonly State[];
  /** What is collected: the value of a step, and the output around. */
  readonly collected: readonly {
    readonly step: string;
    readonly output: string | null;
    readonly axis: number;
    readonly backwards: boolean;
  }[];
}
