// Writes .npz: every weight as a .npy of its own, under its name.

import { encoded } from '../../bytes/text.ts';
import type { SavedTensor } from 'unrolled';
import { zipBytes } from '../../bytes/zip-writer.ts';
import type { ExportedNetwork } from '../../export/network.ts';
import type { ConversionReport } from '../../model/report.ts';

export async function write(network: ExportedNetwork, report: ConversionReport): Promise<Map<string, Uint8Array>> {
  const entries = new Map(Array.from(network.weights, ([name, tensor]) => [`${name}.npy`, npyBytes(tensor)]));
  for (const [alias, name] of network.aliases) report.decide('tied-weights', alias, `as ${name}`, 'it is written once');
  return new Map([[`${network.name}.npz`, zipBytes(network.name, entries)]]);
}

const descriptions = { float32: '<f4', float64: '<f8', int32: '<i4' } as const;

/** Version 1.0 of the format: a header that ends at a multiple of 64 bytes, and the values row by row. */
function npyBytes({ dtype = 'float32', shape, data }: SavedTensor): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64;
  const all = new Uint8Array(length + data.byteLength);
  all.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - 10) & 255, (length - 10) >>> 8]);
  all.set(encoded(`${header.padEnd(length - 11)}\n`), 10);
  all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return all;
}
