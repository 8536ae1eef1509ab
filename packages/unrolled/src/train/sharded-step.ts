// The gradient of a batch that is cut into shards, in one process or in several: the one place where it is made, for every task. Each shard has its
// own random state (dropout, scheduled sampling), named by step and shard, and its own batch norm statistics; what a shard moves in the buffers is
// averaged over the shards. The loss is the mean over all targets of the batch, not a mean of means.

import { decodeUtf8, encodeUtf8 } from '../encoding.ts';
import { NonFiniteError, OptionError } from '../errors.ts';
import { Random } from '../random.ts';
import type { ModuleBuffer } from '../nn/module.ts';
import { backward } from '../tensor/autograd.ts';
import { full } from '../tensor/create.ts';
import { addInto } from '../tensor/ops/accumulate.ts';
import { forgetHostValues } from '../tensor/host-values.ts';
import { type GlobalRandomState, randomState, setRandomState } from '../tensor/random-state.ts';
import type { Remembered } from '../tensor/remembered.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { World } from '../world/world.ts';
import { blameForward, type Names, originOf } from './blame.ts';
import { type PlaceOfShard, ShardPass, type ShardReport } from './shard-pass.ts';
import { Exchange } from './shard-sums.ts';
import { type Shards, shardsOf, subtrees, type Subtree } from './shards.ts';
import type { BatchLoss, ShardLoss } from './task.ts';

/** What the processes tell each other after a step. */
interface Report {
  /** Of each own shard: its loss in nats per target, how much that counts, its targets, and what it observed; null for one without rows. */
  readonly shards: readonly (ShardReport | null)[];
  /** Parameters, by number, that had a gradient. */
  readonly reached: readonly number[];
  /** What the buffers of whole numbers grew by in the first shard; null where there was none. */
  readonly counted: readonly (readonly number[])[] | null;
  /** Whether this process was asked to stop, and whether it wants to save. */
  readonly stop: boolean;
  readonly save: boolean;
  readonly failure: Failure | null;
}

interface Failure {
  readonly where: string;
  readonly problem: string;
}

/** A batch whose gradient is in the parameters. */
export interface ShardedBatch {
  /** Nats per target. */
  readonly loss: number;
  readonly targets: number;
  /** Whether any process was asked to stop, or wants to save. */
  readonly stop: boolean;
  readonly save: boolean;
  /** Carries the state on, once the step was taken. */
  readonly accept: () => void;
}

/** The wishes of this process. */
export interface Wishes {
  readonly stop: boolean;
  readonly save: boolean;
}

export interface ShardedStepOptions {
  readonly parameters: readonly Tensor[];
  readonly buffers: readonly ModuleBuffer[];
  readonly names: Names;
  readonly shards: number;
  readonly world: World | null;
}

export class ShardedStep {
  readonly own: Shards;
  readonly #options: ShardedStepOptions;
  readonly #parts: readonly Subtree[];
  /** Parameters, those that arrive first in front, and buffers that are averaged. */
  readonly #vectors: readonly Tensor[];
  readonly #parameters: ReadonlySet<Tensor>;
  readonly #counters: readonly ModuleBuffer[];
  readonly #exchange: Exchange | null;

  constructor(options: ShardedStepOptions) {
    const { parameters, buffers, shards, world } = options;
    this.#options = options;
    this.own = shardsOf(shards, world?.rank ?? 0, world?.size ?? 1);
    this.#parts = subtrees(this.own);
    this.#counters = buffers.filter(({ dtype }) => dtype === 'int32');
    this.#parameters = new Set(parameters);
    this.#vectors = [...[...parameters].reverse(), ...buffers.filter(({ dtype }) => dtype !== 'int32')];
    const wrong = world && this.#vectors.find(({ dtype }) => dtype !== 'float32');
    if (wrong)
      throw new OptionError('Trainer', 'reduce', `several processes add float32, and the model has ${wrong.dtype}`);
    this.#exchange = world && new Exchange(world, this.#vectors, shards);
  }

