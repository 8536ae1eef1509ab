// The character model as ONNX bytes: the few protobuf fields that it takes, written by hand.
// Field numbers are those of onnx.proto (ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto, ValueInfoProto).

import { modelParameters, transpose } from './data.mjs';

const FLOAT = 1;
const INT64 = 7;

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const integer = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, content) => {
  const buffer = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([varint((field << 3) | 2), varint(buffer.length), buffer]);
};
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

function attribute(name, value) {
  if (typeof value === 'string') return message(5, bytes(1, name), bytes(4, value), integer(20, 3));
  if (Array.isArray(value)) return message(5, bytes(1, name), ...value.map((v) => integer(8, v)), integer(20, 7));
  return message(5, bytes(1, name), integer(3, value), integer(20, 2));
}

function node(type, inputs, outputs, attributes = {}) {
  const list = Object.entries(attributes).map(([name, value]) => attribute(name, value));
  return message(1, ...inputs.map((x) => bytes(1, x)), ...outputs.map((x) => bytes(2, x)), bytes(4, type), ...list);
}

function initializer(name, shape, values) {
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return message(5, ...shape.map((n) => integer(1, n)), integer(2, FLOAT), bytes(8, name), bytes(9, raw));
}

function value(field, name, type, shape) {
  const dims = shape.map((n) => message(1, integer(1, n)));
  return message(field, bytes(1, name), message(2, message(1, integer(1, type), message(2, ...dims))));
}

// PyTorch's gates are i f g o and r z n; ONNX's are i o f c and z r h.
const onnx = {
  rnn: { type: 'RNN', order: [0], options: {} },
  lstm: { type: 'LSTM', order: [0, 3, 1, 2], options: {} },
  gru: { type: 'GRU', order: [1, 0, 2], options: { linear_before_reset: 1 } },
};

/** Blocks of rows in another order. */
function reorder(values, order) {
  const block = values.length / order.length;
  const out = new Float32Array(values.length);
  order.forEach((from, to) => out.set(values.subarray(from * block, (from + 1) * block), to * block));
  return out;
}

function joined(a, b) {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/**
 * tokens int64 [T, B] → logits [T, B, V]. With `states`, the inputs h0, h1, … (and c0, … for an LSTM), each [1, B, H], and the outputs hn0, … .
 */
export function characterModel(work, states) {
  const { cell, V, H, L, T, B } = work;
  const { type, order, options } = onnx[cell];
  const p = Object.fromEntries(modelParameters(work).map(([name, , values]) => [name, values]));
  const kinds = states ? (cell === 'lstm' ? ['h', 'c'] : ['h']) : [];
  const parts = [
    initializer('embedding', [V, H], p['embedding.weight']),
    initializer('decoder', [H, V], transpose(p['decoder.weight'], [V, H])),
    initializer('bias', [V], p['decoder.bias']),
    value(11, 'tokens', INT64, [T, B]),
    value(12, 'logits', FLOAT, [T, B, V]),
    node('Gather', ['embedding', 'tokens'], ['x0']),
  ];
  const rows = order.length * H;
  for (let l = 0; l < L; l++) {
    const weight = (name) => reorder(p[`rnn.${name}_l${l}`], order);
    parts.push(
      initializer(`W${l}`, [1, rows, H], weight('weight_ih')),
      initializer(`R${l}`, [1, rows, H], weight('weight_hh')),
      initializer(`B${l}`, [1, 2 * rows], joined(weight('bias_ih'), weight('bias_hh'))),
    );
    for (const kind of kinds) {
      parts.push(value(11, `${kind}${l}`, FLOAT, [1, B, H]), value(12, `${kind}n${l}`, FLOAT, [1, B, H]));
    }
    const given = kinds.map((kind) => `${kind}${l}`);
    const made = kinds.map((kind) => `${kind}n${l}`);
    parts.push(
      node(type, [`x${l}`, `W${l}`, `R${l}`, `B${l}`, ...(states ? ['', ...given] : [])], [`y${l}`, ...made], {
        hidden_size: H,
        ...options,
      }),
      node('Squeeze', [`y${l}`], [`x${l + 1}`], { axes: [1] }),
    );
  }
  parts.push(node('MatMul', [`x${L}`, 'decoder'], ['product']), node('Add', ['product', 'bias'], ['logits']));
  const graph = message(7, ...parts, bytes(2, 'characters'));
  return Buffer.concat([integer(1, 6), message(8, bytes(1, ''), integer(2, 11)), graph]);
}
