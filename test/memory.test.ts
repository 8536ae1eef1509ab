// Memory is flat without anyone calling dispose, and training is the same on every backend.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import type { KernelBackend } from '../packages/unrolled/src/backend/kernel/kernel-backend.ts';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { Embedding, Linear, LSTM, Module } from '../packages/unrolled/src/nn/index.ts';
import { StreamBatcher } from '../packages/unrolled/src/data/streams.ts';
import { LanguageModel } from '../packages/unrolled/src/models/language-model.ts';
import { languageTask, Trainer } from '../packages/unrolled/src/train/index.ts';
import { Adam, clipGradNorm, SGD } from '../packages/unrolled/src/optim/index.ts';
import { crossEntropy, indices, manualSeed, ones, scope, type Tensor } from '../packages/unrolled/src/tensor/index.ts';
import { compiledBackends } from './backends.ts';
import { expectClose, tolerances } from './close.ts';

class Model extends Module {
  readonly embedding = new Embedding(7, 4);
  readonly lstm = new LSTM(4, 5);
  readonly decoder = new Linear(5, 7);

  /** x int32 [T, B] → logits [T, B, V]. */
  forward(x: Tensor): Tensor {
    const [output] = this.lstm.forward(this.embedding.forward(x));
    return this.decoder.forward(output);
  }
}

/** Six steps of two rows. */
function batch(): [x: Tensor, y: Tensor] {
  const token = (t: number, b: number) => (t * t + 2 * b + t * b) % 7;
  const rows = (from: number) => Array.from({ length: 6 }, (_, t) => [token(from + t, 0), token(from + t, 1)]);
  return [indices(rows(0)), indices(rows(1))];
}

/** Trains on `backend` and returns the losses. */
async function losses(backend: Backend, kind: 'adam' | 'sgd', steps: number): Promise<number[]> {
  await useBackend(backend);
  manualSeed(21);
  const model = new Model();
  const optimizer =
    kind === 'adam'
      ? new Adam(model.parameters(), { lr: 0.02 })
      : new SGD(model.parameters(), { lr: 0.5, momentum: 0.5 });
  return Array.from({ length: steps }, () =>
    scope(() => {
      const [x, y] = batch();
      optimizer.zeroGrad();
      const loss = crossEntropy(model.forward(x), y);
      loss.backward();
      clipGradNorm(model.parameters(), 1);
      optimizer.step();
      return loss.itemSync();
    }),
  );
}

let before: Backend;
beforeAll(() => {
  before = currentBackend();
});
afterAll(async () => {
  await useBackend(before);
});

const reference = new ReferenceBackend();

test('ten steps lower the loss', async () => {
  for (const kind of ['adam', 'sgd'] as const) {
    const curve = await losses(reference, kind, 10);
    expect(curve[9]).toBeLessThan(curve[0]);
  }
});

for (const { title, backend } of await compiledBackends()) {
  describe.skipIf(!backend)(`${title}:`, () => {
    const compiled = backend as KernelBackend;
    test.each(['adam', 'sgd'] as const)('ten steps of %s have the losses of the reference', async (kind) => {
      expectClose(await losses(compiled, kind, 10), await losses(reference, kind, 10), tolerances.backends);
    });

    test('ten steps have the same bits each time', async () => {
      expect(await losses(compiled, 'adam', 10)).toEqual(await losses(compiled, 'adam', 10));
    });

    test('10,000 steps in scopes use no more memory than the first few', async () => {
      await useBackend(compiled);
      const weight = ones([8, 8], { backend: compiled }).keep();
      weight.requiresGrad = true;
      const optimizer = new SGD([weight], { lr: 1e-3 });
      const x = ones([4, 8], { backend: compiled });
      const step = () =>
        scope(() => {
          optimizer.zeroGrad();
          x.matmul(weight).tanh().square().sum().backward();
          optimizer.step();
        });
      for (let i = 0; i < 10; i++) step();
      const { live, growths } = compiled.memory;
      for (let i = 0; i < 10_000; i++) step();
      expect(compiled.memory.live).toBe(live);
      expect(compiled.memory.growths).toBe(growths);
    });

    test('training on T = 100,000 steps with windows of 100 uses no more memory than its first windows', async () => {
      await useBackend(compiled);
      manualSeed(5);
      const ids = Int32Array.from({ length: 100_001 }, (_, i) => (i * i + 3 * i) % 7);
      const model = new LanguageModel(7, { cell: 'lstm', hiddenSize: 8, numLayers: 1 });
      const train = new StreamBatcher(ids, { streams: 1, windowLength: 100 });
      const trainer = new Trainer(languageTask(model, { train }), {
        optimizer: new Adam(model.parameters()),
        steps: train.windowsPerEpoch,
        clipNorm: 1,
      });
      expect(train.windowsPerEpoch).toBe(1000);
      let early = { live: 0, growths: 0 };
      for await (const event of trainer.run()) {
        if (event.type === 'step' && event.step === 20) early = { ...compiled.memory };
      }
      expect(compiled.memory.live).toBeLessThanOrEqual(early.live);
      expect(compiled.memory.growths).toBe(early.growths);
    });
  });
}
