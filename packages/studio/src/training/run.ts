// A run in the worker: model, data and loop of a specification, to be taken step by step.

import {
  Adagrad,
  Adam,
  AdamW,
  type Checkpoint,
  type Module,
  type Optimizer,
  RMSprop,
  SGD,
  Trainer,
  type TrainingEvent,
} from 'unrolled';
import type { Dataset } from '../data/dataset.ts';
import type { OptimizerName } from '../settings/settings.ts';
import { changeAt, type RunSpec } from './spec.ts';
import { prepare, type Prepared } from './tasks/index.ts';

const optimizerOf: Readonly<Record<OptimizerName, (model: Module, lr: number) => Optimizer>> = {
  adam: (model, lr) => new Adam(model.parameters(), { lr }),
  adamw: (model, lr) => new AdamW(model.parameters(), { lr }),
  rmsprop: (model, lr) => new RMSprop(model.parameters(), { lr }),
  sgd: (model, lr) => new SGD(model.parameters(), { lr }),
  adagrad: (model, lr) => new Adagrad(model.parameters(), { lr }),
};

export class Run {
  readonly prepared: Prepared;
  readonly #optimizer: Optimizer;
  #spec: RunSpec;
  #trainer: Trainer;
  #events: AsyncGenerator<TrainingEvent, void>;
  #withoutImprovement = 0;

  /** The run of a specification at its first step, on its data. */
  static async of(spec: RunSpec, data: Dataset): Promise<Run> {
    return new Run(spec, await prepare(spec.settings, data));
  }

  private constructor(spec: RunSpec, prepared: Prepared) {
    this.#spec = spec;
    this.prepared = prepared;
    const { settings } = spec;
    this.#optimizer = optimizerOf[settings.optimizer](this.prepared.model, settings.lr);
    [this.#trainer, this.#events] = this.#begin(0);
  }

  get spec(): RunSpec {
    return this.#spec;
  }

  get step(): number {
    return this.#trainer.step;
  }

  get ended(): boolean {
    const { steps, patience } = this.#spec.settings;
    return this.step >= steps || (patience > 0 && this.#withoutImprovement >= patience);
  }

  /** One step and what belongs to it, validation included. An empty list once the run has ended. */
  async advance(): Promise<TrainingEvent[]> {
    const found: TrainingEvent[] = [];
    if (this.ended) return found;
    for (;;) {
      const { value } = await this.#events.next();
      if (!value || value.type === 'end') break;
      found.push(value);
      if (value.type === 'evaluation') this.#withoutImprovement = value.best ? 0 : this.#withoutImprovement + 1;
      if (value.type === 'checkpoint') break; // what comes after it is the next step
    }
    if (this.#spec.changes.some(({ step }) => step === this.step)) await this.#again();
    return found;
  }

  /** Other learning rate or clipping from here on. */
  async change(spec: RunSpec): Promise<void> {
    this.#spec = spec;
    await this.#again();
  }

  /** A trainer with the options of this step, where the last one is: it ends in the same bits as one that had them from its start. */
  async #again(): Promise<void> {
    const checkpoint = this.#trainer.checkpoint();
    await this.#events.return();
    [this.#trainer, this.#events] = this.#begin(checkpoint.step);
    this.restore(checkpoint);
  }

  checkpoint(): Checkpoint {
    return this.#trainer.checkpoint();
  }

  restore(checkpoint: Omit<Checkpoint, 'step'>): void {
    this.#trainer.restore(checkpoint);
    this.#optimizer.lr = changeAt(this.#spec, this.step).lr;
    this.#withoutImprovement = checkpoint.state.withoutImprovement;
  }

  /** A trainer whose options are those at this step. */
  #begin(step: number): [Trainer, AsyncGenerator<TrainingEvent, void>] {
    const { settings } = this.#spec;
    const { clipNorm } = changeAt(this.#spec, step);
    const trainer = new Trainer(this.prepared.task, {
      optimizer: this.#optimizer,
      steps: settings.steps,
      clipNorm: clipNorm > 0 ? clipNorm : null,
      evaluateEvery: settings.evaluateEvery,
      onNonFinite: 'skip',
    });
    return [trainer, trainer.run()];
  }
}
