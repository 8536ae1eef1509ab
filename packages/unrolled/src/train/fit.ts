// Training to the end in one call.

import { requireKinds } from '../checks.ts';
import type { TrainingEvent } from './events.ts';
import type { Task } from './task.ts';
import { type StopSignal, Trainer, type TrainerOptions } from './trainer.ts';

/** Options of `fit`. */
export interface FitOptions extends TrainerOptions {
  /** Told of everything that happens; awaited. */
  readonly onEvent?: (event: TrainingEvent) => void | Promise<void>;
  readonly signal?: StopSignal;
}

/** Trains to the end and returns how it ended. `new Trainer` gives the same with the events as a stream. */
export async function fit(task: Task, options: FitOptions): Promise<Extract<TrainingEvent, { type: 'end' }>> {
  requireKinds(
    'fit',
    { task, options },
    {
      task: {
        model: 'module',
        stepsPerEpoch: 'number',
        parameters: 'function?',
        ready: 'function?',
        next: 'function',
        evaluate: 'function',
        state: 'function',
        setState: 'function',
        probe: 'function?',
      },
      options: {
        optimizer: 'object',
        steps: 'number',
        clipNorm: 'number?|null',
        clipValue: 'number?|null',
        schedule: 'object?|null',
        evaluateEvery: 'number?',
        evaluatePart: 'number?',
        saveEvery: 'number?',
        patience: 'number?',
        onNonFinite: 'text?',
        ema: 'number?|null',
        inspect: 'object?|null',
        shards: 'number?',
        reduce: 'object?|null',
        saveNow: 'function?',
        onEvent: 'function?',
        signal: 'object?|null',
      },
    },
  );
  const { onEvent, signal, ...rest } = options;
  for await (const event of new Trainer(task, rest).run(signal)) {
    await onEvent?.(event);
    if (event.type === 'end') return event;
  }
  throw new Error('unreachable: every run ends with an end event');
}
