// Whether a graph can be run at all, asked before anything is made of it: it may come from a file of anyone. Each node reads what was given before it, so
// that there is no circle; each name is given once; ops and attributes are known; sizes are those of arrays that can be.

import { largestSize, requireKinds } from '../checks.ts';
import { FormatError, suggest } from '../errors.ts';
import { checkNode, type GraphOp } from './op.ts';
import type { GraphConstant, GraphNode, GraphPort, GraphSpec } from './spec.ts';

const mostNodes = 200_000; // of a graph and all graphs in it
const deepest = 32; // graphs in graphs
const mostAxes = 64;

/** Throws a FormatError for a graph that cannot be run with these ops. Of unknown ops, all are named. */
export function checkGraph(graph: GraphSpec, ops: ReadonlyMap<string, GraphOp>, source: string): void {
  requireKinds('checkGraph', { graph, ops, source }, { graph: 'object', ops: 'map', source: 'text' });
  const unknown = unknownOps(graph, ops);
  if (unknown.length > 0) {
    const named = unknown
      .slice(0, 10)
      .map(({ op, node }) => `${String(op).slice(0, 60)} (node ${quoted(String(node))})`);
    throw new FormatError(
      source,
      `uses ${unknown.length === 1 ? 'an op that is' : `${unknown.length} ops that are`} not known here: ${named.join(', ')}; ${suggest(String(unknown[0].op), [...ops.keys()])}`,
    );
  }
  const left = { nodes: mostNodes };
  const layers = new Map<string, string>();
  check(graph, new Set(), 0);

  function check(one: GraphSpec, around: ReadonlySet<string>, depth: number): void {
    const fail = (problem: string): never => {
      throw new FormatError(source, problem);
    };
    if (depth > deepest) fail(`has graphs in graphs, more than ${deepest} deep`);
    if (!isSpec(one)) fail('expected a graph: inputs, outputs and nodes');
    const known = new Set(around);
    const own = new Set<string>();
    const give = (name: unknown, what: string) => {
      if (typeof name !== 'string' || name === '') return fail(`${what}: expected a name, got ${JSON.stringify(name)}`);
      if (own.has(name)) fail(`${what}: ${quoted(name)} is given twice`);
      own.add(name);
      known.add(name);
    };
    for (const port of one.inputs) {
      checkPort(port, fail);
      give(port.name, 'input');
    }
    for (const [name, shape] of [...Object.entries(one.parameters ?? {}), ...Object.entries(one.buffers ?? {})]) {
      give(name, 'parameter');
      checkShape(shape, quoted(name), fail);
    }
    for (const [name, constant] of Object.entries(one.constants ?? {})) {
      const { shape, values, element } = Object(constant) as Partial<GraphConstant>;
      give(name, 'constant');
      const size = checkShape(shape, quoted(name), fail);
      if (element !== 'int' && element !== 'bool') fail(`constant ${quoted(name)}: expected int or bool`);
      if (!Array.isArray(values) || values.length !== size || !values.every(Number.isSafeInteger))
        fail(`constant ${quoted(name)}: expected ${size} whole numbers`);
    }
    for (const node of one.nodes) {
      if (--left.nodes < 0) fail(`has more than ${mostNodes} nodes`);
      const op = ops.get(node.op) as GraphOp;
      for (const name of node.inputs)
        if (name !== null && !known.has(name))
          fail(`node ${quoted(node.name)} (${node.op}): reads ${quoted(name)}, which nothing before it gives`);
      if (op.layer) {
        const form = JSON.stringify([node.op, node.attributes ?? {}]);
        const name = layerName(node);
        if ((layers.get(name) ?? form) !== form)
          fail(`nodes of different form share the layer ${quoted(name)}; ${quoted(node.name)} is one of them`);
        layers.set(name, form);
      }
      for (const value of Object.values(node.attributes ?? {}))
        if (typeof value === 'object' && value !== null && 'graph' in value) check(value.graph, known, depth + 1);
      checkNode(node, op, source);
      for (const name of node.outputs) if (name !== null) give(name, `node ${quoted(node.name)} (${node.op})`);
    }
    for (const port of one.outputs) {
      checkPort(port, fail);
      if (!known.has(port.name)) fail(`gives ${quoted(port.name)}, which no node computes`);
    }
    for (const { input, output } of one.states ?? []) {
      if (!one.inputs.some(({ name }) => name === input)) fail(`state ${quoted(input)} is no input`);
      if (!one.outputs.some(({ name }) => name === output)) fail(`state ${quoted(output)} is no output`);
    }
  }
}

