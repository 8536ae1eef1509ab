// Recurrent operators of ONNX with every attribute, as models of one node.

import { onnxModel, type OnnxArray, type OnnxAttribute } from './onnx-writer.ts';

export type RecurrentOp = 'RNN' | 'GRU' | 'LSTM';
export type Way = 'forward' | 'reverse' | 'bidirectional';

export interface RecurrentCase {
  readonly op: RecurrentOp;
  readonly direction?: Way;
  readonly bias?: boolean;
  readonly lengths?: readonly number[];
  readonly states?: boolean;
  readonly peepholes?: boolean;
  /** Weights are inputs of the graph rather than initializers: then no layer can hold them. */
  readonly computed?: boolean;
  /** Outputs that are asked for, by their places. Default: all. */
  readonly outputs?: readonly number[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly sizes?: { readonly T?: number; readonly B?: number };
  readonly layout?: 0 | 1;
}

export const gates = { RNN: 1, GRU: 3, LSTM: 4 } as const;

/** Numbers by a formula, of about the size of weights. */
export function wave(count: number, seed: number, scale = 0.6): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(1.7 * i + seed * 2.3 + 0.11 * i * seed));
}

export interface MadeCase {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inputs: Readonly<Record<string, OnnxArray>>;
  readonly outputs: readonly string[];
}

/** The model of a case, and inputs for it. */
export function made(one: RecurrentCase): MadeCase {
  const { op, direction = 'forward', bias = true, lengths, states, peepholes, computed, layout = 0 } = one;
  const { T = 5, B = 3 } = one.sizes ?? {};
  const [I, H] = [4, 6];
  const D = direction === 'bidirectional' ? 2 : 1;
  const G = gates[op];
  let seed = 1;
  const array = (...shape: number[]): OnnxArray => ({
    shape,
    values: wave(
      shape.reduce((n, d) => n * d, 1),
      seed++,
    ),
  });
  const state = layout === 1 ? [B, D, H] : [D, B, H];
  const all: Record<string, OnnxArray> = { X: array(...(layout === 1 ? [B, T, I] : [T, B, I])) };
  const weights: Record<string, OnnxArray> = { W: array(D, G * H, I), R: array(D, G * H, H) };
  if (bias) weights.B = array(D, 2 * G * H);
  if (lengths) all.sequence_lens = { shape: [B], values: lengths, type: 'int32' };
  if (states) {
    all.initial_h = array(...state);
    if (op === 'LSTM') all.initial_c = array(...state);
  }
  if (peepholes) weights.P = array(D, 3 * H);
  const places = ['X', 'W', 'R', 'B', 'sequence_lens', 'initial_h', 'initial_c', 'P'];
  const known = { ...all, ...weights };
  const inputs = places.map((name) => (name in known ? name : ''));
  while (inputs.at(-1) === '') inputs.pop();
  const wanted = one.outputs ?? (op === 'LSTM' ? [0, 1, 2] : [0, 1]);
  const outputs = ['Y', 'Y_h', 'Y_c']
    .slice(0, Math.max(...wanted) + 1)
    .map((name, i) => (wanted.includes(i) ? name : ''));
  const given = computed ? known : all;
  const bytes = onnxModel({
    nodes: [
      {
        op,
        name: 'recurrent',
        inputs,
        outputs,
        attributes: { hidden_size: H, direction, ...(layout === 1 && { layout }), ...one.attributes },
      },
    ],
    inputs: Object.entries(given).map(([name, { shape, type }]) => ({ name, shape, type })),
    outputs: outputs.filter(Boolean).map((name) => ({ name })),
    initializers: computed ? {} : weights,
  });
  return { bytes, inputs: given, outputs: outputs.filter(Boolean) };
}

const ops = ['RNN', 'GRU', 'LSTM'] as const;
const ways = ['forward', 'reverse', 'bidirectional'] as const;
const usual = { RNN: ['Tanh'], GRU: ['Sigmoid', 'Tanh'], LSTM: ['Sigmoid', 'Tanh', 'Tanh'] } as const;
const both = [false, true] as const;
const ragged = [5, 2, 3];

/** The activations of a case: the last of the usual ones is another, in each direction. */
function activations(op: RecurrentOp, direction: Way, other: string): readonly string[] {
  const own = [...usual[op].slice(0, -1), other];
  return direction === 'bidirectional' ? [...own, ...own] : own;
}

function* listed(): Generator<RecurrentCase> {
  for (const op of ops)
    for (const direction of ways)
      for (const lengths of [undefined, ragged])
        for (const states of both) for (const bias of both) yield { op, direction, lengths, states, bias };
  for (const op of ops)
    for (const direction of ways) {
      yield { op, direction, computed: true, lengths: ragged, states: true };
      yield { op, direction, attributes: { clip: 0.3 } };
    }
  for (const direction of ways)
    for (const lengths of [undefined, ragged]) {
      for (const bias of both) yield { op: 'GRU', direction, lengths, bias, attributes: { linear_before_reset: 1 } };
      yield { op: 'GRU', direction, lengths, attributes: { linear_before_reset: 1, clip: 0.4 } };
      for (const forget of [0, 1])
        yield { op: 'LSTM', direction, lengths, peepholes: true, states: true, attributes: { input_forget: forget } };
    }
  for (const direction of ways) yield { op: 'LSTM', direction, attributes: { input_forget: 1 } };
  for (const op of ops)
    for (const direction of ways)
      for (const name of ['Relu', 'LeakyRelu', 'HardSigmoid', 'Elu', 'Softsign', 'Softplus', 'Sigmoid'])
        yield { op, direction, attributes: { activations: activations(op, direction, name) } };
  const shaped: readonly [name: string, alpha: number | null, beta: number | null][] = [
    ['LeakyRelu', 0.2, null],
    ['Elu', 0.7, null],
    ['ThresholdedRelu', 0.1, null],
    ['HardSigmoid', 0.3, 0.4],
    ['ScaledTanh', 0.8, 1.2],
    ['Affine', 0.5, 0.1],
  ];
  for (const op of ops)
    for (const [name, alpha, beta] of shaped)
      yield {
        op,
        attributes: {
          activations: activations(op, 'forward', name),
          activation_alpha: [alpha as number],
          ...(beta !== null && { activation_beta: [beta] }),
        },
      };
  for (const op of ops) for (const outputs of [[0], [1]]) yield { op, direction: 'bidirectional', outputs };
}

/** The cases on which onnxruntime and the text of the operators agree. */
export const recurrentCases: readonly RecurrentCase[] = [...listed()];

export function caseName({ op, attributes, ...rest }: RecurrentCase): string {
  return `${op} ${JSON.stringify({ ...rest, ...attributes }).replace(/["{}]/g, '')}`;
}
