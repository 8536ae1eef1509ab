// Where a number that is not finite began: the first op, in the order of computing, that made one out of finite ones.

import { isFinite } from '../tensor/ops/accumulate.ts';
import { AnomalyError, detectAnomaly, type Node, nodesOf } from '../tensor/autograd.ts';
import type { Tensor } from '../tensor/tensor.ts';

export type Names = ReadonlyMap<Tensor, string>;

/** Names of a module's parameters, to say which layer an op belongs to. */
export function namesOf(named: Iterable<readonly [name: string, parameter: Tensor]>): Names {
  return new Map(Array.from(named, ([name, p]) => [p, name]));
}

/** A phrase such as `op lstm of recurrent.weight_ih_l1, time step 12`. `loss` must still have its graph. */
export function blameForward(loss: Tensor, names: Names): string {
  return firstInForward(loss, names) ?? (loss.node ? describe(loss.node, names) : 'the loss');
}

/** The same for numbers on the way to the loss; null where all of them are finite, whatever the loss is. */
export function firstInForward(loss: Tensor, names: Names): string | null {
  for (const node of nodesOf(loss)) {
    const bad = node.inputs.find((x) => !isFinite(x));
    if (!bad) continue;
    if (!bad.node) return names.has(bad) ? `parameter ${names.get(bad)}` : `an input of ${describe(node, names)}`;
    return describe(bad.node, names) + timeStep(bad);
  }
  return null;
}

/** The first op of a batch that made a number that is not finite, on the way to the loss or back. Its graph is used up. */
export function originOf({ loss }: { readonly loss: Tensor }, names: Names): string | null {
  const origin = firstInForward(loss, names);
  if (origin) return origin;
  try {
    detectAnomaly(() => loss.backward());
  } catch (error) {
    if (error instanceof AnomalyError) return describeOp(error.op, error.inputs, names);
    throw error;
  }
  return null;
}

/** `op lstm of recurrent.weight_ih_l1`, or `op mul after head.weight` where the op has no parameter and that is the nearest before it. */
export function describeOp(op: string, inputs: readonly Tensor[], names: Names): string {
  const own = inputs.flatMap((x) => names.get(x) ?? []);
  if (own.length > 0) return `op ${op} of ${own[0]}`;
  const before = nearestParameter(inputs, names);
  return before ? `op ${op} after ${before}` : `op ${op}`;
}

/** Breadth first through what the inputs were computed from. */
function nearestParameter(inputs: readonly Tensor[], names: Names): string | null {
  const seen = new Set<Node>();
  for (let level = inputs; level.length > 0; ) {
    const next: Tensor[] = [];
    for (const { node } of level) {
      if (!node || seen.has(node)) continue;
      seen.add(node);
      for (const x of node.inputs) {
        const name = names.get(x);
        if (name) return name;
        next.push(x);
      }
    }
    level = next;
  }
  return null;
}

function describe(node: Node, names: Names): string {
  return describeOp(node.op, node.inputs, names);
}

/** The first step of a [T, B, ..] that holds a bad number. */
function timeStep(x: Tensor): string {
  if (x.rank !== 3) return '';
  const i = x.storage.array.findIndex((v: number) => !Number.isFinite(v));
  return `, time step ${Math.floor(i / (x.shape[1] * x.shape[2]))}`;
}
