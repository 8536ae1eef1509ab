// Messages → a draft: names in scopes become names of one model, nodes are put in an order in which they can run, operators get their latest form.

import type { GraphAttribute, GraphPort } from 'unrolled/graph';
import { ConvertError, quoted } from '../../errors.ts';
import type { ConversionReport } from '../../model/report.ts';
import { type Body, Draft, graphAttribute } from './body.ts';
import type {
  AttributeMessage,
  GraphMessage,
  ModelMessage,
  NodeMessage,
  TensorMessage,
  ValueMessage,
} from './messages.ts';
import { isOperator } from './operator-list.ts';
import { normalized, type RawNode } from './operators.ts';
import { arrayOf, elementOf, type ExternalFiles, kindOf, typeName } from './tensors.ts';
import type { StoredArray } from '../../arrays/stored-array.ts';

/** The draft of a model, and its arrays by their names. */
export function translate(
  model: ModelMessage & { readonly graph: GraphMessage },
  external: ExternalFiles,
  report: ConversionReport,
): { readonly draft: Draft; readonly arrays: Map<string, StoredArray> } {
  const translator = new Translator(model, external, report);
  translator.main(model.graph);
  return translator;
}

/** Names of a graph, and of those around it, → names of the draft. */
class Scope {
  readonly #names = new Map<string, string>();
  readonly #around: Scope | null;

  constructor(around: Scope | null) {
    this.#around = around;
  }

  set(name: string, global: string): void {
    this.#names.set(name, global);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  get(name: string): string | undefined {
    return this.#names.get(name) ?? this.#around?.get(name);
  }
}

class Translator {
  readonly draft: Draft;
  readonly arrays = new Map<string, StoredArray>();
  readonly #model: ModelMessage;
  readonly #external: ExternalFiles;
  readonly #report: ConversionReport;

  constructor(model: ModelMessage, external: ExternalFiles, report: ConversionReport) {
    this.#model = model;
    this.#external = external;
    this.#report = report;
    this.draft = new Draft(report.source);
  }

  main(graph: GraphMessage): void {
    const scope = new Scope(null);
    // The main graph's names are kept as they are: inner graphs, which come first, have to make way.
    const own = [
      ...graph.inputs.map(({ name }) => name),
      ...graph.initializers.map(({ name }) => name),
      ...graph.nodes.flatMap(({ outputs }) => outputs),
    ];
    for (const name of own) {
      if (name === '' || scope.has(name)) continue;
      scope.set(name, this.draft.name(name));
    }
    this.#fill(this.draft.main, graph, scope, scope);
  }

