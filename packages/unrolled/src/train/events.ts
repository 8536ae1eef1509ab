// What a training run tells. The terminal, the run folder, a server or a page are readers of this one stream.

import type { Checkpoint } from './checkpoint.ts';
import type { Json } from './task.ts';

/** One training step: loss, gradient norm, learning rate and time. */
export interface StepEvent {
  readonly type: 'step';
  /** Steps done, this one included. */
  readonly step: number;
  readonly epoch: number;
  /** Nats per target on this batch, before the update. */
  readonly loss: number;
  /** The mean loss so far, and after a hundred steps an exponential one over about as many. */
  readonly smoothLoss: number;
  readonly lr: number;
  /** Global gradient norm, before clipping. */
  readonly gradientNorm: number;
  /** Whether the gradients were clipped, by norm or by value. */
  readonly clipped: boolean;
  readonly targets: number;
}

/** The metrics of a validation. */
export interface EvaluationEvent {
  readonly type: 'evaluation';
  readonly step: number;
  /** Nats per target on the validation data. */
  readonly loss: number;
  readonly targets: number;
  /** Further metrics of the task, by name. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Criterion of the best model where that is not the loss; lower is better. */
  readonly score?: number;
  /**
   * Whether its score, or its loss where it has none, is the lowest so far. Of equal scores the one with the lower loss is the best, of equal losses the
   * first. A lower loss at the same score is no improvement for `patience`.
   */
  readonly best: boolean;
}

/** A batch whose loss, gradient or update was not finite, and whose step was left out. */
export interface SkippedEvent {
  readonly type: 'skipped';
  readonly step: number;
  readonly where: string;
}

/** Findings of an inspector at the step before this event. */
export interface InspectionEvent {
  readonly type: 'look';
  readonly step: number;
  readonly findings: Json;
}

/**
 * A step is done with all that belongs to it, validation included: the one moment at which a run may be saved. Nothing goes on before the reader
 * of the stream asks for the next event.
 */
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly step: number;
  /** Whether the run asks for it: after a validation, when `saveEvery` is due, at the end. Others may be left out. */
  readonly due: boolean;
  /** Whether the validation just before was the best so far. */
  readonly best: boolean;
  /** Makes the copy to save. */
  readonly take: () => Checkpoint;
}

/** Training has ended, and why. */
export interface EndEvent {
  readonly type: 'end';
  readonly step: number;
  readonly reason: 'finished' | 'stopped' | 'no improvement';
  readonly smoothLoss: number;
  /** The loss at the best validation, and what else was measured there. */
  readonly bestLoss: number | null;
  readonly bestMetrics: Readonly<Record<string, number>> | null;
}

/** What `Trainer.run` yields. */
export type TrainingEvent = StepEvent | EvaluationEvent | SkippedEvent | InspectionEvent | CheckpointEvent | EndEvent;
