// The gradient on its way back through time.

import { describeGradientFlow, gradientFlow, gradientFlowMap } from 'unrolled/analysis';
import { plot } from '../../terminal/index.ts';
import type { MakeSection } from '../source.ts';
import { spoken, t } from '../../language/index.ts';

const size = { rows: 4, steps: 64 };

export const gradients: MakeSection = ({ source: { model, task } }) => {
  const probe = task.probe?.(size);
  if (!probe) return null;
  const rows = Array.from({ length: probe.rows }, (_, r) => r);
  const [last, all] = (['last', 'loss'] as const).map((from) => gradientFlow(model, () => probe.loss(rows), { from }));
  const sentences = describeGradientFlow(last, spoken());
  const shown = last.rows.find(({ kind }) => kind === 'state');
  return {
    id: 'gradients',
    title: t('Gradient through time'),
    headline: sentences[0] ? t`Gradient norms back through time: ${sentences[0]}.` : null,
    sentences: sentences.map(sentence),
    figures: () => [
      {
        html: gradientFlowMap(last, { language: spoken() }),
        caption: t(
          'The norm at each step of a gradient that starts at the last step. Dark is large; steps where it vanishes cannot be learned from.',
        ),
      },
      {
        html: gradientFlowMap(all, { language: spoken() }),
        caption: t('The gradient of the training loss: the losses of all steps contribute.'),
      },
    ],
    lines: ({ width }) =>
      shown
        ? plot(
            shown.norms.map((v) => Math.log10(Math.max(1e-30, v))),
            { width: Math.min(70, width), height: 6, from: t('first step'), to: t('last step') },
          )
        : [],
    data: { last, all },
  };
};

const sentence = (text: string) => (text.endsWith('.') ? text : `${text}.`);
