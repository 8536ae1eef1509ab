// Silero VAD, where its published weights are beside the checkout: as ONNX in both forms, chunk by chunk over its wave file, frozen and not.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, noGrad, scope, type Tensor, tensor, useBackend } from 'unrolled';
import { readModel } from '../packages/convert/src/index.ts';
import { compiledBackends } from './backends.ts';
import { sileroModel } from './silero.ts';
import { root } from './snippets.ts';

const folder = join(root, '../shared/data/weights-silero-vad');
const chunks = 40; // of 32 ms
const [size, context] = [512, 64];

const before = currentBackend();
afterAll(() => useBackend(before));

const missing = existsSync(folder) ? '' : ' (skipped: there is no ../shared/data/weights-silero-vad)';

describe.skipIf(missing !== '').each(await compiledBackends())(`Silero VAD, $title${missing}`, ({ backend }) => {
  beforeAll(async () => {
    if (backend) await useBackend(backend);
  });

  test.skipIf(backend === null).each(['LSTM', 'step'] as const)('with the form %s', async (form) => {
    const wave = readFileSync(join(folder, 'test-first-19s.wav'));
    const samples = new Int16Array(wave.buffer.slice(wave.byteOffset + 44, wave.byteOffset + 44 + 2 * size * chunks));
    const { probs } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
      readonly probs: readonly number[];
    };
    const bytes = sileroModel(readFileSync(join(folder, 'silero_vad_16k.safetensors')), form);
    const read = await readModel(bytes, { name: 'silero.onnx' });
    expect(read.network?.graph.nodes.map(({ op }) => op)).toContain('LSTMLayer');
    expect(read.report.warnings).toEqual([]);
    const model = read.module();
    for (const detector of [model, model.frozen()]) {
      let [h, c] = [tensor(new Float32Array(128), [1, 128]), tensor(new Float32Array(128), [1, 128])];
      let error = 0;
      for (let k = 0; k < chunks; k++) {
        const chunk = Float32Array.from(
          { length: context + size },
          (_, i) => (samples[k * size + i - context] ?? 0) / 32768,
        );
        const out = noGrad(() =>
          scope(() => detector.forward({ samples: tensor(chunk, [1, chunk.length]), h, c }) as Record<string, Tensor>),
        );
        [h, c] = [out.hn, out.cn];
        error = Math.max(error, Math.abs(out.probability.itemSync() - probs[k]));
      }
      expect(error).toBeLessThan(1e-5);
    }
  });
});
