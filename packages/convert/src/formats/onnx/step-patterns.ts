// What one step of an LSTM, a GRU or an RNN looks like where an exporter wrote it out:
//
//   LSTM   c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g)                h' = σ(o) ⊙ tanh(c')
//   GRU    h' = n + z ⊙ (h − n)  or  (1 − z) ⊙ n + z ⊙ h     with n = tanh(nx + r ⊙ nh), nh linear in h: reset after the product
//                                                            or   n = tanh(nx + R (r ⊙ h)): reset before it
//   RNN    h' = tanh(W x + R h), or relu
//
// The arguments of the gates are linear in the input x and the state h (linear.ts), factors and summands in any order.

import type { GraphAttribute, GraphNode } from 'unrolled/graph';
import { bothWays, type Linear, linearOf, type Numbers, type Term, termOf } from './linear.ts';
import type { Patterns } from './patterns.ts';

/** W x + b and R h + b of one gate. */
export interface Gate {
  readonly x: Term;
  readonly h: Term;
  readonly biasX: readonly (Numbers | null)[];
  readonly biasH: readonly (Numbers | null)[];
  readonly rows: number;
}

/** One step of a cell. */
export interface CellStep {
  readonly op: 'LSTMLayer' | 'GRULayer' | 'RNNLayer';
  /** For the report: `a GRU`. */
  readonly title: string;
  readonly equation: string;
  readonly attributes: Readonly<Record<string, GraphAttribute>>;
  /** In the library's order: i f g o, r z n. */
  readonly gates: readonly Gate[];
  readonly x: string;
  /** The state before: h, and c of an LSTM. */
  readonly states: readonly string[];
  /** The state after, by the names that the file has for it. */
  readonly after: readonly string[];
  /** Whether the graph hands the state on from one run to the next. */
  readonly isState: boolean;
  /** The nodes that make the state after, and the first of them. */
  readonly nodes: readonly GraphNode[];
  readonly at: GraphNode;
}

/** Whether a graph's input is what its output was one step before. */
export type IsState = (before: string, after: string) => boolean;

/** The step whose state h' this node makes; null for any other node. */
export function stepAt(node: GraphNode, of: Patterns, isState: IsState): CellStep | null {
  if (node.outputs.length !== 1 || node.outputs[0] === null) return null;
  if (node.op === 'Mul') return lstm(node, of, isState);
  if (node.op === 'Add') return gru(node, of, isState);
  return node.op === 'Tanh' || node.op === 'Relu' ? rnn(node, of, isState) : null;
}

function lstm(node: GraphNode, of: Patterns, isState: IsState): CellStep | null {
  for (const [gate, squashed] of bothWays(node.inputs)) {
    const o = linearOf(of.argument(gate, 'Sigmoid'), of);
    const state = of.maker(of.argument(squashed, 'Tanh'), 'Add');
    if (!o || !state) continue;
    for (const [kept, added] of bothWays(state.inputs))
      for (const [forget, c] of factors(kept, of))
        for (const [input, candidate] of factors(added, of)) {
          const f = linearOf(of.argument(forget, 'Sigmoid'), of);
          const i = linearOf(of.argument(input, 'Sigmoid'), of);
          const g = linearOf(of.argument(candidate, 'Tanh'), of);
          if (!f || !i || !g) continue;
          const after = [node.outputs[0], state.outputs[0]] as string[];
          const roles = rolesOf([i, f, g, o], (h) => isState(h, after[0]));
          if (!roles) continue;
          return {
            ...roles,
            op: 'LSTMLayer',
            title: 'an LSTM',
            equation: "h' = σ(o) ⊙ tanh(c')",
            states: [roles.h, c],
            after,
            nodes: [state, node],
            at: state,
          };
        }
  }
  return null;
}

function gru(node: GraphNode, of: Patterns, isState: IsState): CellStep | null {
  for (const { z, n, h } of blends(node, of)) {
    const zGate = linearOf(of.argument(z, 'Sigmoid'), of);
    const inside = of.argument(n, 'Tanh');
    if (!zGate || inside === null) continue;
    const after = [node.outputs[0]] as string[];
    const common = { op: 'GRULayer', states: [h], after, nodes: [node], at: node } as const;
    const x = zGate.terms.find(({ value }) => value !== h)?.value;
    if (x === undefined || zGate.terms.length !== 2) continue;
    const made = (resetAfter: boolean, gates: readonly (Gate | null)[]): CellStep | null => {
      const form = formOf(gates, x, h);
      if (!form) return null;
      return {
        ...common,
        ...form,
        attributes: { ...form.attributes, resetAfter },
        isState: isState(h, after[0]),
        title: `a GRU, reset ${resetAfter ? 'after' : 'before'} the product`,
        equation: `n = tanh(${resetAfter ? 'W x + r ⊙ (R h)' : 'W x + R (r ⊙ h)'})`,
      };
    };
    for (const [first, second] of bothWays(of.maker(inside, 'Add')?.inputs ?? []))
      for (const [reset, product] of factors(second, of)) {
        const [nx, nh, r] = [first, product, of.argument(reset, 'Sigmoid')].map((name) => linearOf(name, of));
        if (!nx || !nh || !r) continue;
        const step = made(true, [gateOf(r, x, h), gateOf(zGate, x, h), apart(nx, nh, x, h)]);
        if (step) return step;
      }
    const sum = linearOf(inside, of);
    const scaled = sum?.terms.find(({ value }) => value !== x)?.value;
    if (!sum || scaled === undefined) continue;
    for (const [reset, state] of factors(scaled, of)) {
      const r = linearOf(of.argument(reset, 'Sigmoid'), of);
      if (!r || of.plain(state) !== of.plain(h)) continue;
      const step = made(false, [gateOf(r, x, h), gateOf(zGate, x, h), gateOf(sum, x, scaled)]);
      if (step) return step;
    }
  }
  return null;
}