  /**
   * Computes the gradient of the batch's loss into every parameter's `grad`, and moves the buffers. `before` are their values before. Rejects with
   * a NonFiniteError, the same in every process, for a loss that is not finite.
   */
  async gradient(compute: ShardLoss, step: number, before: Remembered, wishes: Wishes): Promise<ShardedBatch> {
    const pass = new ShardPass(this.#vectors, this.#exchange);
    try {
      const failure = this.#pass(pass, compute, step, before);
      const reports = await this.#agree(this.#reportOf(pass, wishes, failure));
      await this.#exchange?.done();
      const failed = reports.findIndex((report) => report.failure);
      if (failed < 0) return this.#finish(pass, reports);
      const { where, problem } = reports[failed].failure as Failure;
      throw new NonFiniteError(this.#on(failed, where), problem);
    } catch (error) {
      pass.release();
      throw error;
    }
  }

  /** Forward and backward of this process's shards. Returns what was not finite. */
  #pass(pass: ShardPass, compute: ShardLoss, step: number, before: Remembered): Failure | null {
    const rngState = randomState();
    try {
      for (const [own, { from, to }] of this.#parts.entries()) {
        for (let shard = from; shard < to; shard++) {
          setRandomState(randomOfShard(rngState, step, shard));
          const place = { own, k: shard - from, n: to - from };
          const failure = scope(() => this.#shard(pass, () => compute(shard), step, before, place));
          before.restore();
          if (failure) {
            pass.giveUp(own, this.#parts.length);
            return failure;
          }
          pass.end(place);
        }
      }
    } finally {
      setRandomState(rngState);
    }
    return null;
  }

  #shard(
    pass: ShardPass,
    compute: () => BatchLoss | null,
    step: number,
    before: Remembered,
    place: PlaceOfShard,
  ): Failure | null {
    const batch = compute();
    if (!batch) {
      pass.shards.push(null);
      return null;
    }
    const { targets, observed = 0 } = batch;
    const loss = batch.loss.itemSync() * batch.perTarget;
    if (!Number.isFinite(loss))
      return { where: blameForward(batch.loss, this.#options.names), problem: `the loss of step ${step} is ${loss}` };
    pass.take(batch, { loss, weight: weightOf(batch), targets, isSum: batch.reduction === 'sum', observed });
    backward(batch.loss, full([], seedOf(batch), batch.loss), (leaf) => {
      if (!this.#parameters.has(leaf)) return;
      const gradient = leaf.grad;
      leaf.grad = null;
      pass.arrive(leaf, gradient, place);
    });
    pass.measure(this.#options.buffers, before, place);
    return null;
  }

  #reportOf({ shards, reached, counted }: ShardPass, wishes: Wishes, failure: Failure | null): Report {
    const numbers = this.#options.parameters.flatMap((p, k) => (reached.has(p) ? [k] : []));
    return { shards, reached: numbers, counted, ...wishes, failure };
  }

  async #agree(report: Report): Promise<readonly Report[]> {
    const { world } = this.#options;
    if (!world) return [report];
    const all = await world.gather(encodeUtf8(JSON.stringify(report)));
    return all.map((bytes) => JSON.parse(decodeUtf8(bytes)) as Report);
  }

  /** Gradients of the mean, buffers moved by the mean of the shards. */
  #finish(pass: ShardPass, reports: readonly Report[]): ShardedBatch {
    const shards = reports.flatMap((report) => report.shards).filter((one) => one !== null);
    const sum = (of: (one: ShardReport) => number) => shards.reduce((total, one) => total + of(one), 0);
    const weight = sum((one) => one.weight);
    const mean = (of: (one: ShardReport) => number) => sum((one) => one.weight * of(one)) / weight;
    const reached = new Set(reports.flatMap((report) => report.reached));
    for (const [k, p] of this.#options.parameters.entries()) {
      const gradient = pass.sumOf(p);
      if (reached.has(k)) p.grad = gradient;
      else gradient.storage.block.release();
    }
    if (!shards.every((one) => one.isSum))
      for (const { grad } of this.#options.parameters) if (grad) grad.backend.scaleAll([grad.storage], 1 / weight);
    for (const buffer of this.#vectors) {
      if (this.#parameters.has(buffer)) continue;
      const moved = pass.sumOf(buffer);
      moved.backend.scaleAll([moved.storage], 1 / shards.length);
      addInto(buffer, moved);
      moved.storage.block.release();
    }
    const counted = reports.find((report) => report.counted)?.counted ?? [];
    for (const [k, counter] of this.#counters.entries()) {
      forgetHostValues(counter);
      counter.set(counter.dataSync().map((n, i) => n + (counted[k]?.[i] ?? 0)));
    }
    const observed = mean((one) => one.observed);
    return {
      loss: mean((one) => one.loss),
      targets: sum((one) => one.targets),
      stop: reports.some((report) => report.stop),
      save: reports.some((report) => report.save),
      accept: () => pass.accept(observed),
    };
  }

  /** The loss of this process's shards once more, as one graph, with the same dropout: for who inspects a step. */
  again(compute: ShardLoss, step: number): () => Tensor {
    const rngState = randomState();
    return () => {
      const batches: BatchLoss[] = [];
      for (let shard = this.own.from; shard < this.own.to; shard++) {
        setRandomState(randomOfShard(rngState, step, shard));
        const batch = compute(shard);
        if (batch) batches.push(batch);
      }
      const all = batches.reduce((sum, batch) => sum + weightOf(batch), 0);
      const scaled = batches.map((batch) =>
        batch.reduction === 'sum' ? batch.loss : batch.loss.mul(weightOf(batch) / all),
      );
      return scaled.reduce((sum, loss) => sum.add(loss));
    };
  }

  /** Where a gradient that is not finite began: the same answer in every process. */
  async blame(compute: ShardLoss, step: number): Promise<string | null> {
    const rngState = randomState();
    let where: string | null = null;
    try {
      for (let shard = this.own.from; shard < this.own.to && where === null; shard++) {
        setRandomState(randomOfShard(rngState, step, shard));
        where = scope(() => {
          const batch = compute(shard);
          return batch && originOf(batch, this.#options.names);
        });
      }
    } finally {
      setRandomState(rngState);
    }
    const { world } = this.#options;
    if (!world) return where;
    const all = (await world.gather(encodeUtf8(JSON.stringify(where)))).map((bytes) => JSON.parse(decodeUtf8(bytes)));
    const rank = all.findIndex((one) => one !== null);
    return rank < 0 ? null : this.#on(rank, all[rank] as string);
  }

  #on(rank: number, where: string): string {
    return this.#options.world ? `${where}, on rank ${rank}` : where;
  }
}

function weightOf({ weight, targets }: BatchLoss): number {
  return weight ?? targets;
}

/** Of a mean the gradient of the sum, which is divided when all is added. */
function seedOf(batch: BatchLoss): number {
  return batch.reduction === 'sum' ? 1 : weightOf(batch);
}

/** Neither who computes a shard nor what was computed before has a say in its dropout and its draws. */
function randomOfShard(run: GlobalRandomState, step: number, shard: number): GlobalRandomState {
  const seeded = new Random(0);
  seeded.setState(run.generator);
  const random = seeded.fork(`step ${step}, shard ${shard}`);
  const key = random.bits();
  return { generator: random.state, key, counter: 0 };
}
