// The way in: files → format → reader → model.

import { ConvertError } from './errors.ts';
import { formatOf } from './formats/registry.ts';
import type { ReadOptions } from './formats/format.ts';
import { ImportedModel } from './model/imported-model.ts';
import { ConversionReport } from './model/report.ts';
import { filesOf, type ModelSource } from './source/model-files.ts';

/**
 * Reads a model of another system: its weights, and where the file has one its network, as a module that runs and can be trained.
 *
 *     const model = await readModel(await file.arrayBuffer().then((b) => new Uint8Array(b)));
 *     const network = model.module();                        // a GraphModel, in eval mode
 *     const { output } = network.forward({ input: x });
 *
 * Throws a ConvertError that names the file, the place in it, what was expected and what to do, for a file that is damaged or has a part that does not
 * convert. Nothing that a file says is run.
 */
export async function readModel(source: ModelSource, options: ReadOptions = {}): Promise<ImportedModel> {
  const model = await readAnyway(source, options);
  model.report.requireWhole();
  return model;
}

/** As `readModel`, for description: what does not convert stands in the report's problems. */
export async function readAnyway(source: ModelSource, options: ReadOptions = {}): Promise<ImportedModel> {
  const files = await filesOf(source, options.name);
  const format = await formatOf(files, options.format);
  checkOnnxOptions(files.name, format.name, options);
  if (options.architecture !== undefined && format.name !== 'keras-h5')
    throw new ConvertError(files.name, {
      where: 'architecture',
      expected: 'weights of Keras, .h5 or .weights.h5',
      got: format.title,
      advice: 'leave it out',
    });
  const reader = await format.reader();
  return new ImportedModel(await reader.read(files, new ConversionReport(files.name), options));
}

/** Throws for values of `gru` and `fixed` that are none, and for a file of a format that has no place for them. */
function checkOnnxOptions(source: string, format: string, { gru, fixed }: ReadOptions): void {
  const fail = (where: string, expected: string, got: string): never => {
    throw new ConvertError(source, { where, expected, got });
  };
  if (gru !== undefined && !['as-written', 'as-trained'].includes(gru))
    fail('option gru', 'as-written or as-trained', String(gru));
  if (fixed !== undefined && (typeof fixed !== 'object' || fixed === null))
    fail('option fixed', 'numbers by the names of inputs', String(fixed));
  const given = Object.entries({ gru, fixed }).filter(([, value]) => value !== undefined);
  if (given.length > 0 && format !== 'onnx')
    fail(`option ${given[0][0]}`, 'an ONNX model', `a file of the format ${format}`);
}
