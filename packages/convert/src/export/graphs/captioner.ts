// A captioner as two graphs: the encoder of the image, and the step of the decoder for one word. What the encoder gives, the decoder reads under
// the same names; what a step gives as `hn`, the next reads as `h0`.
//
//   encoder   images [B, C, h, w] or features [B, R, D]   → regions [B, R, D] and keys [B, R, A], or image0 [B, D]; and the first state h0, …
//   decoder   token [B], regions, keys, h0, …              → logits [B, V], weights [B, R], hn, …
//
// Hard attention reads the most probable region.

import type { Captioner, Linear, Recurrent } from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { cellStates } from '../cells.ts';
import { GraphBuilder, type Value } from '../graph-builder.ts';
import { type AttentionLike, attentionWeights, keysOf } from './attention.ts';
import { convNetMap, pooledMap } from './conv-net.ts';
import { stepLayer, weightedSum } from './parts.ts';

/** The decoder of the forms that attend to regions. */
interface AttentiveDecoder {
  readonly attention: AttentionLike;
  readonly gate: Linear | null;
  readonly layer: Recurrent<unknown>;
  readonly initial: readonly Linear[];
  readonly outputState: Linear | null;
  readonly outputContext: Linear | null;
}

/** The decoder of the others. */
interface VectorDecoder {
  readonly project: Linear | null;
  readonly layer: Recurrent<unknown>;
}

export function captionEncoderGraph(model: Captioner): GraphSpec {
  const g = new GraphBuilder();
  const decoder = decoderOf(model);
  if ('attention' in decoder) attentiveStart(g, model, decoder);
  else vectorStart(g, model, decoder);
  return g.finish();
}

export function captionDecoderGraph(model: Captioner): GraphSpec {
  const g = new GraphBuilder();
  const { vocabularySize, embeddingDim } = model.config;
  const x = g.embedding('embedding', vocabularySize, embeddingDim, g.input('token', 'int', ['batch']));
  const decoder = decoderOf(model);
  if ('attention' in decoder) attentiveStep(g, model, decoder, x);
  else vectorStep(g, model, decoder, x);
  return g.finish();
}

const decoderOf = ({ decoder }: Captioner) => decoder as unknown as AttentiveDecoder | VectorDecoder;

/** Width D of the features, and how many regions there are. */
function sizesOf({ encoder, config }: Captioner): { readonly D: number; readonly R: number | string } {
  if (encoder) return { D: encoder.outChannels, R: encoder.mapSize[0] * encoder.mapSize[1] };
  return { D: config.featureSize as number, R: config.positions > 0 ? config.positions : 'regions' };
}

/** The input: images, or features that something else made. */
function inputOf(g: GraphBuilder, model: Captioner): Value {
  const { encoder } = model;
  const { D, R } = sizesOf(model);
  if (!encoder) return g.input('features', 'float', ['batch', R, D]);
  const { inChannels, inputSize } = encoder.config;
  return g.input('images', 'float', ['batch', inChannels, ...inputSize]);
}

/** The regions [B, R, D], with a vector of its own added to each where there are any. */
function regionsOf(g: GraphBuilder, model: Captioner): Value {
  const { encoder, positions } = model;
  const { D, R } = sizesOf(model);
  const given = inputOf(g, model);
  const regions = encoder ? mapRows(g, convNetMap(g, 'encoder', encoder, given), D, R as number) : given;
  return positions ? g.op('Add', [regions, g.parameter('positions', [R as number, D])]) : regions;
}

/** [B, D, h', w'] → [B, h'·w', D] */
function mapRows(g: GraphBuilder, map: Value, D: number, places: number): Value {
  return g.op('Transpose', [g.op('Reshape', [map], { shape: [-1, D, places] })], { perm: [0, 2, 1] });
}

/** h_0 = tanh(W ā + b), one product a tensor of the state. */
function attentiveStart(g: GraphBuilder, model: Captioner, decoder: AttentiveDecoder): void {
  const { D, R } = sizesOf(model);
  const { attentionSize, cell } = model.config;
  const regions = regionsOf(g, model);
  g.output('regions', regions, ['batch', R, D]);
  g.output('keys', keysOf(g, 'decoder.attention', decoder.attention, regions), ['batch', R, attentionSize]);
  const mean = g.op('ReduceMean', [regions], { axes: [1], keepdims: false });
  for (const [i, { name }] of cellStates[cell].entries()) {
    const first = g.op('Tanh', [g.linear(`decoder.initial.${i}`, decoder.initial[i], mean)]);
    g.output(`${name}0`, g.op('Unsqueeze', [first], { axes: [0] }), [1, 'batch', decoder.initial[i].outFeatures]);
  }
}

