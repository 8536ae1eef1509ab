// A real speech detector as ONNX, in streaming steps: `node --import ./tools/ts.mjs benchmarks/silero.ts`. Silero VAD's weights become two models, one with
// an LSTM operator and one with its step written out, as its releases have them; both read its wave file chunk by chunk, here and in onnxruntime-node on
// one thread. Probabilities first, then the time of a chunk: the two alternate in one process, and the least of many rounds counts.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { currentBackend, noGrad, scope, type Tensor, tensor, useBackend } from 'unrolled';
import { readModel } from '@unrolled/convert';
import { sileroModel } from '../test/silero.ts';

const folder = join(import.meta.dirname, '../../shared/data/weights-silero-vad');
const chunk = 512;
const context = 64;

const wave = readFileSync(join(folder, 'test-first-19s.wav'));
const samples = new Int16Array(
  wave.buffer.slice(wave.byteOffset + 44, wave.byteOffset + wave.length - (wave.length % 2)),
);
const { probs } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
  readonly probs: readonly number[];
};
const chunks = probs.map((_, k) =>
  Float32Array.from({ length: context + chunk }, (_, i) => (samples[k * chunk + i - context] ?? 0) / 32768),
);

interface Session {
  run(feeds: object): Promise<Record<'probability' | 'hn' | 'cn', { readonly data: Float32Array<ArrayBuffer> }>>;
}
const ort = createRequire(import.meta.url)('onnxruntime-node') as {
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown;
};

await useBackend('native');
for (const form of ['LSTM', 'step'] as const) {
  const bytes = sileroModel(readFileSync(join(folder, 'silero_vad_16k.safetensors')), form);
  const began = performance.now();
  const model = (await readModel(bytes, { name: 'silero.onnx' })).module().frozen();
  const read = performance.now() - began;
  const [state, feed] = [
    () => tensor(new Float32Array(128), [1, 128]).keep(),
    (data: Float32Array<ArrayBuffer>) => new ort.Tensor('float32', data, [1, data.length]),
  ];
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  // Both read chunk by chunk, side by side; each carries its own state. Of every chunk, the least time of all rounds counts.
  const least = [new Float64Array(chunks.length).fill(Infinity), new Float64Array(chunks.length).fill(Infinity)];
  const errors = [0, 0];
  for (let round = 0; round < 20; round++) {
    let [h, c] = [state(), state()];
    let [hT, cT] = [new Float32Array(128), new Float32Array(128)];
    for (const [k, own] of chunks.entries()) {
      const start = performance.now();
      const p = noGrad(() =>
        scope(() => {
          const out = model.forward({ samples: tensor(own, [1, own.length]), h, c }) as Record<string, Tensor>;
          [h, c] = [out.hn.keep(), out.cn.keep()];
          return out.probability.itemSync();
        }),
      );
      const between = performance.now();
      const out = await session.run({ samples: feed(own), h: feed(hT), c: feed(cT) });
      [hT, cT] = [out.hn.data, out.cn.data];
      const end = performance.now();
      for (const [who, [ms, probability]] of [
        [between - start, p] as const,
        [end - between, out.probability.data[0]] as const,
      ].entries()) {
        least[who][k] = Math.min(least[who][k], ms);
        errors[who] = Math.max(errors[who], Math.abs(probability - probs[k]));
      }
    }
  }
  const best = least.map((list) => list.reduce((sum, ms) => sum + ms, 0) / chunks.length);
  console.log(
    `${form}: read in ${read.toFixed(0)} ms; largest error ${errors.map((e) => e.toExponential(1)).join(' (ours), ')} (onnxruntime); ` +
      `a chunk ${best.map((ms) => `${(1000 * ms).toFixed(0)} µs`).join(' (ours), ')} (onnxruntime): ${(best[1] / best[0]).toFixed(2)}×, ${currentBackend().name}`,
  );
}
