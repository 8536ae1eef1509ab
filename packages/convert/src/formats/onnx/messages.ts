// The messages of an ONNX file, as far as they are read: their fields by the numbers that onnx.proto publishes. Every message is read from its own bytes,
// and no length in it is believed.

/** A tensor: its numbers raw, in a list of their type, or in a file next to the model. */
export interface TensorMessage {
  name: string;
  dims: number[];
  dataType: number;
  raw: Uint8Array | null;
  floats: number[] | Float32Array;
  doubles: number[];
  /** int32, and everything that is no wider: int8, float16's bits, booleans. */
  ints: number[];
  /** int64 and uint64; uint32 too. */
  longs: number[];
  strings: number;
  external: Map<string, string> | null;
}

/** An attribute: one of its fields is set, `type` says which. */
export interface AttributeMessage {
  name: string;
  type: number;
  float: number;
  int: number;
  text: string;
  tensor: TensorMessage | null;
  graph: GraphMessage | null;
  floats: number[];
  ints: number[];
  texts: string[];
  /** The attribute of a function that it stands for. */
  reference: string;
}

export interface NodeMessage {
  name: string;
  op: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: AttributeMessage[];
}

/** An input, output or other value with its type. */
export interface ValueMessage {
  name: string;
  /** The element type; 0 for what is no tensor. */
  dataType: number;
  shape: (number | string | null)[] | null;
}

export interface GraphMessage {
  name: string;
  nodes: NodeMessage[];
  initializers: TensorMessage[];
  sparse: number;
  inputs: ValueMessage[];
  outputs: ValueMessage[];
}

export interface ModelMessage {
  irVersion: number;
  producer: string;
  producerVersion: string;
  /** Versions by the domain of operators; '' is ONNX' own. */
  opsets: Map<string, number>;
  functions: number;
  metadata: Map<string, string>;
  graph: GraphMessage | null;
}
