// Recurrent operators → the library's layers, wherever their equation is the library's: fused, trained under PyTorch's names, seen by inspection. What is
// left as an operator (clipping, other activations, peepholes, coupled gates, weights that are computed) runs too, from ordinary ops.

import type { SavedTensor } from 'unrolled';
import type { FilledTensor, GraphAttribute, GraphNode } from 'unrolled/graph';
import { copyGates, gruGates, lstmGates } from '../../arrays/layout.ts';
import { quoted } from '../../errors.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { Constant, Draft } from './body.ts';
import { numberOf } from './fold.ts';
import type { Zeros } from './zeros.ts';

/** The weights of layers, by the layer's name and their own; decoded when they are asked for. */
export type LayerWeights = Map<string, ReadonlyMap<string, () => SavedTensor | FilledTensor>>;

interface Kind {
  readonly op: 'RNNLayer' | 'GRULayer' | 'LSTMLayer';
  readonly gates: number;
  readonly activations: readonly string[];
  /** The order of the gates in the file, and ours. */
  readonly from: string;
  readonly to: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  RNN: { op: 'RNNLayer', gates: 1, activations: ['tanh'], from: 'h', to: 'h' },
  GRU: { op: 'GRULayer', gates: 3, activations: ['sigmoid', 'tanh'], from: gruGates.onnx, to: gruGates.pytorch },
  LSTM: {
    op: 'LSTMLayer',
    gates: 4,
    activations: ['sigmoid', 'tanh', 'tanh'],
    from: lstmGates.onnx,
    to: lstmGates.pytorch,
  },
};

/** Raises the recurrent operators of all graphs to layers where they can be. */
export function raiseRecurrent(draft: Draft, zeros: Zeros, report: ConversionReport, weights: LayerWeights): void {
  const layers = new Map<string, string>();
  for (const body of draft.bodies())
    body.nodes = body.nodes.flatMap((node) => {
      if (!Object.hasOwn(kinds, node.op)) return [node];
      return new Raiser(draft, zeros, report, weights, layers, node).nodes();
    });
}

class Raiser {
  readonly #draft: Draft;
  readonly #zeros: Zeros;
  readonly #report: ConversionReport;
  readonly #weights: LayerWeights;
  /** Layers by what they are made of: nodes with the same weights share one. */
  readonly #layers: Map<string, string>;
  readonly #node: GraphNode;
  readonly #kind: Kind;

  constructor(
    draft: Draft,
    zeros: Zeros,
    report: ConversionReport,
    weights: LayerWeights,
    layers: Map<string, string>,
    node: GraphNode,
  ) {
    this.#draft = draft;
    this.#zeros = zeros;
    this.#report = report;
    this.#weights = weights;
    this.#layers = layers;
    this.#node = node;
    this.#kind = kinds[node.op];
  }

