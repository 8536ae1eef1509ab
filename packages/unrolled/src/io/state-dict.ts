// Converts a safetensors file for `loadStateDict`.

import { requireKinds } from '../checks.ts';
import { FormatError } from '../errors.ts';
import type { SavedTensor, StateDict } from '../nn/module.ts';
import type { SafetensorsFile, StoredTensor } from './safetensors.ts';

/**
 * The tensors of a file as a state dict: `model.loadStateDict(stateDictOf(readSafetensors(bytes)))`. F16 and BF16 were widened to float32 when they
 * were read. Throws a FormatError for a dtype that no parameter has.
 */
export function stateDictOf(file: Pick<SafetensorsFile, 'tensors'>, source = 'safetensors'): StateDict {
  requireKinds('stateDictOf', { file, source }, { file: { tensors: 'map' }, source: 'text' });
  return new Map(Array.from(file.tensors, ([name, stored]) => [name, savedTensor(name, stored, source)]));
}

function savedTensor(name: string, { dtype, shape, data }: StoredTensor, source: string): SavedTensor {
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  if (data instanceof Float64Array && dtype === 'F64') return { dtype: 'float64', shape, data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape, data };
  throw new FormatError(source, `${name} is ${dtype}; weights are F64, F32, F16, BF16 or I32`);
}
