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
  readonly #buffers: Record<string, readonly number[]> = Object.create(null);
  readonly #weights = new Map<string, () => SavedTensor | FilledTensor>();
  readonly #states: { readonly input: string; readonly output: string }[] = [];
  readonly #names = new Set<string>();
  /** The number from which a name that is there already is tried. */
  readonly #next = new Map<string, number>();

  constructor(report: ConversionReport, keras: 2 | 3) {
    this.report = report;
    this.keras = keras;
  }

  /** A name that no value has yet. */
  unique(name: string): string {
    let [found, k] = [name, this.#next.get(name) ?? 2];
    for (; this.#names.has(found); k++) found = `${name}#${k}`;
    this.#names.add(found);
    this.#next.set(name, k);
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

  /** Adds an input. The element type of one that is not `bool` is settled at the end: ids, where only embeddings read it. */
  input(name: string, shape: GraphPort['shape'], optional = false, element: 'float' | 'bool' = 'float'): string {
    const own = this.unique(name);
    this.#inputs.push({ name: own, element, shape, ...(optional && { optional }) });
    return own;
  }

  /** Whether a value is an input of true and false: a mask. */
  isMask(name: string): boolean {
    return this.#inputs.some((port) => port.name === name && port.element === 'bool');
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

  /** Numbers of the graph itself that are not trained. */
  buffer(name: string, shape: readonly number[], values: () => SavedTensor): string {
    const own = this.unique(name);
    this.#buffers[own] = shape;
    this.#weights.set(own, values);
    return own;
  }

  /** The weights of a layer of the graph, by the name of the parameter. */
  weight(layer: string, parameter: string, weights: () => SavedTensor | FilledTensor): void {
    this.#weights.set(`${layer}.${parameter}`, weights);
  }

  network(): ImportedNetwork {
    const ids = this.#idInputs();
    const graph: GraphSpec = {
      inputs: this.#inputs.map((port) =>
        port.element === 'float' && ids.has(port.name) ? { ...port, element: 'int' } : port,
      ),
      outputs: this.#outputs,
      nodes: this.#nodes,
      parameters: { ...this.#parameters },
      ...(Object.keys(this.#buffers).length > 0 && { buffers: { ...this.#buffers } }),
      ...(this.#states.length > 0 && { states: this.#states }),
    };
    return importedNetwork(graph, this.#weights);
  }

  /** Inputs that embeddings read, and nothing else. */
  #idInputs(): ReadonlySet<string> {
    const [embedded, others] = [new Set<string>(), new Set<string>()];
    for (const { op, inputs } of this.#nodes)
      for (const name of inputs)
        if (name !== null && op === 'Embedding') embedded.add(name);
        else if (name !== null && op !== 'KerasIdMask') others.add(name);
    return new Set([...embedded].filter((name) => !others.has(name)));
  }
}
