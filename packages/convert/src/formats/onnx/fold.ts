// What is known before the graph runs: shapes of inputs that are fixed, arithmetic on such, weights that the graph itself turns about (the dynamo exporter
// re-orders gates in the graph), branches whose condition is constant. What remains is what depends on the input.

import { type GraphAttribute, graphOps, HostArray, RunContext, type GraphNode } from 'unrolled/graph';
import { FormatError } from 'unrolled';
import { bodiesOf, type Body, type Constant, type Draft } from './body.ts';

/** Ops that only move elements: of floats they are computed too. */
const moving = new Set([
  'Concat',
  'Expand',
  'Flatten',
  'Gather',
  'Identity',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** Ops whose result on integers is an array of the host. */
const integer = new Set([
  ...moving,
  'Abs',
  'Add',
  'And',
  'Cast',
  'ConstantOfShape',
  'Div',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'Max',
  'Min',
  'Mul',
  'Neg',
  'Not',
  'Or',
  'Range',
  'Shape',
  'Size',
  'Sub',
  'Sum',
  'Where',
]);

/** Elements of a result that is not just moved: larger ones are left to the graph. */
const mostElements = 65_536;

/** Computes what is constant in all graphs, drops nodes that change nothing, and then all that nobody reads. Returns the number of nodes that went. */
export function foldConstants(draft: Draft): number {
  const before = Array.from(draft.bodies()).reduce((n, { nodes }) => n + nodes.length, 0);
  new Folder(draft).body(draft.main, true);
  prune(draft);
  return before - Array.from(draft.bodies()).reduce((n, { nodes }) => n + nodes.length, 0);
}

class Folder {
  readonly #draft: Draft;
  readonly #aliases = new Map<string, string>();
  /** Shapes that are known in part: of inputs, and as values of Shape nodes. */
  readonly #shapes = new Map<string, readonly (number | string)[]>();
  readonly #shapeValues = new Map<string, readonly (number | string)[]>();

  constructor(draft: Draft) {
    this.#draft = draft;
    for (const { name, shape } of draft.main.inputs) if (shape) this.#shapes.set(name, shape);
    for (const [name, { shape }] of draft.constants) this.#shapes.set(name, shape);
  }

  body(body: Body, outermost: boolean): void {
    const outputs = new Set(outermost ? body.outputs.map(({ name }) => name) : []);
    const nodes: GraphNode[] = [];
    const waiting = body.nodes.toReversed();
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      const inputs = node.inputs.map((name) => name && (this.#aliases.get(name) ?? name));
      const renamed = { ...node, inputs };
      const branch = this.#branch(renamed);
      if (branch) {
        const given = branch.outputs.map(
          ({ name }, i): GraphNode => ({
            name: this.#draft.nodeName(`${node.name}.${i}`),
            op: 'Identity',
            inputs: [name],
            outputs: [node.outputs[i] ?? null],
          }),
        );
        waiting.push(...[...branch.nodes, ...given].toReversed());
        continue;
      }
      const [output] = node.outputs;
      if (node.op === 'Identity' && output != null && inputs[0] !== null && !outputs.has(output)) {
        this.#aliases.set(output, inputs[0]);
        continue;
      }
      if (this.#computed(renamed)) continue;
      for (const inner of bodiesOf(renamed)) this.body(inner, false);
      nodes.push(renamed);
    }
    body.nodes = nodes;
    if (!outermost)
      for (const [i, port] of body.outputs.entries())
        body.outputs[i] = { ...port, name: this.#aliases.get(port.name) ?? port.name };
  }

  /** The branch of an If whose condition is constant. */
  #branch(node: GraphNode): Body | null {
    const condition = node.op === 'If' && node.inputs[0] !== null && this.#draft.constants.get(node.inputs[0]);
    if (!condition) return null;
    const name = condition.values()[0] !== 0 ? 'then_branch' : 'else_branch';
    const value = (node.attributes ?? {})[name] as { readonly graph: unknown } | undefined;
    return (value?.graph as Body | undefined) ?? null;
  }

  /** Computes a node, if all that it reads is known. */
  #computed(node: GraphNode): boolean {
    if (node.outputs.some((name) => name !== null) && this.#ofShape(node)) return true;
    if (!integer.has(node.op)) return false;
    const inputs = node.inputs.map((name) => (name === null ? null : this.#draft.constants.get(name)));
    if (inputs.some((input) => input === undefined)) return false;
    const known = inputs as readonly (Constant | null)[];
    const float = known.some((input) => input?.element === 'float');
    const casting = node.op === 'Cast';
    if (float && !moving.has(node.op) && !casting) return false;
    if (node.op === 'ConstantOfShape' && (node.attributes?.element ?? 'float') === 'float') return false;
    if (grows(node, known)) return false;
    if (casting && node.attributes?.to === 'float') return this.#cast(node, known[0] as Constant);
    if (float && node.op === 'Shape') return false;
    const results = run(node, known, this.#draft.source);
    if (!results) return false;
    // The first input holds the data; the other inputs, indices and shapes, are integers.
    const element = float && !casting ? 'float' : null;
    for (const [i, name] of node.outputs.entries()) {
      const result = results[i];
      if (name === null || !result) continue;
      const { shape } = result;
      const values = element === 'float' ? Float32Array.from(result.values) : Array.from(result.values);
      const initializer = known[0]?.initializer ?? false;
      this.#draft.constants.set(name, { element: element ?? result.element, shape, values: () => values, initializer });
      this.#shapes.set(name, shape);
    }
    return true;
  }

  #cast(node: GraphNode, input: Constant): boolean {
    const [output] = node.outputs;
    if (output == null) return true;
    const values = input.values();
    const { shape, initializer } = input;
    this.#draft.constants.set(output, {
      element: 'float',
      shape,
      values: () => Float32Array.from(values),
      initializer,
    });
    this.#shapes.set(output, shape);
    return true;
  }

  /** Shape of what has a known one, and positions of it. */
  #ofShape(node: GraphNode): boolean {
    const [input, index] = node.inputs;
    const [output] = node.outputs;
    if (input == null || output == null) return false;
    if (node.op === 'Shape') {
      const whole = this.#shapes.get(input);
      if (!whole) return false;
      const { start = 0, end } = (node.attributes ?? {}) as { readonly start?: number; readonly end?: number };
      const shape = whole.slice(start, end);
      this.#shapeValues.set(output, shape);
      return this.#known(output, shape, [shape.length]);
    }
    const shape = this.#shapeValues.get(input);
    if (node.op !== 'Gather' || !shape || index == null) return false;
    const at = this.#draft.constants.get(index);
    if (!at || at.shape.length > 1 || at.element !== 'int') return false;
    const picked = Array.from(at.values(), (i) => shape[i < 0 ? i + shape.length : i]);
    return this.#known(output, picked, at.shape);
  }

  #known(name: string, values: readonly (number | string | undefined)[], shape: readonly number[]): boolean {
    if (!values.every((d): d is number => typeof d === 'number')) return false;
    this.#draft.constants.set(name, { element: 'int', shape, values: () => values, initializer: false });
    this.#shapes.set(name, shape);
    return true;
  }
}

/** Whether the result may be much larger than what it is made of. */
function grows(node: GraphNode, inputs: readonly (Constant | null)[]): boolean {
  const product = (values: ArrayLike<number>) => Array.from(values).reduce((n, d) => n * Math.max(1, Math.abs(d)), 1);
  switch (node.op) {
    case 'Expand':
      return product(inputs[1]?.values() ?? []) > mostElements;
    case 'ConstantOfShape':
      return product(inputs[0]?.values() ?? []) > mostElements;
    case 'Range': {
      const [start, limit, delta] = inputs.map((input) => input?.values()[0] ?? 0);
      return !(Math.abs((limit - start) / delta) <= mostElements);
    }
    case 'Gather':
      return product(inputs[1]?.shape ?? []) * product(inputs[0]?.shape.slice(1) ?? []) > 2 ** 24;
    default: {
      const size = (input: Constant | null) => product(input?.shape ?? []);
      const broadcast = !moving.has(node.op) && inputs.length > 1;
      return broadcast && inputs.reduce((n, input) => n * size(input), 1) > mostElements;
    }
  }
}

/** The node's outputs, if it can be run on the host alone; a node that cannot is left to fail where it runs. */
function run(node: GraphNode, inputs: readonly (Constant | null)[], source: string): readonly HostArray[] | null {
  const op = graphOps.get(node.op);
  if (!op) return null;
  const values = inputs.map(
    (input) => input && new HostArray(input.element === 'bool' ? 'bool' : 'int', input.shape, input.values()),
  );
  try {
    const result = op.run(new RunContext(node, source, values, null, false, () => []));
    const all = Array.isArray(result) ? result : [result];
    return all.every((one) => one instanceof HostArray) ? all : null;
  } catch (error) {
    if (error instanceof FormatError || error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}

/** Removes the nodes of which nobody reads anything, and names of outputs that nobody reads. */
export function prune(draft: Draft): void {
  const read = new Set<string>();
  pruneBody(draft.main, read);
}

function pruneBody(body: Body, read: Set<string>): void {
  for (const { name } of body.outputs) read.add(name);
  const kept: GraphNode[] = [];
  for (const node of body.nodes.toReversed()) {
    if (!node.outputs.some((name) => name !== null && read.has(name))) continue;
    for (const name of node.inputs) if (name !== null) read.add(name);
    for (const inner of bodiesOf(node)) pruneBody(inner, read);
    const outputs = node.outputs.map((name) => (name !== null && read.has(name) ? name : null));
    kept.push({ ...node, outputs });
  }
  body.nodes = kept.reverse();
}

/** An attribute of a node, where it is a number. */
export function numberOf(
  attributes: Readonly<Record<string, GraphAttribute>> | undefined,
  name: string,
): number | undefined {
  const value = attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === 'number' ? value : undefined;
}
