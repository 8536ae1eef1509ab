// Reverse-mode differentiation. Every op that has an input that wants a gradient leaves a node: its inputs, and a function from the gradient
// of its outputs to those of its inputs. `backward` walks the nodes in the reverse order of their creation, in a loop, so that sequences may
// be as long as memory allows. Gradients add up: a weight used at every time step ends with the sum over the steps, as the lecture derives.

import { requireFunction, requireKinds, requireList } from '../checks.ts';
import { ContextVariable } from '../context-variable.ts';
import { TensorError } from '../errors.ts';
import { add, addInto, clone, isFinite as allFinite } from './ops/accumulate.ts';
import { keepBlock } from './scope.ts';
import type { Tensor } from './tensor.ts';

export type Gradients = readonly (Tensor | null | undefined)[];

export interface Node {
  /** Rank in the order of creation. */
  readonly id: number;
  /** The op's name, for messages. */
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly outputCount: number;
  /** Gradients of the outputs (null where none arrived) → gradients of the inputs; null once used. */
  backward: ((dys: readonly (Tensor | null)[]) => Gradients) | null;
  /** Set by `retainGrad`: who wants to see the gradient of an output. */
  readonly watchers: (Tensor | undefined)[];
}

let nextId = 0;
const recording = new ContextVariable(true);
const anomalyDetection = new ContextVariable(false);

/** Runs `body` without recording: what it computes has no gradient, and keeps nothing for one. */
export function noGrad<R>(body: () => R): R {
  requireFunction('noGrad', 'body', body);
  return recording.run(false, body);
}

/** Whether an op on these inputs has to be recorded. */
export function wantsGrad(inputs: readonly (Tensor | null | undefined)[]): boolean {
  return recording.value && inputs.some((x) => x?.requiresGrad);
}

/** Runs `body` with every gradient checked as it is made: the first that is not finite throws and names its op. Slow; for finding the culprit. */
export function detectAnomaly<R>(body: () => R): R {
  requireFunction('detectAnomaly', 'body', body);
  return anomalyDetection.run(true, body);
}

/** Puts `y = op(inputs)` on the tape; `backward` maps dy to the gradients of the inputs, in their order. Returns y. */
export function record(op: string, y: Tensor, inputs: readonly Tensor[], backward: (dy: Tensor) => Gradients): Tensor {
  requireFunction(op, 'backward', backward);
  return recordMany(op, [y], inputs, ([dy]) => backward(dy as Tensor))[0];
}

/** The same for an op with several outputs. A gradient that did not arrive is null (all zeros). */
export function recordMany<T extends readonly Tensor[]>(
  op: string,
  outputs: T,
  inputs: readonly Tensor[],
  backward: (dys: readonly (Tensor | null)[]) => Gradients,
): T {
  requireList(op, 'inputs', inputs);
  requireFunction(op, 'backward', backward);
  if (!wantsGrad(inputs)) return outputs;
  const node: Node = { id: nextId++, op, inputs, outputCount: outputs.length, backward, watchers: [] };
  outputs.forEach((y, index) => y.attach(node, index));
  return outputs;
}

/** The nodes that `root` depends on, in the order of their creation. */
export function nodesOf(root: Tensor): Node[] {
  requireKinds('nodesOf', { root }, { root: 'tensor' });
  const found = new Set<Node>();
  const stack: Node[] = root.node ? [root.node] : [];
  while (stack.length > 0) {
    const node = stack.pop() as Node;
    if (found.has(node)) continue;
    found.add(node);
    for (const input of node.inputs) if (input.node) stack.push(input.node);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

/** A gradient on its way, and whether its memory is ours alone, so that more may be added in place. */
interface Pending {
  value: Tensor;
  owned: boolean;
}

/**
 * Adds d root / d leaf, times `seed` (ones for a scalar), to the `grad` of every leaf that wants one.
 *
 * `arrived` is told of every leaf as soon as nothing more will be added to its gradient.
 *
 * Throws a TensorError when root has no gradient, is not a scalar and comes without a seed, or was walked before.
 */
export function backward(root: Tensor, seed: Tensor, arrived?: (leaf: Tensor) => void): void {
  requireKinds('backward', { root, seed }, { root: 'tensor', seed: 'tensor' });
  if (!root.requiresGrad) throw new TensorError('backward', 'no input of this tensor wants a gradient');
  noGrad(() => {
    const pending = new Map<Node, (Pending | undefined)[]>();
    arrive(root, { value: seed, owned: false }, pending);
    const nodes = nodesOf(root);
    const complete = arrived && leavesByLastNode(nodes);
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i];
      const dys = pending.get(node);
      if (dys) pass(node, dys, pending);
      if (arrived) for (const leaf of complete?.get(node) ?? []) if (leaf.grad) arrived(leaf);
    }
  });
}

