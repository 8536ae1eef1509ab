// The loop. It owns clipping, schedules, validation, early stopping and the moments to save; it knows nothing of files or terminals. All that
// the next step depends on is in its checkpoint, so that a resumed run ends in the same bits as a run that never stopped.

import { requireKinds, requireWhole, shown } from '../checks.ts';
import { checkOptions, NonFiniteError, OptionError } from '../errors.ts';
import type { Module, ModuleBuffer, StateDict } from '../nn/module.ts';
import { clipGradValue, gradNorm } from '../optim/clip.ts';
import { Optimizer } from '../optim/optimizer.ts';
import type { Schedule } from '../optim/schedules.ts';
import { type GlobalRandomState, randomState, setRandomState } from '../tensor/random-state.ts';
import { remember } from '../tensor/remembered.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { fromFirst } from '../world/from-first.ts';
import type { World } from '../world/world.ts';
import { blameForward, type Names, namesOf, originOf } from './blame.ts';
import { type Checkpoint, checkTrainingState, partOf } from './checkpoint.ts';
import type { StepEvent, TrainingEvent } from './events.ts';
import { requirePart } from './part.ts';
import { ShardedStep, type Wishes } from './sharded-step.ts';
import type { BatchLoss, Evaluation, Json, ShardLoss, Task } from './task.ts';
import { WeightAverage } from './weight-average.ts';

export type { Checkpoint, TrainingState } from './checkpoint.ts';

/** Options of `Trainer`. */
export interface TrainerOptions {
  readonly optimizer: Optimizer;
  /** Steps in all, those before a resumed checkpoint included. */
  readonly steps: number;
  /** Scale the gradients down to this global norm. Default: none. */
  readonly clipNorm?: number | null;
  /** Clamp each element of the gradients to ± this. Default: none. */
  readonly clipValue?: number | null;
  /** The learning rate over the steps. Default: the optimizer's own, constant. */
  readonly schedule?: Schedule | null;
  /** Steps between validations; 0 for none but the one at the end. Default 0. */
  readonly evaluateEvery?: number;
  /** Part of the validation data that a validation measures, above 0 and up to 1, where the task can divide them. Default 1. */
  readonly evaluatePart?: number;
  /** Steps between checkpoints; 0 for none but those at validations and at the end. Default 0. */
  readonly saveEvery?: number;
  /** Stop after this many validations without a new best (see `Evaluation.score`); 0 for never. Default 0. */
  readonly patience?: number;
  /**
   * A batch whose loss, gradient or update is not finite ends the run ('stop'), or is left out ('skip', at most ten in a row). Default 'stop'.
   */
  readonly onNonFinite?: 'stop' | 'skip';
  /**
   * Decay of an exponential moving average of the weights, 0.999 say. Validations measure the averages, checkpoints have them as the model's weights, and
   * the model holds them when the run has ended. Default: none.
   */
  readonly ema?: number | null;
  /** Inspects the training every so many steps and emits the findings in a look event: see `liveInspector`. Default: none. */
  readonly inspect?: Inspector | null;
  /**
   * Cuts every batch into this many shards, whose gradients are added in a fixed order: part of what the run is. One process computes them one after
   * another, several (`reduce`) some each, to the same bits. Default 1.
   */
  readonly shards?: number;
  /** The processes that train together: `await joinWorld()`. Each of them makes the same trainer. Default: none but this one. */
  readonly reduce?: World | null;
  /** Asked after every step whether to save now, besides `saveEvery`: of several processes any may say so. Default: no. */
  readonly saveNow?: () => boolean;
}

/** Inspects a step while its gradients exist. */
export interface Inspector {
  /** Steps between two inspections. */
  readonly every: number;
  /** Returns the event's findings. It must leave model, gradients and random state unchanged: see `preservingState`. */
  look(moment: InspectedMoment): Json;
}

/** The moment of a training step that an inspector is called at: after the gradients, before clipping. */
export interface InspectedMoment {
  readonly model: Module;
  /** Computes the loss of this step's batch again, with the same dropout. The parameters hold its gradients, not clipped yet. */
  readonly compute: () => Tensor;
}

/** The used part of an AbortSignal. */
export interface StopSignal {
  readonly aborted: boolean;
}

const mostSkipped = 10;
const mostShards = 4096;
const memory = 100; // steps that the smoothed loss averages

