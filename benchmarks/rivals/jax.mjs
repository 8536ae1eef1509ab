// jax-js on wasm: the whole training step is one jitted function, since its eager mode is far slower. It has no scan, so the time steps are
// unrolled into the trace, which takes seconds to compile: `firstMs` shows it.
//
// Every use of an array inside a traced function takes a reference of its own (`.ref`), as the library's ownership rules ask.

import { init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
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

const array = (values, shape) => np.array(values).reshape(shape);
const matrix = (values, [rows, cols]) => array(transpose(values, [rows, cols]), [cols, rows]);

/** Weights by name, matrices as [in, out]. */
function parameters(work) {
  const all = {};
  for (const [name, shape, values] of modelParameters(work)) {
    const turned = shape.length === 2 && name !== 'embedding.weight';
    all[name] = turned ? matrix(values, shape) : array(values, shape);
  }
  return all;
}

function oneHot(tokens, V) {
  const rows = new Float32Array(tokens.length * V);
  tokens.forEach((token, i) => {
    rows[i * V + token] = 1;
  });
  return array(rows, [tokens.length, V]);
}

const mapValues = (tree, f) => Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, f(value, key)]));

const steps = {
  rnn: (x, product) => ({ h: np.tanh(x.add(product)) }),
  lstm: (x, product, { c }) => {
    const [i, f, g, o] = np.split(x.add(product), 4, 1);
    const next = nn
      .sigmoid(f)
      .mul(c)
      .add(nn.sigmoid(i).mul(np.tanh(g)));
    return { h: nn.sigmoid(o).mul(np.tanh(next.ref)), c: next };
  },
  gru: (x, product, { h }) => {
    const [xr, xz, xn] = np.split(x, 3, 1);
    const [hr, hz, hn] = np.split(product, 3, 1);
    const z = nn.sigmoid(xz.add(hz));
    const n = np.tanh(xn.add(nn.sigmoid(xr.add(hr)).mul(hn)));
    return { h: n.ref.add(z.mul(h.sub(n))) };
  },
};

/** x [T·B, V] one-hot → logits [T·B, V] and the states after it. */
function logits(p, work, x, T, B, states) {
  const { cell, L, H } = work;
  const after = [];
  let y = np.matmul(x, p['embedding.weight'].ref);
  for (let l = 0; l < L; l++) {
    const projected = np.matmul(y, p[`rnn.weight_ih_l${l}`].ref).add(p[`rnn.bias_ih_l${l}`].ref);
    const rows = T === 1 ? [projected] : np.split(projected, T, 0);
    let state = states?.[l] ?? { h: np.zeros([B, H]), ...(cell === 'lstm' ? { c: np.zeros([B, H]) } : {}) };
    const outputs = rows.map((row) => {
      const product = np.matmul(state.h.ref, p[`rnn.weight_hh_l${l}`].ref).add(p[`rnn.bias_hh_l${l}`].ref);
      state = steps[cell](row, product, state);
      return state.h.ref;
    });
    after.push(state);
    y = T === 1 ? outputs[0] : np.concatenate(outputs, 0);
  }
  return [np.matmul(y, p['decoder.weight'].ref).add(p['decoder.bias'].ref), after];
}

const crossEntropy = (y, targets) => nn.logSoftmax(y, -1).mul(targets).sum().neg();

