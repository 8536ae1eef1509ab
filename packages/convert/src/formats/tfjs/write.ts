// Writes a LayersModel of TensorFlow.js: model.json with the topology in Keras 2's form, and the weights in shards of at most 4 MB, the size that browsers
// keep in their caches. A model whose states can be given has a second topology, over the same shards where the weights are the same.

import { encoded } from '../../bytes/text.ts';
import type { ExportedNetwork } from '../../export/network.ts';
import type { ConversionReport } from '../../model/report.ts';
import { decideLayout, requireGraphs } from '../keras/writing/decisions.ts';
import { tensorflowJs } from '../keras/writing/dialect.ts';
import { kerasGraph, variantsOf } from '../keras/writing/translate.ts';
import { kerasVectors } from '../keras/writing/vectors.ts';
import { manifestOf, nameOutputs, topologyOf } from './topology.ts';

const shardBytes = 4 * 2 ** 20;

export async function write(network: ExportedNetwork, report: ConversionReport): Promise<Map<string, Uint8Array>> {
  requireGraphs(network, tensorflowJs, report);
  const files = new Map<string, Uint8Array>();
  for (const [part, graph] of network.graphs) {
    let written = { specs: '', paths: [] as readonly string[] };
    for (const variant of variantsOf(network, graph)) {
      const name = `${part === 'model' ? network.name : `${network.name}-${part}`}${variant.suffix}`;
      const g = kerasGraph(network, variant, tensorflowJs, report);
      nameOutputs(g);
      const layers = g.rendered();
      const { weights, bytes } = manifestOf(layers);
      const specs = JSON.stringify(weights);
      if (written.specs !== specs) {
        const shards = shardsOf(name, bytes);
        for (const [path, shard] of shards) files.set(path, shard);
        written = { specs, paths: [...shards.keys()] };
      }
      const json = {
        format: 'layers-model',
        generatedBy: 'unrolled',
        convertedBy: null,
        modelTopology: topologyOf(g, layers, name),
        userDefinedMetadata: { config: network.config },
        weightsManifest: [{ paths: written.paths, weights }],
      };
      files.set(`${name}.json`, encoded(JSON.stringify(json)));
      decideLayout(variant, tensorflowJs, report);
    }
  }
  for (const [alias, own] of network.aliases) report.decide('tied-weights', alias, `as ${own}`, 'both layers have it');
  return files;
}

/** The test vectors as the files have their values. */
export function vectors(network: ExportedNetwork): ExportedNetwork['vectors'] {
  return kerasVectors(network, tensorflowJs);
}

function shardsOf(name: string, bytes: Uint8Array): Map<string, Uint8Array> {
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes));
  const shard = (k: number) => bytes.slice(k * shardBytes, (k + 1) * shardBytes);
  return new Map(Array.from({ length: count }, (_, k) => [`${name}-shard${k + 1}of${count}.bin`, shard(k)]));
}
