// min-char-rnn written by hand in plain JavaScript, one-hot inputs as indices: the rival that no JavaScript library beats.
//
//   h = tanh(Wxh[:, x] + Whh h + bh)     y = Why h + by     loss = −Σ log softmax(y)[target]

import { minCharChunk, minCharChunks, minCharParameters } from '../lib/data.mjs';
import { serve } from '../lib/serve.mjs';

await serve((work) => {
  const { V, H, T } = work;
  const parameters = Object.values(minCharParameters(work)).map((values) => Float64Array.from(values));
  const [Wxh, Whh, Why, bh, by] = parameters;
  const gradients = parameters.map((p) => new Float64Array(p.length));
  const [dWxh, dWhh, dWhy, dbh, dby] = gradients;
  const memory = parameters.map((p) => new Float64Array(p.length));
  const hs = Array.from({ length: T + 1 }, () => new Float64Array(H)); // hs[0] is the state carried in
  const ps = Array.from({ length: T }, () => new Float64Array(V));
  const dh = new Float64Array(H);
  const dhNext = new Float64Array(H);
  let chunk = 0;

  function forward(inputs, targets) {
    let loss = 0;
    for (let t = 0; t < T; t++) {
      const before = hs[t];
      const h = hs[t + 1];
      for (let j = 0; j < H; j++) {
        let sum = bh[j] + Wxh[j * V + inputs[t]];
        for (let k = 0, at = j * H; k < H; k++) sum += Whh[at + k] * before[k];
        h[j] = Math.tanh(sum);
      }
      const p = ps[t];
      let top = -Infinity;
      for (let v = 0; v < V; v++) {
        let sum = by[v];
        for (let k = 0, at = v * H; k < H; k++) sum += Why[at + k] * h[k];
        p[v] = sum;
        if (sum > top) top = sum;
      }
      let total = 0;
      for (let v = 0; v < V; v++) total += p[v] = Math.exp(p[v] - top);
      for (let v = 0; v < V; v++) p[v] /= total;
      loss -= Math.log(p[targets[t]]);
    }
    return loss;
  }

  function backward(inputs, targets) {
    for (const gradient of gradients) gradient.fill(0);
    dhNext.fill(0);
    for (let t = T - 1; t >= 0; t--) {
      const h = hs[t + 1];
      const before = hs[t];
      const dy = ps[t];
      dy[targets[t]] -= 1;
      dh.set(dhNext);
      for (let v = 0; v < V; v++) {
        const d = dy[v];
        dby[v] += d;
        for (let k = 0, at = v * H; k < H; k++) {
          dWhy[at + k] += d * h[k];
          dh[k] += Why[at + k] * d;
        }
      }
      dhNext.fill(0);
      for (let j = 0; j < H; j++) {
        const d = (1 - h[j] * h[j]) * dh[j];
        dbh[j] += d;
        dWxh[j * V + inputs[t]] += d;
        for (let k = 0, at = j * H; k < H; k++) {
          dWhh[at + k] += d * before[k];
          dhNext[k] += Whh[at + k] * d;
        }
      }
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
        p[i] -= (0.1 * d) / Math.sqrt(m[i] + 1e-8);
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