/**
 *     const trainer = new Trainer(task, { optimizer: new Adam(task.model.parameters(), { lr: 2e-3 }), steps: 1000, clipNorm: 5 });
 *     for await (const event of trainer.run()) if (event.type === 'evaluation') console.log(event.loss);
 *
 * Throws a NonFiniteError that names where it began when a loss or gradient is not a number, or a step would make a weight infinite; no weight,
 * no buffer and nothing of the optimizer has changed then.
 */
export class Trainer {
  readonly task: Task;
  readonly #options: Required<TrainerOptions>;
  readonly #names: Names;
  readonly #buffers: readonly ModuleBuffer[];
  #step = 0;
  #smoothLoss: number | null = null;
  #best: Evaluation | null = null;
  #withoutImprovement = 0;
  #skipped = 0;
  readonly #average: WeightAverage | null;
  /** Whether the model holds the averages: at the end of a run, and before its first step when it goes on. */
  #averaged = false;
  /** Findings of the last step, if it was inspected. */
  #findings: Json = null;
  /** Where batches are cut into shards. */
  readonly #sharded: ShardedStep | null;
  /** Whether any process was asked to stop, or wants to save. */
  #wishes: Wishes = { stop: false, save: false };

  constructor(task: Task, options: TrainerOptions) {
    const defaults = {
      clipNorm: null,
      clipValue: null,
      schedule: null,
      evaluateEvery: 0,
      evaluatePart: 1,
      saveEvery: 0,
      patience: 0,
      onNonFinite: 'stop' as const,
      ema: null,
      inspect: null,
      shards: 1,
      reduce: null,
      saveNow: () => false,
    };
    requireKinds(
      'Trainer',
      { task, options },
      { task: { model: 'module', next: 'function' }, options: { optimizer: 'object' } },
    );
    checkOptions('Trainer', options, ['optimizer', 'steps', ...Object.keys(defaults)]);
    const merged = { ...defaults, ...options };
    for (const name of ['steps', 'evaluateEvery', 'saveEvery', 'patience'] as const) {
      if (!(Number.isSafeInteger(merged[name]) && merged[name] >= 0))
        throw new OptionError('Trainer', name, `expected a whole number from 0, got ${shown(merged[name])}`);
    }
    requirePart('Trainer', merged.evaluatePart);
    for (const name of ['clipNorm', 'clipValue'] as const) {
      const limit = merged[name] ?? 1;
      if (!(typeof limit === 'number' && limit > 0 && limit < Infinity))
        throw new OptionError('Trainer', name, `expected a number above 0, got ${shown(limit)}`);
    }
    if (!(merged.optimizer instanceof Optimizer))
      throw new OptionError('Trainer', 'optimizer', `expected an optimizer, got ${shown(merged.optimizer)}`);
    if (merged.onNonFinite !== 'stop' && merged.onNonFinite !== 'skip')
      throw new OptionError('Trainer', 'onNonFinite', `expected 'stop' or 'skip', got ${shown(merged.onNonFinite)}`);
    if (merged.ema !== null && !(typeof merged.ema === 'number' && merged.ema > 0 && merged.ema < 1))
      throw new OptionError('Trainer', 'ema', `expected a decay between 0 and 1, got ${shown(merged.ema)}`);
    this.task = task;
    this.#average = merged.ema === null ? null : new WeightAverage(task.model, merged.ema);
    this.#options = merged;
    this.#names = namesOf(task.model.namedParameters());
    this.#buffers = Array.from(task.model.namedBuffers(), ([, buffer]) => buffer);
    this.#sharded = this.#inShards();
  }

