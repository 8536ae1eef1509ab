// A graph as a module: its parameters are trained, its layers are found by whoever walks the tree (inspection, optimizers), and its weights are saved under
// the names that they have in the model it came from.

import { withBackend } from '../backend/load.ts';
import { requireKinds, requireOneOf, requireText } from '../checks.ts';
import { checkOptions, FormatError, ShapeError, suggest } from '../errors.ts';
import { skippingInit } from '../nn/init.ts';
import { Module, ModuleBuffer, Parameter } from '../nn/module.ts';
import { checkSavedValues, type SavedTensor } from '../nn/saved-tensor.ts';
import { withDefaultDtype, zeros } from '../tensor/create.ts';
import { noGrad } from '../tensor/autograd.ts';
import { fillValues } from '../tensor/host-values.ts';
import { scope } from '../tensor/scope.ts';
import { sameShape, type TensorShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkGraph, layerName } from './check.ts';
import { type GraphOp, NodeContext } from './op.ts';
import { ops } from './ops/index.ts';
import { FrozenGraph } from './frozen-graph.ts';
import { GraphPlan } from './plan.ts';
import { graphInputs, type GraphValues, namedOutputs, shownPort } from './ports.ts';
import type { GraphPort, GraphSpec } from './spec.ts';
import type { GraphValue } from './value.ts';

/** Options of `GraphModel`. */
export interface GraphModelOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'graph';
  readonly graph: GraphSpec;
}

/** A weight whose values are written where they are needed: `fill` gets an array of as many elements as the shape has, with anything in it. */
export interface FilledTensor {
  readonly shape: TensorShape;
  readonly fill: (to: Float32Array) => void;
}

/** Options of a `GraphModel`, defaults filled in. */
export type GraphModelConfig = Required<GraphModelOptions>;

/**
 *     const model = new GraphModel({ graph }).loadStateDict(weights).eval();
 *     const { probabilities } = model.forward({ input: x });      // x as the graph's input has it, mostly [B, T, I]
 *
 * Throws a FormatError for a graph that cannot be run, before anything is allocated.
 */
export class GraphModel extends Module {
  readonly config: GraphModelConfig;
  readonly #tensors = new Map<string, Parameter | ModuleBuffer>();
  readonly #layers = new Map<string, Module>();
  /** Plans that are not at work: one, unless the model runs while it runs. */
  readonly #plans: GraphPlan[] = [];

  constructor(options: GraphModelOptions) {
    super();
    requireKinds('GraphModel', { options }, { options: { graph: 'object' } });
    checkOptions('GraphModel', options, ['type', 'graph']);
    requireOneOf('GraphModel', 'type', options.type ?? 'graph', ['graph']);
    checkGraph(options.graph, ops, 'GraphModel');
    this.config = { type: 'graph', graph: options.graph };
    this.#make(options.graph);
  }

  /**
   * A model with these weights. Each is made when its turn comes and written at once: they need no memory together besides that of the model, and those
   * that fill an array none at all.
   *
   * Throws a FormatError for a name that is missing or too many and for a value that is not finite, and a ShapeError for a shape that differs.
   */
  static withWeights(
    options: GraphModelOptions,
    weights: ReadonlyMap<string, () => SavedTensor | FilledTensor>,
    source = 'weights',
  ): GraphModel {
    requireKinds('GraphModel.withWeights', { weights, source }, { weights: 'map', source: 'text' });
    const model = skippingInit(() => new GraphModel(options));
    const own = new Map(model.namedState());
    for (const name of weights.keys())
      if (!own.has(name))
        throw new FormatError(source, `has ${name}, which the graph has not; ${suggest(name, [...own.keys()])}`);
    for (const [name, tensor] of own) {
      const make = weights.get(name);
      if (typeof make !== 'function') throw new FormatError(source, `lacks ${name} ${JSON.stringify(tensor.shape)}`);
      const saved = make();
      if ('fill' in saved) {
        if (!sameShape(saved.shape, tensor.shape)) throw new ShapeError(source, name, tensor.shape, saved.shape);
        const data = fillValues(tensor, saved.fill);
        checkSavedValues(source, name, { shape: tensor.shape, data }, tensor);
      } else {
        checkSavedValues(source, name, saved, tensor);
        tensor.set(saved.data);
      }
    }
    return model;
  }

