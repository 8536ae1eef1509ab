// Numbers that are not finite, put into a run at a random step: into the loss, an activation, a gradient, the optimizer state. The step must be
// refused as if it had not been, say where it began, and the run go on or stop as it was told.

import {
  Adam,
  AdamW,
  type Checkpoint,
  classifyTask,
  type Json,
  LanguageModel,
  languageTask,
  manualSeed,
  NonFiniteError,
  Random,
  RMSprop,
  SequenceClassifier,
  SGD,
  type Task,
  type Tensor,
  Trainer,
  type TrainingEvent,
  UnrolledError,
} from 'unrolled';
import { StreamBatcher } from 'unrolled/data';
import type { Part, Row } from '../part.ts';

const kinds = ['loss', 'activation', 'gradient', 'update', 'memory'] as const;
type Kind = (typeof kinds)[number];
const steps = 8;

export interface Case {
  readonly kind: Kind;
  readonly value: number;
  /** The step that is hit, from 1. */
  readonly step: number;
  readonly policy: 'stop' | 'skip';
  readonly random: Random;
}

/** What went wrong with a case; null where nothing did. */
export type Failure = string | null;

const cells = ['lstm', 'gru', 'rnn', 'mingru'] as const;

interface Run {
  readonly task: Task;
  /** Layers whose output can be made NaN, by name. */
  readonly layers: Readonly<Record<string, { forward: (...args: never[]) => unknown }>>;
  readonly trainer: (inspect: { every: number; look(): Json } | null) => Trainer;
}

/** A small model of a random kind with a random optimizer; the same for the same seed. */
function makeRun(seed: number, onNonFinite: 'stop' | 'skip'): Run {
  const random = new Random(seed);
  const pick = <T>(items: readonly T[]) => items[random.integer(items.length)];
  manualSeed(seed);
  const cell = pick(cells);
  const make = pick([
    (t: Task) => new Adam(t.model.parameters(), { lr: 0.01 }),
    (t: Task) => new AdamW(t.model.parameters(), { lr: 0.01 }),
    (t: Task) => new RMSprop(t.model.parameters(), { lr: 0.01, momentum: 0.5 }),
    (t: Task) => new SGD(t.model.parameters(), { lr: 0.01, momentum: 0.9 }),
  ]);
  const ids = Int32Array.from({ length: 121 }, (_, i) => (i * i + 3 * i) % 7);
  let task: Task;
  let layers: Run['layers'];
  if (random.uniform() < 0.5) {
    const dropout = cell === 'mingru' ? 0 : 0.1;
    const model = new LanguageModel(7, { cell, hiddenSize: 5, numLayers: 2, dropout });
    if (!model.embedding) throw new Error('unreachable: the model reads symbols');
    layers = { embedding: model.embedding, recurrent: model.recurrent };
    task = languageTask(model, { train: new StreamBatcher(ids, { streams: 2, windowLength: 6 }) });
  } else {
    const pooling = pick(['last', 'mean', 'max'] as const);
    const model = new SequenceClassifier({ vocabularySize: 7, classes: 2, cell, hiddenSize: 5, pooling });
    if (!model.embedding) throw new Error('unreachable: the model reads tokens');
    layers = { embedding: model.embedding }; // of the states, pooling may leave one out
    const sequences = Array.from({ length: 12 }, (_, n) => ids.subarray(n, n + 2 + (n % 4)));
    const labels = sequences.map((_, n) => n % 2);
    task = classifyTask(model, { train: { sequences, labels }, batchSize: 4, seed });
  }
  const [clipNorm, clipValue] = [pick([null, 1]), pick([null, 0.5])];
  const trainer: Run['trainer'] = (inspect) =>
    new Trainer(task, { optimizer: make(task), steps, clipNorm, clipValue, onNonFinite, inspect });
  return { task, layers, trainer };
}

const firstTensor = (result: unknown): Tensor => (Array.isArray(result) ? result[0] : result) as Tensor;

/** All numbers that a step may change. */
function numbersOf({ model, training }: Checkpoint): [string, ArrayLike<number>][] {
  return [...model, ...training].map(([name, { data }]) => [name, data]);
}

const sameNumbers = (a: Checkpoint, b: Checkpoint): boolean => {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  return (
    left.length === right.length &&
    left.every(
      ([name, data], k) => name === right[k][0] && Array.from(data).every((v, i) => Object.is(v, right[k][1][i])),
    )
  );
};

const allFinite = (c: Checkpoint) => numbersOf(c).every(([, data]) => Array.from(data).every(Number.isFinite));

