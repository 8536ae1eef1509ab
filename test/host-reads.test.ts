// Values that the library reads synchronously above the seam: each stands between it and a backend that has to be waited for. There may be fewer of
// them, and not more: where one goes, its line here goes too.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { StreamBatcher } from '../packages/unrolled/src/data/streams.ts';
import { evaluateClassifier } from '../packages/unrolled/src/train/classify-task.ts';
import { LanguageModel } from '../packages/unrolled/src/models/language-model.ts';
import { SequenceClassifier } from '../packages/unrolled/src/models/sequence-classifier.ts';
import { BatchNorm1d, LSTM, LRUCell } from '../packages/unrolled/src/nn/index.ts';
import { Adam } from '../packages/unrolled/src/optim/index.ts';
import { crossEntropy, indices, manualSeed, scope, tensor } from '../packages/unrolled/src/tensor/index.ts';
import { hostValues } from '../packages/unrolled/src/tensor/host-values.ts';
import { polar } from '../packages/unrolled/src/tensor/ops/polar.ts';
import { languageTask, Trainer } from '../packages/unrolled/src/train/index.ts';
import { type RemoteBackend, remoteBackend } from './remote-backend.ts';

/** Reads by file, and why each stays. */
const allowed: Record<string, readonly [count: number, why: string]> = {
  'data/word-vectors.ts': [1, 'an embedding is filled with vectors of a file, once, before training'],
  'lessons/caption.ts': [1, 'a lesson: what it measures is plain data'],
  'lessons/clip.ts': [6, 'a lesson: what it measures is plain data'],
  'lessons/loss.ts': [2, 'a lesson: what it measures is plain data'],
  'lessons/lstm.ts': [4, 'a lesson: what it measures is plain data'],
  'lessons/norm.ts': [3, 'a lesson: what it measures is plain data'],
  'lessons/one-layer.ts': [2, 'a lesson: what it measures is plain data'],
  'lessons/remember.ts': [2, 'a lesson: what it measures is plain data'],
  'lessons/sample.ts': [2, 'a lesson: what it measures is plain data'],
  'lessons/scenes.ts': [1, 'a lesson: what it measures is plain data'],
  'lessons/tanh.ts': [5, 'a lesson: what it measures is plain data'],
  'lessons/unrolled.ts': [2, 'a lesson: what it measures is plain data'],
  'lessons/vocabulary.ts': [2, 'a lesson: what it measures is plain data'],
  'tensor/remembered.ts': [2, 'counters, integers of the host, as what a shard has changed in them'],
  'train/carried-streams.ts': [5, 'the carried state as data: in a checkpoint, and between processes'],
  'train/shard-pass.ts': [1, 'counters of batch normalization, integers of the host'],
  'train/shard-sums.ts': [2, 'gradients that are sent to other processes'],
  'train/sharded-step.ts': [2, 'the loss of a shard, and counters, which all processes add up'],
  'train/weight-average.ts': [1, 'averages as data, in a checkpoint'],
  'analysis/cells/ablate.ts': [4, 'an inspection, whose functions return plain data'],
  'analysis/cells/hold-unit.ts': [2, 'an inspection: the weights that a held unit has, to be put back'],
  'analysis/cells/search.ts': [1, 'an inspection, whose functions return plain data'],
  'analysis/cells/trace-whole.ts': [3, 'a trace is plain data: states and gates of a window at a time'],
  'analysis/cells/trace.ts': [1, 'an inspection: what each step of a unit was'],
  'analysis/check-network.ts': [2, 'an inspection: trains on a probe, and looks at every loss'],
  'analysis/gradient-flow.ts': [2, 'an inspection: the norm of every step’s gradient'],
  'analysis/jacobian.ts': [2, 'an inspection: matrices in float64 from here on'],
  'analysis/memory-length.ts': [1, 'an inspection, whose functions return plain data'],
  'analysis/spectrum.ts': [3, 'an inspection: eigenvalues in float64 from here on'],
  'analysis/truncation.ts': [1, 'an inspection: gradients compared in float64'],
  'decode/formats.ts': [1, 'rounds weights in place, once, before a comparison'],
  'graph/ops/control-flow.ts': [1, 'a condition that a graph computes: the host chooses the branch'],
  'graph/ops/reduce.ts': [1, 'positions (ArgMax, TopK, NonZero): integers of a graph are values of the host'],
  'graph/vectors.ts': [2, 'a certificate is replayed: outputs compared in float64'],
  'models/language-rows.ts': [1, 'a step of a search: the host chooses what is read next'],
  'models/language-stepper.ts': [2, 'a step of decoding: the host samples from it; and the state of a session as data'],
  'models/model-rows.ts': [3, 'a step of many texts: the host samples from it; and their states as data'],
  'models/packed-rows.ts': [1, 'a step of many texts: the host samples from it'],
  'models/captioner/choice.ts': [1, 'hard attention: the host samples a region for each caption'],
  'models/captioner/cs231n.ts': [1, 'an export of weights to a file'],
  'models/captioner/loss.ts': [2, 'REINFORCE’s baseline, two numbers in float64'],
  'models/forecaster.ts': [2, 'forecastWindows returns plain data, brought to units in float64'],
  'models/decoder-stepper.ts': [2, 'a step of a search: the host chooses what is read next'],
  'models/seq2seq/teacher-forcing.ts': [1, 'scheduled sampling: the host samples the next symbols'],
  'models/sequence-tagger.ts': [2, 'predict returns plain data'],
  'models/visual-qa/visual-qa.ts': [1, 'follow returns plain data'],
  'nn/module.ts': [1, 'stateDict: a copy of all weights as data'],
  'optim/optimizer.ts': [1, 'stateDict: a copy of the optimizer state as data'],
  'pipelines/carried.ts': [1, 'the state of a session as data'],
  'pipelines/graph-text.ts': [
    5,
    'a step of decoding: the host samples from it; predictions as plain data; and the state of a session',
  ],
  'pipelines/frame-session.ts': [1, 'a session’s push, which answers at once'],
  'pipelines/tensors.ts': [1, 'predict returns plain data'],
  'pipelines/token-classification.ts': [1, 'a session’s push, which answers at once'],
  'tensor/host-values.ts': [
    2,
    'the one place: int32 values where a backend’s memory is the host’s; and there weights are filled in',
  ],
  'tensor/ops/linear-cross-entropy.ts': [1, 'a gradient of 1 saves a pass over that of the largest matrix'],
  'train/blame.ts': [1, 'the search for where a bad number began, once, before the run ends'],
  'train/classifier-probe.ts': [1, 'a probe, which is asked before training and while somebody looks'],
  'train/memory-tasks.ts': [1, 'the curriculum: whether this batch was mastered decides the next'],
  'train/probe.ts': [1, 'a probe, which is asked before training and while somebody looks'],
  'train/trainer.ts': [
    1,
    'the loss of a step, which its event tells; the norm of the gradients is a function of the seam',
  ],
};

