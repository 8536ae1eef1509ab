// A language model: tokens [T, B] → logits [T, B, V], with the state before and after them.

import type { LanguageModel, RecurrentBlocks } from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { GraphBuilder, type RecurrentValues, type Value } from '../graph-builder.ts';
import { outputScores, tokens } from './parts.ts';

export function languageModelGraph(model: LanguageModel): GraphSpec {
  const { vocabularySize, cell, embeddingDim, block } = model.config;
  const g = new GraphBuilder();
  const x = tokens(g, 'embedding', model.embedding, vocabularySize, g.input('input', 'int', ['time', 'batch']));
  const { recurrent } = model;
  const before = g.stateInputs(recurrent, cell);
  const read = block === 'residual' ? blocks : plain;
  const { output, states } = read(g, model, x, before);
  const table = { name: 'embedding.weight', shape: [vocabularySize, embeddingDim] };
  const logits = outputScores(g, 'decoder', model.decoder, table, output, 2);
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

/** Layers in residual blocks: see RecurrentBlocks for the equation. With a convolution, the steps that it has seen last are a state too, `window`. */
function blocks(g: GraphBuilder, model: LanguageModel, x: Value, states: readonly Value[]): RecurrentValues {
  const { cell, hiddenSize: H, numLayers: L, convolution: taps } = model.config;
  const recurrent = model.recurrent as RecurrentBlocks;
  let stream = recurrent.input ? g.linear('recurrent.input', recurrent.input, x) : x;
  const after = states.map((): Value[] => []);
  const windowShape = [L, 'batch', taps - 1, H];
  const window = taps > 0 ? g.stateInput('window', windowShape) : null;
  const windows: Value[] = [];
  for (const [k, block] of recurrent.blocks.entries()) {
    const name = `recurrent.blocks.${k}`;
    const row = (state: Value) => g.op('Unsqueeze', [g.op('Select', [state], { axis: 0, index: k })], { axes: [0] });
    let seen = g.layerNorm(`${name}.norm1`, H, block.norm1.eps, stream);
    if (window) {
      const before = g.op('Transpose', [g.op('Select', [window], { axis: 0, index: k })], { perm: [1, 0, 2] });
      const steps = g.op('Concat', [before, seen], { axis: 0 }); // [taps − 1 + T, B, H]
      const last = g.op('Transpose', [g.op('LastSteps', [steps], { count: taps - 1 })], { perm: [1, 0, 2] });
      windows.push(g.op('Unsqueeze', [last], { axes: [0] }));
      const [weight, bias] = [
        g.parameter(`${name}.convolution`, [taps, H]),
        g.parameter(`${name}.convolution_bias`, [H]),
      ];
      seen = g.op('DepthwiseConv', [steps, weight, bias], { taps, units: H });
    }
    const found = g.recurrent('recurrent', recurrent, cell, seen, { only: k, inputSize: H, states: states.map(row) });
    for (const [i, state] of found.states.entries()) after[i].push(state);
    stream = g.op('Add', [stream, g.linear(`${name}.projection`, block.projection, found.output)]);
    const up = g.linear(`${name}.up`, block.up, g.layerNorm(`${name}.norm2`, H, block.norm2.eps, stream));
    stream = g.op('Add', [stream, g.linear(`${name}.down`, block.down, g.op('Relu', [up]))]);
  }
  const output = g.layerNorm('recurrent.norm', H, recurrent.norm.eps, stream);
  if (window) g.stateOutput('window', g.concat(windows, 0), windowShape);
  return { output, states: after.map((parts) => g.concat(parts, 0)) };
}
