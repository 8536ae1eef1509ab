// Values that may have to be put back: the buffers of a step that is refused, the weights of an update that went to infinity. They are copied where
// they are, without passing through the host.

import { clone } from './ops/accumulate.ts';
import type { Tensor } from './tensor.ts';

export interface Remembered {
  /** Puts the values back. Whatever became of the tensors in between, nothing is checked. */
  restore(): void;
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
    release() {
      for (const { copy } of copies) copy.storage.block.release();
    },
  };
}