/** The name of the layer with a node's parameters. */
export function layerName(node: GraphNode): string {
  return node.layer ?? node.name;
}

/** Ops of the graph, and of the graphs in it, that the table does not have: each once, with the first node that uses it. */
export function unknownOps(
  graph: GraphSpec,
  ops: ReadonlyMap<string, GraphOp>,
): readonly { readonly op: string; readonly node: string }[] {
  requireKinds('unknownOps', { graph, ops }, { graph: 'object', ops: 'map' });
  const found = new Map<string, string>();
  const visit = (one: GraphSpec, depth: number): void => {
    for (const node of nodesOf(one)) {
      if (!ops.has(node.op) && !found.has(node.op)) found.set(node.op, node.name);
      if (depth >= deepest) continue;
      for (const value of Object.values(node.attributes ?? {}))
        if (typeof value === 'object' && value !== null && 'graph' in value) visit(value.graph, depth + 1);
    }
  };
  visit(graph, 0);
  return Array.from(found, ([op, node]) => ({ op, node }));
}

/** What may be a graph's nodes, of a graph that has not been checked. */
function nodesOf(graph: GraphSpec): readonly GraphNode[] {
  const { nodes } = Object(graph) as { readonly nodes?: unknown };
  return Array.isArray(nodes) ? nodes.filter((node) => typeof node === 'object' && node !== null) : [];
}

function isSpec(graph: unknown): boolean {
  const { inputs, outputs, nodes, states = [] } = Object(graph) as Partial<GraphSpec>;
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const isState = (state: unknown) => {
    const { input, output } = Object(state) as { readonly input?: unknown; readonly output?: unknown };
    return typeof input === 'string' && typeof output === 'string';
  };
  const isNode = (node: GraphNode) =>
    typeof node === 'object' &&
    node !== null &&
    typeof node.name === 'string' &&
    typeof node.op === 'string' &&
    ['string', 'undefined'].includes(typeof node.layer) &&
    (node.attributes === undefined || isObject(node.attributes)) &&
    [node.inputs, node.outputs].every(
      (list) => Array.isArray(list) && list.every((name) => name === null || typeof name === 'string'),
    );
  return (
    Array.isArray(inputs) &&
    Array.isArray(outputs) &&
    Array.isArray(nodes) &&
    nodes.every(isNode) &&
    Array.isArray(states) &&
    states.every(isState)
  );
}

function checkPort(port: GraphPort, fail: (problem: string) => never): void {
  const { name, element, shape } = Object(port) as Partial<GraphPort>;
  if (typeof name !== 'string' || !['float', 'int', 'bool'].includes(String(element)))
    fail('an input or output has no name, or is neither float, int nor bool');
  if (shape === null) return;
  const isDimension = (d: unknown) => typeof d === 'string' || (Number.isSafeInteger(d) && (d as number) >= 0);
  if (!Array.isArray(shape) || shape.length > mostAxes || !shape.every(isDimension))
    fail(`${quoted(String(name))}: expected a shape of sizes and names`);
}

function checkShape(shape: unknown, name: string, fail: (problem: string) => never): number {
  if (!Array.isArray(shape) || shape.length > mostAxes || !shape.every((d) => Number.isSafeInteger(d) && d >= 0))
    return fail(`${name}: expected a shape, whole numbers`);
  if (shape.reduce((n: number, d: number) => n * (d || 1), 1) > largestSize)
    return fail(`${name}: the shape [${shape.join(', ').slice(0, 100)}] is impossibly large`);
  return shape.reduce((n: number, d: number) => n * d, 1);
}

const quoted = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