function attentiveStep(g: GraphBuilder, model: Captioner, decoder: AttentiveDecoder, x: Value): void {
  const { attentionSize, cell, hiddenSize, form, deepOutput } = model.config;
  const { D, R } = sizesOf(model);
  const regions = g.input('regions', 'float', ['batch', R, D]);
  const keys = g.input('keys', 'float', ['batch', R, attentionSize]);
  const before = stateInputs(g, model, () => false);
  const h = g.op('Squeeze', [before[0]], { axes: [0] });
  const weights = attentionWeights(g, 'decoder.attention', decoder.attention, h, keys, null);
  const found = weightedSum(g, form === 'hard' ? g.op('HardWeights', [weights]) : weights, regions);
  const beta = decoder.gate && g.op('Sigmoid', [g.linear('decoder.gate', decoder.gate, h)]);
  const z = beta ? g.op('Mul', [found, beta]) : found;
  const { output, states } = stepLayer(g, 'decoder.layer', decoder.layer, cell, g.concat([x, z], 1), before);
  let y = output;
  if (decoder.outputState && decoder.outputContext) {
    const ofState = g.linear('decoder.output_state', decoder.outputState, output);
    const ofContext = g.linear('decoder.output_context', decoder.outputContext, z);
    y = g.op('Add', [g.op('Add', [x, ofState]), ofContext]);
    if (deepOutput !== 'linear') y = g.op('Tanh', [y]);
  }
  scores(g, model, y);
  g.output('weights', weights, ['batch', R]);
  stateOutputs(g, model, states, hiddenSize);
}

/** v, which the first state is made of, or which the steps read. */
function vectorStart(g: GraphBuilder, model: Captioner, decoder: VectorDecoder): void {
  const { form, cell, hiddenSize } = model.config;
  const { D } = sizesOf(model);
  const whole = wholeOf(g, model);
  if (form === 'inject') return g.output('image0', whole, ['batch', D]);
  const v = g.linear('decoder.project', decoder.project as Linear, whole);
  if (form === 'initial') return g.output('h0', g.op('Unsqueeze', [v], { axes: [0] }), [1, 'batch', hiddenSize]);
  const { states } = stepLayer(g, 'decoder.layer', decoder.layer, cell, v, null);
  for (const [i, { name, times }] of cellStates[cell].entries())
    g.output(`${name}0`, states[i], [1, 'batch', times * hiddenSize]);
}

/** The image's vector [B, D]. */
function wholeOf(g: GraphBuilder, model: Captioner): Value {
  const given = inputOf(g, model);
  if (model.encoder) return pooledMap(g, convNetMap(g, 'encoder', model.encoder, given));
  return g.op('ReduceMean', [given], { axes: [1], keepdims: false });
}

/** With `inject`, the image is a state: it comes in at the first step, or stays for every one. */
function vectorStep(g: GraphBuilder, model: Captioner, decoder: VectorDecoder, x: Value): void {
  const { form, cell, hiddenSize, injection } = model.config;
  const { D } = sizesOf(model);
  const image = form === 'inject' ? g.stateInput('image', ['batch', D], false) : null;
  // Where v is the first h, what else a state has is zero at first; with `inject` all of it is.
  const before = stateInputs(g, model, (i) => form === 'inject' || (form === 'initial' && i > 0));
  const read = image ? g.concat([x, image], 1) : x;
  const { output, states } = stepLayer(g, 'decoder.layer', decoder.layer, cell, read, before);
  scores(g, model, output);
  if (image) {
    g.stateOutput('image', injection === 'every' ? image : g.op('ZerosLike', [image]), ['batch', D]);
  }
  stateOutputs(g, model, states, hiddenSize);
}

function scores(g: GraphBuilder, { output, config }: Captioner, y: Value): void {
  g.output('logits', g.linear('output', output, y), ['batch', config.vocabularySize]);
}

function stateInputs(g: GraphBuilder, { config }: Captioner, optional: (i: number) => boolean): Value[] {
  return cellStates[config.cell].map(({ name, times }, i) =>
    g.stateInput(name, [1, 'batch', times * config.hiddenSize], optional(i)),
  );
}

function stateOutputs(g: GraphBuilder, { config }: Captioner, states: readonly Value[], H: number): void {
  for (const [i, { name, times }] of cellStates[config.cell].entries())
    g.stateOutput(name, states[i], [1, 'batch', times * H]);
}
