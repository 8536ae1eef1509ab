// A small ONNX writer, so that tests make their own files: messages field by field, as onnx.proto numbers them.

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** An array of a file: float32 unless its numbers are said to be integers or booleans. */
export interface OnnxArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly type?: 'float' | 'int32' | 'int64' | 'bool';
  /** Where its bytes are, instead of in the model. */
  readonly external?: Readonly<Record<string, string>>;
}

export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | OnnxArray
  | { readonly graph: OnnxGraph };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  /** Numbers with a fraction are floats, as are those in `floats`. */
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxPort {
  readonly name: string;
  readonly type?: 'float' | 'int32' | 'int64' | 'bool';
  readonly shape?: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly initializers?: Readonly<Record<string, OnnxArray>>;
}

const types = { float: 1, int32: 6, int64: 7, bool: 9 } as const;

/** Attributes that are floats though their numbers may be whole. */
const floats = new Set([
  'alpha',
  'beta',
  'epsilon',
  'clip',
  'activation_alpha',
  'activation_beta',
  'value_float',
  'ratio',
]);

/** The bytes of a model. */
export function onnxModel(graph: OnnxGraph, { opset = 17, producer = 'unrolled test' } = {}): Uint8Array<ArrayBuffer> {
  const w = new BinaryWriter();
  w.tag(1, WireType.Varint).int64(8);
  w.tag(2, WireType.LengthDelimited).string(producer);
  message(w, 7, (inner) => writeGraph(inner, graph));
  message(w, 8, (inner) => {
    inner.tag(1, WireType.LengthDelimited).string('');
    inner.tag(2, WireType.Varint).int64(opset);
  });
  return new Uint8Array(w.finish());
}

function message(w: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  const inner = new BinaryWriter();
  write(inner);
  w.tag(field, WireType.LengthDelimited).bytes(inner.finish());
}

function writeGraph(w: BinaryWriter, { nodes, inputs, outputs, initializers = {} }: OnnxGraph): void {
  for (const node of nodes) message(w, 1, (inner) => writeNode(inner, node));
  w.tag(2, WireType.LengthDelimited).string('graph');
  for (const [name, array] of Object.entries(initializers)) message(w, 5, (inner) => writeTensor(inner, name, array));
  for (const port of inputs) message(w, 11, (inner) => writePort(inner, port));
  for (const port of outputs) message(w, 12, (inner) => writePort(inner, port));
}

function writeNode(w: BinaryWriter, { op, inputs, outputs, name = '', domain = '', attributes = {} }: OnnxNode): void {
  for (const input of inputs) w.tag(1, WireType.LengthDelimited).string(input);
  for (const output of outputs) w.tag(2, WireType.LengthDelimited).string(output);
  w.tag(3, WireType.LengthDelimited).string(name);
  w.tag(4, WireType.LengthDelimited).string(op);
  for (const [key, value] of Object.entries(attributes)) message(w, 5, (inner) => writeAttribute(inner, key, value));
  if (domain !== '') w.tag(7, WireType.LengthDelimited).string(domain);
}

function writeAttribute(w: BinaryWriter, name: string, value: OnnxAttribute): void {
  w.tag(1, WireType.LengthDelimited).string(name);
  const type = (number: number) => w.tag(20, WireType.Varint).int32(number);
  const float = floats.has(name);
  if (typeof value === 'string') {
    w.tag(4, WireType.LengthDelimited).string(value);
    type(3);
  } else if (typeof value === 'number') {
    if (float || !Number.isInteger(value)) w.tag(2, WireType.Bit32).float(value);
    else w.tag(3, WireType.Varint).int64(value);
    type(float || !Number.isInteger(value) ? 1 : 2);
  } else if (Array.isArray(value)) {
    const list = value as readonly (number | string)[];
    for (const one of list) {
      if (typeof one === 'string') w.tag(9, WireType.LengthDelimited).string(one);
      else if (float) w.tag(7, WireType.Bit32).float(one);
      else w.tag(8, WireType.Varint).int64(one);
    }
    type(typeof list[0] === 'string' ? 8 : float ? 6 : 7);
  } else if ('graph' in value) {
    const { graph } = value;
    message(w, 6, (inner) => writeGraph(inner, graph));
    type(5);
  } else {
    const array = value as OnnxArray;
    message(w, 5, (inner) => writeTensor(inner, '', array));
    type(4);
  }
}

function writeTensor(w: BinaryWriter, name: string, { shape, values, type = 'float', external }: OnnxArray): void {
  for (const d of shape) w.tag(1, WireType.Varint).int64(d);
  w.tag(2, WireType.Varint).int32(types[type]);
  w.tag(8, WireType.LengthDelimited).string(name);
  if (external) {
    for (const [key, value] of Object.entries(external))
      message(w, 13, (inner) => {
        inner.tag(1, WireType.LengthDelimited).string(key);
        inner.tag(2, WireType.LengthDelimited).string(value);
      });
    w.tag(14, WireType.Varint).int32(1);
    return;
  }
  w.tag(9, WireType.LengthDelimited).bytes(rawBytes(values, type));
}

/** The bytes of values, little-endian. */
export function rawBytes(values: ArrayLike<number>, type: NonNullable<OnnxArray['type']> = 'float'): Uint8Array {
  if (type === 'float') return new Uint8Array(Float32Array.from(values).buffer);
  if (type === 'int32') return new Uint8Array(Int32Array.from(values).buffer);
  if (type === 'bool') return Uint8Array.from(values);
  return new Uint8Array(BigInt64Array.from(Array.from(values, BigInt)).buffer);
}

function writePort(w: BinaryWriter, { name, type = 'float', shape }: OnnxPort): void {
  w.tag(1, WireType.LengthDelimited).string(name);
  message(w, 2, (value) =>
    message(value, 1, (tensor) => {
      tensor.tag(1, WireType.Varint).int32(types[type]);
      if (!shape) return;
      message(tensor, 2, (dims) => {
        for (const d of shape)
          message(dims, 1, (dim) => {
            if (typeof d === 'number') dim.tag(1, WireType.Varint).int64(d);
            else dim.tag(2, WireType.LengthDelimited).string(d);
          });
      });
    }),
  );
}
