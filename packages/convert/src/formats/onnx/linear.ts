// Values that are linear in others, with weights of the file: Σ v Mᵀ + b. Exporters write the gates of a cell as one product of the input and one of the state
// (PyTorch), as one of both side by side (TensorFlow), or as one for each gate; here all of them are a list of terms for some rows.

import type { GraphNode } from 'unrolled/graph';
import { transposed } from '../../arrays/layout.ts';
import type { Constant } from './body.ts';
import { numberOf } from './fold.ts';
import type { Patterns } from './patterns.ts';
import { floats } from './recurrent.ts';

/** Numbers of the file, read when they are asked for. Equal keys are equal numbers. */
export interface Numbers {
  readonly key: string;
  read(): Float32Array;
}

/** v Mᵀ + b with M [rows, columns]. */
export interface Term {
  /** The product, and the array of the file that it reads. */
  readonly node: GraphNode;
  readonly source: string;
  readonly value: string;
  readonly columns: number;
  readonly matrix: Numbers;
  /** The bias [rows] that comes with this product. */
  readonly bias: Numbers | null;
}

/** The sum of the terms and of the biases that belong to none. */
export interface Linear {
  readonly rows: number;
  readonly terms: readonly Term[];
  readonly biases: readonly Numbers[];
}

const deepest = 12; // sums of sums
const mostTerms = 8;

/** What was found out about the values of a body. */
const answers = new WeakMap<Patterns, Map<string, Linear | null>>();

/** The value as terms, if it is linear with two axes; null otherwise. */
export function linearOf(name: string | null | undefined, of: Patterns, depth = 0): Linear | null {
  const node = of.maker(name);
  if (!node || name == null || depth > deepest) return null;
  const before = answers.get(of) ?? new Map<string, Linear | null>();
  answers.set(of, before);
  const known = before.get(name);
  if (known !== undefined) return known;
  const linear = found(name, node, of, depth);
  before.set(name, linear);
  return linear;
}

function found(name: string, node: GraphNode, of: Patterns, depth: number): Linear | null {
  switch (node.op) {
    case 'Identity':
      return linearOf(node.inputs[0], of, depth + 1);
    case 'Gemm':
      return gemm(node, of);
    case 'MatMul':
      return product(node, of);
    case 'Add':
      return sum(node, of, depth);
    case 'Split': {
      const whole = linearOf(node.inputs[0], of, depth + 1);
      const place = node.outputs.indexOf(name);
      if (!whole || ![1, -1].includes(numberOf(node.attributes, 'axis') ?? 0)) return null;
      const equal = whole.rows / node.outputs.length;
      const sizes =
        node.inputs[1] == null && !node.attributes?.split ? node.outputs.map(() => equal) : of.list(node, 1, 'split');
      if (!sizes || sizes.length !== node.outputs.length || sizes.reduce((a, b) => a + b, 0) !== whole.rows)
        return null;
      return rowsOf(
        whole,
        sizes.slice(0, place).reduce((a, b) => a + b, 0),
        sizes[place],
      );
    }
    case 'Slice': {
      const [starts, ends, axes] = ['starts', 'ends', 'axes'].map((setting, i) => of.list(node, 1 + i, setting));
      const steps = node.inputs[4] == null && !node.attributes?.steps ? [1] : of.list(node, 4, 'steps');
      const whole = linearOf(node.inputs[0], of, depth + 1);
      if (!whole || starts?.length !== 1 || ends?.length !== 1 || axes?.length !== 1 || steps?.join() !== '1')
        return null;
      if (axes[0] !== 1 && axes[0] !== -1) return null;
      const at = (i: number) => Math.min(whole.rows, Math.max(0, i < 0 ? i + whole.rows : i));
      return rowsOf(whole, at(starts[0]), Math.max(0, at(ends[0]) - at(starts[0])));
    }
    default:
      return null;
  }
}

/** The term of this value, alone or among others; null where there is none. */
export function termOf(linear: Linear | null, value: string): Term | null {
  return linear?.terms.find((term) => term.value === value) ?? null;
}

function gemm(node: GraphNode, of: Patterns): Linear | null {
  const [value, w, b] = node.inputs;
  const weight = of.constant(w);
  const one = (name: string) => (numberOf(node.attributes, name) ?? 1) === 1;
  if (value == null || weight?.shape.length !== 2 || weight.element !== 'float') return null;
  if (numberOf(node.attributes, 'transA') || !one('alpha') || !one('beta')) return null;
  const turned = !numberOf(node.attributes, 'transB'); // [columns, rows]
  const [rows, columns] = turned ? [weight.shape[1], weight.shape[0]] : weight.shape;
  const bias = b == null ? null : biasOf(b, of, rows);
  if (b != null && !bias) return null;
  return {
    rows,
    terms: [{ node, source: w as string, value, columns, matrix: matrix(w as string, weight, turned), bias }],
    biases: [],
  };
}

