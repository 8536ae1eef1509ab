// Changes of shape. Keras' Reshape leaves the batch alone; the library's may also make rows of the batch from channels and back, which is what a network that
// reads each channel alone does. Here such a value is one tensor for each channel, and the network's layers are called once for each.

import { NodeWriter, selected } from './context.ts';
import type { Dimension } from './layers.ts';
import { type GraphValue, shapeOf, type TensorValue } from './values.ts';

const mostChannels = 64; // each is a call of every layer

export function reshape(w: NodeWriter): GraphValue {
  const shape = w.numbers('shape');
  const batch = shape.indexOf(-1);
  const [given] = w.inputs;
  if (given.kind === 'channels') {
    const each = () => given.items.map((item) => reshape(new NodeWriter(w.context, w.node, [item])));
    return together(w, given.items, shape) ?? { kind: 'channels', items: each() };
  }
  const value = w.tensor(0);
  const { dims } = value.tensor;
  if (shape.includes(0)) {
    const kept = shapeOf(value);
    const wanted = shape.map((n, axis) => (n === 0 ? kept[axis] : n)); // 0: as it is
    if (shape[value.batch] === 0)
      return { ...w.reshaped(value, wanted.filter((_, axis) => axis !== value.batch)), batch: value.batch }; // biome-ignore format: a call
  }
  const same =
    batch >= 0 &&
    product(shape.slice(0, batch)) === product(dims.slice(0, value.batch)) &&
    product(shape.slice(batch + 1)) === product(dims.slice(value.batch));
  if (same) return { ...w.reshaped(value, [...shape.slice(0, batch), ...shape.slice(batch + 1)]), batch };
  const found = apart(w, value, shape) ?? framed(value, shape, w);
  if (found) return found;
  return w.fail('a shape that leaves the batch as it is', `[${shapeOf(value).join(', ')}] to [${shape.join(', ')}]`);
}

/** NaN where a size is known only when the model runs. */
const product = (sizes: readonly Dimension[]) => sizes.reduce<number>((n, d) => n * Number(d), 1);

/** [n, B, C] → [n, B·C, 1], or [n, B, C, K] → [n, B·C, K]: channel by channel. */
function apart(w: NodeWriter, value: TensorValue, shape: readonly number[]): GraphValue | null {
  const { dims } = value.tensor;
  const [n, C, K = 1] = dims;
  const splits =
    value.batch === 1 && dims.length <= 3 && shape.length === 3 && shape[0] === n && shape[1] === -1 && shape[2] === K;
  if (!splits || typeof C !== 'number') return null;
  if (C > mostChannels) return w.fail(`at most ${mostChannels} channels that are read alone`, String(C));
  const item = (c: number): TensorValue => {
    const one = selected(w, value, 2, c); // [n, B] or [n, B, K]
    return dims.length === 3 ? one : w.reshaped(one, [n, 1]);
  };
  w.decide(
    'channels',
    `each layer is called once for each of ${C} channels`,
    'a reshape elsewhere leaves the batch alone',
  );
  return { kind: 'channels', items: Array.from({ length: C }, (_, c) => item(c)) };
}

/** [T, B, n] → [T·B, ..]: frames, each in a shape of its own. Here the steps stay between the batch and the shape. */
function framed({ tensor, batch }: TensorValue, shape: readonly number[], w: NodeWriter): TensorValue | null {
  const [frames, n] = tensor.dims;
  const dims = shape.slice(1);
  if (batch !== 1 || tensor.dims.length !== 2 || shape[0] !== -1 || product(dims) !== n) return null;
  const target = [typeof frames === 'number' ? frames : -1, ...dims];
  const call = w.context.g.add('Reshape', { target_shape: target }, [tensor], dims);
  return { kind: 'tensor', tensor: { ...call, frames }, batch: 0 };
}

/** Rows [T·B, F] as the steps they came from: [T, B, F]. */
export function splitSteps(w: NodeWriter): TensorValue {
  const { tensor } = w.tensor(0);
  const { frames, ...others } = tensor;
  if (frames === undefined) return w.fail('frames', 'rows of another kind');
  return { kind: 'tensor', tensor: { ...others, dims: [frames, ...tensor.dims] }, batch: 1 };
}

/** [n, B·C, 1] → [n, B, C] */
function together(w: NodeWriter, items: readonly GraphValue[], shape: readonly number[]): GraphValue | null {
  const values = items.map((item) => w.asTensor(item));
  const [first] = values;
  const [n, one] = first.tensor.dims;
  const joins =
    first.batch === 1 &&
    shape.length === 3 &&
    shape[0] === n &&
    one === 1 &&
    shape[1] === -1 &&
    shape[2] === values.length;
  if (!joins) return null;
  return values.length === 1 ? first : w.merge('Concatenate', { axis: -1 }, values, [n, values.length]);
}
