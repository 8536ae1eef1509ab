// TensorFlow.js' LayersModel: model.json with the configuration of Keras 2 and a manifest of weights, which lie one after the other in shards.

import { StoredArray } from '../../arrays/stored-array.ts';
import { type ElementType, decodeElements, elementBytes } from '../../arrays/element.ts';
import { elementCount } from '../../arrays/stored-array.ts';
import { ConvertError, quoted } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import { type ModelFiles, requireInside } from '../../source/contained.ts';
import { parsedJson } from '../json.ts';
import { kerasContents } from '../keras/contents.ts';
import { isRecord, shown } from '../keras/layer-config.ts';
import { namedWeights, type WeightSource } from '../keras/weights.ts';

export async function read(files: ModelFiles, report: ConversionReport): Promise<ModelContents> {
  const main = /\.json$/i.test(files.main) ? files.main : 'model.json';
  const json = parsedJson(await files.bytes(main, limits.jsonBytes), files.name, main);
  const fail = (expected: string, got: string, advice?: string): never => {
    throw new ConvertError(files.name, { where: main, expected, got, advice });
  };
  if (!isRecord(json)) return fail('modelTopology and weightsManifest', shown(json));
  const { modelTopology: topology, weightsManifest: manifest } = json;
  if (!isRecord(topology)) return fail('modelTopology', shown(topology));
  if (topology.node !== undefined || json.format === 'graph-model')
    fail(
      'a LayersModel',
      'a graph of TensorFlow operations',
      'convert the Keras file itself, or export the model to ONNX',
    );
  const arrays = await readManifest(files, main, manifest, report);
  const config = isRecord(topology.model_config) ? topology.model_config : topology;
  const version = isRecord(topology) ? topology.keras_version : null;
  const by =
    typeof json.generatedBy === 'string' ? json.generatedBy : typeof version === 'string' ? `keras ${version}` : null;
  if (/^(?:keras )?3\./.test(by ?? ''))
    report.warn('a topology of Keras 3 in TensorFlow.js', null, 'convert the .keras file itself if layers are refused');
  return kerasContents(
    {
      format: 'tfjs',
      producer: by?.slice(0, 80) ?? 'tensorflow.js',
      keras: 2,
      config,
      arrays,
      weights: layerWeights(arrays, config),
    },
    report,
  );
}

/** By the layer's name; layers without weights under their names take those that no layer's name has, in order. */
function layerWeights(arrays: ReadonlyMap<string, StoredArray>, config: unknown): WeightSource {
  const names = namesIn(config);
  const isNamed = ({ name }: StoredArray) =>
    name
      .split('/')
      .slice(0, -1)
      .some((folder) => names.has(folder));
  const all = [...arrays.values()];
  return { of: namedWeights(all.filter(isNamed)).of, unnamed: all.filter((array) => !isNamed(array)) };
}

/** Every `name` in the configuration. */
function namesIn(config: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const open: unknown[] = [config];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isRecord(next) && typeof next.name === 'string') names.add(next.name);
    if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
  return names;
}

async function readManifest(
  files: ModelFiles,
  main: string,
  manifest: unknown,
  report: ConversionReport,
): Promise<Map<string, StoredArray>> {
  const fail = (where: string, expected: string, got: string): never => {
    throw new ConvertError(files.name, { where, expected, got });
  };
  if (!Array.isArray(manifest)) return fail('weightsManifest', 'a list of groups', shown(manifest));
  const folder = main.includes('/') ? main.slice(0, main.lastIndexOf('/') + 1) : '';
  const arrays = new Map<string, StoredArray>();
  let [shards, quantized] = [0, 0];
  for (const group of manifest as unknown[]) {
    if (!isRecord(group) || !Array.isArray(group.paths) || !Array.isArray(group.weights))
      return fail('weightsManifest', 'paths and weights', shown(group));
    const parts: Uint8Array[] = [];
    for (const path of group.paths as unknown[]) {
      if (typeof path !== 'string') return fail('weightsManifest', 'paths of files', shown(path));
      if (++shards > 10_000) fail('weightsManifest', 'at most 10000 shards', 'more');
      parts.push(await files.bytes(folder + requireInside(files.name, path.replace(/^\.\//, ''))));
    }
    const bytes = parts.length === 1 ? parts[0] : joined(parts, files.name);
    let at = 0;
    for (const entry of group.weights as unknown[]) {
      if (!isRecord(entry) || typeof entry.name !== 'string')
        return fail('weightsManifest', 'weights with names', shown(entry));
      const where = `weights ${quoted(entry.name)}`;
      if (arrays.has(entry.name)) fail(where, 'each name once', 'it twice');
      if (arrays.size >= limits.tensors) fail('weightsManifest', `at most ${limits.tensors} tensors`, 'more');
      const { array, size } = storedArray(entry, entry.name, bytes, at, files.name);
      if (isRecord(entry.quantization)) quantized++;
      at += size;
      arrays.set(entry.name, array);
    }
    if (at !== bytes.length)
      fail('weightsManifest', `${bytes.length} bytes of weights, those of the shards`, String(at));
  }
  if (quantized > 0)
    report.decide(
      'element-type',
      null,
      `${quantized} quantized tensors are widened to float32`,
      'the manifest has their scales',
    );
  return arrays;
}

const elements: ReadonlyMap<unknown, ElementType> = new Map(
  (['float32', 'float16', 'int32', 'uint8', 'uint16', 'bool'] as const).map((name) => [name, name]),
);

/** An entry of the manifest. Quantized weights are value · scale + min; float16 needs neither. */
function storedArray(
  entry: Readonly<Record<string, unknown>>,
  name: string,
  bytes: Uint8Array,
  at: number,
  source: string,
): { array: StoredArray; size: number } {
  const where = `weights ${quoted(name)}`;
  const { shape, dtype, quantization } = entry;
  const fail = (expected: string, got: unknown): never => {
    throw new ConvertError(source, { where, expected, got: shown(got) });
  };
  if (!Array.isArray(shape)) return fail('a shape', shape);
  const count = elementCount(shape as number[], source, where);
  const scale = isRecord(quantization) ? quantization : null;
  const stored = elements.get(scale ? scale.dtype : dtype);
  if (stored === undefined)
    return fail(`a dtype, one of ${[...elements.keys()].join(', ')}`, scale ? scale.dtype : dtype);
  const size = count * elementBytes[stored];
  if (at + size > bytes.length) fail(`${size} bytes from byte ${at} of the shards`, `${bytes.length} bytes in all`);
  const part = bytes.subarray(at, at + size);
  if (!scale || stored === 'float16')
    return {
      array: new StoredArray(name, stored, shape as number[], source, () => decodeElements(stored, part, source, name)),
      size,
    };
  const [factor, least] = [scale.scale, scale.min];
  if (typeof factor !== 'number' || typeof least !== 'number' || !['uint8', 'uint16'].includes(stored))
    return fail('quantization to uint8 or uint16 with scale and min', quantization);
  const read = () => Float32Array.from(decodeElements(stored, part, source, name), (value) => value * factor + least);
  return { array: new StoredArray(name, 'float32', shape as number[], source, read), size };
}

function joined(parts: readonly Uint8Array[], source: string): Uint8Array {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  if (size > limits.fileBytes)
    throw new ConvertError(source, { expected: `at most ${limits.fileBytes} bytes`, got: String(size) });
  const result = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
