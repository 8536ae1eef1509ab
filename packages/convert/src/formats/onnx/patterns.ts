// What passes ask of a body: who makes a value, what a node's settings are, whether attributes or inputs hold them, and what is known of a value's axes.

import type { GraphNode } from 'unrolled/graph';
import type { Body, Constant, Draft } from './body.ts';
import { numberOf } from './fold.ts';

const deepest = 60; // nodes that are followed back from a value

/** Ops whose result has the form of their first input, for one input, or of both broadcast. */
const pointwise = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Sigmoid',
  'Tanh',
  'Relu',
  'Identity',
  'Neg',
  'Cast',
  'Dropout',
]);

/** Questions about one body of a draft. Made anew where nodes have changed. */
export class Patterns {
  readonly #draft: Draft;
  readonly #makers = new Map<string, GraphNode>();
  readonly #shapes: ReadonlyMap<string, readonly (number | string)[] | null>;
  readonly #ranks = new Map<string, number | null>();
  readonly #widths = new Map<string, number | null>();

  constructor(draft: Draft, body: Body) {
    this.#draft = draft;
    this.#shapes = declaredShapes(draft);
    for (const node of body.nodes) for (const name of node.outputs) if (name !== null) this.#makers.set(name, node);
  }

  /** The node of this body that makes a value, if it is one of these ops. */
  maker(name: string | null | undefined, ...ops: readonly string[]): GraphNode | null {
    const node = name == null ? undefined : this.#makers.get(name);
    return node && (ops.length === 0 || ops.includes(node.op)) ? node : null;
  }

  constant(name: string | null | undefined): Constant | null {
    return (name == null ? undefined : this.#draft.constants.get(name)) ?? null;
  }

  /** What a function of one value is given. */
  argument(name: string | null | undefined, ...ops: readonly string[]): string | null {
    return this.maker(name, ...ops)?.inputs[0] ?? null;
  }

  /** The integers that are input i, or in older versions the attribute `name`; null where they are computed or missing. */
  list(node: GraphNode, i: number, name: string): readonly number[] | null {
    if (node.inputs[i] != null) {
      const constant = this.constant(node.inputs[i]);
      return constant && constant.element !== 'float' ? Array.from(constant.values()) : null;
    }
    const value = node.attributes?.[name];
    return Array.isArray(value) && value.every((one) => typeof one === 'number') ? (value as number[]) : null;
  }

  /** The order of the axes that a Transpose gives. */
  permutation(node: GraphNode): readonly number[] | null {
    return node.op === 'Transpose' ? this.list(node, Infinity, 'perm') : null;
  }

  /** The value without Identity around it. */
  plain(name: string): string {
    let at = name;
    for (let i = 0; i < deepest; i++) {
      const next = this.argument(at, 'Identity');
      if (next === null) break;
      at = next;
    }
    return at;
  }

  /** The size of an axis of an input of a graph, as the file declares it; null for other values, and where nothing says it. */
  declared(name: string, axis: number): number | string | null {
    return this.#shapes.get(name)?.at(axis) ?? null;
  }

  /** The number of axes; null where nothing says it. */
  rank(name: string | null, depth = 0): number | null {
    if (name === null || depth > deepest) return null;
    const known = this.#ranks.get(name);
    if (known !== undefined) return known;
    const rank = this.#rank(name, depth);
    this.#ranks.set(name, rank);
    return rank;
  }

  #rank(name: string, depth: number): number | null {
    const constant = this.constant(name);
    if (constant) return constant.shape.length;
    const node = this.maker(name);
    if (!node) return this.#shapes.get(name)?.length ?? null;
    const [input = null] = node.inputs;
    const of = (i: number) => this.rank(node.inputs[i] ?? null, depth + 1);
    if (node.op === 'Gemm') return 2;
    if (node.op === 'MatMul') {
      const [a, b] = [of(0), of(1)];
      return a !== null && b === 2 && a >= 2 ? a : null;
    }
    if (['Split', 'Slice', 'Concat', 'Transpose'].includes(node.op)) return this.rank(input, depth + 1);
    if (node.op === 'Squeeze' || node.op === 'Unsqueeze') {
      const [before, axes] = [of(0), this.list(node, 1, 'axes')];
      return before === null || axes === null ? null : before + (node.op === 'Squeeze' ? -1 : 1) * axes.length;
    }
    if (node.op === 'Gather') {
      const [data, index] = [of(0), of(1)];
      return data === null || index === null ? null : data - 1 + index;
    }
    if (!pointwise.has(node.op)) return null;
    const ranks = node.inputs.map((_, i) => of(i));
    return ranks.every((rank) => rank !== null) ? Math.max(...(ranks as number[])) : null;
  }

