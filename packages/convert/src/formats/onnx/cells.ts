// One step of an LSTM that an exporter wrote out, raised to the library's layer:
//
//   gates = Gemm(x, W, b) + Gemm(h, R, b')          c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g)          h' = σ(o) ⊙ tanh(c')
//
// with the four gates split from `gates` in any order. As a layer it runs in one call, and inspection sees it. In the body of a Scan it is then a step of
// a sequence of its own.

import type { GraphNode } from 'unrolled/graph';
import { reorderGates } from '../../arrays/layout.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { Body, Constant, Draft } from './body.ts';
import { numberOf } from './fold.ts';
import { floats, type LayerWeights } from './recurrent.ts';

/** Raises steps that are written out, in all graphs. */
export function raiseCells(draft: Draft, report: ConversionReport, weights: LayerWeights): void {
  for (const body of draft.bodies()) new CellMatcher(draft, body, report, weights).raise();
}

/** A linear function of a state or an input: v Mᵀ + b. */
interface Product {
  readonly value: string;
  readonly weight: Constant;
  readonly bias: Constant | null;
}

interface Cell {
  readonly x: Product;
  readonly h: Product;
  readonly c: string;
  /** The gates in the order of the rows, by their letters. */
  readonly order: string;
}

class CellMatcher {
  readonly #draft: Draft;
  readonly #body: Body;
  readonly #report: ConversionReport;
  readonly #weights: LayerWeights;
  readonly #makers = new Map<string, GraphNode>();

  constructor(draft: Draft, body: Body, report: ConversionReport, weights: LayerWeights) {
    this.#draft = draft;
    this.#body = body;
    this.#report = report;
    this.#weights = weights;
    for (const node of body.nodes) for (const name of node.outputs) if (name !== null) this.#makers.set(name, node);
  }

