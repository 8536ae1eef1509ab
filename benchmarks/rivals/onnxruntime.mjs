// onnxruntime, inference only: its native build (work.backend 'node') and its wasm build ('web').

import { batch, samplingJob } from '../lib/data.mjs';
import { characterModel } from '../lib/onnx.mjs';
import { serve } from '../lib/serve.mjs';

await serve(async (work) => {
  const ort = await load(work);
  const session = (states) =>
    ort.InferenceSession.create(characterModel(work, states), {
      intraOpNumThreads: work.threads,
      interOpNumThreads: 1,
      executionProviders: [work.backend === 'web' ? 'wasm' : 'cpu'],
    });
  const tokens = (list, shape) => new ort.Tensor('int64', BigInt64Array.from(list, BigInt), shape);
  if (work.kind === 'forward') {
    const model = await session(false);
    const inputs = tokens(batch(work).inputs, [work.T, work.B]);
    const run = async () => (await model.run({ tokens: inputs })).logits.data;
    return {
      step: async () => (await run())[0],
      check: async () => [(await run()).reduce((sum, v) => sum + v * v, 0)],
    };
  }
  const model = await session(true);
  const names = model.inputNames.filter((name) => name !== 'tokens');
  const zeros = () =>
    Object.fromEntries(
      names.map((name) => [name, new ort.Tensor('float32', new Float32Array(work.H), [1, 1, work.H])]),
    );
  let state = zeros();
  const next = async (token) => {
    const out = await model.run({ tokens: tokens([token], [1, 1]), ...state });
    state = Object.fromEntries(names.map((name) => [name, out[`${name[0]}n${name.slice(1)}`]]));
    return out.logits.data;
  };
  return samplingJob(work, next, () => {
    state = zeros();
  });
});

async function load(work) {
  if (work.backend === 'node') return (await import('onnxruntime-node')).default;
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = work.threads;
  return ort;
}
