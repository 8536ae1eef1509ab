// Inspection of a run while it trains: an inspector for the trainer to call every so many steps, and its findings. It computes a few examples once
// more, step by step, so an inspection costs a few training steps: every hundredth step can afford one.

import { requireKinds, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { gradNorm } from '../optim/clip.ts';
import type { Probe } from '../train/probe.ts';
import type { Inspector } from '../train/trainer.ts';
import { type Inspection, inspectLoss } from './inspection.ts';

declare const performance: { now(): number }; // of every host; the library compiles without its types

/** Options of `liveInspector`. */
export interface InspectorOptions {
  /** Steps between two inspections. Default 100. */
  readonly every?: number;
  /** Examples to inspect, the same every time: `task.probe({ rows: 1, steps: 64 })`. Default null: the batch of the step. */
  readonly probe?: Probe | null;
  /** Largest share of the training time, 0 to 1; an inspection that would exceed it is left out. Default 1: none is. */
  readonly mostTime?: number;
}

/** Findings of one inspection: plain data, for metrics.jsonl. Without a recurrent layer `flow` and `gates` are empty. */
export interface LiveFindings extends Inspection {
  /** ‖∂L/∂parameter‖ of the step's batch, before clipping. */
  readonly parameters: readonly { readonly name: string; readonly norm: number }[];
}

/**
 *     await fit(task, { optimizer, steps: 1000, inspect: liveInspector({ every: 100 }), onEvent: (e) => {
 *       if (e.type === 'look') console.log(describeInspection(e.findings as LiveFindings));
 *     } });
 *
 * The run ends in the same bits with it as without.
 */
export function liveInspector(options: InspectorOptions = {}): Inspector {
  requireKinds('liveInspector', { options }, { options: { probe: 'object?|null' } });
  checkOptions('liveInspector', options, ['every', 'probe', 'mostTime']);
  const { every = 100, probe = null, mostTime = 1 } = options;
  if (!(Number.isInteger(every) && every > 0))
    throw new OptionError('liveInspector', 'every', `expected a whole number from 1, got ${shown(every)}`);
  if (!(typeof mostTime === 'number' && mostTime > 0 && mostTime <= 1))
    throw new OptionError('liveInspector', 'mostTime', `expected a share above 0 and up to 1, got ${shown(mostTime)}`);
  let [before, cost] = [performance.now(), 0];
  return {
    every,
    look(moment) {
      requireKinds('liveInspector.look', { moment }, { moment: { model: 'module', compute: 'function' } });
      const { model, compute } = moment;
      const now = performance.now();
      if (mostTime < 1 && cost > mostTime * (now - before)) return null;
      const parameters = Array.from(model.namedParameters(), ([name, p]) => ({ name, norm: brief(gradNorm([p])) }));
      const findings: LiveFindings = { ...inspected(() => inspectLoss(model, lossOf(probe) ?? compute)), parameters };
      before = performance.now();
      cost = before - now;
      return findings as never;
    },
  };
}

function lossOf(probe: Probe | null) {
  if (!probe) return null;
  const rows = Array.from({ length: probe.rows }, (_, r) => r);
  return () => probe.loss(rows);
}

/** Nothing where the model has no recurrent layer: a convolutional network, say. */
function inspected(inspect: () => Inspection): Inspection {
  try {
    return inspect();
  } catch (error) {
    if (error instanceof OptionError) return { steps: 0, flow: [], gates: [] };
    throw error;
  }
}

const brief = (v: number) => Number(v.toPrecision(4));
