import { beforeEach, describe, expect, test } from 'vitest';
import { StreamBatcher } from '../data/streams.ts';
import { type MemoryName, memoryProblems } from '../data/synthetic/memory/table.ts';
import { Windows } from '../data/windows.ts';
import { Forecaster } from '../models/forecaster.ts';
import { LanguageModel, type LanguageState } from '../models/language-model.ts';
import { MemoryModel } from '../models/memory-model.ts';
import { Seq2Seq } from '../models/seq2seq/seq2seq.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { SequenceTagger } from '../models/sequence-tagger.ts';
import { normal } from '../nn/init.ts';
import type { Linear } from '../nn/linear.ts';
import type { SequenceInputOptions } from '../models/sequence-model.ts';
import type { ForwardOptions } from '../nn/recurrent/recurrent.ts';
import { Adam } from '../optim/optimizers.ts';
import { manualSeed, randomState } from '../tensor/random-state.ts';
import { Tensor } from '../tensor/tensor.ts';
import { classifyTask } from '../train/classify-task.ts';
import { forecastTask } from '../train/forecast-task.ts';
import { languageTask } from '../train/language-task.ts';
import { memoryTask } from '../train/memory-tasks.ts';
import { tagTask } from '../train/tag-task.ts';
import type { Task } from '../train/task.ts';
import { translateTask } from '../train/translate-task.ts';
import { type CheckName, checkNetwork, describeChecks, type NetworkCheck } from './check-network.ts';

beforeEach(() => manualSeed(1));

const V = 11;
const ids = Int32Array.from({ length: 900 }, (_, n) => (n * n + 3 * (n % 7)) % V);
const streams = () => new StreamBatcher(ids, { streams: 6, windowLength: 12 });
const sequences = Array.from({ length: 30 }, (_, n) =>
  Array.from({ length: 3 + (n % 5) }, (_, t) => (n * 5 + t * t + 1) % V),
);
const labels = sequences.map((_, n) => n % 3);
const tags = sequences.map((row) => row.map((symbol) => symbol % 4));

const language = (model: LanguageModel) => languageTask(model, { train: streams() });
const classification = (model: SequenceClassifier) =>
  classifyTask(model, { train: { sequences, labels }, batchSize: 8 });
const sizes = { vocabularySize: V, hiddenSize: 24 };

/** A task of every kind that ships, with a network that should pass. */
const tasks: Record<string, () => Task> = {
  language: () => language(new LanguageModel(V, { hiddenSize: 24, dropout: 0.3 })),
  'language, minGRU': () => language(new LanguageModel(V, { cell: 'mingru', hiddenSize: 24, numLayers: 1 })),
  classification: () =>
    classification(new SequenceClassifier({ ...sizes, classes: 3, bidirectional: true, dropout: 0.2 })),
  'classification of numbers, by attention': () =>
    classifyTask(
      new SequenceClassifier({ inputSize: 2, hiddenSize: 24, classes: 3, cell: 'gru', pooling: 'attention' }),
      {
        train: { sequences: sequences.map((row) => row.flatMap((s) => [Math.sin(s), Math.cos(2 * s)])), labels },
      },
    ),
  tagging: () =>
    tagTask(new SequenceTagger({ ...sizes, classes: 4, bidirectional: true }), { train: { sequences, labels: tags } }),
  translation: () =>
    translateTask(
      new Seq2Seq({
        sourceVocabulary: V,
        targetVocabulary: V + 4,
        hiddenSize: 24,
        embeddingDim: 12,
        decoder: 'additive',
      }),
      { train: { sources: sequences, targets: sequences.map((row) => row.map((s) => s + 4).reverse()) } },
    ),
  forecasting: () =>
    forecastTask(new Forecaster({ channels: 2, length: 12, horizon: 3, hiddenSize: 24 }), {
      train: new Windows(
        { names: ['a', 'b'], values: Float32Array.from({ length: 400 }, (_, k) => Math.sin(k * 0.7) + (k % 5) / 4) },
        { length: 12, horizon: 3 },
      ),
    }),
  ...Object.fromEntries(
    Object.keys(memoryProblems).map((name) => [
      `memory, ${name}`,
      () => {
        const problem = memoryProblems[name as MemoryName].make({ length: 20 });
        return memoryTask(new MemoryModel(problem.inputSize, problem.outputSize, { hiddenSize: 24 }), problem);
      },
    ]),
  ),
};