function charlm(work) {
  const { V, T, B } = work;
  const { inputs, targets } = batch(work);
  const x = oneHot(inputs, V);
  const y = oneHot(targets, V);
  let p = parameters(work);
  let m = mapValues(p, (w) => np.zeros(w.shape));
  let v = mapValues(p, (w) => np.zeros(w.shape));
  const loss = (weights, xs, ys) => crossEntropy(logits(weights, work, xs, T, B)[0], ys).mul(1 / (T * B));
  // The two bias corrections are arguments: they change at every step, and the trace must not.
  const update = jit((weights, m1, v1, xs, ys, correction1, correction2) => {
    const [value, gradients] = valueAndGrad(loss)(
      mapValues(weights, (w) => w.ref),
      xs,
      ys,
    );
    const squares = Object.values(gradients).map((g) => np.square(g.ref).sum());
    const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
    const scale = np.minimum(1, np.array(work.clip).div(norm.add(1e-6)));
    const m2 = mapValues(m1, (a, name) => a.mul(0.9).add(gradients[name].ref.mul(scale.ref).mul(0.1)));
    const v2 = mapValues(v1, (a, name) => a.mul(0.999).add(np.square(gradients[name].mul(scale.ref)).mul(0.001)));
    const next = mapValues(weights, (w, name) => {
      const mean = m2[name].ref.mul(correction1.ref);
      const spread = np.sqrt(v2[name].ref.mul(correction2.ref)).add(1e-8);
      return w.sub(mean.div(spread).mul(work.lr));
    });
    return [value, next, m2, v2];
  });
  let count = 0;
  return {
    async step() {
      count++;
      const corrections = [1 / (1 - 0.9 ** count), 1 / (1 - 0.999 ** count)].map((c) => np.array(c));
      const [value, ...rest] = update(p, m, v, x.ref, y.ref, ...corrections);
      [p, m, v] = rest;
      return (await value.data())[0];
    },
  };
}

function sample(work) {
  const { V, H, L, cell } = work;
  const p = parameters(work);
  const eye = oneHot(
    Array.from({ length: V }, (_, i) => i),
    V,
  );
  const rows = np.split(eye, V, 0);
  const one = jit((weights, x, states) => logits(weights, work, x, 1, 1, states));
  let states = [];
  const reset = () => {
    states = Array.from({ length: L }, () => ({
      h: np.zeros([1, H]),
      ...(cell === 'lstm' ? { c: np.zeros([1, H]) } : {}),
    }));
  };
  reset();
  const next = async (token) => {
    const [y, after] = one(
      mapValues(p, (w) => w.ref),
      rows[token].ref,
      states,
    );
    states = after;
    return y.data();
  };
  return samplingJob(work, next, reset);
}

function minchar(work) {
  const { V, H, T, lr, eps } = work;
  const raw = minCharParameters(work);
  let p = {
    wx: matrix(raw.Wxh, [H, V]),
    wh: matrix(raw.Whh, [H, H]),
    wy: matrix(raw.Why, [V, H]),
    bh: array(raw.bh, [H]),
    by: array(raw.by, [V]),
  };
  let memory = mapValues(p, (w) => np.zeros(w.shape));
  let state = np.zeros([1, H]);
  const loss = (weights, xs, ys, h0) => {
    const rows = np.split(np.matmul(xs, weights.wx).add(weights.bh), T, 0);
    let h = h0;
    const hs = rows.map((row) => {
      h = np.tanh(row.add(np.matmul(h, weights.wh.ref)));
      return h.ref;
    });
    return [crossEntropy(np.matmul(np.concatenate(hs, 0), weights.wy).add(weights.by), ys), h];
  };
  const update = jit((weights, sums, xs, ys, h0) => {
    const [[value, h], gradients] = valueAndGrad(loss, { hasAux: true })(
      mapValues(weights, (w) => w.ref),
      xs,
      ys,
      h0,
    );
    const clipped = mapValues(gradients, (g) => np.clip(g, -5, 5));
    const next = mapValues(sums, (sum, name) => sum.add(np.square(clipped[name].ref)));
    const moved = mapValues(weights, (w, name) => w.sub(clipped[name].mul(lr).div(np.sqrt(next[name].ref).add(eps))));
    return [value, moved, next, h];
  });
  let chunk = 0;
  return {
    async step() {
      if (chunk % minCharChunks === 0) state = np.zeros([1, H]);
      const { inputs, targets } = minCharChunk(chunk++, work);
      const [value, ...rest] = update(p, memory, oneHot(inputs, V), oneHot(targets, V), state);
      [p, memory, state] = rest;
      return (await value.data())[0];
    },
  };
}

const makers = { charlm, cold: charlm, sample, minchar };

await serve(async (work) => {
  await init('wasm');
  return makers[work.kind](work);
});
