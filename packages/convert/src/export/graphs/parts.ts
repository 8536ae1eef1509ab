// Parts that several models' graphs share.

import type { Embedding, Linear, Recurrent } from 'unrolled';
import { AdaptiveLogSoftmaxWithLoss } from 'unrolled/layers';
import type { RecurrentCell } from '../cells.ts';
import type { GraphBuilder, RecurrentValues, Value } from '../graph-builder.ts';

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
  return g.concat(parts, 1);
}

/** One step of a layer: x [B, I] and states [1, B, ..] → the output [B, H] and the states after it. */
export function stepLayer(
  g: GraphBuilder,
  name: string,
  layer: Recurrent<unknown>,
  cell: RecurrentCell,
  x: Value,
  states: readonly Value[] | null,
): RecurrentValues {
  const step = g.recurrent(name, layer, cell, g.op('Unsqueeze', [x], { axes: [0] }), { states });
  return { output: g.op('Squeeze', [step.output], { axes: [0] }), states: step.states };
}

/** Scores of all symbols as products with their embeddings: the output weights are tied. */
export function tiedScores(g: GraphBuilder, table: string, shape: readonly number[], x: Value): Value {
  return g.op('MatMul', [x, g.op('Transpose', [g.parameter(table, shape)], { perm: [1, 0] })]);
}

/** Scores of all symbols from the model's output layer, or from the table where there is none: x [.., H] → [.., V]. `axis` is the last one. */
export function outputScores(
  g: GraphBuilder,
  name: string,
  layer: Linear | AdaptiveLogSoftmaxWithLoss | null,
  table: { readonly name: string; readonly shape: readonly number[] },
  x: Value,
  axis: number,
): Value {
  if (layer === null) return tiedScores(g, table.name, table.shape, x);
  if (!(layer instanceof AdaptiveLogSoftmaxWithLoss)) return g.linear(name, layer, x);
  const head = g.op('LogSoftmax', [g.linear(`${name}.head`, layer.head, x)], { axis: -1 });
  const [shortlist] = layer.cutoffs;
  const part = (from: number, to: number) => g.op('Part', [head], { axis, from, to });
  const tails = layer.tail.map(({ layers }, k) => {
    const [project, scores] = layers as readonly Linear[];
    const inside = g.linear(`${name}.tail.${k}.1`, scores, g.linear(`${name}.tail.${k}.0`, project, x));
    return g.op('Add', [g.op('LogSoftmax', [inside], { axis: -1 }), part(shortlist + k, shortlist + k + 1)]);
  });
  return g.concat([part(0, shortlist), ...tails], axis);
}

/** Weights [B, S] over values [B, S, C] → [B, C]. */
export function weightedSum(g: GraphBuilder, weights: Value, values: Value): Value {
  const row = g.op('Unsqueeze', [weights], { axes: [1] });
  return g.op('Squeeze', [g.op('MatMul', [row, values])], { axes: [1] });
}
