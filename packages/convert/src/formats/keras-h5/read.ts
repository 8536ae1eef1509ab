// A .h5 of Keras: a whole model of Keras 2, or weights alone of either generation. The configuration of weights alone may be next to them, as
// `model.json` is next to `model.h5` or `model.weights.h5`, which is what `model.to_json()` gives.

import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import { ConvertError } from '../../errors.ts';
import type { ReadOptions } from '../format.ts';
import { isRecord, shown } from '../keras/layer-config.ts';
import { generationOf, kerasContents } from '../keras/contents.ts';
import { readH5 } from '../keras/h5.ts';
import { limits } from '../../limits.ts';
import { parsedJson } from '../json.ts';

export async function read(files: ModelFiles, report: ConversionReport, options: ReadOptions): Promise<ModelContents> {
  const contents = await readH5(await files.bytes(files.main), files.name, report);
  const given = await configGiven(files, contents.config !== null, report, options);
  const { config, keras } = given ?? contents;
  return kerasContents({ ...contents, format: 'keras-h5', config, keras }, report);
}

interface GivenConfig {
  readonly config: unknown;
  readonly keras: 2 | 3;
}

/** The configuration of weights alone: the one that was given, or the one next to them; null where there is neither. */
async function configGiven(
  files: ModelFiles,
  has: boolean,
  report: ConversionReport,
  { architecture }: ReadOptions,
): Promise<GivenConfig | null> {
  const fail = (expected: string, got: string): never => {
    throw new ConvertError(files.name, { where: 'architecture', expected, got });
  };
  if (architecture !== undefined) {
    if (has) fail('none: the file has its own', 'another one');
    const json =
      typeof architecture === 'string'
        ? parsedJson(architecture, files.name, 'architecture')
        : (architecture as unknown);
    const found = configOf(json) ?? fail('what model.to_json() gives: class_name and config', shown(json));
    report.decide('network', null, 'the architecture that was given', 'the file has weights alone');
    return found;
  }
  if (has) return null;
  const path = `${files.main.replace(/(?:[._]weights)?\.(?:h5|hdf5|keras)$/i, '')}.json`;
  if (!files.paths.includes(path)) return null;
  const found = configOf(parsedJson(await files.bytes(path, limits.jsonBytes), path, 'the configuration'));
  if (found) report.decide('network', null, path, 'the configuration next to weights that have none');
  return found;
}

/** The configuration and its generation; null for other JSON. */
function configOf(json: unknown): GivenConfig | null {
  if (!isRecord(json) || typeof json.class_name !== 'string' || json.config === undefined) return null;
  const { keras_version: version } = json;
  return { config: json, keras: typeof version === 'string' ? generationOf(version) : 'module' in json ? 3 : 2 };
}
