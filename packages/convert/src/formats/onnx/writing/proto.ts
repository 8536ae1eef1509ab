// ONNX' messages as bytes: the fields that are written, by the numbers of the published schema (onnx.proto3). A message is a function that writes its fields.

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Element types of tensors, by ONNX' numbers. */
export const elementTypes = { float: 1, int32: 6, int64: 7, bool: 9 } as const;

export type OnnxElement = keyof typeof elementTypes;

/** A tensor that stands in the file. */
export interface OnnxTensor {
  readonly name: string;
  readonly element: OnnxElement;
  readonly shape: readonly number[];
  /** Little-endian. */
  readonly bytes: Uint8Array;
}

/** An input or output of a graph; a size that is a name is known when the graph runs. */
export interface OnnxValue {
  readonly name: string;
  readonly element: OnnxElement;
  readonly shape: readonly (number | string)[] | null;
}

/** Numbers are integers unless they are in a `float`. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly graph: OnnxGraphParts }
  | readonly string[];

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** '' for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxGraphParts {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxModelParts {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly graph: OnnxGraphParts;
  readonly metadata: Readonly<Record<string, string>>;
}

type Write = (writer: BinaryWriter) => void;

const tag = (w: BinaryWriter, field: number, type: WireType) => w.tag(field, type);
const text = (w: BinaryWriter, field: number, value: string) => tag(w, field, WireType.LengthDelimited).string(value);
const whole = (w: BinaryWriter, field: number, value: number) => tag(w, field, WireType.Varint).int64(value);
const raw = (w: BinaryWriter, field: number, value: Uint8Array) => tag(w, field, WireType.LengthDelimited).bytes(value);

function message(w: BinaryWriter, field: number, write: Write): void {
  tag(w, field, WireType.LengthDelimited).fork();
  write(w);
  w.join();
}

/** The bytes of a model file. */
export function onnxBytes({ irVersion, opset, producer, graph: parts, metadata }: OnnxModelParts): Uint8Array {
  const w = new BinaryWriter();
  whole(w, 1, irVersion);
  text(w, 2, producer);
  message(w, 7, graph(parts));
  message(w, 8, () => {
    text(w, 1, '');
    whole(w, 2, opset);
  });
  for (const [key, value] of Object.entries(metadata))
    message(w, 14, () => {
      text(w, 1, key);
      text(w, 2, value);
    });
  return w.finish();
}

function graph({ name, nodes, tensors, inputs, outputs }: OnnxGraphParts): Write {
  return (w) => {
    for (const one of nodes) message(w, 1, node(one));
    text(w, 2, name);
    for (const one of tensors) message(w, 5, tensor(one));
    for (const one of inputs) message(w, 11, value(one));
    for (const one of outputs) message(w, 12, value(one));
  };
}

function node({ name, op, inputs, outputs, attributes }: OnnxNode): Write {
  return (w) => {
    for (const one of inputs) text(w, 1, one);
    for (const one of outputs) text(w, 2, one);
    text(w, 3, name);
    text(w, 4, op);
    for (const [key, one] of Object.entries(attributes)) message(w, 5, attribute(key, one));
  };
}

const attributeTypes = { float: 1, int: 2, string: 3, graph: 5, ints: 7, strings: 8 } as const;

function attribute(name: string, value: OnnxAttribute): Write {
  return (w) => {
    text(w, 1, name);
    const type = (kind: keyof typeof attributeTypes) => whole(w, 20, attributeTypes[kind]);
    if (typeof value === 'number') {
      whole(w, 3, value);
      type('int');
    } else if (typeof value === 'string') {
      text(w, 4, value);
      type('string');
    } else if ('float' in value) {
      tag(w, 2, WireType.Bit32).float(value.float);
      type('float');
    } else if ('graph' in value) {
      message(w, 6, graph(value.graph));
      type('graph');
    } else if (typeof value[0] === 'string') {
      for (const one of value) text(w, 9, String(one));
      type('strings');
    } else {
      for (const one of value) whole(w, 8, Number(one));
      type('ints');
    }
  };
}

function tensor({ name, element, shape, bytes }: OnnxTensor): Write {
  return (w) => {
    for (const d of shape) whole(w, 1, d);
    whole(w, 2, elementTypes[element]);
    text(w, 8, name);
    raw(w, 9, bytes);
  };
}

function value({ name, element, shape }: OnnxValue): Write {
  return (w) => {
    text(w, 1, name);
    message(w, 2, () =>
      message(w, 1, () => {
        whole(w, 1, elementTypes[element]);
        if (shape === null) return;
        message(w, 2, () => {
          for (const d of shape) message(w, 1, () => (typeof d === 'number' ? whole(w, 1, d) : text(w, 2, d)));
        });
      }),
    );
  };
}
