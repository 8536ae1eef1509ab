// Writes .keras, the format of Keras 3: a zip of metadata.json, config.json and model.weights.h5, made of Keras' own layers alone, so that
// `keras.models.load_model` needs no code. A model whose states can be given has two: one that starts from zeros, and one with the states as inputs and
// outputs, for sequences in pieces.

import { encoded } from '../../bytes/text.ts';
import { zipBytes } from '../../bytes/zip-writer.ts';
import type { ExportedNetwork } from '../../export/network.ts';
import type { ConversionReport } from '../../model/report.ts';
import { groupOf, hdf5Bytes } from '../hdf5/write.ts';
import { kerasConfig, kerasWeights } from './writing/config.ts';
import { keras } from './writing/dialect.ts';
import { decideLayout, requireGraphs } from './writing/decisions.ts';
import { kerasScript } from './writing/script.ts';
import { kerasGraph, variantsOf } from './writing/translate.ts';
import { kerasVectors } from './writing/vectors.ts';

/** The form of the files is that of 3.0, which later versions read. */
const kerasVersion = '3.0.0';

export async function write(network: ExportedNetwork, report: ConversionReport): Promise<Map<string, Uint8Array>> {
  requireGraphs(network, keras, report);
  const files = new Map<string, Uint8Array>();
  for (const [part, graph] of network.graphs)
    for (const variant of variantsOf(network, graph)) {
      const name = `${part === 'model' ? network.name : `${network.name}-${part}`}${variant.suffix}`;
      const g = kerasGraph(network, variant, keras, report);
      const layers = g.rendered();
      const texts = new Map([['vars', { name }]]); // Keras looks for it, with weights or without
      const entries = new Map([
        [
          'metadata.json',
          encoded(JSON.stringify({ keras_version: kerasVersion, written_by: 'unrolled', config: network.config })),
        ],
        ['config.json', encoded(JSON.stringify(kerasConfig(g, layers, name.replace(/\W/g, '_'))))],
        ['model.weights.h5', hdf5Bytes(groupOf(kerasWeights(layers), texts), report.source)],
      ]);
      files.set(`${name}.keras`, zipBytes(network.name, entries));
      decideLayout(variant, keras, report);
    }
  for (const [alias, own] of network.aliases) report.decide('tied-weights', alias, `as ${own}`, 'both layers have it');
  files.set('model.py', encoded(kerasScript([...files.keys()])));
  return files;
}

/** The test vectors as the files have their values. */
export function vectors(network: ExportedNetwork): ExportedNetwork['vectors'] {
  return kerasVectors(network, keras);
}
