// Protocol buffers → messages (messages.ts), with the reader of @bufbuild/protobuf for the wire format: bounded in depth and in number, text checked.

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { utf8 } from '../../bytes/reader.ts';
import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type {
  AttributeMessage,
  GraphMessage,
  ModelMessage,
  NodeMessage,
  TensorMessage,
  ValueMessage,
} from './messages.ts';

const mostMessages = 4_000_000;

/** Reads the model of a file. Throws a ConvertError for bytes that are no message, or more and deeper ones than a model has. */
export function readMessages(bytes: Uint8Array, source: string): ModelMessage {
  try {
    return new MessageReader(source).model(bytes);
  } catch (cause) {
    if (cause instanceof ConvertError) throw cause;
    throw new ConvertError(
      source,
      {
        expected: 'an ONNX model',
        got: `bytes that are none: ${(cause as Error).message.slice(0, 100)}`,
        advice: 'is the file cut off?',
      },
      { cause },
    );
  }
}

/** Reads a tensor alone, as in the test vectors beside ONNX models. */
export function readTensor(bytes: Uint8Array, source: string): TensorMessage {
  return new MessageReader(source).tensor(bytes);
}

class MessageReader {
  readonly #source: string;
  #messages = 0;

  constructor(source: string) {
    this.#source = source;
  }

