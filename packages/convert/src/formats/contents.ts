// What formats of plain arrays share: named arrays, and the layers that their names and shapes tell of.

import type { StoredArray } from '../arrays/stored-array.ts';
import { ConvertError } from '../errors.ts';
import { limits } from '../limits.ts';
import { layersOf } from '../match/layers.ts';
import { networkOfChain } from '../match/chain.ts';
import type { FormatName, ModelContents } from '../model/imported-model.ts';
import type { ConversionReport } from '../model/report.ts';
import type { ReadOptions } from './format.ts';

/** The contents of a file that has weights by name and no network. A chain says how the layers follow one another. */
export function weightsAlone(
  format: FormatName,
  producer: string | null,
  arrays: ReadonlyMap<string, StoredArray>,
  report: ConversionReport,
  { chain }: ReadOptions,
): ModelContents {
  if (arrays.size > limits.tensors)
    throw new ConvertError(report.source, { expected: `at most ${limits.tensors} tensors`, got: String(arrays.size) });
  const layers = layersOf(arrays);
  return {
    format,
    producer,
    arrays,
    layers,
    network: chain === undefined ? null : networkOfChain(chain, arrays, report),
    report,
  };
}
