// What a frozen pretrained CNN costs in training: a step that runs it, a step on features that were kept, and the features themselves.
//
//   npm run bench:features
//
// The CNN is drawn: what it computes means nothing here, and costs what it would.

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Adam, Captioner, captionTask, fit, manualSeed, useBackend } from 'unrolled';
import { GraphEncoder } from 'unrolled/graph';
import { readModel } from '../packages/convert/src/index.ts';
import { encodedImages } from '../packages/cli/src/images/features.ts';
import { FeatureCache } from '../packages/cli/src/readers/index.ts';
import { smallCnn } from '../test/small-cnn.ts';

const [size, count, batch, steps] = [96, 256, 32, 8];
const backend = await useBackend('native');
const network = (await readModel((await smallCnn({ size, channels: [32, 64, 128, 256] })).bytes)).module();
const encoder = GraphEncoder.of(network, { inputSize: [size, size] });
const bytes = Uint8Array.from({ length: count * size * size * 3 }, (_, k) => (k * 2654435761) >>> 24);
const area = size * size * 3;
const pixels = {
  count,
  read: async (which: readonly number[]) => Buffer.concat(which.map((n) => bytes.subarray(n * area, (n + 1) * area))),
};
const captions = Array.from({ length: count }, (_, n) => [
  Int32Array.from({ length: 12 }, (_v, t) => 4 + ((n + t) % 900)),
]);
const floats = Float32Array.from(bytes, (v) => v / 255);
const folder = mkdtempSync(join(tmpdir(), 'unrolled-bench-'));
console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, ${backend.name}`);

/** Milliseconds of a step, the median. */
async function stepTime(read: (rows: Int32Array) => Promise<{ values: Float32Array; shape: readonly number[] }>) {
  manualSeed(1);
  const model = new Captioner({ vocabularySize: 1000, encoder, hiddenSize: 256 });
  const task = captionTask(model, {
    train: { images: { count, read }, captions },
    batchSize: batch,
    encoder: 'frozen',
  });
  const times: number[] = [];
  let last = performance.now();
  await fit(task, {
    optimizer: new Adam(task.parameters(1e-3), { lr: 1e-3 }),
    steps: steps + 2,
    onEvent(event) {
      if (event.type !== 'step') return;
      times.push(performance.now() - last);
      last = performance.now();
    },
  });
  return times.slice(2).sort((a, b) => a - b)[steps >> 1];
}

try {
  const run = async () => {
    const cache = new FeatureCache(folder);
    const begun = performance.now();
    const features = await encodedImages(encoder, 'regions', pixels, { cache });
    return { features, seconds: (performance.now() - begun) / 1000, hits: cache.hits };
  };
  const [computed, read] = [await run(), await run()];
  const each = await stepTime(async (rows) => ({
    values: Float32Array.from({ length: rows.length * area }, (_, k) => {
      const [b, rest] = [Math.floor(k / area), k % area];
      return floats[rows[b] * area + (rest % (size * size)) * 3 + Math.floor(rest / (size * size))];
    }),
    shape: [rows.length, 3, size, size],
  }));
  const { features } = read;
  const kept = await stepTime(async (rows) => ({
    values: await features.read(rows),
    shape: [rows.length, ...features.shape],
  }));
  console.log(
    `features of ${count} images: computed and kept in ${computed.seconds.toFixed(2)} s, read again in ${read.seconds.toFixed(2)} s (${read.hits} hits)`,
  );
  console.log(`a step of ${batch} images that runs the CNN  ${each.toFixed(0)} ms`);
  console.log(`the same step on features that were kept  ${kept.toFixed(0)} ms, ${(each / kept).toFixed(1)} ×`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
