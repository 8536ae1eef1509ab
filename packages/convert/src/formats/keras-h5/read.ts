// A .h5 of Keras: a whole model of Keras 2, or weights alone of either generation. The configuration of weights alone may be next to them, as
// `model.json` is next to `model.h5` or `model.weights.h5`, which is what `model.to_json()` gives.

import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import { isRecord } from '../keras/layer-config.ts';
import { generationOf, kerasContents } from '../keras/contents.ts';
import { readH5 } from '../keras/h5.ts';
import { limits } from '../../limits.ts';
import { parsedJson } from '../json.ts';

export async function read(files: ModelFiles, report: ConversionReport): Promise<ModelContents> {
  const contents = await readH5(await files.bytes(files.main), files.name, report);
  const beside = contents.config === null ? await configBeside(files, report) : null;
  const { config, keras } = beside ?? contents;
  return kerasContents({ ...contents, format: 'keras-h5', config, keras }, report);
}

async function configBeside(
  files: ModelFiles,
  report: ConversionReport,
): Promise<{ config: unknown; keras: 2 | 3 } | null> {
  const path = `${files.main.replace(/(?:[._]weights)?\.(?:h5|hdf5|keras)$/i, '')}.json`;
  if (!files.paths.includes(path)) return null;
  const json = parsedJson(await files.bytes(path, limits.jsonBytes), path, 'the configuration');
  if (!isRecord(json) || typeof json.class_name !== 'string' || json.config === undefined) return null;
  report.decide('network', null, path, 'the configuration next to weights that have none');
  return {
    config: json,
    keras: typeof json.keras_version === 'string' ? generationOf(json.keras_version) : 'module' in json ? 3 : 2,
  };
}
