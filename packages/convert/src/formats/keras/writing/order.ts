// The order of a model's layers in Keras: by how far they are from the outputs, the farthest first, and among equals as they are met on the way back from
// the outputs. Keras 3 finds a layer's weights by its place in this order, so whoever writes weights has to know it.

import type { KerasCall, KerasLayer, KerasTensor } from './layers.ts';

/** The layers and calls that the outputs need. */
export function layerOrder(outputs: readonly KerasTensor[]): { layers: KerasLayer[]; calls: ReadonlySet<KerasCall> } {
  const { inOrder, met } = walked(outputs);
  const callDepth = new Map<KerasCall, number>();
  const layerDepth = new Map<KerasLayer, number>();
  for (const call of inOrder.toReversed()) {
    const depth = Math.max(callDepth.get(call) ?? 0, layerDepth.get(call.layer) ?? 0); // a layer that is called twice is as far as its farthest call
    callDepth.set(call, depth);
    layerDepth.set(call.layer, depth);
    for (const { call: before } of readBy(call)) callDepth.set(before, Math.max(depth + 1, callDepth.get(before) ?? 0));
  }
  const place = (layer: KerasLayer) => [layerDepth.get(layer) as number, met.get(layer) as number] as const;
  const layers = [...met.keys()].sort((a, b) => {
    const [[depthA, metA], [depthB, metB]] = [place(a), place(b)];
    return depthB - depthA || metA - metB;
  });
  return { layers, calls: new Set(inOrder) };
}

/** All that a call reads, in Keras' order: arguments, then those by name in the order of the names. */
export function readBy({ inputs, states, mask }: KerasCall): readonly KerasTensor[] {
  return [...inputs, ...states, ...(mask ? [mask] : [])];
}

/** Depth first from the outputs: the calls, each after all that it reads, and when each layer was met. Without recursion: a graph may be thousands deep. */
function walked(outputs: readonly KerasTensor[]): { inOrder: KerasCall[]; met: Map<KerasLayer, number> } {
  const inOrder: KerasCall[] = [];
  const done = new Set<KerasCall>();
  const met = new Map<KerasLayer, number>();
  const open: { readonly call: KerasCall; next: number }[] = [];
  const enter = (call: KerasCall) => {
    if (done.has(call)) return;
    if (!met.has(call.layer)) met.set(call.layer, met.size);
    open.push({ call, next: 0 });
  };
  for (const { call } of outputs) {
    enter(call);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const read = readBy(top.call);
      if (top.next < read.length) enter(read[top.next++].call);
      else {
        open.pop();
        done.add(top.call);
        inOrder.push(top.call);
      }
    }
  }
  return { inOrder, met };
}
