// A language model: tokens [T, B] → logits [T, B, V], with the state before and after them.

import type { LanguageModel, RecurrentBlocks } from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { ConvertError } from '../../errors.ts';
import { GraphBuilder, type RecurrentValues, type Value } from '../graph-builder.ts';
import { tokens } from './parts.ts';

export function languageModelGraph(model: LanguageModel): GraphSpec {
  const { vocabularySize, cell, embeddingDim, block, convolution } = model.config;
  if (block === 'residual' && convolution > 0)
    throw new ConvertError('language model', {
      expected: 'blocks without a convolution',
      got: `a convolution over ${convolution} steps`,
      advice: 'train it without --convolution to export it',
    });
  const g = new GraphBuilder();
  const x = tokens(g, 'embedding', model.embedding, vocabularySize, g.input('input', 'int', ['time', 'batch']));
  const { recurrent } = model;
  const before = g.stateInputs(recurrent, cell);
  const read = block === 'residual' ? blocks : plain;
  const { output, states } = read(g, model, x, before);
  const logits = model.decoder
    ? g.linear('decoder', model.decoder, output)
    : g.op('MatMul', [
        output,
        g.op('Transpose', [g.parameter('embedding.weight', [vocabularySize, embeddingDim])], { perm: [1, 0] }),
      ]);
  g.output('logits', logits, ['time', 'batch', vocabularySize]);
  g.stateOutputs(recurrent, cell, states);
  return g.finish();
}

function plain(
  g: GraphBuilder,
  { recurrent, config }: LanguageModel,
  x: Value,
  states: readonly Value[],
): RecurrentValues {
  return g.recurrent('recurrent', recurrent, config.cell, x, { states });
}

/** Layers in residual blocks: see RecurrentBlocks for the equation. */
function blocks(g: GraphBuilder, model: LanguageModel, x: Value, states: readonly Value[]): RecurrentValues {
  const { cell, hiddenSize: H } = model.config;
  const recurrent = model.recurrent as RecurrentBlocks;
  let stream = recurrent.input ? g.linear('recurrent.input', recurrent.input, x) : x;
  const after = states.map((): Value[] => []);
  for (const [k, block] of recurrent.blocks.entries()) {
    const name = `recurrent.blocks.${k}`;
    const row = (state: Value) => g.op('Unsqueeze', [g.op('Select', [state], { axis: 0, index: k })], { axes: [0] });
    const seen = g.layerNorm(`${name}.norm1`, H, block.norm1.eps, stream);
    const found = g.recurrent('recurrent', recurrent, cell, seen, { only: k, inputSize: H, states: states.map(row) });
    for (const [i, state] of found.states.entries()) after[i].push(state);
    stream = g.op('Add', [stream, g.linear(`${name}.projection`, block.projection, found.output)]);
    const up = g.linear(`${name}.up`, block.up, g.layerNorm(`${name}.norm2`, H, block.norm2.eps, stream));
    stream = g.op('Add', [stream, g.linear(`${name}.down`, block.down, g.op('Relu', [up]))]);
  }
  const output = g.layerNorm('recurrent.norm', H, recurrent.norm.eps, stream);
  return { output, states: after.map((parts) => g.op('Concat', parts, { axis: 0 })) };
}
