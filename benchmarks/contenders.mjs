// Who is timed. Each contender is a process of its own that speaks the protocol of lib/serve.mjs.
//
// `kinds` are the works that it can do; `needs` is what lib/install.mjs prepares for it; `gflopLimit` keeps a slow one out of large works;
// `ownTask` marks one that can't be given our parameters, so that only its loss can be looked at.

import { fileURLToPath } from 'node:url';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const node = (script, ...flags) => [process.execPath, ...flags, file(script)];

const training = ['charlm', 'seq2seq', 'cnn', 'caption', 'layer', 'minchar', 'cold'];
const everything = [...training, 'sample', 'forward', 'strings'];

function ours(backend, threads, formats = ['float32']) {
  const label =
    backend === 'reference' ? 'unrolled reference' : `unrolled ${backend}, ${threads} thread${threads > 1 ? 's' : ''}`;
  return formats.map((format) => ({
    id: `${backend}${backend === 'reference' ? '' : `-${threads}`}${format === 'float32' ? '' : `-${format}`}`,
    label: format === 'float32' ? label : `${label}, ${format} weights`,
    command: node('unrolled.mjs'),
    own: true,
    extra: { backend, threads, format },
    environment: { UNROLLED_BACKEND: backend, UNROLLED_THREADS: String(threads) },
    kinds: format === 'float32' ? everything : ['sample'],
    // The definition in plain loops: it is there to be equal, not to be quick.
    ...(backend === 'reference' ? { gflopLimit: 1 } : {}),
    ...(format === 'float32' ? {} : { tolerance: 0.05 }),
  }));
}

const torch = (threads) => ({
  id: `pytorch-${threads}`,
  label: `PyTorch, ${threads} thread${threads > 1 ? 's' : ''}`,
  command: ['python', file('rivals/pytorch.py')],
  extra: { threads },
  kinds: [...training, 'sample', 'forward'],
  needs: 'pytorch',
});

const oneDnn = (threads) => ({
  id: `onednn-${threads}`,
  label: `oneDNN, ${threads} thread${threads > 1 ? 's' : ''}`,
  command: [file('build/onednn')],
  extra: { threads },
  environment: { OMP_NUM_THREADS: String(threads) },
  kinds: ['layer'],
  needs: 'onednn',
});

const onnx = (backend, threads) => ({
  id: `onnxruntime-${backend}-${threads}`,
  label: `onnxruntime-${backend}, ${threads} thread${threads > 1 ? 's' : ''}`,
  command: node('rivals/onnxruntime.mjs'),
  extra: { backend, threads },
  kinds: ['sample', 'forward'],
  needs: 'npm',
});

export const contenders = [
  ...ours('reference', 1),
  ...ours('native', 1),
  ...ours('native', 2, ['float32', 'bfloat16', 'int8']),
  ...ours('wasm', 1),
  ...ours('wasm', 2, ['float32', 'bfloat16', 'int8']),
  { id: 'plain', label: 'plain JavaScript', command: node('rivals/plain.mjs'), extra: {}, kinds: ['minchar'] },
  {
    id: 'plain-blocked',
    label: 'plain JavaScript, four rows at a time',
    command: node('rivals/plain.mjs'),
    extra: { blocked: true },
    kinds: ['minchar'],
  },
  {
    id: 'tfjs-wasm',
    label: 'TensorFlow.js 4.22, wasm',
    command: node('rivals/tfjs.mjs'),
    extra: { backend: 'wasm', threads: 1 },
    kinds: ['charlm', 'cold', 'minchar', 'sample', 'forward'],
    needs: 'npm',
  },
  {
    id: 'tfjs-cpu',
    label: 'TensorFlow.js 4.22, cpu',
    command: node('rivals/tfjs.mjs'),
    extra: { backend: 'cpu', threads: 1 },
    kinds: ['charlm', 'cold', 'minchar', 'sample'],
    gflopLimit: 2,
    needs: 'npm',
  },
  {
    id: 'jax-js',
    label: 'jax-js 0.1.25, wasm',
    command: node('rivals/jax.mjs'),
    extra: { threads: 1 },
    kinds: ['charlm', 'cold', 'minchar', 'sample'],
    needs: 'npm',
  },
  {
    id: 'brain.js',
    label: 'brain.js 1.6.1',
    command: node('rivals/brain.mjs'),
    extra: {},
    kinds: ['strings'],
    needs: 'npm',
    ownTask: true,
  },
  onnx('node', 1),
  onnx('node', 2),
  onnx('web', 1),
  onnx('web', 2),
  torch(1),
  torch(2),
  oneDnn(1),
  oneDnn(2),
];

/** Can this contender do this work, and in bearable time? */
export function takesPart(contender, work) {
  if (!contender.kinds.includes(work.kind)) return false;
  if (work.kind === 'cold' && contender.extra.threads === 2) return false;
  return !(contender.gflopLimit < (work.gflop ?? 0));
}
