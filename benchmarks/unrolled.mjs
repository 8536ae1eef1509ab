// This library through its public exports, as a user writes it. work.backend and work.threads (UNROLLED_THREADS) choose the contender.

import * as unrolled from 'unrolled';
import {
  batch,
  minCharChunk,
  minCharChunks,
  minCharParameters,
  modelParameters,
  pairs,
  images,
  recurrentParameters,
  samplingJob,
  convNetValues,
  seq2seqParameters,
  token,
  uniform,
} from './lib/data.mjs';
import { serve } from './lib/serve.mjs';

const { indices, LanguageModel, noGrad, scope, tensor } = unrolled;

function model(work) {
  const { V, H, L, cell } = work;
  const made = new LanguageModel(V, { cell, hiddenSize: H, numLayers: L });
  const values = modelParameters(work).map(([name, shape, data]) => [
    name.replace('rnn.', 'recurrent.'),
    { shape, data },
  ]);
  return made.loadStateDict(new Map(values));
}

/** A step of training: `loss()` in a scope, clipped to a global norm. */
function trainingStep(parameters, optimizer, clip, loss) {
  return scope(() => {
    optimizer.zeroGrad();
    const value = loss();
    value.backward();
    const norm = unrolled.gradNorm(parameters);
    optimizer.step({ gradScale: norm > clip ? clip / norm : 1, gradNorm: norm });
    return value.itemSync();
  });
}

function charlm(work) {
  const { T, B, lr, clip } = work;
  const made = model(work);
  const { inputs, targets } = batch(work);
  const x = indices(inputs, [T, B]);
  const y = indices(targets, [T, B]);
  const parameters = made.parameters();
  const optimizer = new unrolled.Adam(parameters, { lr });
  return { step: () => trainingStep(parameters, optimizer, clip, () => made.loss(x, y).loss) };
}

function seq2seq(work) {
  const { V, E, H, T, B, lr, clip } = work;
  const made = new unrolled.Seq2Seq({ sourceVocabulary: V, targetVocabulary: V, hiddenSize: H, embeddingDim: E });
  made.loadStateDict(new Map(seq2seqParameters(work).map(([name, shape, data]) => [name, { shape, data }])));
  const { source, input, target } = pairs(work);
  const batch = {
    source: indices(source, [T, B]),
    sourceLengths: indices(new Int32Array(B).fill(T)),
    input: indices(input, [T, B]),
    target: indices(target, [T, B]),
    targets: T * B,
  };
  const parameters = made.parameters();
  const optimizer = new unrolled.Adam(parameters, { lr });
  return { step: () => trainingStep(parameters, optimizer, clip, () => made.loss(batch)) };
}

/** A step of an image model: its parameters by formula, `loss(x)` of the images x. */
function imageModel(work, made, loss) {
  const named = [...made.namedParameters()];
  const values = convNetValues(named.map(([name, p]) => [name, p.shape]));
  named.forEach(([, p], k) => values[k] && p.set(values[k]));
  const x = tensor(images(work), [work.B, 3, work.size, work.size]);
  const parameters = made.parameters();
  const optimizer = new unrolled.Adam(parameters, { lr: work.lr });
  return { step: () => trainingStep(parameters, optimizer, work.clip, () => loss(x)) };
}

function cnn(work) {
  const { B, V, channels, size } = work;
  class Classifier extends unrolled.Module {
    net = new unrolled.ConvNet({ channels, inputSize: [size, size] });
    output = new unrolled.Linear(channels.at(-1), V);
  }
  const made = new Classifier();
  const classes = indices(Array.from({ length: B }, (_, b) => b % V));
  return imageModel(work, made, (x) => unrolled.crossEntropy(made.output.forward(made.net.forward(x).pooled), classes));
}

function caption(work) {
  const { V, H, T, B, channels, size } = work;
  const encoder = { channels, inputSize: [size, size] };
  const made = new unrolled.Captioner({ vocabularySize: V, encoder, hiddenSize: H });
  const { inputs, targets } = batch(work);
  const words = { owners: null, input: indices(inputs, [T, B]), target: indices(targets, [T, B]), targets: T * B };
  return imageModel(work, made, (x) => made.loss({ images: x, ...words }));
}

