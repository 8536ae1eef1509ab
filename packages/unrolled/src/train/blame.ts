// Where a number that is not finite began: the first op, in the order of computing, that made one out of finite ones.

import { isFinite } from '../tensor/ops/accumulate.ts';
import { type Node, nodesOf } from '../tensor/autograd.ts';
import type { Tensor } from '../tensor/tensor.ts';

export type Names = ReadonlyMap<Tensor, string>;

/** Names of a module's parameters, to say which layer an op belongs to. */
export function namesOf(named: Iterable<readonly [name: string, parameter: Tensor]>): Names {
  return new Map(Array.from(named, ([name, p]) => [p, name]));
}

/** A phrase such as `op lstm of recurrent.weight_ih_l1, time step 12`. `loss` must still have its graph. */
export function blameForward(loss: Tensor, names: Names): string {
  for (const node of nodesOf(loss)) {
    const bad = node.inputs.find((x) => !isFinite(x));
    if (!bad) continue;
    if (!bad.node) return names.has(bad) ? `parameter ${names.get(bad)}` : `an input of op ${node.op}`;
    return describe(bad.node, names) + timeStep(bad);
  }
  return loss.node ? describe(loss.node, names) : 'the loss';
}

/** `op lstm of recurrent.weight_ih_l1` */
export function describeOp(op: string, inputs: readonly Tensor[], names: Names): string {
  const own = inputs.flatMap((x) => names.get(x) ?? []);
  return own.length > 0 ? `op ${op} of ${own[0]}` : `op ${op}`;
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