  /** The size of the last axis; null where nothing says it. */
  width(name: string | null, depth = 0): number | null {
    if (name === null || depth > deepest) return null;
    const known = this.#widths.get(name);
    if (known !== undefined) return known;
    const width = this.#width(name, depth);
    this.#widths.set(name, width);
    return width;
  }

  #width(name: string, depth: number): number | null {
    const sized = (shape: readonly (number | string)[] | null | undefined) => {
      const last = shape?.at(-1);
      return typeof last === 'number' ? last : null;
    };
    const constant = this.constant(name);
    if (constant) return sized(constant.shape);
    const node = this.maker(name);
    if (!node) return sized(this.#shapes.get(name));
    if (node.op === 'Gemm') {
      const shape = this.constant(node.inputs[1])?.shape;
      return shape?.length === 2 ? shape[numberOf(node.attributes, 'transB') ? 0 : 1] : null;
    }
    if (node.op === 'MatMul') return sized(this.constant(node.inputs[1])?.shape);
    if (node.op === 'Split') {
      const [whole, sizes] = [this.width(node.inputs[0] ?? null, depth + 1), this.list(node, 1, 'split')];
      const place = node.outputs.indexOf(name);
      return sizes ? sizes[place] : whole === null ? null : whole / node.outputs.length;
    }
    if (!pointwise.has(node.op)) return null;
    const widths = node.inputs.map((input) => this.width(input, depth + 1)).filter((width) => width !== null);
    return widths.length > 0 ? Math.max(...widths) : null;
  }

  /** The axis of which a Slice takes all positions, the last first; null for any other node. */
  flipped(node: GraphNode): number | null {
    if (node.op !== 'Slice') return null;
    const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map((name, i) =>
      this.list(node, 1 + i, name),
    );
    if (starts?.length !== 1 || ends?.length !== 1 || axes?.length !== 1 || steps?.length !== 1) return null;
    const isAll = steps[0] === -1 && starts[0] === -1 && ends[0] <= -(2 ** 31) + 1;
    return isAll && axes[0] >= 0 ? axes[0] : null;
  }
}

/** Shapes of the inputs of all graphs, which no pass changes. */
function declaredShapes(draft: Draft): ReadonlyMap<string, readonly (number | string)[] | null> {
  const known = declared.get(draft);
  if (known) return known;
  const bodies = Array.from(draft.bodies());
  const shapes = new Map(bodies.flatMap(({ inputs }) => inputs.map(({ name, shape }) => [name, shape] as const)));
  declared.set(draft, shapes);
  return shapes;
}

const declared = new WeakMap<Draft, ReadonlyMap<string, readonly (number | string)[] | null>>();

/** The nodes, each behind all that it reads, otherwise in the order that they have; null where they read one another in a circle. */
export function inOrder(nodes: readonly GraphNode[]): GraphNode[] | null {
  const makers = new Map<string, number>();
  for (const [i, node] of nodes.entries()) for (const name of node.outputs) if (name !== null) makers.set(name, i);
  const done = new Uint8Array(nodes.length); // 1: its inputs are under way, 2: it is in the order
  const order: GraphNode[] = [];
  const stack: number[] = [];
  for (const i of nodes.keys()) {
    stack.push(i);
    for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
      const waits = done[at] === 2 ? [] : readBy(nodes[at]).map((name) => makers.get(name));
      const open = waits.filter((maker): maker is number => maker !== undefined && done[maker] !== 2);
      if (done[at] === 2 || open.length === 0) {
        if (done[at] !== 2) order.push(nodes[at]);
        done[at] = 2;
        stack.pop();
        continue;
      }
      if (open.some((maker) => done[maker] === 1)) return null;
      done[at] = 1;
      stack.push(...open.toReversed());
    }
  }
  return order;
}

/** The names that a node reads, those that its graphs read of what is around them too. */
export function readBy(node: GraphNode): string[] {
  const names = node.inputs.filter((name): name is string => name !== null);
  for (const value of Object.values(node.attributes ?? {}))
    if (typeof value === 'object' && value !== null && 'graph' in value) {
      const { inputs, nodes, outputs } = value.graph;
      const own = new Set([...inputs.map(({ name }) => name), ...nodes.flatMap((inner) => inner.outputs)]);
      const read = [...nodes.flatMap(readBy), ...outputs.map(({ name }) => name)];
      names.push(...read.filter((name) => !own.has(name)));
    }
  return names;
}
