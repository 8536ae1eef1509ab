// The gradient on its way back through time: the norm of ∂L/∂h_t at every step of every layer, and of every gate. Long dependencies cannot be learned
// where it vanishes; where it explodes, updates are erratic.
//
//   ∂L/∂h_t = Σ_{s ≥ t}  ∂L_s/∂h_s · ∂h_s/∂h_{s−1} · … · ∂h_{t+1}/∂h_t
//
// With `from: 'loss'` it is the gradient that training uses: every step with a target adds its own. With `from: 'last'` the backward pass begins
// at the last step's output alone, so that what arrives at step t has come the whole way: this is where vanishing shows in a model that has a
// target at every step.

import { type Kind, requireKinds, shown } from '../checks.ts';
import { checkOptions, OptionError, TensorError } from '../errors.ts';
import type { Module } from '../nn/module.ts';
import { type ObservedStep, observeSteps } from '../nn/recurrent/observe.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { tensor } from '../tensor/create.ts';
import { describeGrowth, type Growth, growthKind, growthOf } from './growth.ts';
import { heatMap } from './heat-map.ts';
import { plotOptions, type ReportLanguage, requireLanguage } from './language.ts';
import { namedCells, namedTensors } from './observed-layers.ts';
import { preservingState } from './preserving-state.ts';
import { rangeOf } from './range.ts';

/** Options of `gradientFlow`. */
export interface GradientFlowOptions {
  /** Where the backward pass begins: the loss, or the last step's output of the highest layer. Default 'loss'. */
  readonly from?: 'loss' | 'last';
}

/** One state or gate of one layer. */
export interface FlowRow {
  /** l0, l1_reverse, … */
  readonly layer: string;
  /** State (h or c) or gate. */
  readonly of: string;
  readonly kind: 'state' | 'gate';
  /** ‖∂L/∂·_t‖ over the batch, for t = 0 … T−1. */
  readonly norms: readonly number[];
  /** Growth or decay of the norm for one step back. */
  readonly growth: Growth;
}

/** Norms of the gradient by layer and time step. */
export interface GradientFlow {
  readonly from: 'loss' | 'last';
  readonly steps: number;
  readonly loss: number;
  readonly rows: readonly FlowRow[];
}

/**
 * Measures the gradient norms of one batch. `compute` runs the model on it and returns the loss; model, gradients and random state are left
 * unchanged.
 *
 *     const flow = gradientFlow(model, () => model.loss(input, target).loss);
 *     console.log(describeGradientFlow(flow));
 *
 * Throws an OptionError if `compute` runs no recurrent layer of the model.
 */
export function gradientFlow(model: Module, compute: () => Tensor, options: GradientFlowOptions = {}): GradientFlow {
  requireKinds(
    'gradientFlow',
    { model, compute, options },
    { model: 'module', compute: 'function', options: 'object' },
  );
  const who = 'gradientFlow';
  checkOptions(who, options, ['from']);
  const { from = 'loss' } = options;
  if (from !== 'loss' && from !== 'last')
    throw new OptionError(who, 'from', `expected 'loss' or 'last', got ${shown(from)}`);
  return preservingState(model, () => {
    const observed: ObservedStep[] = [];
    const loss = observeSteps((step) => observed.push(step), compute);
    if (observed.length === 0)
      throw new OptionError(who, 'model', `no recurrent layer of this ${model.constructor.name} was stepped through`);
    const watched = observed.map(watch);
    const cells = namedCells(model);
    if (from === 'loss') loss.backward();
    else walkBackFromLast(observed.filter(({ cell }) => !cells.some((c) => c.cell === cell && c.reverse)));
    const rows = cells.flatMap(({ name, cell, reverse }) =>
      rowsOf(
        name,
        reverse,
        watched.filter((w) => w.step.cell === cell),
      ),
    );
    for (const { step, states } of watched)
      for (const t of [...states.map(([, s]) => s), ...Object.values(step.gates)]) t.zeroGrad();
    return { from, steps: rangeOf(observed.map(({ t }) => t))[1] + 1, loss: loss.itemSync(), rows };
  });
}

interface Watched {
  readonly step: ObservedStep;
  readonly states: [name: string, tensor: Tensor][];
}

/** Retains the gradients of a step's states and gates. */
function watch(step: ObservedStep): Watched {
  const states = namedTensors(step.after);
  for (const [, t] of [...states, ...Object.entries(step.gates)]) t.retainGrad();
  return { step, states };
}