/** v · W, and [v | u] · W, whose rows are those of v, then those of u. */
function product(node: GraphNode, of: Patterns): Linear | null {
  const [value = null, w] = node.inputs;
  const weight = of.constant(w);
  if (value === null || weight?.shape.length !== 2 || weight.element !== 'float' || of.rank(value) !== 2) return null;
  const [columns, rows] = weight.shape;
  const all = matrix(w as string, weight, true);
  const parts = of.maker(value, 'Concat');
  if (!parts || ![1, -1].includes(numberOf(parts.attributes, 'axis') ?? 0))
    return { rows, terms: [{ node, source: w as string, value, columns, matrix: all, bias: null }], biases: [] };
  const widths = parts.inputs.map((part) => of.width(part));
  const unknown = widths.filter((width) => width === null).length;
  const known = widths.reduce((n: number, width) => n + (width ?? 0), 0);
  if (unknown > 1 || (unknown === 0 && known !== columns) || known > columns) return null;
  let start = 0;
  const terms = parts.inputs.map((part, i): Term => {
    const [first, count] = [start, widths[i] ?? columns - known];
    start += count;
    const key = `${all.key} columns ${first} ${count}`;
    return {
      node,
      source: w as string,
      value: part as string,
      columns: count,
      matrix: { key, read: () => columnsOf(all.read(), rows, columns, first, count) },
      bias: null,
    };
  });
  return { rows, terms, biases: [] };
}

function sum(node: GraphNode, of: Patterns, depth: number): Linear | null {
  for (const [a, b] of bothWays(node.inputs)) {
    const left = linearOf(a, of, depth + 1);
    if (!left) continue;
    const bias = biasOf(b, of, left.rows);
    if (bias) return { ...left, biases: [...left.biases, bias] };
    const right = linearOf(b, of, depth + 1);
    if (right?.rows !== left.rows || left.terms.length + right.terms.length > mostTerms) return null;
    return { rows: left.rows, terms: [...left.terms, ...right.terms], biases: [...left.biases, ...right.biases] };
  }
  return null;
}

/** A constant that is added to every row: [rows], [1, rows], or one number for all. */
function biasOf(name: string | null, of: Patterns, rows: number): Numbers | null {
  const constant = of.constant(name);
  if (constant?.element !== 'float' || constant.shape.length > 2) return null;
  const size = constant.shape.reduce((n, d) => n * d, 1);
  if ((size !== rows && size !== 1) || (constant.shape.length > 0 && constant.shape.at(-1) !== size)) return null;
  const read = () => (size === rows ? floats(constant) : new Float32Array(rows).fill(constant.values()[0]));
  return { key: `${name} to ${rows}`, read };
}

function matrix(name: string, constant: Constant, turned: boolean): Numbers {
  const [rows, columns] = constant.shape;
  const read = () => (turned ? transposed(floats(constant), rows, columns) : floats(constant));
  return { key: turned ? `${name} turned` : name, read };
}

/** `count` of the rows from the first on. */
function rowsOf(whole: Linear, first: number, count: number): Linear | null {
  if (!(Number.isInteger(count) && count > 0)) return null;
  const part = ({ key, read }: Numbers, width: number): Numbers => ({
    key: `${key} rows ${first} ${count}`,
    read: () => read().subarray(first * width, (first + count) * width),
  });
  return {
    rows: count,
    terms: whole.terms.map((term) => ({
      ...term,
      matrix: part(term.matrix, term.columns),
      bias: term.bias && part(term.bias, 1),
    })),
    biases: whole.biases.map((bias) => part(bias, 1)),
  };
}

function columnsOf(values: Float32Array, rows: number, columns: number, first: number, count: number): Float32Array {
  const part = new Float32Array(rows * count);
  for (let i = 0; i < rows; i++) part.set(values.subarray(i * columns + first, i * columns + first + count), i * count);
  return part;
}

/** The inputs of a node of two, in both orders. */
export function bothWays(pair: readonly (string | null)[]): [string | null, string | null][] {
  const [a = null, b = null] = pair;
  return [
    [a, b],
    [b, a],
  ];
}
