// Recurrent layers of the library as Keras': one for each layer, Bidirectional around it for both directions.
//
//   here    [G·H, I], W x + b     LSTM i f g o, GRU r z n     two biases
//   Keras   [I, G·H], x W + b     LSTM i f c o, GRU z r h     one; GRU with the reset gate after the product has both, [2, 3H]

import type { CellName } from 'unrolled';
import { gruGates, lstmGates, reorderGates, transposed } from '../../../arrays/layout.ts';
import { cellStates } from '../../../export/cells.ts';
import type { Hdf5Floats } from '../../hdf5/write.ts';
import type { NodeWriter } from './context.ts';
import { type KerasCall, KerasLayer, type KerasWeight } from './layers.ts';
import type { GraphValue, StackValue, TensorValue } from './values.ts';

interface LayerKind {
  readonly className: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The gates as the library has them, and as Keras has them. */
  readonly gates: readonly [from: string, to: string];
}

const gated = { activation: 'tanh', recurrent_activation: 'sigmoid' };
const gru = (resetAfter: boolean): LayerKind => ({
  className: 'GRU',
  settings: { ...gated, reset_after: resetAfter },
  gates: [gruGates.pytorch, gruGates.keras],
});
const rnn = (activation: string): LayerKind => ({
  className: 'SimpleRNN',
  settings: { activation },
  gates: ['h', 'h'],
});

/** Cells that are a layer of Keras. */
const kinds: Readonly<Partial<Record<CellName, LayerKind>>> = {
  lstm: { className: 'LSTM', settings: gated, gates: [lstmGates.pytorch, lstmGates.keras] },
  gru: gru(true),
  'gru-reset-before': gru(false),
  rnn: rnn('tanh'),
  'rnn-relu': rnn('relu'),
  irnn: rnn('relu'),
};

/** x [T, B, I], lengths, states → the output [T, B, D·H], and the states of all layers. */
export function recurrent(w: NodeWriter): readonly GraphValue[] {
  const { context, node } = w;
  const cell = node.attributes?.cell as CellName;
  const kind = kinds[cell];
  if (!kind)
    return w.fail(
      `a cell that is a layer of ${w.title}`,
      cell,
      `train with --cell lstm${context.dialect.resetAfter ? ' or --cell gru' : ''}, or export it as onnx`,
    );
  if (cell === 'gru' && !context.dialect.resetAfter)
    return w.fail(
      `a GRU with the reset gate before the product, which is the one that ${w.title} has`,
      'the reset gate after the product',
      'train with --cell gru-reset-before or --cell lstm, or export it as onnx',
    );
  const [numLayers, first] = [w.number('numLayers'), w.number('first')];
  const directions = w.flag('bidirectional') ? 2 : 1;
  const given = node.inputs.slice(2).map((_, k) => stackOf(w, w.inputs[k + 2], numLayers * directions));
  const mask = w.inputs[1].kind === 'lengths' ? w.inputs[1].mask : null;
  const lastIsRead = context.nodes.some((one) => one.layer === node.layer && context.isRead(one.outputs[0]));
  const states: (() => TensorValue)[][] = cellStates[cell].map(() => []);
  let x = w.tensor(0);
  if (x.tensor.dims.length !== 2 || x.batch !== 1) w.fail('a sequence [time, batch, features]', String(x.tensor.dims.length + 1)); // biome-ignore format: a call
  for (let k = 0; k < numLayers; k++) {
    const sequences = lastIsRead || k < numLayers - 1;
    const layer = layerOf(w, kind, { index: first + k, directions, sequences, masked: mask !== null });
    const before = Array.from({ length: directions }, (_, d) =>
      given.flatMap((stack) => (stack ? [stack.items[k * directions + d]().tensor] : [])),
    ).flat();
    const call = context.g.call(layer, [x.tensor], { mask, states: before });
    const width = directions * w.number('hiddenSize');
    for (const [s, list] of states.entries())
      for (let d = 0; d < directions; d++)
        list.push(() => stateOf(w, call, { s, d, count: states.length, sequences, directions }));
    x = { kind: 'tensor', tensor: { call, output: 0, dims: sequences ? [x.tensor.dims[0], width] : [width] }, batch: sequences ? 1 : 0 }; // biome-ignore format: one thing
  }
  decide(w, cell);
  return [x, ...states.map((items): StackValue => ({ kind: 'stack', items }))];
}