  get graph(): GraphSpec {
    return this.config.graph;
  }

  /** Parameters and layers of the graph and of the graphs in it. */
  #make(graph: GraphSpec): void {
    for (const [name, shape] of Object.entries(graph.parameters ?? {})) this.#own(name, Parameter.of(zeros(shape)));
    for (const [name, shape] of Object.entries(graph.buffers ?? {})) this.#own(name, ModuleBuffer.of(zeros(shape)));
    for (const node of graph.nodes) {
      const { layer } = ops.get(node.op) as GraphOp;
      if (layer && !this.#layers.has(layerName(node)))
        this.#layers.set(layerName(node), layer(new NodeContext(node, 'GraphModel')));
      for (const value of Object.values(node.attributes ?? {}))
        if (typeof value === 'object' && value !== null && 'graph' in value) this.#make(value.graph);
    }
  }

  #own(name: string, tensor: Parameter | ModuleBuffer): void {
    if (this.#tensors.has(name)) throw new FormatError('GraphModel', `two graphs have a parameter ${name}`);
    this.#tensors.set(name, tensor);
  }

  override *children(): Generator<[name: string, module: Module]> {
    yield* this.#layers;
  }

  override *namedParameters(prefix = ''): Generator<[name: string, parameter: Parameter]> {
    requireText('GraphModel', 'prefix', prefix);
    for (const [name, tensor] of this.#tensors) if (tensor instanceof Parameter) yield [prefix + name, tensor];
    yield* super.namedParameters(prefix);
  }

  override *namedBuffers(prefix = ''): Generator<[name: string, buffer: ModuleBuffer]> {
    requireText('GraphModel', 'prefix', prefix);
    for (const [name, tensor] of this.#tensors) if (tensor instanceof ModuleBuffer) yield [prefix + name, tensor];
    yield* super.namedBuffers(prefix);
  }

  override *namedState(prefix = ''): Generator<[name: string, tensor: Tensor]> {
    requireText('GraphModel', 'prefix', prefix);
    for (const [name, tensor] of this.#tensors) yield [prefix + name, tensor];
    yield* super.namedState(prefix);
  }

  /**
   * Runs the graph on its inputs, by their names; one that is optional may be left out and is zeros then.
   *
   * Throws an OptionError for an input that is missing or not known, and a ShapeError for one that does not fit.
   */
  forward(inputs: GraphValues): Record<string, GraphValue> {
    const values = graphInputs(this.graph, inputs);
    const plan = this.#plans.pop() ?? this.#plan(false);
    try {
      return namedOutputs(this.graph, plan.run(values, this.training));
    } finally {
      this.#plans.push(plan);
    }
  }

  /**
   * The model with its weights as they are now, in eval mode and without gradients: for many short calls, as chunks of a stream. Weights are copied, and packed
   * where an op has a form for that, so that they take their memory two times more; outputs are those of `forward` to the bit.
   */
  frozen(): FrozenGraph {
    return new FrozenGraph(
      this.graph,
      noGrad(() => scope(() => this.#copy().eval().#plan(true))),
    );
  }

  /** The same model with weights of its own, on the same backend. */
  #copy(): GraphModel {
    const own = Array.from(this.namedState(), ([, tensor]) => tensor);
    const first = own.find(({ dtype }) => dtype !== 'int32') ?? own.at(0);
    const make = () => skippingInit(() => new GraphModel(this.config));
    if (!first) return make(); // a graph may have no weights at all
    const dtype = first.dtype === 'float64' ? 'float64' : 'float32';
    const copy = withBackend(first.backend, () => withDefaultDtype(dtype, make));
    for (const [i, [, tensor]] of Array.from(copy.namedState()).entries()) tensor.set(own[i]);
    return copy;
  }

  #plan(frozen: boolean): GraphPlan {
    return new GraphPlan(this.graph, { ops, tensors: this.#tensors, layers: this.#layers, frozen });
  }

  protected override describe(): string {
    const { inputs, outputs, nodes } = this.graph;
    const ports = (list: readonly GraphPort[]) => list.map(shownPort).join(', ');
    return `${ports(inputs)} → ${ports(outputs)}, ${nodes.length} nodes`;
  }
}