  nodes(): readonly GraphNode[] {
    const node = this.#withoutZeros();
    const { op, from } = this.#kind;
    const form = this.#form(node);
    if (typeof form === 'string') {
      this.#report.decide('recurrent-form', node.name, `the operator ${node.op} from ordinary ops`, form);
      return [node];
    }
    this.#report.decide('gate-order', node.name, `${from} → ${this.#kind.to}`, "ONNX' order and the library's");
    if (node.op === 'GRU')
      this.#report.decide(
        'gru-form',
        node.name,
        form.attributes.resetAfter ? 'reset after the product' : 'reset before the product',
        `linear_before_reset is ${form.attributes.resetAfter ? 1 : 0}`,
      );
    return this.#layer(node, form, op);
  }

  /** The node without what is zero: initial states, biases, peepholes, as if they had been left out. */
  #withoutZeros(): GraphNode {
    const inputs = this.#node.inputs.map((name, i) => {
      if (name === null || i < 3 || i === 4 || !this.#zeros.is(name)) return name;
      if (i === 5 || i === 6)
        this.#report.decide('initial-state', this.#node.name, 'left out', 'it is zeros, so that any batch size fits');
      return i === 3 ? name : null;
    });
    // An LSTM's layer has both states or neither.
    if (this.#node.op === 'LSTM' && (inputs[5] ?? null) !== (inputs[6] ?? null) && (!inputs[5] || !inputs[6]))
      return { ...this.#node, inputs: this.#node.inputs.map((name, i) => (i === 7 ? inputs[7] : name)) };
    return { ...this.#node, inputs };
  }

  /** What the layer is made of, or why the node cannot be one. */
  #form(node: GraphNode): Form | string {
    const { gates, activations } = this.#kind;
    const [, w, r, b] = node.inputs;
    const constant = (name: string | null | undefined) => {
      const found = name == null ? undefined : this.#draft.constants.get(name);
      return found?.element === 'float' ? found : undefined;
    };
    const [W, R, B] = [constant(w), constant(r), constant(b)];
    if (!W || !R || (b != null && !B)) return 'its weights are computed in the graph';
    const attributes = node.attributes ?? {};
    const { direction = 'forward' } = attributes;
    if (typeof direction !== 'string') return 'its direction is no text';
    const D = direction === 'bidirectional' ? 2 : 1;
    const [inputSize, hiddenSize] = [W.shape[2], R.shape[2]];
    const fits =
      ['forward', 'reverse', 'bidirectional'].includes(direction) &&
      same(W.shape, [D, gates * hiddenSize, inputSize]) &&
      same(R.shape, [D, gates * hiddenSize, hiddenSize]) &&
      (!B || same(B.shape, [D, 2 * gates * hiddenSize])) &&
      hiddenSize > 0 &&
      inputSize > 0;
    if (!fits) return 'its weights do not have the shapes of its direction';
    const layout = numberOf(attributes, 'layout') ?? 0;
    if (layout !== 0 && layout !== 1) return 'its layout is neither 0 nor 1';
    if ((numberOf(attributes, 'clip') ?? 0) > 0) return 'it clips what its gates read';
    if (numberOf(attributes, 'input_forget')) return 'its input and forget gates are coupled';
    if (node.inputs[7] != null) return 'it has peepholes';
    if (node.op === 'LSTM' && (node.inputs[5] == null) !== (node.inputs[6] == null))
      return 'it has one of its two initial states';
    const named = ((attributes.activations ?? []) as readonly unknown[]).map((name) => String(name).toLowerCase());
    const usual = Array.from({ length: D }, () => activations).flat();
    const relu = node.op === 'RNN' && named.length === D && named.every((name) => name === 'relu');
    if (named.length > 0 && !relu && !same(named, usual))
      return `its activations are ${named.join(', ').slice(0, 100)}`;
    return {
      W,
      R,
      B: B ?? null,
      D,
      direction,
      layout,
      attributes: {
        inputSize,
        hiddenSize,
        bias: Boolean(B),
        bidirectional: D === 2,
        ...(node.op === 'RNN' && { nonlinearity: relu ? 'relu' : 'tanh' }),
        ...(node.op === 'GRU' && { resetAfter: numberOf(attributes, 'linear_before_reset') === 1 }),
      },
    };
  }

  /** The layer [T, B, I] → [T, B, D·H], and around it what makes Y [T, D, B, H] and the layout of it. */
  #layer(node: GraphNode, form: Form, op: string): readonly GraphNode[] {
    const { D, direction, layout, attributes } = form;
    const { hiddenSize } = attributes as { readonly hiddenSize: number };
    const nodes: GraphNode[] = [];
    const value = (part: string) => this.#draft.name(`${node.name}.${part}`);
    const add = (part: string, what: string, inputs: readonly string[], own?: GraphNode['attributes'], to?: string) => {
      const output = to ?? value(part);
      const name = this.#draft.nodeName(`${node.name}.${part}`);
      nodes.push({ name, op: what, inputs, outputs: [output], ...(own && { attributes: own }) });
      return output;
    };
    const lengths = node.inputs[4] ?? null;
    const reversed = (part: string, x: string, to?: string) => {
      if (lengths !== null) return add(part, 'ReverseSequence', [x, lengths], { time_axis: 0, batch_axis: 1 }, to);
      return add(part, 'Slice', [x], { starts: [-1], ends: [-Number.MAX_SAFE_INTEGER], axes: [0], steps: [-1] }, to);
    };
    let x = node.inputs[0] as string;
    if (layout === 1) x = add('time_major', 'Transpose', [x], { perm: [1, 0, 2] });
    if (direction === 'reverse') x = reversed('backwards', x);
    const states = node.inputs.slice(5, 7).map((state, i) => {
      if (state === null || layout === 0) return state;
      return add(`state_${i}`, 'Transpose', [state], { perm: [1, 0, 2] });
    });
    const [Y, ...after] = node.outputs;
    const y = Y == null ? null : value('y');
    const last = after.map((name, i) => (name === null || layout === 0 ? name : value(`last_${i}`)));
    nodes.push({
      name: node.name,
      op,
      layer: this.#shared(node, form, op),
      inputs: [x, lengths, ...states],
      outputs: [y, ...last],
      attributes,
    });
    if (y !== null && Y != null) {
      const forward = direction === 'reverse' ? reversed('forwards', y) : y;
      if (D === 1)
        if (layout === 0)
          // [T, B, H] → [T, 1, B, H], or with layout 1 [B, T, 1, H]
          add('directions', 'Unsqueeze', [forward], { axes: [1] }, Y);
        else
          add('directions', 'Unsqueeze', [add('rows', 'Transpose', [forward], { perm: [1, 0, 2] })], { axes: [2] }, Y);
      else {
        const apart = add('apart', 'Reshape', [forward], { shape: [0, 0, 2, hiddenSize] });
        add('directions', 'Transpose', [apart], { perm: layout === 0 ? [0, 2, 1, 3] : [1, 0, 2, 3] }, Y);
      }
    }
    for (const [i, name] of after.entries())
      if (name !== null && layout === 1) add(`rows_${i}`, 'Transpose', [last[i] as string], { perm: [1, 0, 2] }, name);
    return nodes;
  }

  /** The name of the layer; its weights are noted once. */
  #shared(node: GraphNode, form: Form, op: string): string {
    const key = JSON.stringify([op, form.attributes, node.inputs.slice(1, 4)]);
    const known = this.#layers.get(key);
    if (known !== undefined) {
      this.#report.decide('shared-layer', node.name, `the weights of ${quoted(known)}`, 'both nodes read the same');
      return known;
    }
    this.#layers.set(key, node.name);
    this.#weights.set(node.name, weightsOf(form, this.#kind));
    return node.name;
  }
}