  #inShards(): ShardedStep | null {
    const { optimizer, shards, reduce: world } = this.#options;
    requireWhole('Trainer', 'shards', shards, 1, mostShards);
    const size = world?.size ?? 1;
    if (shards < size)
      throw new OptionError(
        'Trainer',
        'shards',
        `${size} processes need a batch of at least as many shards, got ${shards}; with ${2 * size} each computes two`,
      );
    if (shards === 1 && !world) return null;
    if (!this.task.divide || !this.task.nextShards)
      throw new OptionError('Trainer', 'shards', 'this task cannot cut its batches: it has no divide and nextShards');
    const { parameters } = optimizer;
    const sharded = new ShardedStep({ parameters, buffers: this.#buffers, names: this.#names, shards, world });
    this.task.divide(sharded.own);
    return sharded;
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** Trains from where the run is to its last step, or until `signal` is aborted: then the step at hand is finished first. */
  async *run(signal?: StopSignal): AsyncGenerator<TrainingEvent, void> {
    const { steps, evaluateEvery, saveEvery, patience } = this.#options;
    const impatient = () => patience > 0 && this.#withoutImprovement >= patience;
    // A run that had ended early, and is taken up at its last checkpoint, is over.
    let reason: 'finished' | 'stopped' | 'no improvement' =
      this.#step < steps && impatient() ? 'no improvement' : 'finished';
    this.#haveAverages(false);
    while (this.#step < steps && reason === 'finished') {
      if (this.task.ready) await this.task.ready();
      yield this.#sharded ? await this.#trainShards(this.#sharded, signal) : this.#trainOneStep();
      if (this.#findings !== null) yield { type: 'look', step: this.#step, findings: this.#findings };
      await yieldToEventLoop();
      const last = this.#step === steps;
      const evaluation = last || due(this.#step, evaluateEvery) ? await this.#evaluate() : null;
      if (evaluation) yield evaluation;
      const asked = this.#sharded ? this.#wishes : { stop: signal?.aborted, save: this.#options.saveNow() };
      if (asked.stop && !last) reason = 'stopped';
      else if (evaluation && !last && impatient()) reason = 'no improvement';
      const ends = last || reason !== 'finished';
      const isDue = ends || evaluation !== null || asked.save || due(this.#step, saveEvery);
      const { reduce: world } = this.#options;
      if (isDue && world) await this.task.gatherState?.((own) => world.gather(own));
      yield {
        type: 'checkpoint',
        step: this.#step,
        due: isDue,
        best: evaluation?.best ?? false,
        take: () => this.checkpoint(),
      };
    }
    this.#haveAverages(true);
    yield {
      type: 'end',
      step: this.#step,
      reason,
      smoothLoss: this.#smoothLoss ?? Number.NaN,
      bestLoss: this.#best?.loss ?? null,
      bestMetrics: this.#best?.metrics ?? null,
    };
  }

  /** Everything that the rest of the run depends on. */
  checkpoint(): Checkpoint {
    const { optimizer, schedule } = this.#options;
    const task = this.task.state();
    const { hyper, tensors } = optimizer.stateDict();
    const training: StateDict = new Map();
    for (const [name, tensor] of tensors) training.set(`optimizer.${name}`, tensor);
    for (const [name, tensor] of task.tensors) training.set(`task.${name}`, tensor);
    return {
      step: this.#step,
      model: this.#modelState(training),
      training,
      state: {
        version: 1,
        step: this.#step,
        smoothLoss: this.#smoothLoss,
        bestLoss: this.#best?.loss ?? null,
        bestScore: this.#best && scoreOf(this.#best),
        bestMetrics: this.#best?.metrics ?? null,
        withoutImprovement: this.#withoutImprovement,
        ...(this.#skipped > 0 && { skipped: this.#skipped }),
        random: randomState(),
        optimizer: hyper,
        schedule: schedule?.state() ?? null,
        task: task.json,
      },
    };
  }

  /** The weights that a checkpoint has; with averages those, and the weights go to what training needs. */
  #modelState(training: StateDict): StateDict {
    const { model } = this.task;
    if (!this.#average) return model.stateDict();
    const averaged = this.#averaged;
    this.#haveAverages(false);
    const { model: averages, weights } = this.#average.state(model);
    for (const [name, weight] of weights) training.set(name, weight);
    this.#haveAverages(averaged);
    return averages;
  }

  /** Gives the model the averages of its weights, or the weights again. */
  #haveAverages(wanted: boolean): void {
    if (!this.#average || wanted === this.#averaged) return;
    this.#average.exchange();
    this.#averaged = wanted;
  }

  /** Goes back to a checkpoint of the same configuration. Throws, and changes nothing, for one that does not fit. */
  restore(checkpoint: Omit<Checkpoint, 'step'>): void {
    requireKinds('Trainer.restore', { checkpoint }, { checkpoint: { model: 'map', training: 'map' } });
    checkTrainingState(checkpoint.state);
    const before = this.checkpoint();
    try {
      this.#goOnFrom(checkpoint);
      this.#takeWeights(checkpoint);
    } catch (error) {
      this.#goOnFrom(before);
      this.#takeWeights(before);
      throw error;
    }
  }

  /** All of them or nothing. */
  #takeWeights({ model, training }: Pick<Checkpoint, 'model' | 'training'>): void {
    this.task.model.loadStateDict(model, 'checkpoint');
    this.#average?.restore(training);
    this.#averaged = false;
  }

  /** All but the weights. */
  #goOnFrom({ training, state }: Omit<Checkpoint, 'step'>): void {
    this.#options.optimizer.loadStateDict({ hyper: state.optimizer, tensors: partOf(training, 'optimizer.') });
    this.task.setState({ json: state.task, tensors: partOf(training, 'task.') });
    this.#options.schedule?.setState(state.schedule);
    setRandomState(state.random);
    this.#step = state.step;
    this.#smoothLoss = state.smoothLoss;
    this.#best =
      state.bestLoss === null
        ? null
        : {
            loss: state.bestLoss,
            targets: 0,
            score: state.bestScore ?? state.bestLoss,
            ...(state.bestMetrics && { metrics: state.bestMetrics }),
          };
    this.#withoutImprovement = state.withoutImprovement;
    this.#skipped = state.skipped ?? 0;
  }

  /** One batch: loss, gradients, clipping, update. In a scope: what it makes and does not keep is free again when it ends. */
  #trainOneStep(): StepEvent | TrainingEvent {
    const { optimizer, schedule, inspect } = this.#options;
    const { model } = this.task;
    const compute = this.task.next();
    if (schedule) optimizer.lr = schedule.lr(this.#step);
    model.train();
    this.#findings = null;
    const buffers = remember(this.#buffers); // a batch norm's means move with the forward pass
    try {
      const { norm, clipped, loss, targets } = scope(() => {
        optimizer.zeroGrad();
        const rngState = randomState();
        const batch = compute();
        const loss = batch.loss.itemSync() * batch.perTarget;
        if (!Number.isFinite(loss))
          throw new NonFiniteError(
            blameForward(batch.loss, this.#names),
            `the loss of step ${this.#step + 1} is ${loss}`,
          );
        batch.loss.backward();
        const found =
          inspect && due(this.#step + 1, inspect.every) ? look(inspect, model, () => compute().loss, rngState) : null;
        const norm = gradNorm(optimizer.parameters);
        if (!Number.isFinite(norm)) throw this.#blameBackward(compute, rngState);
        const clipped = this.#update(norm);
        batch.accept?.();
        this.#findings = found;
        return { norm, clipped, loss, targets: batch.targets };
      });
      return this.#stepDone({ norm, clipped, loss, targets });
    } catch (error) {
      buffers.restore();
      return this.#skip(error);
    } finally {
      buffers.release();
      optimizer.zeroGrad();
    }
  }

  /** The same for a batch in shards, of which other processes may have some. */
  async #trainShards(sharded: ShardedStep, signal?: StopSignal): Promise<StepEvent | TrainingEvent> {
    const { optimizer, schedule, inspect, reduce: world, saveNow } = this.#options;
    const { model } = this.task;
    const compute = (this.task as { nextShards(): ShardLoss }).nextShards();
    if (schedule) optimizer.lr = schedule.lr(this.#step);
    model.train();
    this.#findings = null;
    const step = this.#step + 1;
    const buffers = remember(this.#buffers);
    try {
      optimizer.zeroGrad();
      const wishes = { stop: signal?.aborted ?? false, save: saveNow() };
      const batch = await sharded.gradient(compute, step, buffers, wishes);
      this.#wishes = batch;
      const norm = gradNorm(optimizer.parameters);
      if (!Number.isFinite(norm)) throw this.#blamed(await sharded.blame(compute, step));
      if (inspect && due(step, inspect.every) && (world?.rank ?? 0) === 0)
        this.#findings = scope(() => look(inspect, model, sharded.again(compute, step), randomState()));
      const clipped = scope(() => this.#update(norm));
      batch.accept();
      return this.#stepDone({ ...batch, norm, clipped });
    } catch (error) {
      buffers.restore();
      this.#findings = null;
      return this.#skip(error);
    } finally {
      buffers.release();
      optimizer.zeroGrad();
    }
  }

  /** Clips and updates by gradients of this global norm. Returns whether they were clipped. */
  #update(norm: number): boolean {
    const { optimizer, clipNorm, clipValue } = this.#options;
    if (clipValue !== null) clipGradValue(optimizer.parameters, clipValue);
    const left = clipValue === null ? norm : gradNorm(optimizer.parameters);
    const tooLong = clipNorm !== null && left > clipNorm;
    optimizer.step({ gradScale: tooLong ? clipNorm / left : 1, gradNorm: left, names: this.#names });
    return tooLong || left < norm;
  }

  #stepDone(batch: { norm: number; clipped: boolean; loss: number; targets: number }): StepEvent {
    const { norm, clipped, loss, targets } = batch;
    this.#step++;
    this.#average?.update(this.#step);
    this.#skipped = 0;
    this.#smoothLoss = (this.#smoothLoss ?? loss) + (loss - (this.#smoothLoss ?? loss)) / Math.min(this.#step, memory);
    return {
      type: 'step',
      step: this.#step,
      epoch: this.#step / this.task.stepsPerEpoch,
      loss,
      smoothLoss: this.#smoothLoss,
      lr: this.#options.optimizer.lr,
      gradientNorm: norm,
      clipped,
      targets,
    };
  }

  /** Leaves a batch out whose step was refused; throws the error where that is not wanted. */
  #skip(error: unknown): TrainingEvent {
    const { onNonFinite } = this.#options;
    if (!(error instanceof NonFiniteError) || onNonFinite === 'stop' || ++this.#skipped > mostSkipped) throw error;
    this.#step++;
    return { type: 'skipped', step: this.#step, where: error.where };
  }

  /**
   * Computes the same batch again, looking at every number on the way to the loss, which a function that saturates may have hidden, and at every
   * gradient as it is made.
   */
  #blameBackward(compute: () => BatchLoss, rngState: GlobalRandomState): NonFiniteError {
    const culprit = this.#culprit();
    setRandomState(rngState);
    this.#options.optimizer.zeroGrad();
    return this.#blamed(originOf(compute(), this.#names) ?? culprit);
  }

  #blamed(where: string | null): NonFiniteError {
    return new NonFiniteError(where ?? this.#culprit(), `a gradient of step ${this.#step + 1} is not finite`);
  }

  /** A parameter whose gradient is not finite. */
  #culprit(): string {
    const culprit = [...this.#names].find(([p]) => p.grad && !Number.isFinite(gradNorm([p])));
    return culprit ? `the gradient of parameter ${culprit[1]}` : 'the sum of the gradients';
  }

  async #evaluate(): Promise<Extract<TrainingEvent, { type: 'evaluation' }> | null> {
    const { reduce: world, evaluatePart } = this.#options;
    this.#haveAverages(true);
    const measure = () => this.task.evaluate(evaluatePart);
    const evaluation = await (world ? fromFirst(world, measure) : measure()).finally(() => this.#haveAverages(false));
    if (!evaluation || evaluation.targets === 0) return null; // nothing was measured: a loss of 0 would be the best
    const score = scoreOf(evaluation); // of a network far off it may be infinite or NaN: that is no best
    const improved = Number.isFinite(score) && (this.#best === null || score < scoreOf(this.#best));
    // Among equal scores, as of two validations without a mistake, the lower loss is better; of equal ones the first stays.
    const best =
      improved || (this.#best !== null && score === scoreOf(this.#best) && evaluation.loss < this.#best.loss);
    if (best) this.#best = evaluation;
    this.#withoutImprovement = improved ? 0 : this.#withoutImprovement + 1;
    this.#options.schedule?.observe(score);
    return { type: 'evaluation', step: this.#step, ...evaluation, best };
  }
}

/** Criterion of validations: lower is better. */
function scoreOf({ loss, score = loss }: Evaluation): number {
  return score;
}

/** Computes the batch again from the random state that it began with, and restores the random state after it. */
function look(inspector: Inspector, model: Module, compute: () => Tensor, rngState: GlobalRandomState): Json {
  const after = randomState();
  const again = () => {
    setRandomState(rngState);
    return compute();
  };
  try {
    return inspector.look({ model, compute: again });
  } finally {
    setRandomState(after);
  }
}

function due(step: number, every: number): boolean {
  return every > 0 && step % every === 0;
}
