// What --inspect keeps: every hundred steps how gradients and gates behave, and how large the gradient of each parameter was.

import { gradNorm, type Inspector, type Task } from 'unrolled';
import { inspectOnce, type Inspection } from 'unrolled/analysis';

/** A look event's findings. */
export interface Findings extends Inspection {
  /** Of this step's batch, before clipping. */
  readonly parameters: readonly { readonly name: string; readonly norm: number }[];
}

const every = 100; // steps
const most = 0.05; // of the time: where a look takes longer, there are fewer
const size = { rows: 1, steps: 64 };

/** Looks at one example of the task's probe. Null for a task that has none. */
export function inspectorOf(task: Task): Inspector | null {
  const probe = task.probe?.(size);
  if (!probe) return null;
  let [before, cost] = [performance.now(), 0];
  return {
    every,
    look({ model }) {
      const now = performance.now();
      if (cost > most * (now - before)) return null;
      const parameters = Array.from(model.namedParameters(), ([name, p]) => ({ name, norm: gradNorm([p]) }));
      const findings: Findings = { ...inspectOnce(model, probe), parameters };
      before = performance.now();
      cost = before - now;
      return findings as never;
    },
  };
}