/** Starts from the last h, along a direction that favors no unit: +1, −1, −1, +1, … scaled to length 1 in every row. */
function walkBackFromLast(observed: readonly ObservedStep[]): void {
  const [[, h]] = namedTensors(observed[observed.length - 1].after);
  if (!h.requiresGrad) throw new TensorError('gradientFlow', 'the last state does not depend on a parameter');
  const width = h.shape[h.rank - 1];
  const signs = Array.from({ length: h.size }, (_, i) => ((i ^ (i >> 1)) & 1 ? -1 : 1) / Math.sqrt(width));
  h.backward(tensor(signs, h.shape, { dtype: h.dtype, backend: h.backend }));
}

function rowsOf(layer: string, reverse: boolean, watched: readonly Watched[]): FlowRow[] {
  if (watched.length === 0) return [];
  const T = rangeOf(watched.map(({ step }) => step.t))[1] + 1;
  const row = (of: string, kind: 'state' | 'gate', find: (w: Watched) => Tensor | undefined): FlowRow => {
    const norms = new Array<number>(T).fill(0);
    for (const w of watched) norms[w.step.t] = Math.hypot(norms[w.step.t], normOf(find(w)?.grad ?? null));
    // In order of the backward pass: from the last step to the first, or the other way round for a layer that reads from the end.
    return { layer, of, kind, norms, growth: growthOf(reverse ? norms : norms.toReversed()) };
  };
  const states = watched[0].states.map(([name], k) => row(name, 'state', (w) => w.states[k]?.[1]));
  const gates = Object.keys(watched[0].step.gates).map((name) => row(name, 'gate', (w) => w.step.gates[name]));
  return [...states, ...gates];
}

function normOf(grad: Tensor | null): number {
  if (!grad) return 0;
  let sum = 0;
  for (const g of grad.storage.array) sum += g * g;
  return Math.sqrt(sum);
}

/** A gradient flow, as descriptions and plots require it. */
export const flowKind: Kind = {
  from: 'text',
  steps: 'number',
  loss: 'number',
  rows: [{ layer: 'text', of: 'text', kind: 'text', norms: 'numbers', growth: growthKind }],
};

/** Describes a gradient flow, a sentence for each state. */
export function describeGradientFlow(flow: GradientFlow, language: ReportLanguage = 'en'): string[] {
  requireKinds('describeGradientFlow', { flow }, { flow: flowKind });
  requireLanguage('describeGradientFlow', language);
  const ko = language === 'ko';
  const states = flow.rows.filter(({ kind }) => kind === 'state');
  const lines = states.map(({ layer, of, norms, growth }) => {
    const [first, last] = [norms[0], norms[norms.length - 1]];
    const sizes = ko
      ? `마지막 단계에서 ${short(last)}, 첫 단계에서 ${short(first)}`
      : `${short(last)} at the last step, ${short(first)} at the first`;
    return `${layer} ${of}: ${sizes}; ${describeGrowth(growth, language)}`;
  });
  const worst = states.filter(({ growth }) => growth.factor < 1).sort((a, b) => a.growth.factor - b.growth.factor)[0];
  if (flow.from === 'loss' && worst) {
    lines.push(
      ko
        ? "모든 단계의 손실을 더한 기울기입니다. 한 단계에서 출발한 기울기가 어디까지 가는지는 from: 'last'가 보여 줍니다."
        : "These are the gradients of every step's loss together; how far the gradient of one step travels, from: 'last' shows.",
    );
  }
  return lines;
}

const short = (v: number) =>
  v === 0 ? '0' : v >= 0.01 && v < 1000 ? String(Number(v.toPrecision(2))) : v.toExponential(1);

/** A heat map of states and gates × steps, colored by the logarithm of the norm. */
export function gradientFlowMap(
  flow: GradientFlow,
  options: { readonly language?: ReportLanguage; readonly title?: string } = {},
): string {
  requireKinds('gradientFlowMap', { flow }, { flow: flowKind });
  const { language, title } = plotOptions('gradientFlowMap', options, ['language', 'title']);
  const ko = language === 'ko';
  const what = flow.from === 'loss' ? '‖∂L/∂·‖' : '‖∂h_T/∂·‖';
  return heatMap({
    rows: flow.rows.map(({ layer, of, norms }) => ({ name: `${layer} ${of}`, values: norms })),
    title: title ?? (ko ? `시간을 거슬러 오는 기울기 ${what}` : `The gradient through time, ${what}`),
    xLabel: ko ? '단계' : 'step',
    scale: 'log',
    rowHeight: 22,
  });
}
