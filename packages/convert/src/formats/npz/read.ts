// .npz: a zip of .npy files. The names of the arrays are those of the files.

import { openZip } from 'unrolled/io';
import type { StoredArray } from '../../arrays/stored-array.ts';
import { limits } from '../../limits.ts';
import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import { weightsAlone } from '../contents.ts';
import type { ReadOptions } from '../format.ts';
import { npyArray } from './npy.ts';

export async function read(files: ModelFiles, report: ConversionReport, options: ReadOptions): Promise<ModelContents> {
  const zip = await openZip(await files.bytes(files.main), files.name, {
    mostFiles: limits.files,
    mostBytes: limits.fileBytes,
  });
  const arrays = new Map<string, StoredArray>();
  for (const path of zip.files.keys()) {
    if (!path.endsWith('.npy')) {
      report.skip('file', path, 'is no array');
      continue;
    }
    const name = path.slice(0, -'.npy'.length);
    arrays.set(name, npyArray(name, await zip.bytes(path), `${files.name}/${path}`));
  }
  return weightsAlone('npz', null, arrays, report, options);
}