export async function tryCase({ kind, value, step, policy, random }: Case, seed: number): Promise<Failure> {
  const run = makeRun(seed, policy);
  const { task, layers } = run;
  let hit = false; // whether the step at hand is the one
  let wanted = /./; // what the error has to name
  let look: { every: number; look(): Json } | null = null;

  const spoilLoss = (spoil: (loss: Tensor) => Tensor) => {
    const next = task.next.bind(task);
    task.next = () => {
      const compute = next();
      return () => {
        const batch = compute();
        return hit ? { ...batch, loss: spoil(batch.loss) } : batch;
      };
    };
  };
  if (kind === 'loss') {
    spoilLoss((loss) => loss.mul(value));
    wanted = /^an input of op mul after [\w.]+$/;
  } else if (kind === 'update') {
    spoilLoss((loss) => loss.mul(1e30).mul(1e6)); // finite, and so are its gradients, or not
    wanted = /^parameter [\w.]+$|^op \w+ (of|after) [\w.]+$/;
  } else if (kind === 'activation') {
    const names = Object.keys(layers);
    const name = names[random.integer(names.length)];
    const layer = layers[name] as { forward: (...args: unknown[]) => unknown };
    const forward = layer.forward.bind(layer);
    const place = random.uniform();
    layer.forward = (...args) => {
      const result = forward(...args);
      if (!hit) return result;
      const { storage, size, shape } = firstTensor(result);
      const T = Math.min(2, shape[0]); // no row is shorter
      const at = Math.floor((place * T * size) / shape[0]);
      storage.array[at] = value;
      const t = Math.floor(at / (shape[1] * shape[2]));
      wanted = new RegExp(`^op \\w+ (of|after) ${name}\\..*, time step ${t}$`);
      return result;
    };
  } else if (kind === 'gradient') {
    const [name, p] = [...task.model.namedParameters()][random.integer([...task.model.namedParameters()].length)];
    const place = random.uniform();
    wanted = new RegExp(`the gradient of parameter ${name.replaceAll('.', '\\.')}$`);
    look = {
      every: 1,
      look: () => {
        if (hit && p.grad) p.grad.storage.array[Math.floor(place * p.grad.size)] = value;
        return null;
      },
    };
  }

  const trainer = run.trainer(look);
  let before = trainer.checkpoint();
  const events: TrainingEvent[] = [];
  let error: Error | null = null;
  hit = step === 1;
  try {
    for await (const event of trainer.run()) {
      events.push(event);
      if (event.type !== 'checkpoint') continue;
      if (hit && kind !== 'memory' && events.at(-2)?.type === 'skipped') {
        if (!sameNumbers(before, event.take())) return 'the step was refused and something has changed';
      }
      before = event.take();
      if (kind === 'memory' && event.step === step) {
        const failure = spoilMemory(trainer, before, value, random);
        if (failure) return failure;
      }
      hit = event.step + 1 === step;
    }
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  const after = trainer.checkpoint();
  if (!allFinite(after)) return 'a weight or the memory is not finite afterwards';
  if (kind === 'memory') return error ? `it did not go on: ${error.message}` : null;
  if (error && !(error instanceof NonFiniteError)) return error.message;
  if (error && !sameNumbers(before, after)) return 'it stopped and something has changed';
  // A gradient that is large and finite may be clipped, or the rate small enough: then it is a step like any other, and what follows is finite.
  if (kind === 'update' && events.some((e) => e.type === 'step' && e.step === step)) return null;
  const skipped = events.flatMap((e) => (e.type === 'skipped' ? [e] : []));
  if (policy === 'stop') {
    if (!(error instanceof NonFiniteError)) return 'it did not stop';
    if (trainer.step !== step - 1) return `it stopped after step ${trainer.step}, not in ${step}`;
    return wanted.test(error.where) ? null : `it names ${error.where}, not ${String(wanted)}`;
  }
  if (error) return `it did not skip: ${error.message}`;
  if (skipped.length !== 1 || skipped[0].step !== step)
    return `it skipped ${skipped.map((e) => e.step).join(', ') || 'none'}`;
  if (trainer.step !== steps) return 'it did not go on';
  return wanted.test(skipped[0].where) ? null : `it names ${skipped[0].where}, not ${String(wanted)}`;
}

/** A checkpoint with one such number in the optimizer state is refused, by its name, and the run is where it was. */
function spoilMemory(trainer: Trainer, good: Checkpoint, value: number, random: Random): Failure {
  const names = [...good.training.keys()].filter((name) => name.startsWith('optimizer.'));
  const name = names[random.integer(names.length)];
  const training = new Map(good.training);
  const old = training.get(name);
  if (!old) return 'there is no memory';
  const data = old.data.slice();
  data[random.integer(data.length)] = value;
  training.set(name, { ...old, data });
  try {
    trainer.restore({ ...good, training });
    return 'the damaged checkpoint was taken';
  } catch (error) {
    if (!(error instanceof UnrolledError) || !error.message.includes(name.slice('optimizer.'.length)))
      return `the damaged checkpoint: ${String(error)}`;
  }
  return sameNumbers(good, trainer.checkpoint())
    ? null
    : 'the damaged checkpoint was refused and something has changed';
}

/** All cases from a seed, with what went wrong. */
export async function tryCases(count: number, seed: number): Promise<{ kind: Kind; failure: Failure }[]> {
  const results: { kind: Kind; failure: Failure }[] = [];
  for (let n = 0; n < count; n++) {
    const random = new Random(seed).fork(`case ${n}`);
    const of: Case = {
      kind: kinds[n % kinds.length],
      value: [Number.NaN, Infinity, -Infinity][random.integer(3)],
      step: 1 + random.integer(steps - 1),
      policy: random.uniform() < 0.5 ? 'stop' : 'skip',
      random,
    };
    const failure = await tryCase(of, seed + n);
    results.push({ kind: of.kind, failure: failure && `${n}, ${of.kind} ${of.value} in step ${of.step}: ${failure}` });
  }
  return results;
}

export const part: Part = {
  name: 'training',
  about: 'NaN and Infinity put into a run: loss, activations, gradients, updates, the optimizer',
  async run(long): Promise<Row[]> {
    const results = await tryCases(long ? 1000 : 50, 1);
    for (const { failure } of results) if (failure) process.stderr.write(`  ${failure}\n`);
    return kinds.map((kind) => {
      const of = results.filter((result) => result.kind === kind);
      const held = of.filter(({ failure }) => failure === null).length;
      return {
        bar: `T1, ${kind}: no update, the origin named, policy honoured, all finite afterwards`,
        wanted: 'all',
        measured: `${held} of ${of.length}`,
        met: held === of.length,
      };
    });
  },
};
