// A graph made ready to run: its values in numbered places, its nodes with what they need to run, so that a run looks up no name. The graphs of a node (the
// branches of an If, the body of a Loop) have places of their own, and read those of the graphs around them.

import { FormatError } from '../errors.ts';
import type { Module } from '../nn/module.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { layerName } from './check.ts';
import { type FrozenContext, type GraphOp, NodeContext, RunContext } from './op.ts';
import type { GraphNode, GraphSpec } from './spec.ts';
import { type GraphValue, HostArray } from './value.ts';

/** What a plan is made from. */
export interface PlanParts {
  readonly ops: ReadonlyMap<string, GraphOp>;
  /** Parameters and buffers of the graph and of the graphs in it, by name. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Layers by name. */
  readonly layers: ReadonlyMap<string, Module>;
  /** Whether the weights stay as they are: ops with packed weights use them. */
  readonly frozen: boolean;
}

/** A node at work. */
interface Step {
  readonly node: GraphNode;
  readonly run: GraphOp['run'];
  readonly context: RunContext;
  /** The same array as `context.inputs`. */
  readonly given: (GraphValue | null)[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

interface Part {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly steps: readonly Step[];
}

const nowhere = -1;

/** One graph, ready. A plan runs one call at a time. */
export class GraphPlan {
  readonly #parts: PlanParts;
  readonly #main: Part;
  /** Every value of the run that is under way; constants and weights are always there. */
  readonly #values: (GraphValue | null)[] = [];
  readonly #fixed: (GraphValue | null)[];
  #training = false;

  constructor(graph: GraphSpec, parts: PlanParts) {
    this.#parts = parts;
    this.#main = this.#part(graph, new Map());
    this.#fixed = this.#values.slice();
  }

  /** The outputs for the inputs, both in the order of the graph's ports. */
  run(inputs: readonly GraphValue[], training: boolean): readonly GraphValue[] {
    this.#training = training;
    try {
      return this.#run(this.#main, inputs);
    } finally {
      for (const [place, value] of this.#fixed.entries()) this.#values[place] = value;
    }
  }

  #run(part: Part, inputs: readonly GraphValue[]): readonly GraphValue[] {
    const values = this.#values;
    for (let i = 0; i < part.inputs.length; i++) values[part.inputs[i]] = inputs[i];
    for (const { node, run, context, given, inputs: from, outputs: to } of part.steps) {
      for (let i = 0; i < from.length; i++) given[i] = from[i] === nowhere ? null : values[from[i]];
      context.training = this.#training;
      let result: GraphValue | readonly GraphValue[];
      try {
        result = run(context);
      } finally {
        given.fill(null);
      }
      const list = Array.isArray(result) ? (result as readonly GraphValue[]) : [result as GraphValue];
      for (let i = 0; i < to.length; i++) {
        if (to[i] === nowhere) continue;
        if (list[i] === undefined)
          throw new FormatError('GraphModel', `node ${node.name} (${node.op}): has no output ${i}`);
        values[to[i]] = list[i];
      }
    }
    return part.outputs.map((place) => values[place] as GraphValue);
  }

  /** The graph's values get places; names of the graphs around it are seen in it. */
  #part(graph: GraphSpec, around: ReadonlyMap<string, number>): Part {
    const places = new Map(around);
    const place = (name: string, value: GraphValue | null = null) => {
      places.set(name, this.#values.length);
      this.#values.push(value);
      return this.#values.length - 1;
    };
    for (const name of [...Object.keys(graph.parameters ?? {}), ...Object.keys(graph.buffers ?? {})])
      place(name, this.#parts.tensors.get(name) ?? null);
    for (const [name, { element, shape, values }] of Object.entries(graph.constants ?? {}))
      place(name, new HostArray(element, shape, values));
    const inputs = graph.inputs.map(({ name }) => place(name));
    const at = (name: string) => places.get(name) as number;
    const steps = graph.nodes.map((node): Step => {
      const from = node.inputs.map((name) => (name === null ? nowhere : at(name)));
      const inner = new Map<GraphSpec, Part>();
      for (const value of Object.values(node.attributes ?? {}))
        if (typeof value === 'object' && value !== null && 'graph' in value)
          inner.set(value.graph, this.#part(value.graph, places));
      const step = this.#step(node, from, inner);
      return { ...step, inputs: from, outputs: node.outputs.map((name) => (name === null ? nowhere : place(name))) };
    });
    return { inputs, outputs: graph.outputs.map(({ name }) => at(name)), steps };
  }

  #step(
    node: GraphNode,
    from: readonly number[],
    inner: ReadonlyMap<GraphSpec, Part>,
  ): Pick<Step, 'node' | 'run' | 'context' | 'given'> {
    const op = this.#parts.ops.get(node.op) as GraphOp;
    const layer = this.#parts.layers.get(layerName(node)) ?? null;
    const given = new Array<GraphValue | null>(from.length).fill(null);
    const context = new RunContext(node, 'GraphModel', given, layer, false, (graph, own) =>
      this.#run(inner.get(graph) as Part, own),
    );
    const weight = (i: number) => (this.#parts.frozen ? this.#weight(from[i]) : null);
    const frozen = this.#parts.frozen && op.freeze?.(new FrozenNode(node, layer, weight));
    return { node, run: frozen || op.run, context, given };
  }

  /** The parameter or buffer at a place. While the plan is made, nothing else that is a tensor has one. */
  #weight(place: number | undefined): Tensor | null {
    const value = place === undefined || place === nowhere ? null : this.#values[place];
    return value instanceof HostArray ? null : (value ?? null);
  }
}

class FrozenNode extends NodeContext implements FrozenContext {
  readonly layer: Module | null;
  readonly weight: FrozenContext['weight'];

  constructor(node: GraphNode, layer: Module | null, weight: FrozenContext['weight']) {
    super(node, 'GraphModel');
    this.layer = layer;
    this.weight = weight;
  }
}