  /** A graph of a node. */
  #body(graph: GraphMessage, around: Scope): Body {
    const body: Body = { inputs: [], outputs: [], nodes: [] };
    this.#fill(body, graph, new Scope(around), null);
    return body;
  }

  /** `named` is a scope whose own names are there already: that of the main graph. */
  #fill(body: Body, graph: GraphMessage, scope: Scope, named: Scope | null): void {
    const given = new Set<string>();
    const give = (name: string, what: string): string => {
      if (given.has(name)) this.#fail(what, 'names that are given once', `${quoted(name)} twice`);
      given.add(name);
      if (!named) scope.set(name, this.draft.name(name));
      return scope.get(name) as string;
    };
    if (graph.sparse > 0)
      this.#report.problem({
        where: 'sparse_initializer',
        expected: 'dense tensors',
        got: `${graph.sparse} sparse ones`,
        advice: 'save them as dense ones',
      });
    for (const tensor of graph.initializers) {
      if (tensor.name === '') this.#fail('an initializer', 'a name', 'none');
      this.#constant(give(tensor.name, 'initializers'), tensor, true);
    }
    for (const value of graph.inputs) {
      if (given.has(value.name)) continue; // an initializer that could be replaced: its value is its default
      body.inputs.push({ ...this.#port(value), name: give(value.name, 'inputs') });
    }
    for (const node of this.#ordered(graph, given, scope)) this.#node(body, node, scope, give);
    for (const value of graph.outputs) {
      const global = scope.get(value.name);
      if (global === undefined) this.#fail('outputs', 'a value that a node gives', quoted(value.name));
      body.outputs.push({ ...this.#port(value), name: global });
    }
  }

  /** The nodes, each behind all that it reads. Throws where they read one another in a circle, or what nothing gives. */
  #ordered(graph: GraphMessage, given: ReadonlySet<string>, scope: Scope): readonly NodeMessage[] {
    const makers = new Map<string, number>();
    for (const [i, node] of graph.nodes.entries())
      for (const name of node.outputs) if (name !== '' && !makers.has(name)) makers.set(name, i);
    const waits = new Int32Array(graph.nodes.length);
    const readers = new Map<number, number[]>();
    for (const [i, node] of graph.nodes.entries()) {
      for (const name of readBy(node)) {
        const maker = makers.get(name);
        if (maker === undefined) {
          if (given.has(name) || scope.get(name) !== undefined) continue;
          this.#fail(label(node), 'inputs that something gives', `${quoted(name)}, which nothing does`);
        }
        waits[i]++;
        const list = readers.get(maker);
        if (list) list.push(i);
        else readers.set(maker, [i]);
      }
    }
    // First in the file's own order, where that is one.
    const order: number[] = [];
    const ready = new Uint8Array(graph.nodes.length);
    const queue = Array.from(waits.keys()).filter((i) => waits[i] === 0);
    for (let at = 0; at < queue.length; at++) {
      const i = queue[at];
      ready[i] = 1;
      order.push(i);
      for (const reader of readers.get(i) ?? []) if (--waits[reader] === 0) queue.push(reader);
    }
    if (order.length < graph.nodes.length) {
      const stuck = graph.nodes.filter((_, i) => ready[i] === 0);
      const names = stuck.slice(0, 5).map(label).join(', ');
      this.#fail(names, 'nodes that can be put in an order', `a circle of ${stuck.length} nodes that read one another`);
    }
    const inOrder = graph.nodes.every((node, i) => readBy(node).every((name) => (makers.get(name) ?? -1) < i));
    return inOrder ? graph.nodes : order.map((i) => graph.nodes[i]);
  }

  #node(body: Body, message: NodeMessage, scope: Scope, give: (name: string, what: string) => string): void {
    this.draft.count();
    const opset = this.#opset(message);
    const inputs = message.inputs.map((name) => (name === '' ? null : (scope.get(name) as string)));
    while (inputs.length > 0 && inputs[inputs.length - 1] === null) inputs.pop();
    const outputs = message.outputs.map((name) => (name === '' ? null : give(name, label(message))));
    const name = this.draft.nodeName(message.name || message.outputs.find((output) => output !== '') || message.op);
    if (message.op === 'Constant' && message.domain === '') return this.#constantNode(message, outputs);
    const attributes = new Map<string, GraphAttribute>();
    for (const attribute of message.attributes) this.#attribute(attribute, message, scope, attributes);
    const known = ['', 'ai.onnx.preview.training'].includes(message.domain) && isOperator(message.op);
    const op = known ? message.op : `${message.domain || 'ai.onnx'}.${message.op}`;
    const raw: RawNode = { name, op, inputs, outputs, attributes };
    body.nodes.push(...normalized(raw, { draft: this.draft, report: this.#report, opset }));
  }

  #opset({ domain }: NodeMessage): number {
    return this.#model.opsets.get(domain) ?? 1;
  }

  #attribute(
    attribute: AttributeMessage,
    node: NodeMessage,
    scope: Scope,
    attributes: Map<string, GraphAttribute>,
  ): void {
    const { name } = attribute;
    if (attribute.reference !== '') this.#fail(label(node), `a value of the attribute ${quoted(name)}`, 'a reference');
    if (attribute.graph) attributes.set(name, graphAttribute(this.#body(attribute.graph, scope)));
    else if (attribute.tensor) {
      const array = arrayOf(attribute.tensor, `${node.name}.${name}`, this.#external, this.draft.source);
      if (node.op !== 'ConstantOfShape' || name !== 'value' || array.size !== 1)
        this.#fail(label(node), 'attributes that are numbers, texts or graphs', `a tensor as ${quoted(name)}`);
      attributes.set('value', Number(array.values()[0]));
      attributes.set('element', kindOf(array.element));
    } else attributes.set(name, attributeValue(attribute));
  }

  #constantNode(node: NodeMessage, outputs: readonly (string | null)[]): void {
    const [output] = outputs;
    if (output == null) return;
    const [attribute] = node.attributes;
    if (!attribute) this.#fail(label(node), 'a value', 'none');
    if (attribute.tensor) return this.#constant(output, attribute.tensor, false);
    const value = attributeValue(attribute);
    const kinds: Readonly<Record<string, 'float' | 'int'>> = {
      value_float: 'float',
      value_floats: 'float',
      value_int: 'int',
      value_ints: 'int',
    };
    const element = Object.hasOwn(kinds, attribute.name) ? kinds[attribute.name] : undefined;
    if (element === undefined) this.#fail(label(node), 'a value of numbers', `the attribute ${quoted(attribute.name)}`);
    const list = Array.isArray(value) ? (value as number[]) : [Number(value)];
    const shape = Array.isArray(value) ? [list.length] : [];
    this.draft.constants.set(output, { element, shape, values: () => list, initializer: false });
  }

  #constant(name: string, tensor: TensorMessage, initializer: boolean): void {
    if (elementOf(tensor.dataType) === null) {
      this.#report.problem({
        where: `tensor ${quoted(name)}`,
        expected: 'an element type of numbers',
        got: typeName(tensor.dataType),
        advice: 'convert the model to float32',
      });
      this.draft.constants.set(name, { element: 'float', shape: [0], values: () => [], initializer });
      return;
    }
    const array = arrayOf(tensor, name, this.#external, this.draft.source);
    const element = kindOf(array.element);
    if (initializer || element === 'float') this.arrays.set(name, array);
    this.draft.constants.set(name, {
      element,
      type: array.element,
      shape: array.shape,
      values: () => array.values(),
      bytes: array.bytes,
      initializer,
    });
    if (element === 'float' && array.element !== 'float32')
      this.#report.decide('element-type', name, 'float32', `the file has it as ${array.element}`);
  }

  #port({ name, dataType, shape }: ValueMessage): GraphPort {
    const element = dataType === 0 ? 'float32' : elementOf(dataType);
    if (element === null)
      this.#report.problem({
        where: `value ${quoted(name)}`,
        expected: 'a tensor of numbers',
        got: typeName(dataType),
      });
    return {
      name,
      element: kindOf(element ?? 'float32'),
      shape:
        shape &&
        shape.map((d, axis) => (typeof d === 'number' && d < 0 ? `${name}.${axis}` : (d ?? `${name}.${axis}`))),
    };
  }

  #fail(where: string, expected: string, got: string): never {
    throw new ConvertError(this.draft.source, { where, expected, got });
  }
}

