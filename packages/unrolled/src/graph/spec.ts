// A network as data: nodes in the order in which they run, each an op of the table (ops/index.ts) with the names of what it reads and what it gives.
// Models of other systems come as such graphs. What a graph says is JSON and stands in config.json; its parameters are in the weights' file.

import type { TensorShape } from '../tensor/shape.ts';

/** A dimension: its size, or the name of one that is known when the graph runs: `batch`, `time`. */
export type GraphDimension = number | string;

/** What the elements of an input or output are. `int` and `bool` are values of the host: ids, lengths, shapes. */
export type GraphElement = 'float' | 'int' | 'bool';

/** An input or output of a graph. */
export interface GraphPort {
  readonly name: string;
  readonly element: GraphElement;
  /** Null where nothing says how many axes there are. */
  readonly shape: readonly GraphDimension[] | null;
  /** An input that may be left out: it is zeros then, as the initial state of a recurrent network. */
  readonly optional?: boolean;
}

/** An attribute of a node: JSON, or a graph that the node runs (the branches of an If, the body of a Loop). */
export type GraphAttribute =
  | null
  | boolean
  | number
  | string
  | readonly (boolean | number | string | null)[]
  | { readonly graph: GraphSpec };

/** One op at work. */
export interface GraphNode {
  /** The node's name in its source: errors name it, and the parameters of its layer begin with it. */
  readonly name: string;
  /** The name of the op. */
  readonly op: string;
  /** The name of the layer that holds its parameters, where several nodes share one. Default: the node's name. */
  readonly layer?: string;
  /** Names of the values that it reads; null for an optional input that is left out. */
  readonly inputs: readonly (string | null)[];
  /** Names of the values that it gives; null for one that nobody reads. */
  readonly outputs: readonly (string | null)[];
  readonly attributes?: Readonly<Record<string, GraphAttribute>>;
}

/** An array of the host that stands in the graph itself: shapes, axes, ids. */
export interface GraphConstant {
  readonly element: 'int' | 'bool';
  readonly shape: TensorShape;
  readonly values: readonly number[];
}

/** A graph. Names of inputs, constants, parameters, buffers and outputs of nodes are all names of values, each given once. */
export interface GraphSpec {
  readonly inputs: readonly GraphPort[];
  /** Values that the graph gives. */
  readonly outputs: readonly GraphPort[];
  /** Each node after all that it reads. */
  readonly nodes: readonly GraphNode[];
  readonly constants?: Readonly<Record<string, GraphConstant>>;
  /** Float tensors that are trained, with their shapes; those of a node's layer are not listed here. */
  readonly parameters?: Readonly<Record<string, TensorShape>>;
  /** Float tensors that are not trained. */
  readonly buffers?: Readonly<Record<string, TensorShape>>;
  /** Outputs that are the next step's inputs, for sequences in pieces: the state of a recurrent network. */
  readonly states?: readonly { readonly input: string; readonly output: string }[];
}
