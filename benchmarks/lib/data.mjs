// The same model and the same tokens for every contender, by formula: so that their losses can be compared number by number.
// rivals/pytorch.py and rivals/onednn.cpp have the same few lines.

/** Mixes the bits of a 32-bit integer (lowbias32). */
export function hash32(x) {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Element i of tensor n: even in ±bound. */
export function uniform(n, length, bound) {
  const out = new Float32Array(length);
  const offset = Math.imul(n, 0x9e3779b9);
  for (let i = 0; i < length; i++) out[i] = bound * ((hash32((i + offset) | 0) / 4294967296) * 2 - 1);
  return out;
}

/** Token i of an endless text: twelve words of five letters, in a mixed order. */
export function token(i, V) {
  const word = hash32((i / 5) | 0) % 12;
  return hash32(1000 + word * 5 + (i % 5)) % V;
}

/** Inputs and targets, both [T, B] in row-major order: B streams of the text. */
export function batch({ T, B, V }) {
  const inputs = new Int32Array(T * B);
  const targets = new Int32Array(T * B);
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      inputs[t * B + b] = token(b * 997 + t, V);
      targets[t * B + b] = token(b * 997 + t + 1, V);
    }
  }
  return { inputs, targets };
}

export const gateCount = { rnn: 1, lstm: 4, gru: 3 };

/**
 * Parameters of a recurrent stack under PyTorch's names: [name, shape, values]. Tensor numbers count from `first`.
 * They are even in ±1/√H, as PyTorch draws them.
 */
export function recurrentParameters({ cell, I, H, L }, first = 1) {
  const rows = gateCount[cell] * H;
  const list = [];
  for (let layer = 0; layer < L; layer++) {
    const input = layer === 0 ? I : H;
    list.push([`weight_ih_l${layer}`, [rows, input]], [`weight_hh_l${layer}`, [rows, H]]);
    list.push([`bias_ih_l${layer}`, [rows]], [`bias_hh_l${layer}`, [rows]]);
  }
  return list.map(([name, shape], k) => [name, shape, uniform(first + k, product(shape), 1 / Math.sqrt(H))]);
}

/** A character model: embedding [V, H], recurrent stack, decoder. */
export function modelParameters(work) {
  const { V, H, L } = work;
  const bound = 1 / Math.sqrt(H);
  return [
    ['embedding.weight', [V, H], uniform(1, V * H, 1)],
    ...recurrentParameters({ ...work, I: H }, 2).map(([name, ...rest]) => [`rnn.${name}`, ...rest]),
    ['decoder.weight', [V, H], uniform(2 + 4 * L, V * H, bound)],
    ['decoder.bias', [V], uniform(3 + 4 * L, V, bound)],
  ];
}

/** A translator with additive attention, in the order of `Seq2Seq`'s parameters. E embedding, H each direction of the encoder and the decoder. */
export function seq2seqParameters({ V, E, H }) {
  const gru = (input) => [[3 * H, input], [3 * H, H], [3 * H], [3 * H]];
  const names = ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'];
  const layer = (prefix, input, suffix = '') => gru(input).map((shape, k) => [`${prefix}.${names[k]}${suffix}`, shape]);
  const list = [
    ['encoder.symbols.embedding.weight', [V, E]],
    ...layer('encoder.recurrent', E),
    ...layer('encoder.recurrent', E, '_reverse'),
    ['symbols.embedding.weight', [V, E]],
    ['decoder.bridge.linear.0.weight', [H, 2 * H]],
    ['decoder.bridge.linear.0.bias', [H]],
    ...layer('decoder.layers.0', E + 2 * H),
    ['decoder.attention.v', [H]],
    ['decoder.attention.query.weight', [H, H]],
    ['decoder.attention.key.weight', [H, 2 * H]],
    ['decoder.readout.weight', [H, 3 * H + E]],
    ['decoder.readout.bias', [H]],
    ['output.weight', [V, H]],
    ['output.bias', [V]],
  ];
  return list.map(([name, shape], k) => {
    const bound = name.includes('embedding') ? 1 : 1 / Math.sqrt(H);
    return [name, shape, uniform(1 + k, product(shape), bound)];
  });
}