  raise(): void {
    const replaced = new Map<GraphNode, readonly GraphNode[]>();
    for (const node of this.#body.nodes) {
      const found = this.#output(node);
      if (!found) continue;
      const { cell, state } = found;
      replaced.set(state, this.#layer(cell, state.outputs[0] as string, node.outputs[0] as string));
      replaced.set(node, []);
    }
    this.#body.nodes = this.#body.nodes.flatMap((node) => replaced.get(node) ?? [node]);
  }

  /** h' = σ(o) ⊙ tanh(c'), with the node that makes c'. */
  #output(node: GraphNode): { readonly cell: Cell; readonly state: GraphNode } | null {
    for (const [gate, tanh] of this.#factors(node)) {
      const [o, next] = [this.#argument(gate, 'Sigmoid'), this.#argument(tanh, 'Tanh')];
      const state = next === null ? undefined : this.#makers.get(next);
      if (o === null || state?.op !== 'Add') continue;
      const cell = this.#cell(state, o);
      if (cell) return { cell, state };
    }
    return null;
  }

  /** c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g), where all gates are parts of one value. */
  #cell(state: GraphNode, o: string): Cell | null {
    for (const [kept, added] of orders(state.inputs)) {
      const [keeping, adding] = [kept, added].map((name) => (name === null ? undefined : this.#makers.get(name)));
      for (const [forget, c] of this.#factors(keeping))
        for (const [input, candidate] of this.#factors(adding)) {
          const gates = [
            this.#argument(input, 'Sigmoid'),
            this.#argument(forget, 'Sigmoid'),
            this.#argument(candidate, 'Tanh'),
            o,
          ];
          const cell = this.#gates(gates, c);
          if (cell) return cell;
        }
    }
    return null;
  }

  #gates(gates: readonly (string | null)[], c: string): Cell | null {
    const [split] = gates.map((name) => (name === null ? undefined : this.#makers.get(name)));
    if (split?.op !== 'Split' || split.outputs.length !== 4 || split.inputs[0] == null) return null;
    const axis = numberOf(split.attributes, 'axis') ?? 0;
    const places = gates.map((name) => (name === null ? -1 : split.outputs.indexOf(name)));
    if (new Set(places).size !== 4 || places.includes(-1) || (axis !== 1 && axis !== -1)) return null;
    const sum = this.#makers.get(split.inputs[0]);
    if (sum?.op !== 'Add') return null;
    const [a, b] = sum.inputs.map((name) => this.#product(name));
    if (!a || !b) return null;
    const order = [0, 1, 2, 3].map((place) => 'ifgo'[places.indexOf(place)]).join('');
    const rows = a.weight.shape[0];
    const isState = ({ weight }: Product) => weight.shape[0] === rows && weight.shape[1] === rows / 4;
    const equal = this.#equalParts(split, rows / 4);
    if (!equal || b.weight.shape[0] !== rows || rows % 4 !== 0) return null;
    if (isState(b)) return { x: a, h: b, c, order };
    return isState(a) ? { x: b, h: a, c, order } : null;
  }

  /** Whether a Split gives parts of one size. */
  #equalParts(split: GraphNode, size: number): boolean {
    const given = split.inputs[1] == null ? undefined : this.#draft.constants.get(split.inputs[1]);
    if (split.inputs[1] != null && !given) return false;
    const sizes = given ? Array.from(given.values()) : (split.attributes?.split ?? []);
    return (sizes as readonly number[]).every((part) => part === size);
  }

  #product(name: string | null): Product | null {
    const node = name === null ? undefined : this.#makers.get(name);
    if (node?.op !== 'Gemm' || numberOf(node.attributes, 'transB') !== 1) return null;
    if (numberOf(node.attributes, 'transA') || (numberOf(node.attributes, 'alpha') ?? 1) !== 1) return null;
    if ((numberOf(node.attributes, 'beta') ?? 1) !== 1) return null;
    const [value, w, b] = node.inputs;
    const weight = w == null ? undefined : this.#draft.constants.get(w);
    const bias = b == null ? null : this.#draft.constants.get(b);
    if (value == null || weight?.shape.length !== 2 || bias === undefined) return null;
    if (bias !== null && (bias.shape.length !== 1 || bias.shape[0] !== weight.shape[0])) return null;
    return { value, weight, bias };
  }

  /** The factors of a product, in both orders. */
  #factors(node: GraphNode | undefined): [string, string][] {
    if (node?.op !== 'Mul') return [];
    return orders(node.inputs).filter((pair): pair is [string, string] => pair.every((name) => name !== null));
  }

  /** What a function of one value is given. */
  #argument(name: string, op: string): string | null {
    const node = this.#makers.get(name);
    return node?.op === op ? (node.inputs[0] ?? null) : null;
  }

  /** The step as a layer over a sequence of one. */
  #layer({ x, h, c, order }: Cell, cName: string, hName: string): readonly GraphNode[] {
    const [rows, inputSize] = x.weight.shape;
    const hiddenSize = rows / 4;
    const name = this.#draft.nodeName(`${hName}.lstm`);
    const [from, before, carried, hn, cn] = ['x', 'h0', 'c0', 'hn', 'cn'].map((part) =>
      this.#draft.name(`${name}.${part}`),
    );
    const shape = (part: string, op: string, input: string, output: string): GraphNode => ({
      name: this.#draft.nodeName(`${name}.${part}`),
      op,
      inputs: [input],
      outputs: [output],
      attributes: { axes: [0] },
    });
    const bias = x.bias !== null || h.bias !== null;
    this.#report.decide('written-out-cell', name, 'one step of an LSTM', `its equations, gates in the order ${order}`);
    this.#weights.set(name, () => {
      const own = (data: Float32Array) => reorderGates(data, order, 'ifgo');
      const vector = (constant: Constant | null) => (constant ? floats(constant) : new Float32Array(rows));
      return new Map([
        ['weight_ih_l0', { shape: [rows, inputSize], data: own(floats(x.weight)) }],
        ['weight_hh_l0', { shape: [rows, hiddenSize], data: own(floats(h.weight)) }],
        ...(bias
          ? ([
              ['bias_ih_l0', { shape: [rows], data: own(vector(x.bias)) }],
              ['bias_hh_l0', { shape: [rows], data: own(vector(h.bias)) }],
            ] as const)
          : []),
      ]);
    });
    return [
      shape('x', 'Unsqueeze', x.value, from),
      shape('h0', 'Unsqueeze', h.value, before),
      shape('c0', 'Unsqueeze', c, carried),
      {
        name,
        op: 'LSTMLayer',
        inputs: [from, null, before, carried],
        outputs: [null, hn, cn],
        attributes: { inputSize, hiddenSize, bias, bidirectional: false },
      },
      shape('hn', 'Squeeze', hn, hName),
      shape('cn', 'Squeeze', cn, cName),
    ];
  }
}

function orders(pair: readonly (string | null)[]): [string | null, string | null][] {
  const [a = null, b = null] = pair;
  return [
    [a, b],
    [b, a],
  ];
}