/** A layer's state after the last step: its output where that is the last step's, and otherwise one that it is asked to return. */
function stateOf(
  w: NodeWriter,
  call: KerasCall,
  {
    s,
    d,
    count,
    sequences,
    directions,
  }: {
    readonly s: number;
    readonly d: number;
    readonly count: number;
    readonly sequences: boolean;
    readonly directions: 1 | 2;
  },
): TensorValue {
  const dims = [w.number('hiddenSize')];
  if (s === 0 && !sequences && directions === 1) return { kind: 'tensor', tensor: { call, output: 0, dims }, batch: 0 };
  const { layer } = call;
  (layer.inner?.settings ?? layer.settings).return_state = true;
  return { kind: 'tensor', tensor: { call, output: 1 + d * count + s, dims }, batch: 0 };
}

/** States of as many layers as there are; null where they are not given. */
function stackOf(w: NodeWriter, value: GraphValue, count: number): StackValue | null {
  if (value.kind === 'none') return null;
  if (value.kind === 'stack' && value.items.length === count) return value;
  return w.fail(`the states of ${count} layers`, value.kind === 'stack' ? String(value.items.length) : 'a tensor');
}

interface LayerForm {
  readonly index: number;
  readonly directions: 1 | 2;
  readonly sequences: boolean;
  readonly masked: boolean;
}

/** Layer `index` of the node's, made the first time. */
function layerOf(w: NodeWriter, kind: LayerKind, { index, directions, sequences, masked }: LayerForm): KerasLayer {
  const key = `${w.node.layer} ${index}`;
  const known = w.context.made.get(key);
  if (known) return known;
  const weights = Array.from({ length: directions }, (_, d) => weightsOf(w, kind, index, directions === 2, d)).flat();
  const settings = {
    return_sequences: sequences,
    return_state: false,
    go_backwards: false,
    stateful: false,
    ...(masked && sequences && { zero_output_for_mask: true }), // the output of the last step is that of the last one that counts
    units: w.number('hiddenSize'),
    ...kind.settings,
    use_bias: weights.some(({ name }) => name === 'bias'),
  };
  const layer =
    directions === 1
      ? new KerasLayer(kind.className, settings, { weights })
      : new KerasLayer('Bidirectional', { merge_mode: 'concat' }, { weights, inner: { className: kind.className, settings } }); // biome-ignore format: one thing
  w.context.made.set(key, layer);
  return layer;
}

function weightsOf(w: NodeWriter, { settings, gates: [from, to] }: LayerKind, index: number, both: boolean, d: number) {
  const suffix = `_l${index}${d === 1 ? '_reverse' : ''}`;
  const direction = both ? ({ direction: d === 0 ? 'forward' : 'backward' } as const) : {};
  const matrix = (name: string): Hdf5Floats => {
    const { shape, values } = w.weight(name + suffix);
    return { shape: [shape[1], shape[0]], values: transposed(reorderGates(values, from, to), shape[0], shape[1]) };
  };
  const weights: KerasWeight[] = [
    { index: 0, name: 'kernel', ...direction, ...matrix('weight_ih') },
    { index: 1, name: 'recurrent_kernel', ...direction, ...matrix('weight_hh') },
  ];
  const [input, hidden] = ['bias_ih', 'bias_hh'].map((name) => w.context.find(`${w.node.layer}.${name}${suffix}`));
  if (!input || !hidden) return weights;
  const [a, b] = [input, hidden].map(({ values }) => reorderGates(values, from, to));
  const bias =
    settings.reset_after === true
      ? { shape: [2, a.length], values: joined(a, b) }
      : { shape: [a.length], values: a.map((v, i) => v + b[i]) };
  return [...weights, { index: 2, name: 'bias', ...direction, ...bias }];
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function decide(w: NodeWriter, cell: CellName): void {
  if (cell === 'lstm') w.decide('gate-order', 'i f g o to i f c o', "the library's order to Keras'");
  if (cell === 'gru' || cell === 'gru-reset-before') {
    w.decide('gate-order', 'r z n to z r h', "the library's order to Keras'");
    w.decide(
      'gru-form',
      cell === 'gru' ? 'reset after the product' : 'reset before the product',
      `reset_after=${cell === 'gru' ? 'True' : 'False'}`,
    );
  }
  if (cell === 'gru') w.decide('biases', 'both kept, [2, 3H]', 'the reset gate acts on one of them');
  else w.decide('biases', 'added to one', 'Keras has one bias a gate');
}
