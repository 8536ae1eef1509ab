// What a step does to a gradient: the matrices behind the fading and the growing.

import { describeSpectrum, eigenvaluePlot, spectrum, spectrumPlot } from 'unrolled/analysis';
import { plot } from '../../terminal/index.ts';
import type { MakeSection } from '../source.ts';
import { spoken, t } from '../../language/index.ts';

export const spectra: MakeSection = ({ source: { model, task } }) => {
  const probe = task.probe?.({ rows: 1, steps: 64 });
  if (!probe) return null;
  const found = spectrum(model, () => probe.loss([0]));
  if (found.layers.length === 0) return null;
  const sentences = describeSpectrum(found, spoken());
  return {
    id: 'spectrum',
    title: t('Spectrum'),
    headline: sentences[0] ? `${sentences[0]}.` : null,
    sentences: sentences.map((text) => (text.endsWith('.') ? text : `${text}.`)),
    figures: () =>
      found.layers.flatMap((layer) => [
        {
          html: spectrumPlot(layer, { language: spoken() }),
          caption: t`Norm of the product of Jacobians of ${layer.layer} after k steps, along real data.`,
        },
        {
          html: eigenvaluePlot(layer, { language: spoken() }),
          caption: t(
            'Eigenvalues: inside the unit circle a direction vanishes, outside it grows, off the real axis it rotates.',
          ),
        },
      ]),
    lines: ({ width }) =>
      plot(
        found.layers[0].product.map((v) => Math.log10(Math.max(1e-30, v))),
        {
          width: Math.min(70, width),
          height: 6,
          from: t('1 step back'),
          to: t`${found.layers[0].product.length} steps back`,
        },
      ),
    data: found,
  };
};