/** h' as a mean of the candidate n and the state h, with the weight z of h. */
function* blends(
  node: GraphNode,
  of: Patterns,
): Generator<{ readonly z: string; readonly n: string; readonly h: string }> {
  for (const [a, b] of bothWays(node.inputs)) {
    if (a === null || b === null) continue;
    for (const [z, difference] of factors(b, of)) {
      const parts = of.maker(difference, 'Sub')?.inputs; // n + z ⊙ (h − n)
      if (parts?.[1] === a && parts[0] != null) yield { z, n: a, h: parts[0] };
    }
    for (const [rest, n] of factors(a, of))
      for (const [z, h] of factors(b, of)) {
        const [one, same] = of.maker(rest, 'Sub')?.inputs ?? []; // (1 − z) ⊙ n + z ⊙ h
        const constant = of.constant(one);
        if (
          same === z &&
          constant?.element === 'float' &&
          constant.shape.every((d) => d === 1) &&
          constant.values()[0] === 1
        )
          yield { z, n, h };
      }
  }
}

function rnn(node: GraphNode, of: Patterns, isState: IsState): CellStep | null {
  const sum = linearOf(node.inputs[0], of);
  if (!sum) return null;
  const after = [node.outputs[0]] as string[];
  const roles = rolesOf([sum], (h) => isState(h, after[0]));
  if (!roles) return null;
  const nonlinearity = node.op === 'Tanh' ? 'tanh' : 'relu';
  return {
    ...roles,
    op: 'RNNLayer',
    title: `an RNN with ${nonlinearity}`,
    equation: `h' = ${nonlinearity}(W x + R h)`,
    attributes: { ...roles.attributes, nonlinearity },
    states: [roles.h],
    after,
    nodes: [node],
    at: node,
  };
}

type Roles = Pick<CellStep, 'x' | 'gates' | 'attributes' | 'isState'> & { readonly h: string };

/** Which of the two terms that all gates have is the state: one with as many columns as rows; of two such, the one that comes back, else the second. */
function rolesOf(gates: readonly Linear[], comesBack: (value: string) => boolean): Roles | null {
  const [{ terms }] = gates;
  if (terms.length !== 2) return null;
  const [a, b] = terms.map(({ value }) => value);
  const ways = [
    [a, b],
    [b, a],
  ].flatMap(([x, h]) => {
    const form = formOf(
      gates.map((gate) => gateOf(gate, x, h)),
      x,
      h,
    );
    return form ? [{ ...form, h, isState: comesBack(h) }] : [];
  });
  return ways.find(({ isState }) => isState) ?? ways[0] ?? null;
}

/** The gates with their sizes, if they are of one size, and the state as wide as each of them. */
function formOf(
  gates: readonly (Gate | null)[],
  x: string,
  h: string,
): Pick<CellStep, 'x' | 'gates' | 'attributes'> | null {
  if (x === h || !gates.every((gate) => gate !== null)) return null;
  const [first] = gates;
  const [inputSize, hiddenSize] = [first.x.columns, first.h.columns];
  const fits = gates.every(
    (gate) => gate.x.columns === inputSize && gate.h.columns === hiddenSize && gate.rows === hiddenSize,
  );
  if (!fits || inputSize < 1) return null;
  const bias = gates.some(({ biasX, biasH }) => [...biasX, ...biasH].some((numbers) => numbers !== null));
  return { x, gates, attributes: { inputSize, hiddenSize, bias, bidirectional: false } };
}

/** The two terms of a sum; a bias that belongs to neither is one of the input's. */
function gateOf(linear: Linear, x: string, h: string): Gate | null {
  const [ofX, ofH] = [termOf(linear, x), termOf(linear, h)];
  if (!ofX || !ofH || linear.terms.length !== 2) return null;
  return { x: ofX, h: ofH, biasX: [ofX.bias, ...linear.biases], biasH: [ofH.bias], rows: linear.rows };
}

/** The two terms of a candidate whose state part is multiplied by the reset gate: each has its own biases. */
function apart(ofX: Linear, ofH: Linear, x: string, h: string): Gate | null {
  const [termX, termH] = [termOf(ofX, x), termOf(ofH, h)];
  if (!termX || !termH || ofX.terms.length !== 1 || ofH.terms.length !== 1 || ofX.rows !== ofH.rows) return null;
  return { x: termX, h: termH, biasX: [termX.bias, ...ofX.biases], biasH: [termH.bias, ...ofH.biases], rows: ofX.rows };
}

/** The factors of a product, in both orders. */
function factors(name: string | null | undefined, of: Patterns): [string, string][] {
  const node = of.maker(name, 'Mul');
  if (!node) return [];
  return bothWays(node.inputs).filter((pair): pair is [string, string] => pair.every((one) => one !== null));
}
