// The way out: a network in graphs → writer → files.

import { ConvertError } from './errors.ts';
import type { ExportedNetwork } from './export/network.ts';
import type { FormatWriter } from './formats/format.ts';
import { ConversionReport } from './model/report.ts';

/** The formats that are written. */
export type WrittenFormat = 'onnx' | 'pytorch' | 'safetensors' | 'keras' | 'tfjs' | 'npz';

/** Each writer, loaded when it is used. */
export const writers: Readonly<Partial<Record<WrittenFormat, () => Promise<FormatWriter>>>> = {
  onnx: () => import('./formats/onnx/write.ts'),
  pytorch: () => import('./formats/pytorch/write.ts'),
  safetensors: () => import('./formats/safetensors/write.ts'),
  keras: () => import('./formats/keras/write.ts'),
  tfjs: () => import('./formats/tfjs/write.ts'),
  npz: () => import('./formats/npz/write.ts'),
};

/** A model that was written. */
export interface WrittenModel {
  /** The files by their names. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly report: ConversionReport;
  /** The network's test vectors by part, as the files have their values. */
  readonly vectors: ExportedNetwork['vectors'];
}

/** Writes a network in a format. Throws a ConvertError for what the format cannot express, with the way round where there is one. */
export async function writeNetwork(network: ExportedNetwork, format: WrittenFormat): Promise<WrittenModel> {
  const load = writers[format];
  if (!load)
    throw new ConvertError(network.name, {
      expected: `a format, one of ${Object.keys(writers).join(', ')}`,
      got: String(format),
    });
  const report = new ConversionReport(network.name);
  const writer = await load();
  const files = await writer.write(network, report);
  report.requireWhole();
  return { files, report, vectors: writer.vectors?.(network) ?? network.vectors };
}
