// Networks that none of the tasks is, such as an imported detector: tensors by name in, tensors by name out. A session carries the state of a recurrent
// network from one piece of a sequence to the next.

import { requireKinds, requireObject, shown } from '../checks.ts';
import { checkOptions, OptionError, ShapeError } from '../errors.ts';
import type { FrozenGraph } from '../graph/frozen-graph.ts';
import { GraphModel } from '../graph/graph-model.ts';
import type { GraphPort } from '../graph/spec.ts';
import { type GraphValue, HostArray } from '../graph/value.ts';
import { type SignalLike, throwIfAborted } from '../abort.ts';
import { compute } from '../inference/compute.ts';
import { tensor } from '../tensor/create.ts';
import { Tensor } from '../tensor/tensor.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { TensorsInput } from './contract/input.ts';
import { requireModel } from './require-model.ts';
import { replayCertificate } from './replay.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';

/** A tensor's shape and its values, row by row. */
export interface TensorValues {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Options of `predict` and `push`. */
export interface TensorsOptions {
  readonly signal?: SignalLike | null;
}

/** Options of `session`. */
export interface TensorsSessionOptions {
  /**
   * Whether the session reads the weights as they were when the first such session began, packed once for all of them: faster for short pieces, and without
   * later changes of the model. Default false.
   */
  readonly frozen?: boolean;
}

/** A sequence in pieces: the states of the network go from one piece to the next. */
export interface TensorsSession {
  /** The outputs for the next piece, without the states. */
  push(inputs: Readonly<Record<string, TensorValues>>, options?: TensorsOptions): Promise<Record<string, TensorValues>>;
  /** Begins a new sequence: the states are zeros again. */
  reset(): void;
}

/** Runs a network on tensors by name. */
export interface TensorsPipeline {
  readonly task: 'tensors';
  readonly info: RunInfo;
  readonly input: TensorsInput;
  readonly model: GraphModel;
  /** What the network reads. */
  readonly inputs: readonly GraphPort[];
  /** What the network gives. */
  readonly outputs: readonly GraphPort[];
  /** The outputs for inputs by name: `await run.predict({ input: { shape: [1, 20, 34], data } })`. Optional inputs may be left out. */
  predict(
    inputs: Readonly<Record<string, TensorValues>>,
    options?: TensorsOptions,
  ): Promise<Record<string, TensorValues>>;
  /** Starts a sequence in pieces. Throws an OptionError for a network without states. */
  session(options?: TensorsSessionOptions): TensorsSession;
}

const who = 'tensors';

export async function makeTensors(run: OpenedRun): Promise<TensorsPipeline> {
  const model = run.restore((config) => new GraphModel(config));
  await replayCertificate(run, model);
  return tensorsOf(model, { input: run.part.input as TensorsInput }, run.info);
}

/** The pipeline of a network in memory, as it is at every moment: also while it is trained. */
export function tensorsOf(
  model: GraphModel,
  parts: { readonly input?: TensorsInput } = {},
  info: RunInfo = unsaved,
): TensorsPipeline {
  requireModel('tensorsOf', model, [GraphModel], parts, { input: 'object?' });
  const { inputs, outputs, states = [] } = model.graph;
  let frozen: FrozenGraph | null = null;
  const forward = (
    network: GraphModel | FrozenGraph,
    given: Readonly<Record<string, TensorValues>>,
    options: TensorsOptions,
  ) => {
    checkOptions(who, options, ['signal']);
    requireObject(who, 'inputs', given);
    throwIfAborted(who, options.signal);
    const found = compute(model, () => {
      const values = Object.entries(given).map(([name, value]) => [name, valueOf(inputs, name, value)] as const);
      return Object.entries(network.forward(Object.fromEntries(values))).map(
        ([name, value]) => [name, valuesOf(value)] as const,
      );
    });
    return Object.fromEntries(found);
  };
  const predict: TensorsPipeline['predict'] = async (given, options = {}) => {
    const found = forward(model, given, options);
    await yieldToEventLoop();
    return found;
  };
  return {
    task: who,
    info,
    input: parts.input ?? { kind: 'tensors' },
    model,
    inputs,
    outputs,
    predict,
    session(options = {}) {
      checkOptions(who, options, ['frozen']);
      requireKinds(who, { frozen: options.frozen }, { frozen: 'flag?' });
      if (states.length === 0)
        throw new OptionError(who, 'session', 'the network has no states; predict reads a whole sequence');
      if (options.frozen) frozen ??= model.frozen();
      const network = options.frozen && frozen ? frozen : model;
      const carried = new Map<string, TensorValues>();
      return {
        async push(given, limits = {}) {
          requireObject(who, 'inputs', given);
          const found = forward(network, { ...Object.fromEntries(carried), ...given }, limits);
          // Before anything is waited for: the next piece may be pushed at once.
          for (const { input, output } of states) carried.set(input, found[output]);
          await yieldToEventLoop();
          const isState = new Set(states.map(({ output }) => output));
          return Object.fromEntries(Object.entries(found).filter(([name]) => !isState.has(name)));
        },
        reset: () => carried.clear(),
      };
    },
  };
}

/** An input as the graph has it. Unknown names go through: the model names them in its error. */
function valueOf(ports: readonly GraphPort[], name: string, value: TensorValues): GraphValue {
  requireObject(who, `inputs.${name}`, value, ['shape', 'data']);
  const { shape, data } = value;
  const isShape = Array.isArray(shape) && shape.every((d) => Number.isSafeInteger(d) && d >= 0);
  if (!isShape) throw new OptionError(who, `inputs.${name}.shape`, `expected whole numbers, got ${shown(shape)}`);
  if (shape.reduce((n, d) => n * d, 1) !== data.length)
    throw new ShapeError(who, `${name}, ${data.length} values`, shape, [data.length]);
  const element = ports.find((port) => port.name === name)?.element ?? 'float';
  return element === 'float' ? tensor(data, shape) : new HostArray(element, shape, data);
}

/** A copy of an output, on the host. */
function valuesOf(value: GraphValue): TensorValues {
  return { shape: value.shape, data: value instanceof Tensor ? value.dataSync() : Float64Array.from(value.values) };
}
