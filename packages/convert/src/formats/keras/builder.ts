// Builds the graph of a network of Keras: each layer becomes one node or a few, with the values that it reads and gives and the masks that go with them.

import type { SavedTensor } from 'unrolled';
import type { FilledTensor, GraphAttribute, GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { type ImportedNetwork, importedNetwork, type LayerSummary } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';

/** A tensor of Keras: the name of its value, and of its mask if it has one. */
export interface Value {
  readonly name: string;
  readonly mask: string | null;
}

type Attributes = Readonly<Record<string, GraphAttribute>>;

export class GraphBuilder {
  readonly report: ConversionReport;
  /** The generation of Keras that wrote the file: activations, masks and names differ. */
  readonly keras: 2 | 3;
  readonly layers: LayerSummary[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #inputs: GraphPort[] = [];
  readonly #outputs: GraphPort[] = [];
  readonly #parameters: Record<string, readonly number[]> = Object.create(null);
  readonly #weights = new Map<string, () => SavedTensor | FilledTensor>();
  readonly #states: { readonly input: string; readonly output: string }[] = [];
  readonly #names = new Set<string>();

  constructor(report: ConversionReport, keras: 2 | 3) {
    this.report = report;
    this.keras = keras;
  }

  /** A name that no value has yet. */
  unique(name: string): string {
    let found = name;
    for (let k = 2; this.#names.has(found); k++) found = `${name}#${k}`;
    this.#names.add(found);
    return found;
  }

  /** Adds a node; the names of its outputs. */
  node(
    op: string,
    layer: string,
    inputs: readonly (string | null)[],
    attributes: Attributes = {},
    outputs: readonly string[] = ['output'],
  ): string[] {
    if (this.#nodes.length >= limits.nodes)
      throw new ConvertError(this.report.source, { expected: `at most ${limits.nodes} nodes`, got: 'more' });
    const names = outputs.map((name) => this.unique(`${layer}.${name}`));
    const name = this.unique(`${layer}:${op}`);
    this.#nodes.push({ name, op, layer, inputs, outputs: names, attributes });
    return names;
  }

  /** Adds an input. Its element type is settled at the end: ids, where only embeddings read it. */
  input(name: string, shape: GraphPort['shape'], optional = false): string {
    const own = this.unique(name);
    this.#inputs.push({ name: own, element: 'float', shape, ...(optional && { optional }) });
    return own;
  }

  output(name: string, value: string, shape: GraphPort['shape'] = null): string {
    const own = this.unique(name);
    this.#nodes.push({ name: `${own}:Identity`, op: 'Identity', inputs: [value], outputs: [own] });
    this.#outputs.push({ name: own, element: 'float', shape });
    return own;
  }

  /** States that the graph gives at the end of a piece of a sequence are its inputs for the next piece. */
  carry(input: string, output: string): void {
    this.#states.push({ input, output });
  }

  /** A tensor of the graph itself; a second one of the same name is the same. */
  parameter(name: string, shape: readonly number[], weights: () => SavedTensor): string {
    if (!this.#weights.has(name)) this.#names.add(name);
    this.#parameters[name] = shape;
    this.#weights.set(name, weights);
    return name;
  }

  /** The weights of a layer of the graph, by the name of the parameter. */
  weight(layer: string, parameter: string, weights: () => SavedTensor | FilledTensor): void {
    this.#weights.set(`${layer}.${parameter}`, weights);
  }

  network(): ImportedNetwork {
    const graph: GraphSpec = {
      inputs: this.#inputs.map((port) => (this.#isIds(port.name) ? { ...port, element: 'int' } : port)),
      outputs: this.#outputs,
      nodes: this.#nodes,
      parameters: { ...this.#parameters },
      ...(this.#states.length > 0 && { states: this.#states }),
    };
    return importedNetwork(graph, this.#weights);
  }

  #isIds(name: string): boolean {
    const readers = this.#nodes.filter(({ inputs }) => inputs.includes(name));
    const ofIds = new Set(['Embedding', 'KerasIdMask']);
    return readers.some(({ op }) => op === 'Embedding') && readers.every(({ op }) => ofIds.has(op));
  }
}
