// A graph while it is worked on: its nodes in order, and the constants of the file beside them. Names are those of the file where they can be, and each is
// given once in all graphs together, so that a constant of a branch is a constant of the model.

import type { GraphAttribute, GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import type { ElementType } from '../../arrays/element.ts';
import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';

/** An array of the file, or one that was computed from such. */
export interface Constant {
  readonly element: 'float' | 'int' | 'bool';
  readonly shape: readonly number[];
  /** Its type in the file. */
  readonly type?: ElementType;
  /** The values row by row. */
  values(): ArrayLike<number>;
  /** Where they are float32: the bytes of the file. */
  readonly bytes?: Uint8Array | null;
  /** Whether the file has it as an initializer, which exporters use for what is trained, rather than as a constant of the graph. */
  readonly initializer: boolean;
}

/** A graph whose nodes change. */
export interface Body {
  readonly inputs: GraphPort[];
  readonly outputs: GraphPort[];
  nodes: GraphNode[];
}

/** A model while it is worked on. */
export class Draft {
  readonly source: string;
  readonly main: Body = { inputs: [], outputs: [], nodes: [] };
  readonly constants = new Map<string, Constant>();
  readonly #names = new Set<string>();
  readonly #nodeNames = new Set<string>();
  #nodes = 0;

  constructor(source: string) {
    this.source = source;
  }

  /** Keeps a name of the file for itself. Returns whether it was free. */
  claim(name: string): boolean {
    if (this.#names.has(name)) return false;
    this.#names.add(name);
    return true;
  }

  /** A name for a value, this one or one like it. */
  name(like: string): string {
    let name = like === '__proto__' ? 'proto' : like;
    for (let i = 1; !this.claim(name); i++) name = `${like}_${i}`;
    return name;
  }

  /** A name for a node, this one or one like it. */
  nodeName(like: string): string {
    let name = like;
    for (let i = 1; this.#nodeNames.has(name); i++) name = `${like}_${i}`;
    this.#nodeNames.add(name);
    return name;
  }

  /** A list of integers as a constant. */
  ints(like: string, values: readonly number[]): string {
    const name = this.name(like);
    this.constants.set(name, { element: 'int', shape: [values.length], values: () => values, initializer: false });
    return name;
  }

  /** Counts a node. Throws a ConvertError for more than a model has. */
  count(): void {
    if (++this.#nodes > limits.nodes)
      throw new ConvertError(this.source, { expected: `at most ${limits.nodes} nodes`, got: 'more' });
  }

  /** All graphs: the main one and those in nodes, the outer before the inner. */
  *bodies(from: Body = this.main): Generator<Body> {
    yield from;
    for (const node of from.nodes) for (const body of bodiesOf(node)) yield* this.bodies(body);
  }

  /** How often each value is read, by nodes and as an output of a graph. */
  uses(): Map<string, number> {
    const uses = new Map<string, number>();
    const use = (name: string | null) => {
      if (name !== null) uses.set(name, (uses.get(name) ?? 0) + 1);
    };
    for (const body of this.bodies()) {
      for (const node of body.nodes) for (const name of node.inputs) use(name);
      for (const { name } of body.outputs) use(name);
    }
    return uses;
  }
}

/** The graphs that a node runs. */
export function bodiesOf(node: GraphNode): Body[] {
  return Object.values(node.attributes ?? {}).flatMap((value) =>
    isGraph(value) ? [value.graph as unknown as Body] : [],
  );
}

export function isGraph(value: GraphAttribute | undefined): value is { readonly graph: GraphSpec } {
  return typeof value === 'object' && value !== null && 'graph' in value;
}

/** A body as an attribute. */
export function graphAttribute(body: Body): GraphAttribute {
  return { graph: body as GraphSpec };
}