interface Form {
  readonly W: Constant;
  readonly R: Constant;
  readonly B: Constant | null;
  readonly D: number;
  readonly direction: string;
  readonly layout: number;
  readonly attributes: Readonly<Record<string, GraphAttribute>>;
}

/** W [D, G·H, I], R [D, G·H, H], B [D, 2·G·H] → PyTorch's names and order of gates. */
function weightsOf({ W, R, B, D }: Form, { gates, from, to }: Kind): ReadonlyMap<string, () => FilledTensor> {
  const weights = new Map<string, () => FilledTensor>();
  const [, rows, inputSize] = W.shape;
  const hiddenSize = rows / gates;
  const part = (constant: Constant, shape: readonly number[], at: number) => (): FilledTensor => {
    const size = shape.reduce((n, d) => n * d, 1);
    const [start, end] = [at * size, (at + 1) * size];
    return {
      shape,
      fill: (target) => {
        if (constant.bytes) copyGates(bytesOf(target), constant.bytes.subarray(4 * start, 4 * end), from, to);
        else copyGates(target, floats(constant).subarray(start, end), from, to);
      },
    };
  };
  for (let d = 0; d < D; d++) {
    const suffix = `l0${d === 1 ? '_reverse' : ''}`;
    weights.set(`weight_ih_${suffix}`, part(W, [rows, inputSize], d));
    weights.set(`weight_hh_${suffix}`, part(R, [rows, hiddenSize], d));
    if (!B) continue;
    weights.set(`bias_ih_${suffix}`, part(B, [rows], 2 * d));
    weights.set(`bias_hh_${suffix}`, part(B, [rows], 2 * d + 1));
  }
  return weights;
}

/** The values of a constant as a weight of this shape. */
export function weightOf(constant: Constant): SavedTensor | FilledTensor {
  const { shape, bytes } = constant;
  return bytes ? { shape, fill: (to) => bytesOf(to).set(bytes) } : { shape, data: floats(constant) };
}

/** The memory of an array. Files are little-endian, as is every machine that this runs on. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The values of a constant as weights. */
export function floats(constant: Constant): Float32Array {
  const values = constant.values();
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