const check = (task: Task, seconds = 20) =>
  checkNetwork(task.model, (task.probe as NonNullable<Task['probe']>)(), { seconds });
const failing = (checks: readonly NetworkCheck[]) =>
  checks.filter(({ passed }) => passed === false).map(({ name }) => name);

describe.each(Object.entries(tasks))('%s', (_name, make) => {
  test('passes every check that can be made', () => {
    const checks = check(make());
    expect(checks.map(({ name }) => name)).toEqual(['padding', 'rows', 'state', 'start', 'gradients', 'overfits']);
    for (const { name, passed, detail } of checks) expect(passed, `${name}: ${detail}`).not.toBe(false);
    expect(checks.filter(({ passed }) => passed).length).toBeGreaterThanOrEqual(5);
    expect(describeChecks(checks)[0]).toMatch(/^The network passed all [56] checks/);
  });

  test('is left as it was: weights, gradients, mode, chance and position', () => {
    const task = make();
    task.next();
    const bits = () => JSON.stringify([...task.model.stateDict()].map(([name, { data }]) => [name, ...data]));
    const [before, rngState, position] = [bits(), JSON.stringify(randomState()), JSON.stringify(task.state().json)];
    check(task, 0.05);
    expect(bits()).toBe(before);
    expect(JSON.stringify(randomState())).toBe(rngState);
    expect(JSON.stringify(task.state().json)).toBe(position);
    expect(task.model.training).toBe(true);
    expect(task.model.parameters().every((p) => p.grad === null)).toBe(true);
  });
});

/** Networks with one mistake each, and what has to be found. `also` may follow from the same mistake. */
const mistakes: Record<
  string,
  { readonly make: () => Task; readonly found: CheckName; readonly also?: CheckName[]; readonly means: string }
