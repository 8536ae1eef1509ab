// Weights from a model that calls its layers something else: PyTorch's `emb`, `lstm` and `fc` for our `embedding`, `recurrent` and `head`.

import { requireKinds } from '../checks.ts';
import { FormatError } from '../errors.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Module, SavedTensor, StateDict } from './module.ts';

/**
 * The saved weights under the module's own names. Layers are matched in order: each of the module's takes the first saved one, not yet taken,
 * whose parameters have the same last names and shapes.
 *
 *     model.loadStateDict(matchNames(model, fromPyTorch));     // lstm.weight_ih_l0 → recurrent.weight_ih_l0
 *
 * Throws a FormatError that names the layer which has no match, or the saved one that is left over.
 */
export function matchNames(module: Module, saved: ReadonlyMap<string, SavedTensor>, source = 'state dict'): StateDict {
  requireKinds('matchNames', { module, saved, source }, { module: 'module', saved: 'map', source: 'text' });
  const theirs = layersOf(saved);
  const matched: StateDict = new Map();
  for (const [own, parameters] of layersOf(new Map(module.namedParameters()))) {
    const found = [...theirs].find(([, other]) => alike(parameters, other));
    if (!found) {
      const wanted = Array.from(parameters, ([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ');
      throw new FormatError(source, `has no layer like ${own || 'the model'}: ${wanted}`);
    }
    theirs.delete(found[0]);
    for (const [name, value] of found[1]) matched.set(own ? `${own}.${name}` : name, value);
  }
  for (const [name] of theirs) throw new FormatError(source, `has ${name}, which no layer of the model is like`);
  return matched;
}

type Layer<T> = Map<string, T>;

function layersOf<T>(named: ReadonlyMap<string, T>): Map<string, Layer<T>> {
  const layers = new Map<string, Layer<T>>();
  for (const [name, value] of named) {
    const dot = name.lastIndexOf('.');
    const layer = name.slice(0, Math.max(0, dot));
    if (!layers.has(layer)) layers.set(layer, new Map());
    layers.get(layer)?.set(name.slice(dot + 1), value);
  }
  return layers;
}

function alike(own: Layer<{ readonly shape: readonly number[] }>, other: Layer<SavedTensor>): boolean {
  return (
    own.size === other.size && [...own].every(([name, { shape }]) => sameShape(other.get(name)?.shape ?? [-1], shape))
  );
}
