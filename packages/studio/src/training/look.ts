// What is looked at between two steps: the gradient's way back, the gates, a step's Jacobian. Nothing of the run changes by it.

import { noGrad, Tensor } from 'unrolled';
import {
  gateStatistics,
  gradientFlow,
  type ObservedStep,
  observeSteps,
  preservingState,
  spectralNorm,
  stepJacobian,
  TraceRecorder,
} from 'unrolled/analysis';
import type { GateOfLayer, Look, Slope } from './history.ts';
import type { Run } from './run.ts';

const far = 100;

/** The gradient at the end of one example, at every step before it, and the gates over the same steps. */
export function look({ prepared: { model, task }, step, spec }: Run): Look {
  const probe = task.probe?.({ rows: 1, steps: Math.min(64, spec.settings.windowLength) });
  if (!probe) return { step, flow: [], gates: [] };
  const compute = () => probe.loss([0]);
  const flow = gradientFlow(model, compute, { from: 'last' });
  const recorder = new TraceRecorder(model, flow.steps);
  preservingState(model, () => recorder.watch(0, compute));
  return {
    step,
    flow: flow.rows
      .filter(({ kind }) => kind === 'state')
      .map(({ layer, of, norms, growth }) => ({
        layer,
        of,
        norms: norms.map((norm) => Number(norm.toPrecision(4))),
        factor: growth.factor,
        halfLife: Number.isFinite(growth.halfLife) ? growth.halfLife : null,
      })),
    gates: gateStatistics(recorder.trace()).map(gateOf),
  };
}

function gateOf({ layer, gate, left, right, timeConstants }: ReturnType<typeof gateStatistics>[number]): GateOfLayer {
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  const sorted = timeConstants?.slice().sort() ?? null;
  return {
    layer,
    gate,
    shut: mean(left),
    open: mean(right),
    holds: sorted ? Math.min(1e6, sorted[sorted.length >> 1]) : null,
    long: sorted ? sorted.filter((steps) => steps > far).length : 0,
  };
}

const [measured, widest] = [8, 512];

/**
 * The largest singular value of a step's Jacobian in the first layer, as the mean of the last eight steps, and the growth of their product for one
 * step. None for a state so wide that it would hold up the training.
 */
export function slopeOf({ prepared: { model, task }, step }: Run): Slope[] {
  const probe = task.probe?.({ rows: 1, steps: 24 });
  if (!probe) return [];
  return preservingState(model, () => {
    const observed: ObservedStep[] = [];
    model.eval();
    noGrad(() =>
      observeSteps(
        (one) => observed.push(one),
        () => probe.loss([0]),
      ),
    );
    const steps = observed.filter(({ cell }) => cell === observed[0].cell).slice(-measured);
    if (steps.length === 0 || widthOf(steps[0].before) > widest) return [];
    const jacobians = steps.map(({ cell, x, before }) => stepJacobian(cell, x, before));
    const { size } = jacobians[0];
    const norms = jacobians.map(({ values }) => spectralNorm(values, size, size));
    const product = jacobians.reduce((a, b) => ({ size, values: multiply(b.values, a.values, size) }));
    const growth = spectralNorm(product.values, size, size) ** (1 / jacobians.length);
    return [{ step, layer: 'l0', sigma: norms.reduce((a, b) => a + b, 0) / norms.length, growth }];
  });
}

/** Numbers in a state: H, or 2H of an LSTM. */
function widthOf(state: unknown): number {
  if (state instanceof Tensor) return state.shape[state.rank - 1];
  return Object.values(state as object).reduce((sum: number, part) => sum + widthOf(part), 0);
}

/** A·B, both n × n. */
function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const v = a[i * n + k];
      for (let j = 0; j < n; j++) out[i * n + j] += v * b[k * n + j];
    }
  return out;
}