/** One node: from the gradients of its outputs to those of its inputs. */
function pass(
  node: Node,
  arrived: readonly (Pending | undefined)[],
  pending: Map<Node, (Pending | undefined)[]>,
): void {
  pending.delete(node);
  if (!node.backward) {
    throw new TensorError(
      'backward',
      `the graph behind ${node.op} was walked before; compute the loss again, or add the losses first`,
    );
  }
  const dys = Array.from({ length: node.outputCount }, (_, k) => arrived[k]?.value ?? null);
  node.watchers.forEach((tensor, k) => {
    const dy = dys[k];
    if (tensor && dy) accumulateGrad(tensor, { value: dy, owned: false });
  });
  const dxs = node.backward(dys);
  node.backward = null;
  node.inputs.forEach((input, k) => {
    const dx = dxs[k];
    if (!dx || !input.requiresGrad) return;
    if (anomalyDetection.value) checkFinite(node, dys, dx, k);
    const shared =
      dys.some((dy) => dy?.storage.block === dx.storage.block) ||
      dxs.some((other, j) => j !== k && other?.storage.block === dx.storage.block);
    arrive(input, { value: dx, owned: !shared }, pending);
  });
}

/** The leaves whose gradient is complete once a node was walked: it is the first that reads them. */
function leavesByLastNode(nodes: readonly Node[]): Map<Node, Tensor[]> {
  const seen = new Set<Tensor>();
  const found = new Map<Node, Tensor[]>();
  for (const node of nodes) {
    const leaves = node.inputs.filter((input) => !input.node && input.requiresGrad && !seen.has(input));
    for (const leaf of leaves) seen.add(leaf);
    if (leaves.length > 0) found.set(node, [...new Set(leaves)]);
  }
  return found;
}

function arrive(tensor: Tensor, gradient: Pending, pending: Map<Node, (Pending | undefined)[]>): void {
  if (!tensor.node) {
    accumulateGrad(tensor, gradient);
    return;
  }
  let slots = pending.get(tensor.node);
  if (!slots) {
    slots = [];
    pending.set(tensor.node, slots);
  }
  const index = tensor.outputIndex;
  slots[index] = sum(slots[index], gradient);
}

function sum(a: Pending | undefined, b: Pending): Pending {
  if (!a) return b;
  if (a.owned) {
    addInto(a.value, b.value);
    return a;
  }
  return { value: add(a.value, b.value), owned: true };
}

function accumulateGrad(tensor: Tensor, gradient: Pending): void {
  if (tensor.grad) {
    addInto(tensor.grad, gradient.value);
  } else {
    const own = gradient.owned ? gradient.value : clone(gradient.value);
    keepBlock(own.storage.block);
    tensor.grad = own;
  }
}

/** Thrown under `detectAnomaly`; `op` made a gradient that is not finite out of finite ones. */
export class AnomalyError extends TensorError {
  override name = 'AnomalyError';
  readonly op: string;
  readonly inputs: readonly Tensor[];

  constructor(node: Node, k: number) {
    super(node.op, `the gradient of its input ${k} is not finite, though the gradient of its output is`);
    this.op = node.op;
    this.inputs = node.inputs;
  }
}

function checkFinite(node: Node, dys: readonly (Tensor | null)[], dx: Tensor, k: number): void {
  if (!allFinite(dx) && dys.every((dy) => !dy || allFinite(dy))) throw new AnomalyError(node, k);
}
