// The weights of each layer, in the order of Keras' get_weights(): by the layer's name where the file has names, and otherwise by their place.

import type { StoredArray } from '../../arrays/stored-array.ts';
import { ConvertError, quoted } from '../../errors.ts';
import type { ConversionReport } from '../../model/report.ts';

/** Where a layer's arrays are found. */
export interface WeightSource {
  /** The arrays of a layer, by its path of names and classes from the outermost model; null where the file has none under that name. */
  of(path: readonly LayerPlace[]): readonly StoredArray[] | null;
  /** Arrays that no layer has by its name, in the order of the file: for layers that have none. */
  readonly unnamed: StoredArray[];
}

/** A layer among the layers of its model. */
export interface LayerPlace {
  readonly name: string;
  readonly className: string;
  /** How many layers of that class come before it in its model. */
  readonly index: number;
}

/** The arrays of one layer, taken one after the other. */
export class LayerArrays {
  readonly #where: string;
  readonly #report: ConversionReport;
  readonly #arrays: StoredArray[];
  readonly #byName: boolean;
  readonly taken: StoredArray[] = [];

  constructor(source: WeightSource, path: readonly LayerPlace[], where: string, report: ConversionReport) {
    const own = source.of(path);
    this.#where = where;
    this.#report = report;
    this.#byName = own !== null;
    this.#arrays = own === null ? source.unnamed : [...own];
  }

  /** The next array; its shape must be the given one, where −1 stands for any size. */
  take(what: string, shape: readonly number[]): StoredArray {
    const array = this.#arrays[0];
    const fits = array?.shape.length === shape.length && shape.every((d, i) => d === -1 || d === array.shape[i]);
    if (!fits) {
      const expected = `${what} [${shape.map((d) => (d === -1 ? '…' : d)).join(', ')}]`;
      return this.#fail(expected, array ? `${quoted(array.name)} [${array.shape.join(', ')}]` : 'no more weights');
    }
    this.#arrays.shift();
    if (!this.#byName)
      this.#report.decide(
        'weight-names',
        this.#where,
        `${what} is ${array.name}`,
        'the file has no weights under the name of the layer: matched by order and shape',
      );
    this.taken.push(array);
    return array;
  }

  /** The shape of the next array; null where there is none. */
  next(ahead = 0): readonly number[] | null {
    return this.#arrays[ahead]?.shape ?? null;
  }

  /** Refuses weights that are left over. */
  requireAllTaken(): void {
    if (this.#byName && this.#arrays.length > 0)
      this.#fail(
        'no other weights',
        this.#arrays
          .map(({ name, shape }) => `${quoted(name)} [${shape.join(', ')}]`)
          .slice(0, 4)
          .join(', '),
      );
  }

  #fail(expected: string, got: string): never {
    throw new ConvertError(this.#report.source, { where: this.#where, expected, got });
  }
}

const order = [
  'embeddings', 'depthwise_kernel', 'pointwise_kernel', 'kernel', 'recurrent_kernel', 'gamma', 'beta', 'alpha', 'bias', 'moving_mean', 'moving_variance',
]; // biome-ignore format: a list of words

/** Weights by names such as `lstm_1/lstm_cell/kernel:0`, in the order of get_weights(): writers that sort by name put the bias first. */
export function inOrder(arrays: readonly StoredArray[]): readonly StoredArray[] {
  const folders: string[] = [];
  const keys = arrays.map(({ name }) => {
    const parts = name.replace(/:\d+$/, '').split('/');
    const last = parts.pop() as string;
    const folder = parts.join('/');
    if (!folders.includes(folder)) folders.push(folder);
    return { rank: order.indexOf(last), folder };
  });
  if (keys.some(({ rank }) => rank < 0)) return arrays;
  const direction = (folder: string) => (/(?:^|\/)backward_/.test(folder) ? 1 : 0);
  const place = ({ folder, rank }: { readonly folder: string; readonly rank: number }) =>
    direction(folder) * 1e9 + folders.indexOf(folder) * 100 + rank;
  return arrays
    .map((array, i) => ({ array, at: place(keys[i]) }))
    .sort((a, b) => a.at - b.at)
    .map(({ array }) => array);
}

/** Weights by flat names, `layer/…/kernel`: those of Keras 2 and TensorFlow.js. */
export function namedWeights(arrays: Iterable<StoredArray>): WeightSource {
  const byLayer = new Map<string, StoredArray[]>();
  for (const array of arrays) {
    const parts = array.name.split('/');
    // A layer is known by any folder of its weights, so that one in a model in the model is found by its own name.
    for (const name of new Set(parts.slice(0, -1))) {
      const list = byLayer.get(name) ?? [];
      byLayer.set(name, list);
      list.push(array);
    }
  }
  return {
    of(path) {
      const own = byLayer.get((path.at(-1) as LayerPlace).name);
      // Layers of one name in two models are told apart by the models' names, where the weights have them.
      const models = path.slice(0, -1).map(({ name }) => name);
      const inside = own?.filter(({ name }) => models.every((model) => name.split('/').includes(model)));
      return own ? inOrder(inside && inside.length > 0 ? inside : own) : null;
    },
    unnamed: [],
  };
}
