// Rows of a batch by number: what a search needs of the sequences that go on, and an image's captions of their image.

import { indices } from '../tensor/create.ts';
import { embedding } from '../tensor/ops/embedding.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Rows of [B, ..], any number of times each; a row's gradient is the sum over its copies. */
export function takeRows(t: Tensor, rows: Int32Array): Tensor {
  const width = t.shape.slice(1);
  const flat = t.reshape(t.shape[0], Math.max(0, t.size / Math.max(1, t.shape[0])));
  return embedding(indices(rows, [rows.length], { backend: t.backend }), flat).reshape(rows.length, ...width);
}
