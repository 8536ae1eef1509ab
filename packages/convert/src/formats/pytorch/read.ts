// PyTorch's checkpoints. The pickle inside is run by a machine that can do nothing but make data (pickle.ts); tensors are read past objects of classes that
// are not known, which torch.load refuses, and what was passed over is told.

import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { StoredArray } from '../../arrays/stored-array.ts';
import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import { weightsAlone } from '../contents.ts';
import type { ReadOptions } from '../format.ts';
import { isKnownName } from './constructors.ts';
import { readCheckpoint } from './containers.ts';
import { elementOf, TensorReader } from './storages.ts';
import { stateOf, tellNames } from './tree.ts';

export async function read(files: ModelFiles, report: ConversionReport, options: ReadOptions): Promise<ModelContents> {
  const { root, globals, storages, container, others } = await readCheckpoint(
    await files.bytes(files.main),
    files.name,
  );
  tellNames(globals, isKnownName, report);
  for (const path of others) report.skip('file', path, 'is no part of the weights');
  const tensors = stateOf(root, options.state, report);
  if (tensors.size > limits.tensors)
    throw new ConvertError(files.name, { expected: `at most ${limits.tensors} tensors`, got: String(tensors.size) });
  const reader = new TensorReader(files.name, storages);
  const arrays = new Map<string, StoredArray>();
  const windows = new Map<string, string>();
  for (const [name, tensor] of tensors) {
    const element = elementOf(tensor);
    if (element === null) {
      report.skip(`tensor of ${tensor.dtype ?? tensor.storage.kind}`, name, 'has an element type that is not read');
      continue;
    }
    arrays.set(name, reader.array(name, tensor, element));
    const { storage, offset, shape, strides } = tensor;
    const window = JSON.stringify([storage.key, storage.offset + offset, shape, strides]);
    const other = windows.get(window);
    if (other === undefined) windows.set(window, name);
    else report.decide('tied-weights', name, `the same as ${other}`, 'both are one tensor in the file');
  }
  if (arrays.size === 0)
    report.problem({
      where: options.state === undefined ? null : `state ${options.state.slice(0, 100)}`,
      expected: 'tensors by name',
      got: 'none',
      advice: 'save model.state_dict()',
    });
  return weightsAlone('pytorch', `pytorch, ${container}`, arrays, report, options);
}
