// Training on the tests of long memory. No data are stored: batch n is generated from (seed, n), so that a run never repeats a sequence,
// and only the number of batches has to be saved.

import { computeValues } from '../inference/compute.ts';
import { requireKinds, requireWhole } from '../checks.ts';
import { ignored, type MemoryBatch, type MemoryProblem } from '../data/synthetic/memory/problem.ts';
import { checkOptions, FormatError } from '../errors.ts';
import { MemoryModel } from '../models/memory-model.ts';
import { inEvaluation } from '../nn/in-evaluation.ts';
import { mseLoss } from '../nn/loss.ts';
import type { StateDict } from '../nn/module.ts';
import { Random } from '../random.ts';
import { indices, tensor } from '../tensor/create.ts';
import { crossEntropy } from '../tensor/ops/softmax.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { columns } from './carried-streams.ts';
import { type Probe, type ProbeSize, probeSize, rowOf } from './probe.ts';
import { rowsOfShard, type Shards } from './shards.ts';
import type { BatchLoss, Evaluation, Json, ShardLoss, Task } from './task.ts';

/** Options of the task of a memory problem. */
export interface MemoryTaskOptions {
  /** Sequences a step. Default 32. */
  readonly batchSize?: number;
  /** Sequences in the test. Default 256. */
  readonly testSize?: number;
  /** Seed of every batch. Default 0. */
  readonly seed?: number;
  /** For problems with levels: a batch whose accuracy is above this leads to the next one. Default 0.95. */
  readonly mastered?: number;
}

/** Steps that are called an epoch: there is no end of data. */
const stepsPerEpoch = 1000;

/**
 *     const problem = addingProblem({ length: 100 });
 *     const model = new MemoryModel(problem.inputSize, problem.outputSize, { cell: 'gru', hiddenSize: 64 });
 *     const task = memoryTask(model, problem, { batchSize: 32, seed: 1 });
 *     await fit(task, { optimizer: new Adam(model.parameters()), steps: 4000, clipNorm: 1 });
 *     console.log((await task.evaluate()).metrics);     // { mse: 0.0013, within: 0.83 }
 */
export function memoryTask(model: MemoryModel, problem: MemoryProblem, options: MemoryTaskOptions = {}): MemoryTask {
  return new MemoryTask(model, problem, options);
}

/** What `memoryTask` makes. */
export class MemoryTask implements Task {
  readonly model: MemoryModel;
  readonly problem: MemoryProblem;
  readonly stepsPerEpoch = stepsPerEpoch;
  readonly #options: Required<MemoryTaskOptions>;
  readonly #random: Random;
  readonly #test: MemoryBatch;
  #shards = 1;
  #step = 0;
  #level = 0;

