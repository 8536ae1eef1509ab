// A run as files to be saved, made in the worker.

import { zipSync } from 'fflate';
import { modelOf, type Module } from 'unrolled';
import { readSafetensors, stateDictOf } from 'unrolled/io';
import type { Language } from '../words/catalogue.ts';
import { fileNameOf, type Taken, type TakenFile, type TakeKind } from './taken.ts';

/** Rejects with a ConvertError for a network that a format cannot express. */
export async function packaged(taken: Taken, kind: TakeKind, language: Language): Promise<TakenFile> {
  const { snapshot } = taken;
  const name = fileNameOf(snapshot.spec.name);
  switch (kind) {
    case 'zip': {
      const { runZip } = await import('./run-zip.ts');
      return { name: `${name}.zip`, bytes: await runZip(taken), type: 'application/zip' };
    }
    case 'safetensors':
      return { name: `${name}.safetensors`, bytes: snapshot.weights, type: 'application/octet-stream' };
    case 'json':
      return { name: `${name}.json`, bytes: jsonOf(taken), type: 'application/json' };
    case 'onnx':
      return { name: `${name}-onnx.zip`, bytes: await onnxZip(taken), type: 'application/zip' };
    case 'html': {
      const { pageOf } = await import('./html.ts');
      return { name: `${name}.html`, bytes: await pageOf(taken, language), type: 'text/html' };
    }
    default:
      return kind satisfies never;
  }
}

/** The configuration, and every tensor with its shape and its numbers, row by row. */
function jsonOf({ snapshot: { files, weights } }: Taken): Uint8Array {
  const tensors = Array.from(stateDictOf(readSafetensors(weights)), ([name, { shape, data }]) => [
    name,
    { shape, data: Array.from(data) },
  ]);
  return new TextEncoder().encode(
    JSON.stringify({ config: files['config.json'], weights: Object.fromEntries(tensors) }),
  );
}

/** The graphs, their certificate with test vectors, and the tables that say what ids and classes mean. */
async function onnxZip({ snapshot: { files, weights } }: Taken): Promise<Uint8Array> {
  const { exportModel } = await import('@unrolled/convert');
  const { model: part } = files['config.json'] as { readonly model: Readonly<Record<string, unknown>> };
  const { input, ...config } = part;
  const model = modelOf({ type: 'memory-model', ...config } as never) as Module & {
    readonly config: { readonly type?: string };
  };
  model.loadStateDict(stateDictOf(readSafetensors(weights))).eval();
  const exported = await exportModel(model, 'onnx', { input });
  const tables = Object.entries(files).filter(([name]) => name.endsWith('.json') && name !== 'config.json');
  const json = tables.map(([name, content]) => [name, new TextEncoder().encode(JSON.stringify(content))] as const);
  return zipSync(Object.fromEntries([...exported.files, ...json]));
}
