// The recurrent layers of a model, named like their parameters: l0, l1_reverse; and encoder.recurrent.l0 where there are several.

import { requireKinds } from '../checks.ts';
import { CharacterEncoder } from '../models/character-encoder.ts';
import type { Module } from '../nn/module.ts';
import type { Cell } from '../nn/recurrent/cell.ts';
import { Recurrent } from '../nn/recurrent/recurrent.ts';
import { Tensor } from '../tensor/tensor.ts';

/** One direction of one layer. */
export interface NamedCell {
  readonly name: string;
  readonly cell: Cell<unknown>;
  /** Whether the cell reads from the end. */
  readonly reverse: boolean;
}

/** Lists every cell of every recurrent layer in a model, from the lowest to the highest; those that read a token's characters have no step in time. */
export function namedCells(model: Module): NamedCell[] {
  requireKinds('namedCells', { model }, { model: 'module' });
  const layers = [...recurrentLayers(model)];
  return layers.flatMap(([path, layer]) =>
    layer.cells.map((cell, k) => {
      const reverse = k % layer.numDirections === 1;
      const own = `l${Math.floor(k / layer.numDirections)}${reverse ? '_reverse' : ''}`;
      return { name: layers.length > 1 && path ? `${path}.${own}` : own, cell, reverse };
    }),
  );
}

function* recurrentLayers(module: Module, path = ''): Generator<[path: string, layer: Recurrent<unknown>]> {
  if (module instanceof Recurrent) {
    yield [path, module];
    return;
  }
  if (module instanceof CharacterEncoder) return;
  for (const [name, child] of module.children()) yield* recurrentLayers(child, path ? `${path}.${name}` : name);
}

/** The tensors of a state by name: h where it is one tensor, else h, c, … */
export function namedTensors(state: unknown): [name: string, tensor: Tensor][] {
  if (state instanceof Tensor) return [['h', state]];
  if (typeof state !== 'object' || state === null) return [];
  return Object.entries(state).flatMap(([name, value]) =>
    value instanceof Tensor ? [[name, value] as [string, Tensor]] : namedTensors(value),
  );
}