  constructor(model: MemoryModel, problem: MemoryProblem, options: MemoryTaskOptions = {}) {
    requireKinds('memoryTask', { model, problem }, { model: 'module', problem: { batch: 'function' } });
    checkOptions('memoryTask', options, ['batchSize', 'testSize', 'seed', 'mastered']);
    this.model = model;
    this.problem = problem;
    this.#options = { batchSize: 32, testSize: 256, seed: 0, mastered: 0.95, ...options };
    requireWhole('memoryTask', 'batchSize', this.#options.batchSize, 1);
    requireWhole('memoryTask', 'testSize', this.#options.testSize, 1);
    this.#random = new Random(this.#options.seed);
    this.#test = problem.batch(this.#random.fork('test'), { rows: this.#options.testSize, test: true });
  }

  /** How far a problem with levels has got. */
  get level(): number {
    return this.#level;
  }

  next(): () => BatchLoss {
    const batch = this.#draw();
    return () => this.#lossOf(batch);
  }

  divide(shards: Shards): void {
    this.#shards = shards.count;
  }

  nextShards(): ShardLoss {
    const batch = this.#draw();
    const shards = this.#shards;
    return (shard) => {
      const [from, to] = rowsOfShard(batch.rows, shard, shards);
      return from === to ? null : this.#lossOf(rowsOf(batch, from, to));
    };
  }

  #draw(): MemoryBatch {
    const random = this.#random.fork(`batch ${this.#step++}`);
    return this.problem.batch(random, { rows: this.#options.batchSize, level: this.#level });
  }

  #lossOf(batch: MemoryBatch): BatchLoss {
    const { output, loss } = this.#loss(batch);
    const climbs = this.#level < this.problem.levels - 1;
    const observed = climbs ? this.problem.measure(output.storage.array, batch).accuracy : 0;
    const accept = (accuracy = observed) => {
      if (climbs && accuracy > this.#options.mastered) this.#level++;
    };
    const { target } = batch;
    const weight = this.problem.asks === 'classes' ? target.length - countOf(target, ignored) : batch.rows;
    return { loss, targets: batch.rows, perTarget: 1, weight, observed, accept };
  }

  /** The test, whose sequences are the same every time. `score`, what the best model goes by, is the loss. */
  async evaluate(): Promise<Evaluation> {
    return inEvaluation(this.model, async () => {
      const { output, loss } = await computeValues(this.model, () => this.#loss(this.#test));
      return { loss: loss[0], targets: this.#test.rows, metrics: this.problem.measure(output, this.#test) };
    });
  }

  /** A few sequences of their own: no batch has them. */
  probe({ rows: most = probeSize.rows }: ProbeSize = {}): Probe {
    const { model, problem } = this;
    const batch = problem.batch(this.#random.fork('probe'), { rows: most });
    const { asks, inputSize: I, outputSize: C } = problem;
    const B = batch.rows;
    const lengthOf = (r: number) => batch.lengths?.[r] ?? batch.steps;
    /** Some rows of values [T, B, width], more steps of ones behind them. */
    const pick = (values: ArrayLike<number>, rows: readonly number[], width: number, more: number) =>
      Float32Array.from({ length: (batch.steps + more) * rows.length * width }, (_, k) => {
        const [t, b, i] = [Math.floor(k / (rows.length * width)), Math.floor(k / width) % rows.length, k % width];
        return t < batch.steps ? values[(t * B + rows[b]) * width + i] : 1;
      });
    const steps = asks === 'classes' ? batch.steps : 1;
    return {
      rows: B,
      steps: batch.steps,
      behind: 'padding',
      baseline: asks === 'number' ? null : { loss: Math.log(C), name: `ln ${C}` },
      loss: (rows) =>
        this.#loss({
          steps: batch.steps,
          rows: rows.length,
          input: pick(batch.input, rows, I, 0),
          lengths: batch.lengths && Int32Array.from(rows, lengthOf),
          target:
            asks === 'classes'
              ? Int32Array.from(pick(batch.target, rows, 1, 0))
              : asks === 'class'
                ? Int32Array.from(rows, (r) => batch.target[r])
                : Float32Array.from(rows, (r) => batch.target[r]),
        }).loss,
      outputs(rows, more) {
        const x = tensor(pick(batch.input, rows, I, more), [batch.steps + more, rows.length, I]);
        const options = { lengths: indices(rows.map(lengthOf)) };
        const y = asks === 'classes' ? model.forward(x, options) : model.last(x, options).unsqueeze(0);
        return rows.map((r, b) => rowOf(y, b, Math.min(steps, lengthOf(r))));
      },
      inPieces: null,
    };
  }

  #loss({ steps, rows, input, lengths, target }: MemoryBatch): { output: Tensor; loss: Tensor } {
    const { inputSize, asks } = this.problem;
    const x = tensor(input, [steps, rows, inputSize]);
    const options = { lengths: lengths && indices(lengths, [rows]) };
    const output = asks === 'classes' ? this.model.forward(x, options) : this.model.last(x, options);
    if (asks === 'number') return { output, loss: mseLoss(output, tensor(target, [rows, 1])) };
    const labels = indices(target, asks === 'classes' ? [steps, rows] : [rows]);
    return { output, loss: crossEntropy(output, labels) };
  }

  state(): { json: Json; tensors: StateDict } {
    return { json: { step: this.#step, level: this.#level }, tensors: new Map() };
  }

  setState({ json }: { json: Json }): void {
    const { step, level } = Object(json) as { step?: unknown; level?: unknown };
    if (typeof step !== 'number' || typeof level !== 'number')
      throw new FormatError(
        'checkpoint',
        'its task state has no step and level; was it saved by another kind of task?',
      );
    this.#step = step;
    this.#level = level;
  }
}

function countOf(values: ArrayLike<number>, one: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === one) count++;
  return count;
}

/** Rows [from, to) of a batch. */
function rowsOf(batch: MemoryBatch, from: number, to: number): MemoryBatch {
  const { steps, rows, input, lengths, target } = batch;
  const inputSize = input.length / Math.max(1, steps * rows);
  return {
    steps,
    rows: to - from,
    input: columns(input, rows * inputSize, from * inputSize, to * inputSize),
    lengths: lengths && lengths.slice(from, to),
    target: target.length === rows ? target.slice(from, to) : columns(target, rows, from, to),
  };
}
