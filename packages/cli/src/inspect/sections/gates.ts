// How the gates are used, and how long each unit remembers.

import { describeGate, gateScatter, gateStatistics, timeConstantChart } from 'unrolled/analysis';
import { table } from '../../terminal/index.ts';
import type { MakeSection } from '../source.ts';
import { spoken, t } from '../../language/index.ts';

export const gates: MakeSection = ({ source: { reading } }) => {
  if (!reading) return null;
  const all = gateStatistics(reading.trace);
  if (all.length === 0) return null;
  const sentences = all.map((one) => describeGate(one, spoken()));
  const keepers = all.filter(({ timeConstants }) => timeConstants !== null);
  const layers = [...new Set(all.map(({ layer }) => layer))];
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
  const percent = (values: Float64Array) => `${Math.round(100 * mean(values))} %`;
  return {
    id: 'gates',
    title: t('Gates'),
    headline: describeGate((keepers.length > 0 ? keepers : all)[0], spoken()),
    sentences,
    figures: () => [
      ...layers.map((layer) => ({
        html: gateScatter(
          all.filter((g) => g.layer === layer),
          t`Gates of ${layer}`,
          spoken(),
        ),
        caption: t(
          'A point a unit: how often its gate was shut and how often open. Bottom left is a gate that is always in between; on the slanted line one that is only ever shut or open.',
        ),
      })),
      ...(keepers.length > 0
        ? [
            {
              html: timeConstantChart(keepers, undefined, spoken()),
              caption: t('Time constant of each unit in steps, from the shortest to the longest.'),
            },
          ]
        : []),
    ],
    lines: () =>
      table(
        all.map(({ layer, gate, left, right, timeConstants }) => {
          const sorted = timeConstants && Float64Array.from(timeConstants).sort();
          const steps = (v: number) => (v >= 1e4 ? '> 10,000' : v.toPrecision(3));
          return [
            `${layer} ${gate}`,
            percent(left),
            percent(right),
            sorted ? steps(sorted[sorted.length >> 1]) : '',
            sorted ? steps(sorted[sorted.length - 1]) : '',
          ];
        }),
        { header: [t('gate'), t('shut'), t('open'), t('half forget in'), t('longest')] },
      ),
    data: all.map(({ layer, gate, left, right, mean: means, histogram, timeConstants }) => ({
      layer,
      gate,
      left: [...left],
      right: [...right],
      mean: [...means],
      histogram: [...histogram],
      timeConstants: timeConstants && [...timeConstants],
    })),
  };
};
