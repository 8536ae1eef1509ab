// An ONNX graph that is being written: nodes, constants, and graphs within it.

import type { OnnxAttribute, OnnxElement, OnnxGraphParts, OnnxNode, OnnxTensor, OnnxValue } from './proto.ts';

export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly #prefix: string;
  readonly #constants = new Map<string, string>();
  #count = 0;

  /** `prefix` begins the names of its values: those of a graph within another must not be those around it. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** A node with one output, or with as many as there are names; '' leaves an input or output out. */
  op(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    outputs: readonly string[] = [this.name()],
  ): string {
    this.nodes.push({ name: `${this.#prefix}${op}_${this.nodes.length}`, op, inputs, outputs, attributes });
    return outputs.find((name) => name !== '') ?? '';
  }

  name(): string {
    return `${this.#prefix}t${++this.#count}`;
  }

  /** int64 values of one axis, or with `scalar` the one value of none. */
  ints(values: readonly number[], scalar = false): string {
    return this.#constant(`int ${values.join()} ${scalar}`, (name) => ({
      name,
      element: 'int64',
      shape: scalar ? [] : [values.length],
      bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
    }));
  }

  /** A float of no axis. */
  float(value: number): string {
    return this.#constant(`float ${value}`, (name) => ({
      name,
      element: 'float',
      shape: [],
      bytes: new Uint8Array(Float32Array.of(value).buffer),
    }));
  }

  /** A float tensor under a name of its own. */
  floats(name: string, shape: readonly number[], values: Float32Array): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.tensors.push({ name, element: 'float', shape, bytes });
    return name;
  }

  unsqueeze(x: string, ...axes: readonly number[]): string {
    return this.op('Unsqueeze', [x, this.ints(axes)]);
  }

  squeeze(x: string, ...axes: readonly number[]): string {
    return this.op('Squeeze', [x, this.ints(axes)]);
  }

  concat(parts: readonly string[], axis: number): string {
    return parts.length === 1 ? parts[0] : this.op('Concat', parts, { axis });
  }

  /** Rows from … to of an axis. */
  slice(x: string, axis: number, from: number, to: number): string {
    return this.op('Slice', [x, this.ints([from]), this.ints([to]), this.ints([axis])]);
  }

  /** The size of an axis, int64 [1]. */
  size(x: string, axis: number): string {
    return this.op('Shape', [x], { start: axis, end: axis + 1 });
  }

  /** Equal parts of the last axis, as many as there are names wanted. */
  split(x: string, count: number, width: number): string[] {
    const outputs = Array.from({ length: count }, () => this.name());
    this.op('Split', [x, this.ints(new Array<number>(count).fill(width))], { axis: -1 }, outputs);
    return outputs;
  }

  parts(name: string, inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): OnnxGraphParts {
    return { name, nodes: this.nodes, tensors: this.tensors, inputs, outputs };
  }

  #constant(key: string, make: (name: string) => OnnxTensor): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const tensor = make(this.name());
    this.tensors.push(tensor);
    this.#constants.set(key, tensor.name);
    return tensor.name;
  }
}

/** A value whose shape is left to be found. */
export const untyped = (name: string, element: OnnxElement = 'float'): OnnxValue => ({ name, element, shape: null });
