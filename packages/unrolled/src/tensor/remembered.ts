// Values that may have to be put back: the buffers of a step that is refused, the weights of an update that went to infinity. They are copied where
// they are, without passing through the host.

import { clone } from './ops/accumulate.ts';
import { Tensor } from './tensor.ts';

export interface Remembered {
  /** Puts the values back. Whatever became of the tensors in between, nothing is checked. */
  restore(): void;
  /** What was added to one of the tensors since, in new memory. */
  change(tensor: Tensor): Tensor;
  /** Gives the memory of the copies back. */
  release(): void;
}

/** Copies of these tensors' values, which outlive every scope until they are released or forgotten. */
export function remember(tensors: Iterable<Tensor>): Remembered {
  const copies = Array.from(tensors, (tensor) => ({ tensor, copy: clone(tensor).keep() }));
  return {
    restore() {
      for (const { tensor, copy } of copies) tensor.set(copy);
    },
    change(tensor) {
      const { copy } = copies.find((one) => one.tensor === tensor) as { copy: Tensor };
      const change = Tensor.empty(tensor.shape, tensor.dtype, tensor.backend);
      if (tensor.dtype === 'int32') change.set(tensor.dataSync().map((n, i) => n - copy.storage.array[i]));
      else tensor.backend.binary('sub', change.storage, tensor.storage, copy.storage, [tensor.size], [1], [1]);
      return change;
    },
    release() {
      for (const { copy } of copies) copy.storage.block.release();
    },
  };
}
