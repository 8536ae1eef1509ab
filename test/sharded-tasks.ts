// A small trainer of every kind of task, with what makes a batch more than the sum of its rows switched on: dropout, batch norm, class weights, data
// augmentation, scheduled sampling, hard attention, missing targets, levels. What can be cut into shards is cut here.

import { createHash } from 'node:crypto';
import {
  Adam,
  Captioner,
  captionTask,
  classifyTask,
  Forecaster,
  forecastTask,
  LanguageModel,
  languageTask,
  manualSeed,
  MemoryModel,
  memoryTask,
  Seq2Seq,
  SequenceClassifier,
  SequenceTagger,
  type Task,
  tagTask,
  Trainer,
  type TrainerOptions,
  translateTask,
  VideoClassifier,
  VisualQA,
  vqaTask,
} from 'unrolled';
import { parityProblem, StreamBatcher, Windows } from 'unrolled/data';

const numbers = (length: number, of: (i: number) => number) => Array.from({ length }, (_, i) => of(i));

/** How much of what is drawn at random, and of what is measured over a batch, is switched on: 'plain' is the sum of its rows. */
export type Setting = 'plain' | 'full';

function text(setting: Setting): Task {
  const noise = setting === 'full' ? { dropout: 0.2, recurrentDropout: 0.1 } : {};
  const model = new LanguageModel(7, { cell: 'lstm', hiddenSize: 6, numLayers: 2, ...noise });
  const ids = Int32Array.from({ length: 400 }, (_, i) => (i * i + 3 * i) % 7);
  const data = (part: Int32Array, streams: number) => new StreamBatcher(part, { streams, windowLength: 6 });
  return languageTask(model, { train: data(ids.subarray(0, 300), 6), validation: data(ids.subarray(300), 2) });
}

/** A softmax over classes that each shard draws for itself. */
function sampled(setting: Setting): Task {
  const output = setting === 'full' ? ({ output: 'sampled', samples: 5 } as const) : {};
  const model = new LanguageModel(23, { hiddenSize: 6, ...output });
  const ids = Int32Array.from({ length: 300 }, (_, i) => (i * i + 3 * i) % 23);
  return languageTask(model, { train: new StreamBatcher(ids, { streams: 6, windowLength: 6 }) });
}

function classify(setting: Setting): Task {
  const full = setting === 'full';
  const model = new SequenceClassifier({
    inputSize: 2,
    classes: 3,
    cell: 'gru',
    hiddenSize: 4,
    pooling: 'attention',
    dropout: full ? 0.2 : 0,
  });
  const sequences = numbers(23, (n) => n).map((n) => numbers(2 * (1 + (n % 4)), (i) => Math.sin(n + i)));
  const labels = sequences.map((_, n) => (n * n) % 3);
  return classifyTask(model, {
    train: { sequences, labels },
    validation: { sequences: sequences.slice(0, 5), labels: labels.slice(0, 5) },
    batchSize: 9,
    seed: 3,
    labelSmoothing: 0.1,
    classWeights: [1, 2.5, 0.5],
    ...(full && { augment: (x, random) => Array.from(x, (v) => v + 0.1 * random.normal()) }),
  });
}

function tag(setting: Setting): Task {
  const dropout = setting === 'full' ? 0.2 : 0;
  const model = new SequenceTagger({ vocabularySize: 5, classes: 3, hiddenSize: 4, bidirectional: true, dropout });
  const sequences = numbers(19, (n) => n).map((n) => numbers(1 + (n % 5), (i) => (n * i + i) % 5));
  const labels = sequences.map((row) => row.map((v, t) => (t % 3 === 2 ? -100 : v % 3)));
  return tagTask(model, { train: { sequences, labels }, batchSize: 7, seed: 1, classWeights: [1, 2, 0.25] });
}

function translate(setting: Setting): Task {
  const full = setting === 'full';
  const model = new Seq2Seq({
    sourceVocabulary: 9,
    targetVocabulary: 9,
    hiddenSize: 6,
    embeddingDim: 3,
    dropout: full ? 0.2 : 0,
  });
  const sources = numbers(21, (n) => n).map((n) => numbers(1 + (n % 3), (i) => 4 + ((n + i) % 5)));
  const targets = sources.map((source) => source.toReversed());
  return translateTask(model, {
    train: { sources, targets },
    batchSize: 8,
    seed: 2,
    labelSmoothing: 0.1,
    teacherForcing: full ? { kind: 'linear', start: 0.9, slope: 0.06, minimum: 0.2 } : 1,
  });
}

const side = 8;

