// Classifiers and taggers of sequences: tokens or vectors, recurrent layers, a pooling or none, and a head.

import type { SequenceClassifier, SequenceTagger } from 'unrolled';
import { GraphBuilder, type Value } from '../graph-builder.ts';
import { inputOf, lastState, weightedSum } from './parts.ts';
import type { GraphSpec } from 'unrolled/graph';

/** input, lengths → logits [B, C], and with pooling by attention the weights [B, T]. */
export function classifierGraph(model: SequenceClassifier): GraphSpec {
  const g = new GraphBuilder();
  const x = inputOf(g, model);
  classify(g, '', model, x, g.input('lengths', 'int', ['batch']));
  return g.finish();
}

/** The classifier behind x [T, B, I], its layers' names beginning with `prefix`. */
export function classify(g: GraphBuilder, prefix: string, model: SequenceClassifier, x: Value, lengths: Value): void {
  const { cell, pooling, classes } = model.config;
  const { recurrent } = model;
  const { output, states } = g.recurrent(`${prefix}recurrent`, recurrent, cell, x, { lengths });
  let pooled: Value;
  switch (pooling) {
    case 'last':
      pooled = lastState(g, states[0], recurrent.numDirections);
      break;
    case 'mean': // the output is 0 past the lengths
      pooled = g.op('Div', [
        g.op('ReduceSum', [output], { axes: [0], keepdims: false }),
        g.op('CountSteps', [lengths]),
      ]);
      break;
    case 'max':
      pooled = g.op('MaxOverTime', [output, lengths]);
      break;
    case 'attention': {
      const projection = model.attention?.projection as NonNullable<typeof model.attention>['projection'];
      const v = g.parameter(`${prefix}attention.v`, [projection.outFeatures]);
      const scored = g.op('Tanh', [g.linear(`${prefix}attention.projection`, projection, output)]);
      const score = g.op('ReduceSum', [g.op('Mul', [scored, v])], { axes: [2], keepdims: false }); // [T, B]
      const weights = g.op('MaskedSoftmax', [g.op('Transpose', [score], { perm: [1, 0] }), lengths]); // [B, T]
      pooled = weightedSum(g, weights, g.op('Transpose', [output], { perm: [1, 0, 2] }));
      g.output('weights', weights, ['batch', 'time']);
      break;
    }
    default:
      throw pooling satisfies never;
  }
  if (model.dense) pooled = g.op('Relu', [g.linear(`${prefix}dense`, model.dense, pooled)]);
  g.output('logits', g.linear(`${prefix}head`, model.head, pooled), ['batch', classes]);
}

/** input, lengths → logits [T, B, C]; in one direction the state goes in and comes out. */
export function taggerGraph(model: SequenceTagger): GraphSpec {
  const g = new GraphBuilder();
  const x = inputOf(g, model);
  tag(g, '', model, x, g.input('lengths', 'int', ['batch']));
  return g.finish();
}

/** The tagger behind x [T, B, I]. */
export function tag(g: GraphBuilder, prefix: string, model: SequenceTagger, x: Value, lengths: Value): void {
  const { cell, classes } = model.config;
  const { recurrent } = model;
  const streams = recurrent.numDirections === 1;
  const before = streams ? g.stateInputs(recurrent, cell) : null;
  const { output, states } = g.recurrent(`${prefix}recurrent`, recurrent, cell, x, { lengths, states: before });
  g.output('logits', g.linear(`${prefix}head`, model.head, output), ['time', 'batch', classes]);
  if (streams) g.stateOutputs(recurrent, cell, states);
}
