// Builds the graph of one of the library's models, node by node. Ops have ONNX's names, layers the library's, and every weight the name that it has in the
// model's state dict. What an op means, a writer has in its own words: `formats/onnx/writing/operators.ts`, `formats/pytorch/python-ops.ts`.

import type { Recurrent } from 'unrolled';
import type { GraphAttribute, GraphElement, GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import { ConvertError } from '../errors.ts';
import { cellStates, type RecurrentCell } from './cells.ts';

/** The name of a value in a graph. */
export type Value = string;

/** A recurrent layer's results. */
export interface RecurrentValues {
  /** [T, B, D·H] */
  readonly output: Value;
  /** The final state, tensor by tensor, each [L·D, B, ..]. */
  readonly states: readonly Value[];
}

/** Where a recurrent layer's weights are, and what it reads besides x. */
export interface RecurrentInputs {
  readonly lengths?: Value | null;
  /** The state before the first step, tensor by tensor. */
  readonly states?: readonly Value[] | null;
  /** One layer of several: its number. Default: all. */
  readonly only?: number;
  /** The width of x. Default: what the layer says. */
  readonly inputSize?: number;
}

export class GraphBuilder {
  readonly #inputs: GraphPort[] = [];
  readonly #outputs: GraphPort[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #parameters: Record<string, readonly number[]> = {};
  readonly #states: { input: string; output: string }[] = [];
  #count = 0;

  /** An input of the graph. */
  input(name: string, element: GraphElement, shape: readonly (number | string)[], optional = false): Value {
    this.#inputs.push({ name, element, shape, ...(optional && { optional }) });
    return name;
  }

  /** Names a value as an output of the graph. */
  output(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.#add('Identity', [value], {}, [name]);
    this.#outputs.push({ name, element: 'float', shape });
  }

  /** Inputs `<name>0` for a state, all optional. */
  stateInputs(layer: Recurrent<unknown>, cell: RecurrentCell, prefix = ''): Value[] {
    return cellStates[cell].map(({ name, times }) =>
      this.stateInput(`${prefix}${name}`, [layer.cells.length, 'batch', times * layer.hiddenSize]),
    );
  }

  /** Outputs `<name>n` for a state, which the next call reads as `<name>0`. */
  stateOutputs(layer: Recurrent<unknown>, cell: RecurrentCell, states: readonly Value[], prefix = ''): void {
    for (const [k, { name, times }] of cellStates[cell].entries())
      this.stateOutput(`${prefix}${name}`, states[k], [layer.cells.length, 'batch', times * layer.hiddenSize]);
  }

  /** The input `<name>0`: what the call before gave as `<name>n`. Optional: zeros before the first. */
  stateInput(name: string, shape: readonly (number | string)[], optional = true): Value {
    return this.input(`${name}0`, 'float', shape, optional);
  }

  stateOutput(name: string, value: Value, shape: readonly (number | string)[]): void {
    this.output(`${name}n`, value, shape);
    this.#states.push({ input: `${name}0`, output: `${name}n` });
  }

  /** A node with one output. */
  op(op: string, inputs: readonly (Value | null)[], attributes: Readonly<Record<string, GraphAttribute>> = {}): Value {
    return this.#add(op, inputs, attributes, [this.#name()])[0];
  }

  /** A weight that an op reads itself. */
  parameter(name: string, shape: readonly number[]): Value {
    this.#parameters[name] = shape;
    return name;
  }

  /** A layer with weights of its own, which begin with its name. */
  layer(op: string, layer: string, inputs: readonly Value[], attributes: Record<string, GraphAttribute>): Value {
    return this.#add(op, inputs, attributes, [this.#name()], layer)[0];
  }

  /** Values one after another along an axis. */
  concat(parts: readonly Value[], axis: number): Value {
    return parts.length === 1 ? parts[0] : this.op('Concat', parts, { axis });
  }

  linear(layer: string, { inFeatures, outFeatures, bias }: LinearLike, x: Value): Value {
    return this.layer('Linear', layer, [x], { inFeatures, outFeatures, bias: bias !== null });
  }

  /** ids [..] → [.., E] */
  embedding(layer: string, numEmbeddings: number, embeddingDim: number, ids: Value): Value {
    return this.layer('Embedding', layer, [ids], { numEmbeddings, embeddingDim });
  }

  layerNorm(layer: string, size: number, eps: number, x: Value): Value {
    return this.layer('LayerNorm', layer, [x], { normalizedShape: [size], eps });
  }

  /** A layer, or the layers, of any cell: x [T, B, I] → the output and the final state. */
  recurrent(
    layer: string,
    module: Recurrent<unknown>,
    cell: RecurrentCell,
    x: Value,
    options: RecurrentInputs = {},
  ): RecurrentValues {
    const { lengths = null, states = null, only = null, inputSize = module.inputSize } = options;
    if (module.zoneout > 0)
      throw new ConvertError('export', {
        where: `layer ${layer}`,
        expected: 'a layer that takes the states its cell gives',
        got: `zoneout ${module.zoneout}, which mixes them with those before`,
        advice: 'train with --recurrent-dropout instead, which acts in training only',
      });
    const attributes = {
      cell,
      inputSize,
      hiddenSize: module.hiddenSize,
      numLayers: only === null ? module.numLayers : 1,
      first: only ?? 0,
      apart: only !== null,
      bidirectional: module.numDirections === 2,
    };
    const kinds = cellStates[cell];
    const inputs = [x, lengths, ...kinds.map((_, k) => states?.[k] ?? null)];
    const outputs = [this.#name(), ...kinds.map(() => this.#name())];
    const [output, ...after] = this.#add('Recurrent', inputs, attributes, outputs, layer);
    return { output, states: after };
  }

  finish(): GraphSpec {
    return {
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      parameters: this.#parameters,
      states: this.#states,
    };
  }

  #add(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Readonly<Record<string, GraphAttribute>>,
    outputs: Value[],
    layer?: string,
  ): Value[] {
    this.#nodes.push({ name: `${op}_${this.#nodes.length}`, op, ...(layer && { layer }), inputs, outputs, attributes });
    return outputs;
  }

  #name(): Value {
    return `v${++this.#count}`;
  }
}

interface LinearLike {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bias: unknown;
}
