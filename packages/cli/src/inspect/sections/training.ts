// How training went: the losses, and how large the gradient was against the threshold it was clipped at.

import { lineChart } from 'unrolled/analysis';
import { plot } from '../../terminal/index.ts';
import type { MakeSection } from '../source.ts';
import { t } from '../../language/index.ts';

interface StepLine {
  readonly step: number;
  readonly loss: number;
  readonly smoothLoss: number;
  readonly gradientNorm: number;
}

export const training: MakeSection = ({ source: { metrics, lossUnit } }) => {
  const steps = metrics.filter((line): line is typeof line & StepLine => line.type === 'step');
  const evaluations = metrics.filter(
    (line): line is typeof line & { readonly step: number; readonly loss: number } => line.type === 'evaluation',
  );
  if (steps.length < 2) return null;
  const last = steps[steps.length - 1];
  const best = evaluations.length > 0 ? Math.min(...evaluations.map(({ loss }) => loss)) : null;
  const sentences = [
    best === null
      ? t`The loss fell from ${steps[0].loss.toFixed(3)} to ${last.smoothLoss.toFixed(3)} in ${last.step.toLocaleString('en-US')} steps.`
      : t`The loss fell from ${steps[0].loss.toFixed(3)} to ${last.smoothLoss.toFixed(3)} in ${last.step.toLocaleString('en-US')} steps; the best validation was ${best.toFixed(3)}.`,
  ];
  const gap = best === null ? 0 : best - last.smoothLoss;
  if (gap > 0.2)
    sentences.push(
      t`Training is ${gap.toFixed(2)} below validation: the network learns the text memorized. More dropout, or a smaller network, would cost less on new text.`,
    );
  const loss = lineChart({
    title: t('Loss'),
    series: [
      { name: t('training'), points: steps.map(({ step, smoothLoss }) => [step, smoothLoss] as const) },
      ...(evaluations.length > 0
        ? [{ name: t('validation'), points: evaluations.map((e) => [e.step, e.loss] as const), kind: 'line' as const }]
        : []),
    ],
    xLabel: t('step'),
    yLabel: lossUnit,
  });
  return {
    id: 'training',
    title: t('Training'),
    headline: sentences[0],
    sentences,
    figures: () => [{ html: loss, caption: t('Training loss and validation loss.') }],
    lines: ({ width }) =>
      plot(
        steps.map(({ smoothLoss }) => smoothLoss),
        { width: Math.min(70, width), height: 6, from: t('step 0'), to: t`step ${last.step}` },
      ),
    data: { steps: last.step, first: steps[0].loss, last: last.smoothLoss, best },
  };
};
