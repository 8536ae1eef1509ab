// A .keras of Keras 3: a zip of metadata.json, config.json and model.weights.h5.

import { openZip } from 'unrolled/io';
import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import { parsedJson } from '../json.ts';
import { generationOf, kerasContents } from './contents.ts';
import { readH5 } from './h5.ts';
import { isRecord } from './layer-config.ts';
import { structuredWeights } from './structured-weights.ts';

export async function read(files: ModelFiles, report: ConversionReport): Promise<ModelContents> {
  const zip = await openZip(await files.bytes(files.main), files.name, {
    mostFiles: limits.files,
    mostBytes: limits.fileBytes,
  });
  const entry = async (path: string) => {
    if (!zip.files.has(path))
      throw new ConvertError(files.name, {
        expected: `${path} in the zip`,
        got: [...zip.files.keys()].slice(0, 6).join(', ').slice(0, 200),
      });
    return zip.bytes(path);
  };
  const config = parsedJson(await entry('config.json'), files.name, 'config.json');
  const metadata = zip.files.has('metadata.json')
    ? parsedJson(await entry('metadata.json'), files.name, 'metadata.json')
    : null;
  const version = isRecord(metadata) ? metadata.keras_version : null;
  const { arrays } = await readH5(await entry('model.weights.h5'), `${files.name}/model.weights.h5`, report);
  for (const path of zip.files.keys())
    if (!['config.json', 'metadata.json', 'model.weights.h5'].includes(path))
      report.skip('file', path, 'is no part of the model');
  const producer = typeof version === 'string' ? `keras ${version.slice(0, 40)}` : 'keras';
  // Keras 2.12 to 2.15 wrote this format too.
  const keras = typeof version === 'string' ? generationOf(version) : 3;
  return kerasContents(
    { format: 'keras', producer, keras, config, arrays, weights: structuredWeights(arrays) },
    report,
  );
}
