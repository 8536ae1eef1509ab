// TensorFlow.js, over its core operations: the quickest way to train a recurrent network with it, since its layers add bookkeeping.
// The input product of all steps is one matrix product; the embedding is a product with one-hot rows, for its own can't be trained on wasm.

import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  batch,
  minCharChunk,
  minCharChunks,
  minCharParameters,
  modelParameters,
  samplingJob,
  transpose,
} from '../lib/data.mjs';
import { serve } from '../lib/serve.mjs';

/** Weights as variables, matrices transposed to [in, out], which is the form that tfjs multiplies fastest. */
function variables(work) {
  const all = {};
  for (const [name, shape, values] of modelParameters(work)) {
    const matrix = shape.length === 2 && name !== 'embedding.weight';
    all[name] = tf.variable(
      matrix ? tf.tensor2d(transpose(values, shape), [shape[1], shape[0]]) : tf.tensor(values, shape),
    );
  }
  return all;
}

const steps = {
  rnn: (x, h) => ({ h: tf.tanh(tf.add(x, h.product)) }),
  lstm: (x, { product, c }) => {
    const [i, f, g, o] = tf.split(tf.add(x, product), 4, 1);
    const next = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    return { h: tf.mul(tf.sigmoid(o), tf.tanh(next)), c: next };
  },
  gru: (x, { product, h }) => {
    const [xr, xz, xn] = tf.split(x, 3, 1);
    const [hr, hz, hn] = tf.split(product, 3, 1);
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
    return { h: tf.add(n, tf.mul(z, tf.sub(h, n))) };
  },
};

/** oneHot [T·B, V] → logits [T·B, V]; states, one a layer, are replaced. */
function logits(p, work, oneHot, T, B, states) {
  const { cell, L, H } = work;
  let x = tf.matMul(oneHot, p['embedding.weight']);
  for (let l = 0; l < L; l++) {
    const projected = tf.add(tf.matMul(x, p[`rnn.weight_ih_l${l}`]), p[`rnn.bias_ih_l${l}`]);
    const rows = T === 1 ? [projected] : tf.unstack(tf.reshape(projected, [T, B, -1]));
    let state = states[l] ?? { h: tf.zeros([B, H]), c: tf.zeros([B, H]) };
    const outputs = rows.map((row) => {
      const product = tf.add(tf.matMul(state.h, p[`rnn.weight_hh_l${l}`]), p[`rnn.bias_hh_l${l}`]);
      state = steps[cell](row, { ...state, product });
      return state.h;
    });
    states[l] = state;
    x = T === 1 ? outputs[0] : tf.reshape(tf.stack(outputs), [T * B, H]);
  }
  return tf.add(tf.matMul(x, p['decoder.weight']), p['decoder.bias']);
}

function charlm(work) {
  const { V, T, B } = work;
  const p = variables(work);
  const { inputs, targets } = batch(work);
  const x = tf.cast(tf.oneHot(tf.tensor1d(inputs, 'int32'), V), 'float32');
  const y = tf.cast(tf.oneHot(tf.tensor1d(targets, 'int32'), V), 'float32');
  const optimizer = tf.train.adam(work.lr, 0.9, 0.999, 1e-8);
  const loss = () => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits(p, work, x, T, B, [])), y), 1)));
  return {
    step: () =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(loss);
        const all = Object.values(grads);
        const norm = tf.sqrt(tf.addN(all.map((g) => tf.sum(tf.square(g)))));
        const scale = tf.minimum(1, tf.div(work.clip, tf.add(norm, 1e-6)));
        for (const name in grads) grads[name] = tf.mul(grads[name], scale);
        optimizer.applyGradients(grads);
        return value.dataSync()[0];
      }),
  };
}

function forward(work) {
  const { V, T, B } = work;
  const p = variables(work);
  const x = tf.cast(tf.oneHot(tf.tensor1d(batch(work).inputs, 'int32'), V), 'float32');
  const run = () => tf.tidy(() => logits(p, work, x, T, B, []).dataSync());
  return { step: () => run()[0], check: () => [run().reduce((sum, v) => sum + v * v, 0)] };
}

function sample(work) {
  const p = variables(work);
  let states = [];
  const dispose = (list) => list.forEach((state) => tf.dispose(state));
  const next = (token) => {
    const before = states;
    const out = tf.tidy(() => {
      const after = [...before];
      const y = logits(p, work, tf.cast(tf.oneHot(tf.tensor1d([token], 'int32'), work.V), 'float32'), 1, 1, after);
      return { after, y };
    });
    states = out.after;
    dispose(before);
    const values = out.y.dataSync();
    out.y.dispose();
    return values;
  };
  return samplingJob(work, next, () => {
    dispose(states);
    states = [];
  });
}

function minchar(work) {
  const { V, H, T, lr, eps } = work;
  const { Wxh, Whh, Why, bh, by } = minCharParameters(work);
  const p = {
    wx: tf.variable(tf.tensor2d(transpose(Wxh, [H, V]), [V, H])),
    wh: tf.variable(tf.tensor2d(transpose(Whh, [H, H]), [H, H])),
    wy: tf.variable(tf.tensor2d(transpose(Why, [V, H]), [H, V])),
    bh: tf.variable(tf.tensor1d(bh)),
    by: tf.variable(tf.tensor1d(by)),
  };
  // Its own Adagrad has an eps of 1e-7 under the root that cannot be changed.
  const sums = Object.fromEntries(Object.values(p).map((v) => [v.name, tf.variable(tf.zerosLike(v))]));
  const adagrad = (v, gradient) => {
    const g = tf.clipByValue(gradient, -5, 5);
    sums[v.name].assign(tf.add(sums[v.name], tf.square(g)));
    v.assign(tf.sub(v, tf.mul(lr, tf.div(g, tf.add(tf.sqrt(sums[v.name]), eps)))));
  };
  let state = tf.zeros([1, H]);
  let chunk = 0;
  return {
    step() {
      if (chunk % minCharChunks === 0) state = tf.zeros([1, H]);
      const { inputs, targets } = minCharChunk(chunk++, work);
      const before = state;
      let value = 0;
      tf.tidy(() => {
        const x = tf.cast(tf.oneHot(tf.tensor1d(inputs, 'int32'), V), 'float32');
        const y = tf.cast(tf.oneHot(tf.tensor1d(targets, 'int32'), V), 'float32');
        let h = before;
        const result = tf.variableGrads(() => {
          const rows = tf.split(tf.add(tf.matMul(x, p.wx), p.bh), T, 0);
          const hs = rows.map((row) => (h = tf.tanh(tf.add(row, tf.matMul(h, p.wh)))));
          state = tf.keep(h);
          return tf.neg(tf.sum(tf.mul(tf.logSoftmax(tf.add(tf.matMul(tf.concat(hs, 0), p.wy), p.by)), y)));
        });
        for (const v of Object.values(p)) adagrad(v, result.grads[v.name]);
        value = result.value.dataSync()[0];
      });
      before.dispose();
      return value;
    },
  };
}

const makers = { charlm, cold: charlm, forward, sample, minchar };

await serve(async (work) => {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${path.dirname(entry)}${path.sep}`);
  await tf.setBackend(work.backend);
  await tf.ready();
  return makers[work.kind](work);
});
