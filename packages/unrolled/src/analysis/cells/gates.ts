// Gate statistics. A gate that is nearly always open or nearly always shut does not gate; one that stays in between multiplies everything by a
// half. Karpathy, Johnson and Fei-Fei (2015) plot for each unit how often it was left-saturated (below 0.1) and right-saturated (above 0.9).
// A gate f that keeps the state also has a time constant: its content decays as ∏ f_t, by 1/e in τ = −1 / mean ln f steps.

import { requireKinds, requireWhole } from '../../checks.ts';
import { type ReportLanguage, requireLanguage } from '../language.ts';
import { type Trace, traceKind, type UnitTrack } from './trace.ts';

/** How often a gate is nearly closed (left) or open (right), unit by unit. */
export interface GateStatistics {
  readonly layer: string;
  readonly gate: string;
  /** For each unit the fraction of steps below 0.1, the fraction above 0.9, and the mean. */
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly mean: Float64Array;
  /** Histogram over all units and steps: twenty equal bins from 0 to 1, as fractions. */
  readonly histogram: Float64Array;
  /** Time constant of each unit in steps; null unless the gate says how much of the state is kept. */
  readonly timeConstants: Float64Array | null;
}

export const saturation = { left: 0.1, right: 0.9 } as const;
const classes = 20;
const least = 1e-7; // so that a gate of 0 in float32 has a logarithm

/** A gate's statistics, as descriptions and plots require them. */
export const gateKind = {
  layer: 'text',
  gate: 'text',
  left: 'numbers',
  right: 'numbers',
  mean: 'numbers',
  histogram: 'numbers',
  timeConstants: 'numbers|null',
} as const;

/** Computes the statistics of every gate in a trace; an empty list for cells without gates. */
export function gateStatistics(trace: Trace): GateStatistics[] {
  requireKinds('gateStatistics', { trace }, { trace: traceKind });
  for (const { size, values } of trace.tracks)
    requireWhole('gateStatistics', 'size', size, 1, Math.max(1, values.length));
  return trace.tracks.filter(({ kind }) => kind === 'gate').map((track) => statisticsOf(track, trace.steps));
}

function statisticsOf({ layer, what, keeps, size, values }: UnitTrack, N: number): GateStatistics {
  const [left, right, mean, logs] = Array.from({ length: 4 }, () => new Float64Array(size));
  const histogram = new Float64Array(classes);
  for (let k = 0; k < values.length; k++) {
    const [v, u] = [values[k], k % size];
    if (v < saturation.left) left[u] += 1 / N;
    else if (v > saturation.right) right[u] += 1 / N;
    mean[u] += v / N;
    logs[u] += Math.log(Math.max(least, keeps === 'rest' ? 1 - v : v)) / N;
    histogram[Math.min(classes - 1, Math.floor(v * classes))] += 1 / values.length;
  }
  const timeConstants = keeps ? logs.map((log) => -1 / Math.min(-1e-9, log)) : null;
  return { layer, gate: what, left, right, mean, histogram, timeConstants };
}

/** Describes the gates of a layer in sentences. */
export function describeGate(given: GateStatistics, language: ReportLanguage = 'en'): string {
  requireKinds('describeGate', { given }, { given: gateKind });
  requireLanguage('describeGate', language);
  const ko = language === 'ko';
  const { layer, gate, left, right, timeConstants } = given;
  const part = (values: ArrayLike<number>) =>
    `${Math.round((100 * Array.from(values).reduce((a, b) => a + b, 0)) / values.length)} %`;
  const [shut, open] = [part(left), part(right)];
  if (!timeConstants || timeConstants.length === 0)
    return ko
      ? `${layer} ${gate}: 닫힌 때(${saturation.left} 미만) ${shut}, 열린 때(${saturation.right} 초과) ${open}.`
      : `${layer} ${gate}: shut (below ${saturation.left}) ${shut} of the time, open (above ${saturation.right}) ${open}.`;
  const sorted = Float64Array.from(timeConstants).sort();
  const steps = (v: number) =>
    v >= 1e4 ? (ko ? '10,000 이상' : 'more than 10,000') : v >= 10 ? v.toFixed(0) : v.toFixed(1);
  const [middle, longest] = [sorted[sorted.length >> 1], sorted[sorted.length - 1]];
  if (ko)
    return `${layer} ${gate}: 닫힌 때(${saturation.left} 미만) ${shut}, 열린 때(${saturation.right} 초과) ${open}. 유닛이 기억하는 단계 수는 중앙값이 ${steps(middle)}, 가장 긴 것이 ${steps(longest)}입니다.`;
  return `${layer} ${gate}: shut (below ${saturation.left}) ${shut} of the time, open (above ${saturation.right}) ${open}; half of its units forget within ${steps(middle)} steps, the longest holds for ${steps(longest)}.`;
}
