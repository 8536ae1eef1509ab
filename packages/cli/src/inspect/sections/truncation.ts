// How much of the gradient the run's window threw away.

import { describeTruncation, languageWindows, truncationPlot, truncationReport } from 'unrolled/analysis';
import { table } from '../../terminal/index.ts';
import type { MakeSection } from '../source.ts';
import { spoken, t } from '../../language/index.ts';

const [mostSteps, streams] = [512, 4];

export const truncation: MakeSection = ({ source: { reading } }) => {
  if (!reading?.language) return null;
  const { model, ids, window } = reading.language;
  const rows = Math.max(1, Math.min(streams, Math.floor((ids.length - 1) / (4 * window))));
  const steps = Math.min(mostSteps, 8 * window, Math.floor((ids.length - 1) / rows));
  if (steps < 2 * window) return null;
  const report = truncationReport(model, languageWindows(model, ids, { streams: rows, steps }), { steps, window });
  const sentences = describeTruncation(report, spoken());
  const own = report.windows.find((w) => w.window === window);
  return {
    id: 'truncation',
    title: t('Truncation'),
    headline: own
      ? t`A window of ${window} steps gives a gradient with a cosine of ${own.cosine.toFixed(3)} to that of ${steps} steps. ${sentences[sentences.length - 1]}`
      : null,
    sentences,
    figures: () => [
      {
        html: truncationPlot(report, { language: spoken() }),
        caption: t('Cosine similarity between the gradient of a short window and that of the whole sequence.'),
      },
    ],
    lines: () =>
      table(
        report.windows.map(({ window: n, cosine, normRatio }) => [n, cosine.toFixed(4), normRatio.toFixed(3)]),
        { header: [t('window'), t('cosine with the whole'), t('length of it')] },
      ),
    data: report,
  };
};