const reads = /\b(dataSync|itemSync)\(|\bstorage\.array\b|\{ array[^}]*\} = [^;]*\bstorage\b/g;

test('the library reads no more values synchronously than are listed here, each with its reason', () => {
  const root = join(import.meta.dirname, '../packages/unrolled/src');
  const found: Record<string, number> = {};
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const file = path.replaceAll('\\', '/');
    const seam = file.startsWith('backend/') || file === 'tensor/tensor.ts';
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || seam) continue;
    const count = readFileSync(join(root, path), 'utf8').match(reads)?.length ?? 0;
    if (count > 0) found[file] = count;
  }
  expect(found).toEqual(Object.fromEntries(Object.entries(allowed).map(([file, [count]]) => [file, count])));
});

let remote: RemoteBackend;
beforeAll(() => {
  remote = remoteBackend();
});

/** What `body` gives with another current backend. */
async function on<R>(backend: Backend, body: () => R | Promise<R>): Promise<R> {
  const before = currentBackend();
  await useBackend(backend);
  try {
    return await body();
  } finally {
    await useBackend(before);
  }
}

/** The reads of `body` on a backend that is not the host's, one entry a read: how many elements. */
async function readsOf(body: () => unknown): Promise<number[]> {
  const before = remote.reads.length;
  await on(remote, body);
  return remote.reads.slice(before);
}