/** The names that a node reads, those of its graphs too that are not their own. */
function readBy(node: NodeMessage): string[] {
  const names = node.inputs.filter((name) => name !== '');
  for (const { graph } of node.attributes) if (graph) names.push(...freeNames(graph));
  return names.length > 1 ? [...new Set(names)] : names;
}

function freeNames(graph: GraphMessage): string[] {
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const read = [...graph.nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)];
  return [...new Set(read)].filter((name) => !own.has(name));
}

/** AttributeProto.AttributeType → its value. Files of old exporters leave the type out: then the field that is set says it. */
function attributeValue(attribute: AttributeMessage): GraphAttribute {
  switch (attribute.type) {
    case 1:
      return attribute.float;
    case 2:
      return attribute.int;
    case 3:
      return attribute.text;
    case 6:
      return attribute.floats;
    case 7:
      return attribute.ints;
    case 8:
      return attribute.texts;
    default: {
      const { floats, ints, texts, text, int, float } = attribute;
      if (floats.length > 0) return floats;
      if (ints.length > 0) return ints;
      if (texts.length > 0) return texts;
      return text !== '' ? text : float !== 0 ? float : int;
    }
  }
}

function label(node: NodeMessage): string {
  return `node ${quoted(node.name || (node.outputs[0] ?? ''))} (${node.op.slice(0, 60)})`;
}
