// A model that answers questions about images: images [B, C, h, w] or features [B, F], and questions [T, B] with their lengths → logits [B, K].

import type { Linear, Recurrent, VisualQA } from 'unrolled';
import type { ImageEncoder } from 'unrolled/layers';
import type { GraphSpec } from 'unrolled/graph';
import { cellStates } from '../cells.ts';
import { GraphBuilder, type Value } from '../graph-builder.ts';
import { convNetMap, flatMap, pooledMap } from './conv-net.ts';
import { lastState } from './parts.ts';

export function visualQAGraph(model: VisualQA): GraphSpec {
  const g = new GraphBuilder();
  const { vocabularySize, embeddingDim, answers } = model.config;
  const image = imageOf(g, model);
  const question = g.input('question', 'int', ['time', 'batch']);
  const lengths = g.input('lengths', 'int', ['batch']);
  const words = g.embedding('embedding', vocabularySize, embeddingDim, question);
  let y = met(g, model, image, words, lengths);
  for (const [k, layer] of model.mlp.entries()) y = g.op('Tanh', [g.linear(`mlp.${k}`, layer, y)]);
  g.output('logits', g.linear('head', model.head, y), ['batch', answers]);
  return g.finish();
}

/** The image's vector [B, S]; in form `map` its map [B, C, h, w]; null for a question-only model. */
function imageOf(g: GraphBuilder, { config, convNet }: VisualQA): Value | null {
  if (config.form === 'question-only') return null;
  if (!convNet) return g.input('features', 'float', ['batch', config.featureSize as number]);
  const { inChannels, inputSize } = convNet.config;
  const map = convNetMap(g, 'conv_net', convNet, g.input('images', 'float', ['batch', inChannels, ...inputSize]));
  if (config.form === 'map') return map;
  return config.summary === 'map' ? flatMap(g, convNet, map) : pooledMap(g, map);
}

/** What image and question come to together. */
function met(g: GraphBuilder, model: VisualQA, image: Value | null, words: Value, lengths: Value): Value {
  const { form } = model.config;
  switch (form) {
    case 'recurrent':
      return readBoth(g, model, image as Value, words, lengths);
    case 'product': {
      const squares = g.op('ReduceSum', [g.op('Mul', [image, image])], { axes: [1], keepdims: true });
      const norm = g.op('Sqrt', [g.op('AddScalar', [squares], { value: 1e-12 })]);
      const x = g.op('Tanh', [g.linear('image', model.image as Linear, g.op('Div', [image, norm]))]);
      return g.op('Mul', [x, readQuestion(g, model, words, lengths)]);
    }
    case 'map':
      return readMap(g, model, image as Value, words, lengths);
    case 'question-only':
      return readQuestion(g, model, words, lengths);
    default:
      throw form satisfies never;
  }
}

/** The image before the words, or next to each of them → the last state [B, H]. */
function readBoth(g: GraphBuilder, model: VisualQA, image: Value, words: Value, lengths: Value): Value {
  const { cell, imageAt } = model.config;
  const v = g.linear('image', model.image as Linear, image); // [B, E]
  const first = imageAt === 'first';
  const x = first
    ? g.op('Concat', [g.op('Unsqueeze', [v], { axes: [0] }), words], { axis: 0 })
    : g.op('Concat', [words, g.op('ExpandSteps', [v, words])], { axis: 2 });
  const longer = first ? g.op('AddSteps', [lengths], { count: 1 }) : lengths;
  const { states } = g.recurrent('recurrent', model.recurrent as Recurrent<unknown>, cell, x, { lengths: longer });
  return lastState(g, states[0], 1);
}

/** tanh(W q + b) of q = the final states of every layer, tensor by tensor. */
function readQuestion(g: GraphBuilder, model: VisualQA, words: Value, lengths: Value): Value {
  const { cell, numLayers } = model.config;
  const { states } = g.recurrent('recurrent', model.recurrent as Recurrent<unknown>, cell, words, { lengths });
  const all = cellStates[cell].flatMap((_, i) =>
    Array.from({ length: numLayers }, (__, k) => g.op('Select', [states[i]], { axis: 0, index: k })),
  );
  return g.op('Tanh', [g.linear('question', model.question as Linear, g.concat(all, 1))]);
}

/** Maps that every word moves and narrows: see the library's MapReader for the equations. */
function readMap(g: GraphBuilder, model: VisualQA, image: Value, words: Value, lengths: Value): Value {
  const { maps: H, reading } = model.config;
  const { outChannels: C, mapSize } = model.convNet as ImageEncoder;
  const [h, w] = mapSize;
  const { move, look, open } = model.reader as NonNullable<VisualQA['reader']>;
  const moves = g.op('Reshape', [g.linear('reader.move', move, words)], { shape: [0, 0, H, 9] });
  const kernels = g.op('Softmax', [moves], { axis: -1 });
  const squares = g.op('ReduceSum', [g.op('Mul', [image, image])], { axes: [1], keepdims: true });
  const norm = g.op('Sqrt', [g.op('AddScalar', [squares], { value: 1e-6 })]);
  const unit = g.op('Reshape', [g.op('Div', [image, norm])], { shape: [-1, C, h * w] });
  const wanted = g.op('Reshape', [g.linear('reader.look', look, words)], { shape: [0, 0, H, C] });
  const found = g.op('MatMul', [wanted, unit]); // [T, B, H, h·w]
  const opened = g.op('Reshape', [g.linear('reader.open', open, words)], { shape: [0, 0, H, 1] });
  const gates = g.op('Reshape', [g.op('Sigmoid', [g.op('Add', [found, opened])])], { shape: [0, 0, H, h, w] });
  const last = g.op('ShiftMaps', [kernels, gates, lengths], { backward: reading === 'backward' });
  return g.op('ReduceMax', [last], { axes: [2, 3], keepdims: false });
}
