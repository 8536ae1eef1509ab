// The HDF5 files of Keras: Keras 2's, with groups by layer names and the configuration as an attribute, and Keras 3's weights, with groups by structure.

import { StoredArray } from '../../arrays/stored-array.ts';
import { ConvertError } from '../../errors.ts';
import type { ConversionReport } from '../../model/report.ts';
import { Hdf5File, type Hdf5Object } from '../hdf5/file.ts';
import { parsedJson } from '../json.ts';
import { generationOf } from './contents.ts';
import { structuredWeights } from './structured-weights.ts';
import { namedWeights, type WeightSource } from './weights.ts';

export interface H5Contents {
  readonly producer: string | null;
  readonly keras: 2 | 3;
  readonly config: unknown;
  readonly arrays: ReadonlyMap<string, StoredArray>;
  readonly weights: WeightSource;
}

export async function readH5(bytes: Uint8Array, source: string, report: ConversionReport): Promise<H5Contents> {
  const file = new Hdf5File(bytes, source);
  const skip = (path: string, why: string) => report.skip('dataset', path, why);
  const all = await file.arrays(skip);
  const top = file.root.attributes;
  const holder = file.get('model_weights');
  const layers = textList(holder ?? file.root, 'layer_names');
  const version = top.get('keras_version') ?? holder?.attributes.get('keras_version');
  const backend = top.get('backend') ?? holder?.attributes.get('backend');
  const producer =
    typeof version === 'string'
      ? `keras ${version.slice(0, 40)}${typeof backend === 'string' ? ` (${backend.slice(0, 40)})` : ''}`
      : null;
  const text = top.get('model_config');
  const config = typeof text === 'string' ? parsedJson(text, source, 'model_config') : null;
  if (layers === null)
    return {
      producer: producer ?? 'keras 3',
      keras: 3,
      config,
      arrays: withoutTraining(all, report),
      weights: structuredWeights(all),
    };
  const folder = holder ? 'model_weights/' : '';
  const arrays = new Map<string, StoredArray>();
  for (const layer of layers) {
    const names = textList(file.get(folder + layer), 'weight_names') ?? [];
    for (const name of names) {
      const array = all.get(`${folder}${layer}/${name}`);
      if (!array)
        throw new ConvertError(source, {
          where: `layer ${JSON.stringify(layer.slice(0, 80))}`,
          expected: `the weights ${JSON.stringify(name.slice(0, 80))}`,
          got: 'no such dataset',
        });
      // The name with the layer before it, as it stands in the file.
      const own = `${layer}/${name}`;
      arrays.set(own, new StoredArray(own, array.element, array.shape, source, () => array.values()));
    }
  }
  return { producer, keras: generationOf(version), config, arrays, weights: namedWeights(arrays.values()) };
}

/** A list of texts; those that are too long for one attribute go on in name0, name1 … */
function textList(object: Hdf5Object | null, name: string): readonly string[] | null {
  const value = object?.attributes.get(name);
  if (value !== undefined) return texts(value);
  const found: string[] = [];
  for (let k = 0; object?.attributes.has(`${name}${k}`); k++)
    found.push(...texts(object.attributes.get(`${name}${k}`)));
  return found.length > 0 ? found : null;
}

function texts(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return list.filter((one): one is string => typeof one === 'string');
}

function withoutTraining(
  arrays: ReadonlyMap<string, StoredArray>,
  report: ConversionReport,
): ReadonlyMap<string, StoredArray> {
  const own = new Map<string, StoredArray>();
  for (const [path, array] of arrays)
    if (/^(?:optimizer|metrics|_?loss)/.test(path) || path.includes('seed_generator'))
      report.skip('dataset', path, 'is a state of the training');
    else own.set(path, array);
  return own;
}