  model(bytes: Uint8Array): ModelMessage {
    const model: ModelMessage = {
      irVersion: 0,
      producer: '',
      producerVersion: '',
      opsets: new Map(),
      functions: 0,
      metadata: new Map(),
      graph: null,
    };
    this.#each(bytes, 0, (field, reader) => {
      switch (field) {
        case 1:
          model.irVersion = long(reader);
          return true;
        case 2:
          model.producer = this.#text(reader, 'producer_name');
          return true;
        case 3:
          model.producerVersion = this.#text(reader, 'producer_version');
          return true;
        case 7:
          model.graph = this.#graph(reader.bytes(), 1);
          return true;
        case 8: {
          const [domain, version] = this.#opset(reader.bytes());
          model.opsets.set(domain, version);
          return true;
        }
        case 14: {
          const [key, value] = this.#entry(reader.bytes());
          model.metadata.set(key, value);
          return true;
        }
        case 25:
          model.functions++;
          return false;
        default:
          return false;
      }
    });
    return model;
  }

  #opset(bytes: Uint8Array): [domain: string, version: number] {
    let [domain, version] = ['', 0];
    this.#each(bytes, 1, (field, reader) => {
      if (field === 1) domain = this.#text(reader, 'domain');
      else if (field === 2) version = long(reader);
      else return false;
      return true;
    });
    return [domain === 'ai.onnx' ? '' : domain, version];
  }

  #entry(bytes: Uint8Array): [key: string, value: string] {
    let [key, value] = ['', ''];
    this.#each(bytes, 2, (field, reader) => {
      if (field === 1) key = this.#text(reader, 'key');
      else if (field === 2) value = this.#text(reader, 'value');
      else return false;
      return true;
    });
    return [key, value];
  }

  #graph(bytes: Uint8Array, depth: number): GraphMessage {
    const graph: GraphMessage = { name: '', nodes: [], initializers: [], sparse: 0, inputs: [], outputs: [] };
    this.#each(bytes, depth, (field, reader) => {
      switch (field) {
        case 1:
          graph.nodes.push(this.#node(reader.bytes(), depth + 1));
          return true;
        case 2:
          graph.name = this.#text(reader, 'name');
          return true;
        case 5:
          graph.initializers.push(this.tensor(reader.bytes(), depth + 1));
          return true;
        case 11:
          graph.inputs.push(this.#value(reader.bytes(), depth + 1));
          return true;
        case 12:
          graph.outputs.push(this.#value(reader.bytes(), depth + 1));
          return true;
        case 15:
          graph.sparse++;
          return false;
        default:
          return false;
      }
    });
    return graph;
  }

  #node(bytes: Uint8Array, depth: number): NodeMessage {
    const node: NodeMessage = { name: '', op: '', domain: '', inputs: [], outputs: [], attributes: [] };
    this.#each(bytes, depth, (field, reader) => {
      switch (field) {
        case 1:
          node.inputs.push(this.#text(reader, 'input'));
          return true;
        case 2:
          node.outputs.push(this.#text(reader, 'output'));
          return true;
        case 3:
          node.name = this.#text(reader, 'name');
          return true;
        case 4:
          node.op = this.#text(reader, 'op_type');
          return true;
        case 5:
          node.attributes.push(this.#attribute(reader.bytes(), depth + 1));
          return true;
        case 7:
          node.domain = this.#text(reader, 'domain');
          return true;
        default:
          return false;
      }
    });
    if (node.domain === 'ai.onnx') node.domain = '';
    return node;
  }

  #attribute(bytes: Uint8Array, depth: number): AttributeMessage {
    const attribute: AttributeMessage = {
      name: '',
      type: 0,
      float: 0,
      int: 0,
      text: '',
      tensor: null,
      graph: null,
      floats: [],
      ints: [],
      texts: [],
      reference: '',
    };
    this.#each(bytes, depth, (field, reader, wire) => {
      switch (field) {
        case 1:
          attribute.name = this.#text(reader, 'name');
          return true;
        case 2:
          attribute.float = reader.float();
          return true;
        case 3:
          attribute.int = long(reader);
          return true;
        case 4:
          attribute.text = this.#text(reader, 's');
          return true;
        case 5:
          attribute.tensor = this.tensor(reader.bytes(), depth + 1);
          return true;
        case 6:
          attribute.graph = this.#graph(reader.bytes(), depth + 1);
          return true;
        case 7:
          attribute.floats = joined(attribute.floats, reader, wire, (r) => r.float());
          return true;
        case 8:
          attribute.ints = joined(attribute.ints, reader, wire, long);
          return true;
        case 9:
          attribute.texts.push(this.#text(reader, 'strings'));
          return true;
        case 20:
          attribute.type = reader.int32();
          return true;
        case 21:
          attribute.reference = this.#text(reader, 'ref_attr_name');
          return true;
        default:
          return false;
      }
    });
    return attribute;
  }

  tensor(bytes: Uint8Array, depth = 0): TensorMessage {
    const tensor: TensorMessage = {
      name: '',
      dims: [],
      dataType: 0,
      raw: null,
      floats: [],
      doubles: [],
      ints: [],
      longs: [],
      strings: 0,
      external: null,
    };
    let location = 0;
    let external: Map<string, string> | null = null;
    this.#each(bytes, depth, (field, reader, wire) => {
      switch (field) {
        case 1:
          tensor.dims = joined(tensor.dims, reader, wire, long);
          if (tensor.dims.length > limits.axes) this.#fail(`at most ${limits.axes} axes of a tensor`, 'more');
          return true;
        case 2:
          tensor.dataType = reader.int32();
          return true;
        case 4:
          tensor.floats =
            wire === WireType.LengthDelimited && tensor.floats.length === 0
              ? floatsOf(reader.bytes())
              : joined(Array.from(tensor.floats), reader, wire, (r) => r.float());
          return true;
        case 5:
          tensor.ints = joined(tensor.ints, reader, wire, (r) => r.int32());
          return true;
        case 6:
          tensor.strings++;
          return false;
        case 7:
        case 11:
          tensor.longs = joined(tensor.longs, reader, wire, field === 7 ? long : unsigned);
          return true;
        case 8:
          tensor.name = this.#text(reader, 'name');
          return true;
        case 9:
          tensor.raw = reader.bytes();
          return true;
        case 10:
          tensor.doubles = joined(tensor.doubles, reader, wire, (r) => r.double());
          return true;
        case 13: {
          const [key, value] = this.#entry(reader.bytes());
          external ??= new Map();
          external.set(key, value);
          return true;
        }
        case 14:
          location = reader.int32();
          return true;
        default:
          return false;
      }
    });
    if (location === 1) tensor.external = external ?? new Map();
    return tensor;
  }

  #value(bytes: Uint8Array, depth: number): ValueMessage {
    const value: ValueMessage = { name: '', dataType: 0, shape: null };
    this.#each(bytes, depth, (field, reader) => {
      if (field === 1) value.name = this.#text(reader, 'name');
      else if (field === 2) this.#type(reader.bytes(), depth + 1, value);
      else return false;
      return true;
    });
    return value;
  }

  #type(bytes: Uint8Array, depth: number, value: ValueMessage): void {
    this.#each(bytes, depth, (field, outer) => {
      if (field !== 1) return false;
      this.#each(outer.bytes(), depth + 1, (inside, reader) => {
        if (inside === 1) value.dataType = reader.int32();
        else if (inside === 2) value.shape = this.#shape(reader.bytes(), depth + 2);
        else return false;
        return true;
      });
      return true;
    });
  }

  #shape(bytes: Uint8Array, depth: number): (number | string | null)[] {
    const shape: (number | string | null)[] = [];
    this.#each(bytes, depth, (field, outer) => {
      if (field !== 1) return false;
      let size: number | string | null = null;
      this.#each(outer.bytes(), depth + 1, (inside, reader) => {
        if (inside === 1) size = long(reader);
        else if (inside === 2) size = this.#text(reader, 'dim_param') || null;
        else return false;
        return true;
      });
      shape.push(size);
      if (shape.length > limits.axes) this.#fail(`at most ${limits.axes} axes`, 'more');
      return true;
    });
    return shape;
  }

  /** Calls `take` for every field of a message; one that it does not take is passed over. */
  #each(
    bytes: Uint8Array,
    depth: number,
    take: (field: number, reader: BinaryReader, wire: WireType) => boolean,
  ): void {
    if (depth > limits.depth) this.#fail(`messages at most ${limits.depth} deep`, 'deeper ones');
    if (++this.#messages > mostMessages) this.#fail(`at most ${mostMessages} messages`, 'more');
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      if (!take(field, reader, wire)) reader.skip(wire, field);
    }
  }

  #text(reader: BinaryReader, what: string): string {
    const bytes = reader.bytes();
    if (bytes.length > limits.nameBytes) this.#fail(`${what} of at most ${limits.nameBytes} bytes`, `${bytes.length}`);
    return utf8(bytes, this.#source, what);
  }

  #fail(expected: string, got: string): never {
    throw new ConvertError(this.#source, { expected, got });
  }
}

/** A whole number of 64 bits. What is beyond ±2⁵³, as the end of a slice that has none, becomes the nearest that is exact. */
function long(reader: BinaryReader): number {
  return clamped(reader.int64());
}

function unsigned(reader: BinaryReader): number {
  return clamped(reader.uint64());
}

/** To the nearest integer that a number holds exactly. */
export function clamped(value: bigint | string | number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));
}

/** A repeated number, one by one or all in a block. */
function joined(list: number[], reader: BinaryReader, wire: WireType, read: (r: BinaryReader) => number): number[] {
  if (wire !== WireType.LengthDelimited) {
    list.push(read(reader));
    return list;
  }
  const block = new BinaryReader(reader.bytes());
  while (block.pos < block.len) list.push(read(block));
  return list;
}

function floatsOf(bytes: Uint8Array): Float32Array {
  if (bytes.length % 4 !== 0) throw new RangeError(`${bytes.length} bytes are no floats`);
  return new Float32Array(new Uint8Array(bytes).buffer);
}