test('a training step with lengths and targets reads its loss, and nothing else', async () => {
  const reads = await readsOf(() => {
    manualSeed(3);
    const lstm = new LSTM(3, 4, { numLayers: 2, bidirectional: true });
    const optimizer = new Adam(lstm.parameters(), { lr: 0.01 });
    const x = tensor(
      Float32Array.from({ length: 30 }, (_, k) => Math.sin(k)),
      [5, 2, 3],
    );
    const target = indices([1, 7, -100, 2, 0, 5, 3, 3, 6, -100], [5, 2]);
    scope(() => {
      const [y] = lstm.forward(x, null, { lengths: [5, 3] });
      const loss = crossEntropy(y, target, { weight: [1, 2, 1, 1, 3, 1, 1, 1], labelSmoothing: 0.1 });
      loss.backward();
      optimizer.step();
      loss.itemSync();
    });
  });
  expect(reads).toEqual([1]);
});

test('the trainer reads one number a step: the loss', async () => {
  const text = Int32Array.from({ length: 200 }, (_, k) => (k * k) % 7);
  const reads = await readsOf(async () => {
    manualSeed(4);
    const model = new LanguageModel(7, { embeddingDim: 3, hiddenSize: 5 });
    const task = languageTask(model, { train: new StreamBatcher(text, { streams: 2, windowLength: 6 }) });
    const trainer = new Trainer(task, { optimizer: new Adam(model.parameters()), steps: 3, clipNorm: 1 });
    let steps = 0;
    for await (const event of trainer.run()) if (event.type === 'step') steps++;
    expect(steps).toBe(3);
  });
  expect(reads).toEqual([1, 1, 1]);
});

test('batch norm and polar numbers are computed without the host', async () => {
  const reads = await readsOf(() => {
    const norm = new BatchNorm1d(2);
    norm.forward(
      tensor([
        [1, 2],
        [3, 5],
        [4, -1],
      ]),
    );
    polar(tensor([1, 2]), tensor([0.5, 3]));
    new LRUCell(2, 3);
  });
  expect(reads).toEqual([]);
});

test('host-made int32 values are kept for all windows on them, until any of them is written', async () => {
  const reads = await readsOf(() => {
    const ids = indices([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const row = ids.select(0, 1);
    expect([...hostValues(ids)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...hostValues(row)]).toEqual([4, 5, 6]);
    expect([...hostValues(row.slice(0, 1).reshape(2, 1).detach())]).toEqual([5, 6]);
    row.set([7, 8, 9]);
    expect([...hostValues(ids)]).toEqual([1, 2, 3, 7, 8, 9]);
  });
  expect(reads).toEqual([6]);
});

test('what a kernel computed has no host copy, and new values replace the old', async () => {
  await on(remote, () => {
    const best = tensor([
      [1, 3],
      [2, 0],
    ]).argmax(1);
    expect([...hostValues(best)]).toEqual([1, 0]);
    const to = indices([5, 5]);
    to.set(best);
    expect([...hostValues(to)]).toEqual([1, 0]);
  });
});

test('host values stay what they are when the tensor is written or memory grows', () => {
  const ids = indices([1, 2, 3]);
  const values = hostValues(ids);
  ids.set([4, 5, 6]);
  expect([...values]).toEqual([1, 2, 3]);
  expect([...hostValues(ids)]).toEqual([4, 5, 6]);
});

test('a validation on a backend that is not the host’s gives the reference’s numbers', async () => {
  const sequences = [[1, 2, 3], [4, 0], [2], [3, 3, 1, 0]];
  const measure = async () => {
    manualSeed(9);
    const model = new SequenceClassifier({ vocabularySize: 5, classes: 3, embeddingDim: 4, hiddenSize: 4 });
    return evaluateClassifier(model, { sequences, labels: [0, 1, 2, 1] });
  };
  const [wanted, got] = [await on(new ReferenceBackend(), measure), await on(remote, measure)];
  expect(got).toEqual(wanted);
});
