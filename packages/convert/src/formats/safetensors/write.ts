// Writes safetensors, and next to it the module of PyTorch that reads it. A tied weight stands once; its other name is in the metadata.

import { writeSafetensors } from 'unrolled/io';
import type { ExportedNetwork } from '../../export/network.ts';
import { pythonModule } from '../pytorch/python-module.ts';
import type { ConversionReport } from '../../model/report.ts';

export async function write(network: ExportedNetwork, report: ConversionReport): Promise<Map<string, Uint8Array>> {
  const { name, aliases, config, weights } = network;
  const metadata: Record<string, string> = { format: 'pt', config: JSON.stringify(config) };
  if (aliases.size > 0) metadata.aliases = JSON.stringify(Object.fromEntries(aliases));
  for (const [alias, own] of aliases) report.decide('tied-weights', alias, `as ${own}`, 'it is written once');
  const file = `${name}.safetensors`;
  return new Map([[file, writeSafetensors(weights, metadata)], ...pythonModule(network, file, report)]);
}
