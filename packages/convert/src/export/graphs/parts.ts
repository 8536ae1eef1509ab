// Parts that several models' graphs share.

import type { Embedding, Recurrent } from 'unrolled';
import type { GraphBuilder, Value } from '../graph-builder.ts';

interface SequenceInput {
  readonly inputSize: number | null;
  readonly vocabularySize: number | null;
  readonly embedding: Embedding | null;
  readonly recurrent: Recurrent<unknown>;
}

/** The input of a sequence model as what its recurrent layers read: tokens [T, B] or vectors [T, B, I] → [T, B, width]. */
export function inputOf(g: GraphBuilder, model: SequenceInput): Value {
  if (model.inputSize !== null) return g.input('input', 'float', ['time', 'batch', model.inputSize]);
  return tokens(
    g,
    'embedding',
    model.embedding,
    model.vocabularySize as number,
    g.input('input', 'int', ['time', 'batch']),
  );
}

/** ids [..] as rows of the embedding, or one-hot. */
export function tokens(g: GraphBuilder, layer: string, table: Embedding | null, vocabulary: number, ids: Value): Value {
  if (!table) return g.op('OneHotRows', [ids], { depth: vocabulary });
  return g.embedding(layer, table.numEmbeddings, table.embeddingDim, ids);
}

/** Final states [L·D, B, H] → the last layer's, directions side by side [B, D·H]. */
export function lastState(g: GraphBuilder, states: Value, directions: 1 | 2): Value {
  const parts = Array.from({ length: directions }, (_, d) =>
    g.op('Select', [states], { axis: 0, index: d - directions }),
  );
  return parts.length === 1 ? parts[0] : g.op('Concat', parts, { axis: 1 });
}