/** A source and a target of T symbols each in B rows: what the encoder reads, what the decoder reads, and the target. */
export function pairs({ T, B, V }) {
  const symbols = (offset) =>
    Int32Array.from({ length: T * B }, (_, at) => token((at % B) * 997 + Math.floor(at / B) + offset, V));
  return { source: symbols(0), input: symbols(500), target: symbols(501) };
}

/**
 * Values for an encoder, one for each of its parameters ([name, shape], in their order); null for batch norms, which keep theirs.
 * Even in ±1/√fan-in, embeddings in ±1.
 */
export function convNetValues(parameters) {
  return parameters.map(([name, shape], k) => {
    if (/(^|\.)stages\.\d+\.1\./.test(name)) return null;
    const fanIn = product(shape.length > 1 ? shape.slice(1) : shape);
    return uniform(1 + k, product(shape), name.startsWith('embedding') ? 1 : 1 / Math.sqrt(fanIn));
  });
}

/** Images [B, 3, size, size], no two alike. */
export function images({ B, size }) {
  return uniform(901, B * 3 * size * size, 1);
}

/** min-char-rnn's five: Wxh [H, V], Whh [H, H], Why [V, H], bh [H], by [V]; small weights, no biases. */
export function minCharParameters({ V, H }) {
  return {
    Wxh: uniform(1, H * V, 0.01),
    Whh: uniform(2, H * H, 0.01),
    Why: uniform(3, V * H, 0.01),
    bh: new Float32Array(H),
    by: new Float32Array(V),
  };
}

export const minCharChunks = 400;

/** Chunk k of min-char-rnn's text: T inputs and T targets; the text starts again after `minCharChunks`. */
export function minCharChunk(k, { T, V }) {
  const at = (k % minCharChunks) * T;
  return {
    inputs: Array.from({ length: T }, (_, t) => token(at + t, V)),
    targets: Array.from({ length: T }, (_, t) => token(at + t + 1, V)),
  };
}

export function product(shape) {
  return shape.reduce((a, b) => a * b, 1);
}

/** Row-major [rows, cols] → [cols, rows]. */
export function transpose(values, [rows, cols]) {
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) out[c * rows + r] = values[r * cols + c];
  return out;
}

/** Softmax at a temperature and a draw from it: the loop around every contender's sampling step. */
export function draw(logits, temperature, random) {
  let top = -Infinity;
  for (const logit of logits) if (logit > top) top = logit;
  const weights = new Float64Array(logits.length);
  let sum = 0;
  for (let v = 0; v < logits.length; v++) sum += weights[v] = Math.exp((logits[v] - top) / temperature);
  let rest = random() * sum;
  for (let v = 0; v < logits.length; v++) {
    rest -= weights[v];
    if (rest < 0) return v;
  }
  return logits.length - 1;
}

/** log p(next) under these logits. */
export function logProbability(logits, next) {
  const top = Math.max(...logits);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  return logits[next] - top - Math.log(sum);
}

/** Tokens of the forced text that checks a sampler, before anything is timed. */
export const forcedTokens = 20;

/** A job of the `sample` kind from one function: `next(token)` → the logits, its state carried along. */
export function samplingJob(work, next, reset) {
  let state = 12345;
  const random = () => hash32(state++) / 4294967296;
  return {
    async check() {
      await reset();
      let likelihood = 0;
      let size = 0;
      for (let i = 0; i < forcedTokens; i++) {
        const logits = await next(token(i, work.V));
        likelihood += logProbability(logits, token(i + 1, work.V));
        for (const logit of logits) size += logit * logit;
      }
      return [likelihood, size];
    },
    async step() {
      let current = 0;
      for (let i = 0; i < work.tokens; i++) current = draw(await next(current), work.temperature, random);
      return current;
    },
  };
}
