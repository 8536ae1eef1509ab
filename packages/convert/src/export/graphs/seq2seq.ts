// A translator as two graphs: the encoder, and one step of the decoder. What the encoder gives, the decoder reads under the same names; what a step
// gives as `hn`, the next reads as `h0`.
//
//   encoder   input [T, B], lengths [B]                    → values, keys [B, T, ..] or summary [B, C], and the decoder's first state h0, …
//   decoder   token [B], lengths, values, keys, h0, …       → logits [B, V], weights [B, T], hn, …

import type { Seq2Seq } from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { cellStates } from '../cells.ts';
import { GraphBuilder, type Value } from '../graph-builder.ts';
import { type AttentionLike, attentionWeights, keysOf } from './attention.ts';
import { lastState, outputScores, stepLayer, tokens, weightedSum } from './parts.ts';

const isLuong = (kind: string) => kind === 'dot' || kind === 'general' || kind === 'concat';

/** The encoder, and with it all of the decoder that does not depend on a step: keys, and the bridge to the first state. */
export function encoderGraph(model: Seq2Seq): GraphSpec {
  const { config, encoder, decoder } = model;
  const g = new GraphBuilder();
  const given = g.input('input', 'int', ['time', 'batch']);
  const lengths = g.input('lengths', 'int', ['batch']);
  const ids = config.reverseSource ? g.op('ReverseSequence', [given, lengths], { time_axis: 0, batch_axis: 1 }) : given;
  const x = tokens(g, 'encoder.symbols.embedding', encoder.symbols.embedding, config.sourceVocabulary, ids);
  const { output, states } = g.recurrent('encoder.recurrent', encoder.recurrent, config.cell, x, { lengths });
  if (decoder.attention) {
    const values = g.op('Transpose', [output], { perm: [1, 0, 2] });
    g.output('values', values, ['batch', 'time', encoder.outputSize]);
    if (decoder.attention.key) {
      const keys = keysOf(g, 'decoder.attention', decoder.attention, values);
      g.output('keys', keys, ['batch', 'time', decoder.attention.key.outFeatures]);
    }
  } else if (decoder.kind !== 'plain') {
    g.output('summary', lastState(g, states[0], encoder.recurrent.numDirections), ['batch', encoder.outputSize]);
  }
  if (decoder.bridge) bridge(g, model, states);
  return g.finish();
}

/** From the encoder's final states [L·D, B, ..] to the decoder's first [L, B, ..]: as they are, or each layer's through linear layers. */
function bridge(g: GraphBuilder, { config, encoder, decoder }: Seq2Seq, states: readonly Value[]): void {
  const { cell, numLayers: L, decoderSize } = config;
  const D = encoder.recurrent.numDirections;
  const linear = decoder.bridge?.linear ?? [];
  const layer = (i: number, k: number): Value => {
    const directions = Array.from({ length: D }, (_, d) => g.op('Select', [states[i]], { axis: 0, index: k * D + d }));
    const n = k * states.length + i;
    const found = g.linear(`decoder.bridge.linear.${n}`, linear[n], g.concat(directions, 1));
    return g.op('Unsqueeze', [i === 0 ? g.op('Tanh', [found]) : found], { axes: [0] });
  };
  for (const [i, { name, times }] of cellStates[cell].entries()) {
    const layers = linear.length > 0 ? Array.from({ length: L }, (_, k) => layer(i, k)) : null;
    g.output(`${name}0`, layers ? g.concat(layers, 0) : states[i], [L, 'batch', times * decoderSize]);
  }
}

/** One step: the token before, and the state after it. */
export function decoderGraph(model: Seq2Seq): GraphSpec {
  const { config, encoder, decoder } = model;
  const { cell, numLayers: L, decoderSize, inputFeeding, targetVocabulary } = config;
  const { kind, attention, outputSize } = decoder;
  const g = new GraphBuilder();
  const x = kind === 'repeat' ? null : embedded(g, model, g.input('token', 'int', ['batch']));
  const C = encoder.outputSize;
  const values = attention && g.input('values', 'float', ['batch', 'time', C]);
  const keys = attention?.key ? g.input('keys', 'float', ['batch', 'time', attention.key.outFeatures]) : values;
  const lengths = attention && g.input('lengths', 'int', ['batch']);
  const summary = kind === 'context' || kind === 'repeat' ? g.input('summary', 'float', ['batch', C]) : null;
  const shapes = cellStates[cell].map(({ times }) => [L, 'batch', times * decoderSize]);
  let states = cellStates[cell].map(({ name }, i) => g.stateInput(name, shapes[i], kind === 'repeat'));
  const feed = inputFeeding ? g.stateInput('feed', ['batch', outputSize]) : null;

  const look = (query: Value) => {
    const weights = attentionWeights(g, 'decoder.attention', attention as AttentionLike, query, keys as Value, lengths);
    return { weights, context: weightedSum(g, weights, values as Value) };
  };
  let seen: { readonly weights: Value | null; readonly context: Value | null } = { weights: null, context: summary };
  if (kind === 'additive') seen = look(g.op('Select', [states[0]], { axis: 0, index: 0 }));
  let h = joined(g, [x, isLuong(kind) ? null : seen.context, feed]);
  const after = states.map((): Value[] => []);
  for (const [k, layer] of decoder.layers.entries()) {
    const before = L === 1 ? states : states.map((state) => g.op('Part', [state], { axis: 0, from: k, to: k + 1 }));
    const step = stepLayer(g, `decoder.layers.${k}`, layer, cell, h, before);
    h = step.output;
    for (const [i, state] of step.states.entries()) after[i].push(state);
  }
  states = after.map((layers) => g.concat(layers, 0));
  if (isLuong(kind)) seen = look(h);
  if (decoder.readout) {
    const all = joined(g, [h, seen.context, isLuong(kind) ? null : x]);
    h = g.op('Tanh', [g.linear('decoder.readout', decoder.readout, all)]);
  }
  const table = { name: targetTable(model), shape: [targetVocabulary, config.embeddingDim] };
  const logits = outputScores(g, 'output', model.output, table, h, 1);
  g.output('logits', logits, ['batch', targetVocabulary]);
  if (seen.weights) g.output('weights', seen.weights, ['batch', 'time']);
  for (const [i, { name }] of cellStates[cell].entries()) g.stateOutput(name, states[i], shapes[i]);
  if (feed) g.stateOutput('feed', h, ['batch', outputSize]);
  return g.finish();
}

/** The layer of the target's embeddings: the source's where there is one table. */
const targetLayer = ({ symbols }: Seq2Seq) => (symbols ? 'symbols.embedding' : 'encoder.symbols.embedding');

/** The name of the weight that the output product is tied to. */
export const targetTable = (model: Seq2Seq): string => `${targetLayer(model)}.weight`;

function embedded(g: GraphBuilder, model: Seq2Seq, token: Value): Value {
  const { embedding } = model.symbols ?? model.encoder.symbols;
  return tokens(g, targetLayer(model), embedding, model.config.targetVocabulary, token);
}

/** Those that are there, side by side. */
function joined(g: GraphBuilder, parts: readonly (Value | null)[]): Value {
  return g.concat(
    parts.filter((part) => part !== null),
    1,
  );
}