function caption(setting: Setting): Task {
  const full = setting === 'full';
  const model = new Captioner({
    vocabularySize: 9,
    ...(full
      ? { form: 'hard', encoder: { inChannels: 1, channels: [4, 6], inputSize: [side, side] } }
      : { encoder: null, featureSize: 16 }),
    hiddenSize: 6,
    dropout: full ? 0.2 : 0,
  });
  const shape = full ? [1, side, side] : [4, 16];
  const captions = numbers(16, (n) => n).map((n) => [
    [4 + (n % 2), 6 + (n % 3)],
    [6 + (n % 3), 8, 4 + (n % 2)],
  ]);
  const images = {
    count: captions.length,
    async read(which: Int32Array, chance: { normal(): number } | null) {
      const values = Float32Array.from({ length: which.length * 64 }, (_, k) => {
        const n = which[Math.floor(k / 64)];
        return Math.sin(n * (k % 64)) + (full && chance ? 0.1 * chance.normal() : 0);
      });
      return { values, shape: [which.length, ...shape] };
    },
  };
  return captionTask(model, { train: { images, captions }, batchSize: 8, seed: 3, captionsPerImage: full ? 1 : null });
}

function vqa(setting: Setting): Task {
  const form = setting === 'full' ? 'product' : 'question-only';
  const convNet = form === 'product' ? { inChannels: 1, inputSize: [2, 4] as const, channels: [6] } : null;
  const model = new VisualQA({ vocabularySize: 5, answers: 3, hiddenSize: 6, form, convNet });
  const data = Uint8Array.from({ length: 8 * 8 }, (_, k) => (k * k * 7) % 251);
  return vqaTask(model, {
    train: {
      images: { shape: [8, 2, 4, 1], data },
      questions: numbers(8, (n) => n).flatMap(() => [[1, 4], [2, 4], [3]]),
      which: numbers(24, (n) => Math.floor(n / 3)),
      answers: numbers(24, (n) => (n * n) % 3),
    },
    batchSize: 4,
    labelSmoothing: 0.1,
  });
}

function forecast(setting: Setting): Task {
  const values = Float64Array.from({ length: 2 * 90 }, (_, i) =>
    i % 17 === 5 ? Number.NaN : Math.sin(i / 3) + i / 50,
  );
  const series = { names: ['a', 'b'], values };
  const shape = { length: 8, horizon: 4 };
  const model = new Forecaster({ channels: 2, ...shape, hiddenSize: 4, dropout: setting === 'full' ? 0.2 : 0 });
  model.standardize(series);
  return forecastTask(model, { train: new Windows(series, { ...shape, missing: 'fill' }), batchSize: 10, seed: 4 });
}

function video(): Task {
  const convNet = { inChannels: 1, inputSize: [4, 4] as const, channels: [3] };
  const model = new VideoClassifier({ convNet, classes: 2, hiddenSize: 4 });
  const sequences = numbers(12, (n) => n).map((n) =>
    Uint8Array.from({ length: 16 * (2 + (n % 2)) }, (_, k) => (40 * n + 9 * k) % 256),
  );
  return classifyTask(model, { train: { sequences, labels: numbers(12, (n) => n % 2) }, batchSize: 6, seed: 4 });
}

function memory(): Task {
  const problem = parityProblem({ length: 6, testLength: 8, everyStep: true });
  const model = new MemoryModel(2, 2, { cell: 'lstm', hiddenSize: 8 });
  return memoryTask(model, problem, { batchSize: 10, testSize: 8, seed: 1, mastered: 0.5 });
}

/** Tasks by name. */
export const shardedTasks: Readonly<Record<string, (setting: Setting) => Task>> = {
  text,
  sampled,
  classify,
  tag,
  translate,
  caption,
  vqa,
  forecast,
  video,
  memory,
};

/** A trainer of a task, the same for the same seed. */
export function shardedTrainer(
  make: (setting: Setting) => Task,
  options: Partial<TrainerOptions> & { readonly setting?: Setting },
): Trainer {
  const { setting = 'full', ...rest } = options;
  manualSeed(11);
  const task = make(setting);
  const optimizer = new Adam(task.parameters?.(0.02) ?? task.model.parameters(), { lr: 0.02 });
  return new Trainer(task, { optimizer, steps: 6, clipNorm: 0.5, evaluateEvery: 3, ...rest });
}

/** SHA-256 of the weights and of all that the optimizer and the task carry. */
export function shaOf(trainer: Trainer): string {
  const hash = createHash('sha256');
  const { model, training } = trainer.checkpoint();
  for (const { data } of [...model.values(), ...training.values()])
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}
