// HDF5 files for tests, written by h5wasm: an oracle for the reader, which is our own.

import h5wasm, { type Dataset, type File, type Group } from 'h5wasm';

/** The bytes of the file that `build` fills. */
export async function hdf5File(build: (file: File) => void): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('made.h5', 'w');
  build(file);
  file.close();
  const bytes = FS.readFile('made.h5');
  FS.unlink('made.h5');
  return Uint8Array.from(bytes);
}

/** Datasets and texts of a file, as HDF5 itself reads them. */
export async function readWithH5wasm(
  bytes: Uint8Array,
  paths: readonly string[],
  texts: readonly (readonly [path: string, attribute: string])[] = [],
) {
  const { FS } = await h5wasm.ready;
  FS.writeFile('read.h5', bytes);
  const file = new h5wasm.File('read.h5', 'r');
  const datasets = new Map(
    paths.map((path) => {
      const { shape, value } = file.get(path) as Dataset;
      return [path, { shape, values: typeof value === 'number' ? [value] : (value as Float32Array) }] as const;
    }),
  );
  const attributes = texts.map(([path, name]) => (file.get(path) as Group).attrs[name].value);
  file.close();
  FS.unlink('read.h5');
  return { datasets, attributes };
}

/** A float32 dataset. */
export function addFloats(group: Group, name: string, shape: readonly number[], values: readonly number[]): void {
  group.create_dataset({ name, data: Float32Array.from(values), shape: [...shape] });
}

/** A layer of Keras: its numbers by the names of its weights. */
export type LayerWeights = Readonly<Record<string, readonly [shape: readonly number[], values: readonly number[]]>>;

/** A model of Keras 2: weights by the layers' names, and the configuration unless it is null. */
export function kerasTwoFile(
  config: unknown,
  layers: Readonly<Record<string, LayerWeights>>,
  version = '2.4.0',
): Promise<Uint8Array> {
  return hdf5File((file) => {
    if (config !== null) file.create_attribute('model_config', JSON.stringify(config));
    const weights = config === null ? file : file.create_group('model_weights');
    weights.create_attribute('keras_version', version);
    weights.create_attribute('backend', 'tensorflow');
    weights.create_attribute('layer_names', Object.keys(layers));
    for (const [layer, arrays] of Object.entries(layers)) {
      const group = weights.create_group(layer);
      const names = Object.keys(arrays);
      if (names.length > 0) group.create_attribute('weight_names', names);
      for (const name of names) {
        const parts = name.split('/');
        const last = parts.pop() as string;
        let at: Group = group;
        for (const part of parts) at = at.keys().includes(part) ? (at.get(part) as Group) : at.create_group(part);
        addFloats(at, last, ...arrays[name]);
      }
    }
  });
}
