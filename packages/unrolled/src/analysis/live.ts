// Inspection of a run while it trains: an inspector for the trainer to call every so many steps, and its findings. It computes the current batch once
// more, step by step, so an inspection costs a few training steps: every hundredth step can afford one.

import { optional, requireKinds, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { gradNorm } from '../optim/clip.ts';
import type { Inspector } from '../train/trainer.ts';
import { describeGrowth } from './growth.ts';
import { flowKind, type GradientFlow, gradientFlow } from './gradient-flow.ts';
import { type ReportLanguage, requireLanguage } from './language.ts';

/** Options of `liveInspector`. */
export interface InspectorOptions {
  /** Steps between two inspections. Default 100. */
  readonly every?: number;
  /** Whether to measure the gradient through time as well as the parameters' gradient norms, which cost next to nothing. Default true. */
  readonly flow?: boolean;
}

/** Findings of one inspection: plain data, for metrics.jsonl. */
export interface LiveFindings {
  /** Gradient flow of the recurrent layers, if asked for; else null. */
  readonly flow: GradientFlow | null;
  /** ‖∂L/∂parameter‖, before clipping. */
  readonly parameters: readonly { readonly name: string; readonly norm: number }[];
}

/**
 *     await fit(task, { optimizer, steps: 1000, inspect: liveInspector({ every: 100 }), onEvent: (e) => {
 *       if (e.type === 'look') console.log(describeLiveFindings(e.findings as LiveFindings));
 *     } });
 *
 * The run ends in the same bits with it as without.
 */
export function liveInspector(options: InspectorOptions = {}): Inspector {
  requireKinds('liveInspector', { options }, { options: 'object' });
  checkOptions('liveInspector', options, ['every', 'flow']);
  const { every = 100, flow = true } = options;
  if (!(Number.isInteger(every) && every > 0))
    throw new OptionError('liveInspector', 'every', `expected a whole number from 1, got ${shown(every)}`);
  return {
    every,
    look(moment) {
      requireKinds('liveInspector.look', { moment }, { moment: { model: 'module', compute: 'function' } });
      const { model, compute } = moment;
      const parameters = Array.from(model.namedParameters(), ([name, p]) => ({ name, norm: brief(gradNorm([p])) }));
      return {
        flow: flow ? flowOf(() => gradientFlow(model, compute)) : null,
        parameters,
      } satisfies LiveFindings as never;
    },
  };
}

/** Null where the model has no recurrent layer: a convolutional network, say. */
function flowOf(find: () => GradientFlow): GradientFlow | null {
  try {
    const flow = find();
    return { ...flow, loss: brief(flow.loss), rows: flow.rows.map((r) => ({ ...r, norms: r.norms.map(brief) })) };
  } catch (error) {
    if (error instanceof OptionError) return null;
    throw error;
  }
}

const brief = (v: number) => Number(v.toPrecision(4));

/** `gradient l0 h kept (0.999 a step) · l1 h vanishing by 0.83 a step, half-life 3.7 steps` */
export function describeLiveFindings(liveFindings: LiveFindings, language: ReportLanguage = 'en'): string {
  requireKinds(
    'describeLiveFindings',
    { liveFindings },
    { liveFindings: { flow: optional(flowKind), parameters: 'list' } },
  );
  requireLanguage('describeLiveFindings', language);
  const { flow } = liveFindings;
  if (!flow) return language === 'ko' ? '순환 층이 없음' : 'no recurrent layer to inspect';
  return flow.rows
    .filter(({ kind }) => kind === 'state')
    .map(({ layer, of, growth }) => `${layer} ${of}: ${describeGrowth(growth, language)}`)
    .join(' · ');
}
