// What the files of Keras have in common: a configuration, which may be missing, and weights by some kind of names.

import type { StoredArray } from '../../arrays/stored-array.ts';
import type { FormatName, ImportedNetwork, LayerSummary, ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import { GraphBuilder } from './builder.ts';
import { networkOf } from './network.ts';
import { textgenrnnConfig } from './textgenrnn.ts';
import type { WeightSource } from './weights.ts';

export interface KerasContents {
  readonly format: FormatName;
  readonly producer: string | null;
  /** 2 or 3: the generation of Keras. */
  readonly keras: 2 | 3;
  /** `{ class_name, config }`; null in files of weights alone. */
  readonly config: unknown;
  readonly arrays: ReadonlyMap<string, StoredArray>;
  readonly weights: WeightSource;
}

export function kerasContents(
  { format, producer, keras, config, arrays, weights }: KerasContents,
  report: ConversionReport,
): ModelContents {
  const known = config ?? textgenrnnConfig(arrays, report);
  const builder = new GraphBuilder(report, keras);
  let network: ImportedNetwork | null = null;
  if (known !== null) {
    network = networkOf(known, { builder, weights });
    if (network && weights.unnamed.length > 0)
      for (const { name } of weights.unnamed) report.skip('tensor', name, 'belongs to no layer');
  }
  const layers = known === null ? summaries(arrays) : builder.layers;
  return { format, producer, arrays, layers, network, report };
}

/** Layers of a file of weights alone: the folders that arrays lie in. */
function summaries(arrays: ReadonlyMap<string, StoredArray>): LayerSummary[] {
  const folders = new Map<string, StoredArray[]>();
  for (const [path, array] of arrays) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const list = folders.get(folder) ?? [];
    folders.set(folder, list);
    list.push(array);
  }
  return Array.from(folders, ([name, list]) => ({
    name,
    kind: 'parameters',
    settings: list
      .map((array) => `${array.name.split('/').at(-1)} [${array.shape.join(', ')}]`)
      .slice(0, 6)
      .join(', '),
    output: null,
    parameters: list.reduce((sum, { size }) => sum + size, 0),
  }));
}

/** `2.4.0` → 2; what says nothing is of the older generation. */
export function generationOf(version: unknown): 2 | 3 {
  return typeof version === 'string' && version.startsWith('3.') ? 3 : 2;
}
