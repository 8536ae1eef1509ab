// safetensors: one file, or several with an index that says which tensor is in which. Weights that are tied stand once; the metadata may name them a
// second time: `{"decoder.weight": "embedding.weight"}` under the key `aliases`, as this package writes it.

import { readSafetensors, type SafetensorsDtype } from 'unrolled/io';
import type { ElementType } from '../../arrays/element.ts';
import { StoredArray } from '../../arrays/stored-array.ts';
import { utf8 } from '../../bytes/reader.ts';
import { ConvertError, quoted } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import { type ModelFiles, requireInside } from '../../source/contained.ts';
import { weightsAlone } from '../contents.ts';
import type { ReadOptions } from '../format.ts';

const elements: Readonly<Record<SafetensorsDtype, ElementType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

export async function read(files: ModelFiles, report: ConversionReport, options: ReadOptions): Promise<ModelContents> {
  const arrays = new Map<string, StoredArray>();
  const index = files.main.endsWith('.index.json') ? await readIndex(files) : null;
  const folder = files.main.includes('/') ? files.main.slice(0, files.main.lastIndexOf('/') + 1) : '';
  let producer: string | null = null;
  for (const shard of index ? new Set(index.values()) : [files.main]) {
    const path = index ? folder + requireInside(files.name, shard) : shard;
    const source = index ? path : files.name;
    const { tensors, metadata } = readSafetensors(await files.bytes(path), source, { share: true });
    producer ??= metadata.format === undefined ? null : `safetensors of ${metadata.format.slice(0, 40)}`;
    for (const [name, { dtype, shape, data }] of tensors) {
      if (index && index.get(name) !== shard)
        report.skip('tensor', name, `is in ${shard}, and the index has it elsewhere`);
      else arrays.set(name, new StoredArray(name, elements[dtype], shape, source, () => data));
    }
    addAliases(arrays, metadata.aliases, report);
  }
  for (const [name, shard] of index ?? []) {
    if (!arrays.has(name))
      throw new ConvertError(files.name, {
        where: `tensor ${quoted(name)}`,
        expected: `the tensor in ${shard}, as the index says`,
        got: 'no such tensor there',
      });
  }
  return weightsAlone('safetensors', producer, arrays, report, options);
}

/** model.safetensors.index.json: { "weight_map": { tensor: file } }. */
async function readIndex(files: ModelFiles): Promise<ReadonlyMap<string, string>> {
  const fail = (expected: string, got: string): never => {
    throw new ConvertError(files.name, { expected, got });
  };
  const text = utf8(await files.bytes(files.main, limits.jsonBytes), files.name, 'the index');
  const map = Object(parsed(text, files.name)) as { readonly weight_map?: unknown };
  if (typeof map.weight_map !== 'object' || map.weight_map === null) fail('an index with weight_map', 'other JSON');
  const entries = Object.entries(map.weight_map as object);
  if (entries.length > limits.tensors) fail(`at most ${limits.tensors} tensors`, String(entries.length));
  if (!entries.every(([, file]) => typeof file === 'string')) fail('the name of a file for every tensor', 'other JSON');
  if (new Set(entries.map(([, file]) => file as string)).size > 10_000) fail('at most 10000 files', 'more');
  return new Map(entries as [string, string][]);
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConvertError(source, { expected: 'JSON', got: (cause as Error).message.slice(0, 200) }, { cause });
  }
}

/** Tied weights: a second name for a tensor that stands once. */
function addAliases(arrays: Map<string, StoredArray>, text: string | undefined, report: ConversionReport): void {
  if (text === undefined) return;
  const aliases = Object(parsed(text, report.source)) as Record<string, unknown>;
  for (const [alias, name] of Object.entries(aliases)) {
    const array = typeof name === 'string' ? arrays.get(name) : undefined;
    if (!array || arrays.has(alias)) continue;
    arrays.set(alias, new StoredArray(alias, array.element, array.shape, array.source, () => array.values()));
    report.decide('tied-weights', alias, `the same as ${String(name)}`, 'the metadata names it as an alias');
  }
}
