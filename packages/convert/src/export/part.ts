// A part of a model on its way out: a graph, and the same function as the library computes it, from which the test vectors come.

import { indices, type Module, Tensor, tensor } from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { ConvertError } from '../errors.ts';
import type { VectorArray } from '../model/vectors.ts';
import { cellStates, type RecurrentCell } from './cells.ts';

/** Arrays by the names of a graph's inputs or outputs. */
export type VectorArrays = Readonly<Record<string, VectorArray>>;

/** Tensors by the names of a graph's inputs or outputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A graph of a model, and the same function as the library computes it. */
export interface Part<M extends Module> {
  readonly graph: (model: M) => GraphSpec;
  /** Tensors by the graph's inputs → tensors by its outputs. */
  readonly compute: (model: M, inputs: Inputs) => Tensors;
}

/** The parts of a type of models by their names: `model`, or `encoder` and `decoder`. */
export type Parts<M extends Module> = Readonly<Record<string, Part<M>>>;

/** The given inputs as tensors. */
export class Inputs {
  readonly #arrays: VectorArrays;

  constructor(arrays: VectorArrays) {
    this.#arrays = arrays;
  }

  /** Throws a ConvertError where it is not given: test vectors come from files too. */
  tensor(name: string): Tensor {
    if (!this.has(name))
      throw new ConvertError('test vectors', { where: `input ${name}`, expected: 'an array', got: 'none' });
    const { element, shape, values } = this.#arrays[name];
    return element === 'float' ? tensor(values, shape) : indices(values, shape);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#arrays, name);
  }

  /** Null where it is not given. */
  optional(name: string): Tensor | null {
    return this.has(name) ? this.tensor(name) : null;
  }

  /** The state of a cell from its inputs; null where none is given. */
  state(cell: RecurrentCell, prefix = ''): unknown {
    const kinds = cellStates[cell];
    if (!this.has(`${prefix}${kinds[0].name}0`)) return null;
    const tensors = kinds.map(({ name }) => [name, this.tensor(`${prefix}${name}0`)] as const);
    return tensors.length === 1 ? tensors[0][1] : Object.fromEntries(tensors);
  }
}

/** A state as outputs. */
export function stateOutputs(cell: RecurrentCell, state: unknown, prefix = ''): Record<string, Tensor> {
  const tensors: readonly Tensor[] = state instanceof Tensor ? [state] : Object.values(state as Record<string, Tensor>);
  return Object.fromEntries(cellStates[cell].map(({ name }, k) => [`${prefix}${name}n`, tensors[k]]));
}