function layer(work) {
  const { I, H, L, T, B, cell } = work;
  const made = new { rnn: unrolled.RNN, lstm: unrolled.LSTM, gru: unrolled.GRU }[cell](I, H, { numLayers: L });
  made.loadStateDict(new Map(recurrentParameters(work).map(([name, shape, data]) => [name, { shape, data }])));
  const x = tensor(uniform(101, T * B * I, 1), [T, B, I]);
  x.requiresGrad = true;
  const dy = tensor(uniform(102, T * B * H, 1), [T, B, H]);
  const pass = (read) =>
    scope(() => {
      x.zeroGrad();
      made.zeroGrad();
      const [y] = made.forward(x);
      y.backward(dy);
      return read(y, x.grad, made.cells[0].weightHh.grad);
    });
  const squares = (t) => t.storage.array.reduce((sum, v) => sum + v * v, 0);
  return {
    step: () => pass((y, dx) => y.storage.array[0] + dx.storage.array[0]),
    check: () => pass((...all) => all.map(squares)),
  };
}

function forward(work) {
  const made = model(work).eval();
  const x = indices(batch(work).inputs, [work.T, work.B]);
  const run = (read) => scope(() => noGrad(() => read(made.forward(x)[0].storage.array)));
  return {
    step: () => run((logits) => logits[0]),
    check: () => [run((logits) => logits.reduce((sum, v) => sum + v * v, 0))],
  };
}

function sample(work) {
  const stepper = unrolled.stepperOf(model(work).eval(), work.format);
  return samplingJob(
    work,
    (symbol) => stepper.step(symbol),
    () => stepper.reset(),
  );
}

function minchar(work) {
  const { V, H, T, lr, eps } = work;
  const made = new LanguageModel(V, { cell: 'rnn', hiddenSize: H, numLayers: 1, embeddingDim: 0 });
  const { Wxh, Whh, Why, bh, by } = minCharParameters(work);
  const start = {
    'recurrent.weight_ih_l0': [[H, V], Wxh],
    'recurrent.weight_hh_l0': [[H, H], Whh],
    'recurrent.bias_ih_l0': [[H], new Float32Array(H)],
    'recurrent.bias_hh_l0': [[H], bh],
    'decoder.weight': [[V, H], Why],
    'decoder.bias': [[V], by],
  };
  made.loadStateDict(new Map(Object.entries(start).map(([name, [shape, data]]) => [name, { shape, data }])));
  // The original has one bias: the other stays at zero.
  const trained = Array.from(made.namedParameters()).flatMap(([name, p]) =>
    name === 'recurrent.bias_ih_l0' ? [] : [p],
  );
  const optimizer = new unrolled.Adagrad(trained, { lr, eps });
  const carried = new unrolled.CarriedState();
  let chunk = 0;
  return {
    step() {
      if (chunk % minCharChunks === 0) carried.replace(null);
      const { inputs, targets } = minCharChunk(chunk++, work);
      return scope(() => {
        const { loss, state } = made.loss(indices(inputs, [T, 1]), indices(targets, [T, 1]), carried.value, 'sum');
        optimizer.zeroGrad();
        loss.backward();
        unrolled.clipGradValue(trained, 5);
        optimizer.step();
        carried.replace(state);
        return loss.itemSync();
      });
    },
  };
}

/** The lines of brain.js's task as one batch. */
function strings(work) {
  const { V, H, L, T, B, lr, clip } = work;
  const made = new LanguageModel(V, { cell: 'lstm', hiddenSize: H, numLayers: L, embeddingDim: 0 });
  const symbols = (shift) =>
    Array.from({ length: T - 1 }, (_, t) => Array.from({ length: B }, (_, b) => token(b * 997 + t + shift, V)));
  const x = indices(symbols(0));
  const y = indices(symbols(1));
  const parameters = made.parameters();
  const optimizer = new unrolled.Adam(parameters, { lr });
  return { step: () => trainingStep(parameters, optimizer, clip, () => made.loss(x, y).loss) };
}

const makers = { charlm, cold: charlm, seq2seq, cnn, caption, layer, forward, sample, minchar, strings };

await serve(async (work) => {
  await unrolled.useBackend(work.backend);
  return makers[work.kind](work);
});
