// The weights of Keras 3: groups by the structure of the model, `layers/lstm_1/cell/vars/0`, where a layer is known by its class and how many of that
// class come before it. Some versions have the layers' own names there, and Keras 2.12 to 2.15 another word for `layers`.

import type { StoredArray } from '../../arrays/stored-array.ts';
import type { LayerPlace, WeightSource } from './weights.ts';

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly arrays: Map<string, StoredArray>;
}

const containers = ['layers', '_layer_checkpoint_dependencies'];

/** What comes first in a layer; what follows goes by its names. */
const parts = ['forward_layer', 'backward_layer', 'cell', 'cells', 'layer'];

export function structuredWeights(arrays: ReadonlyMap<string, StoredArray>): WeightSource {
  const root = folder();
  for (const [path, array] of arrays) {
    const names = path.split('/');
    const last = names.pop() as string;
    let at = root;
    for (const name of names) {
      const next = at.folders.get(name) ?? folder();
      at.folders.set(name, next);
      at = next;
    }
    at.arrays.set(last, array);
  }
  return {
    of(path) {
      let at: Folder | undefined = root;
      for (const place of path) at = at && layerIn(at, place);
      return at ? inStructure(at) : [];
    },
    unnamed: [],
  };
}

function folder(): Folder {
  return { folders: new Map(), arrays: new Map() };
}

function layerIn(model: Folder, { name, className, index }: LayerPlace): Folder | undefined {
  const layers = containers.map((one) => model.folders.get(one)).find((one) => one !== undefined);
  const byClass = snakeCase(className) + (index > 0 ? `_${index}` : '');
  return layers?.folders.get(byClass) ?? layers?.folders.get(name);
}

function inStructure(layer: Folder): StoredArray[] {
  const found: StoredArray[] = [];
  const open = [layer];
  for (let at = open.pop(); at; at = open.pop()) {
    const numbered = [...(at.folders.get('vars')?.arrays ?? [])].sort(([a], [b]) => Number(a) - Number(b));
    found.push(...numbered.map(([, array]) => array));
    const rank = (name: string) => (parts.includes(name) ? parts.indexOf(name) : parts.length);
    const inner = [...at.folders]
      .filter(([name]) => name !== 'vars' && !name.startsWith('seed_generator'))
      .sort(([a], [b]) => rank(a) - rank(b) || numberOf(a) - numberOf(b));
    open.push(...inner.map(([, one]) => one).reverse());
  }
  return found;
}

/** `lstm_cell` is before `lstm_cell_1`. */
function numberOf(name: string): number {
  return Number(/_(\d+)$/.exec(name)?.[1] ?? 0);
}

/** As Keras makes names of classes: TimeDistributed → time_distributed, LSTM → lstm. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
