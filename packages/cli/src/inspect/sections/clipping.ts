// What clipping did while the run was trained.

import { clippingPlot, clippingReport, describeClipping } from 'unrolled/analysis';
import { plot } from '../../terminal/index.ts';
import type { MakeSection } from '../source.ts';
import { spoken, t } from '../../language/index.ts';

export const clipping: MakeSection = ({ source: { metrics, clip, clipValue } }) => {
  const lines = metrics as typeof metrics & Parameters<typeof clippingReport>[0] & readonly { gradientNorm?: number }[];
  if (!lines.some(({ gradientNorm }) => Number.isFinite(gradientNorm))) return null;
  const report = clippingReport(lines, clip);
  const byNorm = describeClipping(report, spoken());
  const sentences =
    clipValue === null
      ? byNorm
      : [
          t`Gradients were clipped by value: every element was limited to ±${clipValue} (--clip-value). The norms here are from before that.`,
          ...byNorm,
        ];
  const norms = report.norms.map(({ norm }) => Math.log10(Math.max(1e-30, norm)));
  return {
    id: 'clipping',
    title: t('Clipping'),
    headline: sentences[0] ?? null,
    sentences,
    figures: () => [
      {
        html: clippingPlot(report, { language: spoken() }),
        caption: t('The global gradient norm, every tenth step. Gradients above the threshold were scaled down to it.'),
      },
    ],
    lines: ({ width }) =>
      plot(norms, {
        width: Math.min(70, width),
        height: 6,
        from: t('log₁₀ of the norm, first step'),
        to: t('last step'),
      }),
    data: report,
  };
};
