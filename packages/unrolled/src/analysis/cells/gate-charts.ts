// Images of how gates are used.

import { requireKinds } from '../../checks.ts';
import { type ChartSeries, lineChart } from '../line-chart.ts';
import { type GateStatistics, saturation } from './gates.ts';

/** Karpathy, Johnson and Fei-Fei's image (2015): a point a unit, how often its gate was shut against how often it was open. */
export function gateScatter(gates: readonly GateStatistics[], title = 'Gates'): string {
  requireKinds('gateScatter', { gates, title }, { gates: 'objects', title: 'text' });
  const series: ChartSeries[] = gates.map(({ gate, left, right }) => ({
    name: gate,
    points: Array.from(left, (shut, u) => [shut, right[u]] as const),
    kind: 'dots',
  }));
  return lineChart({
    title,
    series: [
      ...series,
      {
        name: 'never in between',
        points: [
          [0, 1],
          [1, 0],
        ],
        kind: 'dashes',
        color: 5,
      },
    ],
    xLabel: `part of the time below ${saturation.left}`,
    yLabel: `part of the time above ${saturation.right}`,
    height: 400,
    square: true,
  });
}

const longest = 1e5; // what is beyond is as good as for ever

/** Steps that each unit remembers, from the shortest to the longest; a line a layer. */
export function timeConstantChart(gates: readonly GateStatistics[], title = 'How long units remember'): string {
  requireKinds('timeConstantChart', { gates, title }, { gates: 'objects', title: 'text' });
  return lineChart({
    title,
    series: gates.flatMap(({ layer, gate, timeConstants }) =>
      timeConstants
        ? [
            {
              name: `${layer} ${gate}`,
              points: Array.from(
                Float64Array.from(timeConstants).sort(),
                (steps, k) => [(100 * (k + 0.5)) / timeConstants.length, Math.min(longest, steps)] as const,
              ),
            },
          ]
        : [],
    ),
    xLabel: '% of the units',
    yLabel: 'steps until 1/e is left',
    yScale: 'log',
  });
}
