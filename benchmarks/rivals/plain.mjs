// min-char-rnn written by hand in plain JavaScript, one-hot inputs as indices: the rival that no JavaScript library beats.
//
//   h = tanh(Wxh[:, x] + Whh h + bh)     y = Why h + by     loss = −Σ log softmax(y)[target]
//
// Typed arrays of doubles (floats would be converted at every load), nothing allocated in a step. Written twice: row by row, as everybody
// writes it, and with work.blocked four rows at a time, which gives four sums that do not wait for each other and one load of x for four.

import { minCharChunk, minCharChunks, minCharParameters } from '../lib/data.mjs';
import { serve } from '../lib/serve.mjs';

/** y += W x, W [rows, cols], from row `first` on. */
function addProduct(y, W, x, rows, cols, first = 0) {
  for (let r = first; r < rows; r++) {
    let sum = y[r];
    for (let k = 0, at = r * cols; k < cols; k++) sum += W[at + k] * x[k];
    y[r] = sum;
  }
}

/** The gradients of that: dW += dy xᵀ and dx += Wᵀ dy. */
function addGradients(dW, dx, W, x, dy, rows, cols, first = 0) {
  for (let r = first; r < rows; r++) {
    const d = dy[r];
    for (let k = 0, at = r * cols; k < cols; k++) {
      dW[at + k] += d * x[k];
      dx[k] += W[at + k] * d;
    }
  }
}

function addProductBlocked(y, W, x, rows, cols) {
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const at0 = r * cols;
    const at1 = at0 + cols;
    const at2 = at1 + cols;
    const at3 = at2 + cols;
    let s0 = y[r];
    let s1 = y[r + 1];
    let s2 = y[r + 2];
    let s3 = y[r + 3];
    for (let k = 0; k < cols; k++) {
      const xk = x[k];
      s0 += W[at0 + k] * xk;
      s1 += W[at1 + k] * xk;
      s2 += W[at2 + k] * xk;
      s3 += W[at3 + k] * xk;
    }
    y[r] = s0;
    y[r + 1] = s1;
    y[r + 2] = s2;
    y[r + 3] = s3;
  }
  addProduct(y, W, x, rows, cols, r);
}

function addGradientsBlocked(dW, dx, W, x, dy, rows, cols) {
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const at0 = r * cols;
    const at1 = at0 + cols;
    const at2 = at1 + cols;
    const at3 = at2 + cols;
    const d0 = dy[r];
    const d1 = dy[r + 1];
    const d2 = dy[r + 2];
    const d3 = dy[r + 3];
    for (let k = 0; k < cols; k++) {
      const xk = x[k];
      dW[at0 + k] += d0 * xk;
      dW[at1 + k] += d1 * xk;
      dW[at2 + k] += d2 * xk;
      dW[at3 + k] += d3 * xk;
      dx[k] += W[at0 + k] * d0 + W[at1 + k] * d1 + W[at2 + k] * d2 + W[at3 + k] * d3;
    }
  }
  addGradients(dW, dx, W, x, dy, rows, cols, r);
}

await serve((work) => {
  const { V, H, T, lr, eps } = work;
  const product = work.blocked ? addProductBlocked : addProduct;
  const backProduct = work.blocked ? addGradientsBlocked : addGradients;
  const parameters = Object.values(minCharParameters(work)).map((values) => Float64Array.from(values));
  const [Wxh, Whh, Why, bh, by] = parameters;
  const gradients = parameters.map((p) => new Float64Array(p.length));
  const [dWxh, dWhh, dWhy, dbh, dby] = gradients;
  const memory = parameters.map((p) => new Float64Array(p.length));
  const hs = Array.from({ length: T + 1 }, () => new Float64Array(H)); // hs[0] is the state carried in
  const ps = Array.from({ length: T }, () => new Float64Array(V));
  const dh = new Float64Array(H);
  const da = new Float64Array(H); // under the tanh
  let chunk = 0;

  function forward(inputs, targets) {
    let loss = 0;
    for (let t = 0; t < T; t++) {
      const h = hs[t + 1];
      for (let j = 0; j < H; j++) h[j] = bh[j] + Wxh[j * V + inputs[t]];
      product(h, Whh, hs[t], H, H);
      for (let j = 0; j < H; j++) h[j] = Math.tanh(h[j]);
      const p = ps[t];
      p.set(by);
      product(p, Why, h, V, H);
      let top = -Infinity;
      for (let v = 0; v < V; v++) if (p[v] > top) top = p[v];
      let total = 0;
      for (let v = 0; v < V; v++) total += p[v] = Math.exp(p[v] - top);
      for (let v = 0; v < V; v++) p[v] /= total;
      loss -= Math.log(p[targets[t]]);
    }
    return loss;
  }

  function backward(inputs, targets) {
    for (const gradient of gradients) gradient.fill(0);
    dh.fill(0);
    for (let t = T - 1; t >= 0; t--) {
      const h = hs[t + 1];
      const dy = ps[t];
      dy[targets[t]] -= 1;
      for (let v = 0; v < V; v++) dby[v] += dy[v];
      backProduct(dWhy, dh, Why, h, dy, V, H);
      for (let j = 0; j < H; j++) {
        da[j] = (1 - h[j] * h[j]) * dh[j];
        dbh[j] += da[j];
        dWxh[j * V + inputs[t]] += da[j];
      }
      dh.fill(0);
      backProduct(dWhh, dh, Whh, hs[t], da, H, H);
    }
  }

  function adagrad() {
    for (let n = 0; n < parameters.length; n++) {
      const p = parameters[n];
      const g = gradients[n];
      const m = memory[n];
      for (let i = 0; i < p.length; i++) {
        const d = g[i] > 5 ? 5 : g[i] < -5 ? -5 : g[i];
        m[i] += d * d;
        p[i] -= (lr * d) / (Math.sqrt(m[i]) + eps);
      }
    }
  }

  return {
    step() {
      if (chunk % minCharChunks === 0) hs[0].fill(0);
      const { inputs, targets } = minCharChunk(chunk++, work);
      const loss = forward(inputs, targets);
      backward(inputs, targets);
      adagrad();
      hs[0].set(hs[T]);
      return loss;
    },
  };
});
