// An inspection during training: how the gradient of a few examples grows or shrinks on its way back, and how saturated the gates are. Small
// enough for every hundredth step, and without any effect on the run: the weights are the same bits with it and without.

import { requireKinds, requireWhole } from '../checks.ts';
import type { Module } from '../nn/module.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Probe } from '../train/probe.ts';
import { type GateStatistics, gateStatistics } from './cells/gates.ts';
import { TraceRecorder } from './cells/trace.ts';
import { gradientFlow } from './gradient-flow.ts';
import { type ReportLanguage, requireLanguage } from './language.ts';
import { preservingState } from './preserving-state.ts';

/** Statistics of gradients, activations and gates at one training step. */
export interface Inspection {
  /** Number of steps that the gradient went back through. */
  readonly steps: number;
  /** For each state of each layer the gradient norm at the first and the last step, and the factor for one step between them. */
  readonly flow: readonly {
    readonly layer: string;
    readonly of: string;
    readonly first: number;
    readonly last: number;
    readonly factor: number;
  }[];
  /** For each gate the fraction of units and steps in which it was shut (below 0.1) and open (above 0.9). */
  readonly gates: readonly {
    readonly layer: string;
    readonly gate: string;
    readonly shut: number;
    readonly open: number;
  }[];
}

/** Inspects a model on a probe of its task. Weights, gradients and random state are left unchanged. */
export function inspectOnce(model: Module, probe: Probe): Inspection {
  requireKinds(
    'inspectOnce',
    { model, probe },
    {
      model: 'module',
      probe: {
        rows: 'number',
        steps: 'number',
        behind: 'text|null',
        baseline: 'object|null',
        loss: 'function',
        outputs: 'function',
        inPieces: 'function|null',
      },
    },
  );
  requireWhole('inspectOnce', 'probe.rows', probe.rows, 1, 2 ** 20);
  const rows = Array.from({ length: probe.rows }, (_, r) => r);
  return inspectLoss(model, () => probe.loss(rows));
}

/** Inspects the computation of a loss; gates are those of its first row. Throws an OptionError where no recurrent layer is run. */
export function inspectLoss(model: Module, loss: () => Tensor): Inspection {
  const flow = gradientFlow(model, loss, { from: 'last' });
  const recorder = new TraceRecorder(model, flow.steps);
  preservingState(model, () => recorder.watch(0, loss));
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  return {
    steps: flow.steps,
    flow: flow.rows
      .filter(({ kind }) => kind === 'state')
      .map(({ layer, of, norms, growth }) => ({
        layer,
        of,
        first: norms[0],
        last: norms[norms.length - 1],
        factor: growth.factor,
      })),
    gates: gateStatistics(recorder.trace()).map(({ layer, gate, left, right }: GateStatistics) => ({
      layer,
      gate,
      shut: mean(left),
      open: mean(right),
    })),
  };
}

/** `gradient a step back: l0 h ×0.93, l0 c ×0.99   gates shut/open: l0 i 8/63 %, l0 f 25/37 %` */
export function describeInspection(inspection: Inspection, language: ReportLanguage = 'en'): string {
  requireLanguage('describeInspection', language);
  requireKinds(
    'describeInspection',
    { inspection },
    {
      inspection: {
        steps: 'number',
        flow: [{ layer: 'text', of: 'text', factor: 'number' }],
        gates: [{ layer: 'text', gate: 'text', shut: 'number', open: 'number' }],
      },
    },
  );
  const { flow, gates } = inspection;
  const text = texts[language];
  if (flow.length === 0) return text.nothing;
  const percent = (part: number) => Math.round(100 * part);
  const factors = flow.map(({ layer, of, factor }) => `${layer} ${of} ×${factor.toFixed(2)}`).join(', ');
  if (gates.length === 0) return `${text.gradient}: ${factors}`;
  const used = gates.map(({ layer, gate, shut, open }) => `${layer} ${gate} ${percent(shut)}/${percent(open)} %`);
  return `${text.gradient}: ${factors}   ${text.gates}: ${used.join(', ')}`;
}

const texts = {
  en: { nothing: 'no recurrent layer to inspect', gradient: 'gradient a step back', gates: 'gates shut/open' },
  ko: { nothing: '순환 층이 없음', gradient: '한 단계 뒤로 갈 때 기울기', gates: '게이트 닫힘/열림' },
} as const;
