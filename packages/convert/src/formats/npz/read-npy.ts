// One .npy file: a model of one array, named as the file.

import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import { weightsAlone } from '../contents.ts';
import type { ReadOptions } from '../format.ts';
import { npyArray } from './npy.ts';

export async function read(files: ModelFiles, report: ConversionReport, options: ReadOptions): Promise<ModelContents> {
  const name = (files.main.split('/').at(-1) as string).replace(/\.npy$/i, '');
  const array = npyArray(name, await files.bytes(files.main), files.name);
  return weightsAlone('npy', null, new Map([[name, array]]), report, options);
}