> = {
  'a classifier that forgets the lengths': {
    found: 'padding',
    also: ['rows'],
    means: 'pass the lengths on',
    make: () =>
      classification(
        new (class extends SequenceClassifier {
          override forward(input: Tensor): [Tensor, Tensor | null] {
            return super.forward(input);
          }
        })({ ...sizes, classes: 3 }),
      ),
  },
  'a language model that looks ahead': {
    found: 'padding',
    also: ['state'],
    means: 'depends on symbols after it',
    make: () =>
      language(
        new (class extends LanguageModel {
          override forward(
            input: Tensor,
            state: LanguageState = null,
            options: ForwardOptions = {},
          ): [Tensor, LanguageState] {
            const [logits, next] = super.forward(input, state, options);
            return [logits.add(logits.flip(0).mul(0.2)), next];
          }
        })(V, { hiddenSize: 24 }),
      ),
  },
  'a classifier that takes the mean of the batch away': {
    found: 'rows',
    means: 'depends on the other rows of the batch',
    make: () =>
      classification(
        new (class extends SequenceClassifier {
          override forward(input: Tensor, options: SequenceInputOptions = {}): [Tensor, Tensor | null] {
            const [logits, weights] = super.forward(input, options);
            return [logits.sub(logits.mean(0)), weights];
          }
        })({ ...sizes, classes: 3 }),
      ),
  },
  'a language model that ignores the state it is given': {
    found: 'state',
    means: 'the state passed in is ignored',
    make: () =>
      language(
        new (class extends LanguageModel {
          override forward(
            input: Tensor,
            _state: LanguageState = null,
            options: ForwardOptions = {},
          ): [Tensor, LanguageState] {
            return super.forward(input, null, options);
          }
        })(V, { hiddenSize: 24 }),
      ),
  },
  'a classifier that keeps something from batch to batch': {
    found: 'state',
    also: ['rows', 'padding'],
    means: 'different outputs the second time',
    make: () =>
      classification(
        new (class extends SequenceClassifier {
          calls = 0;
          override forward(input: Tensor, options: SequenceInputOptions = {}): [Tensor, Tensor | null] {
            const [logits, weights] = super.forward(input, options);
            return [logits.mul(1 + 0.01 * (this.calls++ % 50)), weights];
          }
        })({ ...sizes, classes: 3 }),
      ),
  },
  'logits that are far too large': {
    found: 'start',
    means: 'initial weights of the last layers are too large',
    make: () => {
      const model = new LanguageModel(V, { hiddenSize: 24 });
      const { weight } = model.decoder as Linear;
      weight.set(weight.dataSync().map((w) => 40 * w));
      return language(model);
    },
  },
  'a tied model, whose embedding is drawn for reading and too large for writing': {
    found: 'start',
    means: 'confident and wrong',
    make: () => {
      const model = new LanguageModel(V, { hiddenSize: 24, cell: 'rnn', numLayers: 1, tieWeights: true });
      normal((model.embedding as NonNullable<typeof model.embedding>).weight);
      return language(model);
    },
  },
  'a network that was trained already': {
    found: 'start',
    means: 'trained weights were loaded',
    make: () => {
      const model = new LanguageModel(V, { hiddenSize: 24, numLayers: 1 });
      const task = language(model);
      const optimizer = new Adam(model.parameters(), { lr: 0.01 });
      for (let step = 0; step < 120; step++) {
        optimizer.zeroGrad();
        task.next()().loss.backward();
        optimizer.step();
      }
      optimizer.zeroGrad();
      return task;
    },
  },
  'an embedding that is cut off from the gradient': {
    found: 'gradients',
    means: 'behind a detach',
    make: () => {
      const model = new LanguageModel(V, { hiddenSize: 24 });
      const embed = model.embedding as NonNullable<typeof model.embedding>;
      const forward = embed.forward.bind(embed);
      embed.forward = (input) => forward(input).detach();
      return language(model);
    },
  },
  'an input that does not reach the output': {
    found: 'overfits',
    also: ['gradients'],
    means: 'cannot overfit a handful of examples',
    make: () => {
      const model = new SequenceClassifier({ ...sizes, classes: 3 });
      const embed = model.embedding as NonNullable<typeof model.embedding>;
      const forward = embed.forward.bind(embed);
      embed.forward = (input) => forward(input).mul(0);
      const same = sequences.map((row) => row.slice(0, 3));
      return classifyTask(model, { train: { sequences: same, labels } });
    },
  },
};

describe.each(Object.entries(mistakes))('%s', (_name, { make, found, also = [], means }) => {
  test('is found, and said what it means', () => {
    const checks = check(make());
    const wrong = failing(checks);
    expect(wrong).toContain(found);
    for (const name of wrong) expect([found, ...also]).toContain(name);
    expect(checks.find(({ name }) => name === found)?.meaning).toContain(means);
    expect(describeChecks(checks).join('\n')).toContain('Failed: ');
    const korean = describeChecks(checks, 'ko').join('\n');
    expect(korean).toContain('통과하지 못함: ');
    for (const { passed, ko } of checks)
      expect([ko.title, passed === false ? ko.meaning : '가']).toEqual([
        expect.stringMatching(/[가-힣]/),
        expect.stringMatching(/[가-힣]/),
      ]);
  });
});

test('every tick has a network that fails it', () => {
  const found = new Set(Object.values(mistakes).map((m) => m.found));
  expect([...found].sort()).toEqual(['gradients', 'overfits', 'padding', 'rows', 'start', 'state']);
});

test('learning memorized says so when its time is over, and fails nobody for it', () => {
  const checks = check(language(new LanguageModel(V, { hiddenSize: 24 })), 0);
  expect(checks.find(({ name }) => name === 'overfits')).toMatchObject({
    passed: null,
    detail: expect.stringContaining('all that 0 s allowed'),
  });
});

test('a loss that is not a number is a failure of the start', () => {
  const model = new LanguageModel(V, { hiddenSize: 24 });
  (model.decoder as Linear).bias?.set(new Array(V).fill(Number.NaN));
  const checks = check(language(model), 0.05);
  expect(failing(checks)).toContain('start');
  expect(checks.find(({ name }) => name === 'start')?.meaning).toContain('not a number');
});
