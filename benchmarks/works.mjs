// What is timed. A work is plain data: every contender reads the same description.
//
// V vocabulary, I input size, H hidden size, L layers, B batch, T time steps. `gflop` counts the matrix products of one step (backward
// is two more of each), `items` what a step gets through.

import { gateCount } from './lib/data.mjs';

/** Multiply-adds of one pass through a recurrent stack, as floating-point operations. */
const stackFlop = ({ cell, I, H, L, B, T }) => 2 * T * B * gateCount[cell] * H * (I + H + (L - 1) * 2 * H);

const decoderFlop = ({ V, H, B, T }) => 2 * T * B * V * H;

/** One training step of a character model: embedding → layers → linear → cross-entropy → backward → clip to norm 5 → Adam. */
function charlm(cell, size) {
  const work = { kind: 'charlm', cell, V: 65, L: 2, lr: 0.002, clip: 5, ...size };
  return {
    ...work,
    gflop: (3 * (stackFlop({ ...work, I: work.H }) + decoderFlop(work))) / 1e9,
    items: work.T * work.B,
    unit: 'tokens/s',
  };
}

/** One training step of a translator: biGRU encoder, GRU decoder with additive attention, both of H; clip to norm 1, Adam. */
function seq2seq({ V, E, H, B, T }) {
  const step = 2 * 3 * H * (E + H) + 2 * H * H + H * H + 3 * H * (E + 3 * H) + H * (3 * H + E) + V * H;
  return {
    kind: 'seq2seq',
    cell: 'gru',
    V,
    E,
    H,
    B,
    T,
    lr: 0.001,
    clip: 1,
    gflop: (3 * 2 * T * B * step) / 1e9,
    items: T * B,
    unit: 'target tokens/s',
  };
}

const seen = { B: 32, size: 64, channels: [32, 64, 128, 256] };

/** Multiply-adds of the convolutions on one image: 3×3, each with stride 2. */
const convolutions = ({ size, channels }) =>
  channels.reduce((sum, C, k) => sum + 9 * C * (k === 0 ? 3 : channels[k - 1]) * (size / 2 ** (k + 1)) ** 2, 0);

/** One training step of a small convolutional network: four stages with batch norm and ReLU, mean, ten classes. */
function cnn() {
  const gflop = (6 * seen.B * convolutions(seen)) / 1e9;
  return { kind: 'cnn', ...seen, V: 10, lr: 0.001, clip: 5, gflop, items: seen.B, unit: 'images/s' };
}

/** One training step of a captioner: that network, and an LSTM that attends to 16 regions before each of T words. */
function caption({ V, H, T }) {
  const D = seen.channels.at(-1);
  const R = (seen.size / 2 ** seen.channels.length) ** 2;
  const word = 4 * H * (H + D + H) + H * H + R * (H + D) + 2 * H * H + V * H;
  const gflop = (6 * seen.B * (convolutions(seen) + R * D * H + T * word)) / 1e9;
  return { kind: 'caption', ...seen, V, H, T, lr: 0.001, clip: 5, gflop, items: seen.B * T, unit: 'words/s' };
}

/** A recurrent stack alone, forward and backward, gradients of input and weights. */
function layer(cell, size) {
  const work = { kind: 'layer', cell, I: size.H, L: 1, ...size };
  return { ...work, gflop: (3 * stackFlop(work)) / 1e9, items: work.T * work.B, unit: 'tokens/s' };
}

const small = { H: 128, B: 50, T: 50 };
const large = { H: 512, B: 32, T: 64 };
const cells = ['rnn', 'lstm', 'gru'];

/** Powers of two from a to b. */
const doubling = (a, b) => Array.from({ length: Math.log2(b / a) + 1 }, (_, i) => a * 2 ** i);

export const works = Object.fromEntries([
  ...cells.flatMap((cell) => [
    [`charlm-${cell}-128`, charlm(cell, small)],
    [`charlm-${cell}-512`, charlm(cell, large)],
  ]),
  ...cells.flatMap((cell) => [
    [`recurrent-${cell}-128`, layer(cell, { ...small, L: 2 })],
    [`recurrent-${cell}-512`, layer(cell, { ...large, L: 2 })],
    [`${cell}-layer-512`, layer(cell, large)],
  ]),
  ['seq2seq-gru-512', seq2seq({ V: 8000, E: 512, H: 512, B: 64, T: 20 })],
  ['cnn', cnn()],
  ['caption', caption({ V: 1000, H: 256, T: 16 })],
  [
    'min-char-rnn',
    {
      kind: 'minchar',
      V: 65,
      H: 100,
      B: 1,
      T: 25,
      lr: 0.1,
      // Outside of the root, as PyTorch has it. Large: after one step Adagrad moves by lr·g/(|g| + eps), the sign of the gradient where eps is
      // small, and the sign of a gradient of 1e-8 is noise.
      eps: 1e-4,
      checkSteps: 3,
      learnsAfter: 2000, // before that its loss goes up as often as down
      items: 1,
      unit: 'steps/s',
      gflop: (6 * 25 * 100 * 165) / 1e9,
    },
  ],
  [
    'sampling',
    {
      kind: 'sample',
      cell: 'lstm',
      V: 65,
      H: 512,
      L: 2,
      B: 1,
      T: 1,
      tokens: 100,
      temperature: 0.8,
      items: 100,
      unit: 'tokens/s',
    },
  ],
  [
    'forward',
    {
      kind: 'forward',
      cell: 'lstm',
      V: 65,
      L: 2,
      ...large,
      gflop: forwardFlop() / 1e9,
      items: 32 * 64,
      unit: 'tokens/s',
    },
  ],
  [
    'strings',
    {
      kind: 'strings',
      cell: 'lstm',
      V: 65,
      H: 128,
      L: 1,
      B: 8,
      T: 43,
      lr: 0.01,
      clip: 5,
      items: 8 * 43,
      unit: 'characters/s',
    },
  ],
  ...doubling(32, 4096).map((T) => [`scaling-T-${T}`, layer('lstm', { H: 128, B: 8, T })]),
  ...doubling(1, 256).map((B) => [`scaling-B-${B}`, layer('lstm', { H: 256, B, T: 64 })]),
  ...doubling(32, 2048).map((H) => [`scaling-H-${H}`, layer('lstm', { H, B: 16, T: 16 })]),
  ['cold-start', { ...charlm('lstm', { H: 32, B: 4, T: 16 }), kind: 'cold' }],
]);

function forwardFlop() {
  const work = { cell: 'lstm', V: 65, I: 512, L: 2, ...large };
  return stackFlop(work) + decoderFlop(work);
}

/** The same work at a size that runs in milliseconds: shows that a contender works, not how fast. */
export function shrink(work) {
  const sizes = { V: 11, I: 8, E: 8, H: 8, B: 3, T: 6, size: 32, tokens: 5 };
  const small = Object.entries(sizes).filter(([key, size]) => work[key] > size);
  return { ...work, ...Object.fromEntries(small), gflop: undefined, items: undefined };
}
