// Video models: a frame encoder, and the classifier or tagger behind it. Frames [T, B, h·w·C] or features [T, B, F], with lengths.

import type { Recurrent, VideoClassifier, VideoTagger } from 'unrolled';
import type { ImageEncoder } from 'unrolled/layers';
import type { GraphSpec } from 'unrolled/graph';
import { GraphBuilder, type Value } from '../graph-builder.ts';
import { convNetMap, flatMap, pooledMap } from './conv-net.ts';
import { classify, tag } from './sequence.ts';

type Encoder = VideoClassifier['encoder'];

/** input, lengths → logits [B, C], and with pooling by attention the weights [B, T]. */
export function videoClassifierGraph({ encoder, sequence }: VideoClassifier): GraphSpec {
  const g = new GraphBuilder();
  const { input, lengths } = inputsOf(g, encoder);
  const before = encoder.config.change ? g.op('Part', [input], { axis: 0, from: 0, to: 1 }) : null;
  const x = lower(g, encoder, frameVectors(g, encoder, input, before), lengths, false);
  classify(g, 'sequence.', sequence, x, lengths);
  return g.finish();
}

/**
 * input, lengths → logits [T, B, C]. In one direction the state goes in and comes out: also that of the layer beneath (`lower_h0`), and where changes
 * are looked at the frame before the first (`frame0`), which is the first itself at the beginning of a clip.
 */
export function videoTaggerGraph({ encoder, sequence }: VideoTagger): GraphSpec {
  const g = new GraphBuilder();
  const { input, lengths } = inputsOf(g, encoder);
  const streams = sequence.recurrent.numDirections === 1;
  const shape = [1, 'batch', encoder.inputSize];
  const { change } = encoder.config;
  const given = change && streams ? g.stateInput('frame', shape, false) : null;
  const before = given ?? (change ? g.op('Part', [input], { axis: 0, from: 0, to: 1 }) : null);
  const x = lower(g, encoder, frameVectors(g, encoder, input, before), lengths, streams);
  tag(g, 'sequence.', sequence, x, lengths);
  if (given) {
    const all = g.op('Concat', [given, input], { axis: 0 });
    g.stateOutput('frame', g.op('Unsqueeze', [g.op('StepAt', [all, lengths])], { axes: [0] }), shape);
  }
  return g.finish();
}

function inputsOf(g: GraphBuilder, encoder: Encoder): { readonly input: Value; readonly lengths: Value } {
  const input = g.input('input', 'float', ['time', 'batch', encoder.inputSize]);
  return { input, lengths: g.input('lengths', 'int', ['batch']) };
}

/** The recurrent layer beneath, where there is one. */
function lower(g: GraphBuilder, encoder: Encoder, x: Value, lengths: Value, streams: boolean): Value {
  const layer: Recurrent<unknown> | null = encoder.recurrent;
  if (!layer) return x;
  const { cell } = encoder.config;
  const before = streams ? g.stateInputs(layer, cell, 'lower_') : null;
  const { output, states } = g.recurrent('encoder.recurrent', layer, cell, x, { lengths, states: before });
  if (streams) g.stateOutputs(layer, cell, states, 'lower_');
  return output;
}

/** What the convolutions make of each frame: [T, B, F]. `before` [1, B, h·w·C] is the frame before the first. */
function frameVectors(g: GraphBuilder, encoder: Encoder, frames: Value, before: Value | null): Value {
  const net = encoder.convNet;
  if (!net) return frames;
  const pixels = planes(g, encoder, net, frames);
  let x = pixels;
  if (before) {
    const past = planes(g, encoder, net, g.op('StepsBefore', [frames, before]));
    x = g.op('Concat', [pixels, g.op('Sub', [pixels, past])], { axis: 1 });
  }
  const map = convNetMap(g, 'encoder.conv_net', net, x);
  const vectors = encoder.config.summary === 'map' ? flatMap(g, net, map) : pooledMap(g, map);
  return g.op('SplitSteps', [vectors, frames]);
}

/** [T, B, h·w·C] → [T·B, C, h, w], scaled */
function planes(g: GraphBuilder, encoder: Encoder, net: ImageEncoder, frames: Value): Value {
  const [h, w] = net.config.inputSize;
  const C = encoder.inputSize / (h * w);
  const rows = g.op('Transpose', [g.op('Reshape', [frames], { shape: [-1, h, w, C] })], { perm: [0, 3, 1, 2] });
  return g.op('MulScalar', [rows], { value: encoder.config.scale });
}
