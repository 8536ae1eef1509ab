// Plots of gate activations.

import { requireKinds } from '../../checks.ts';
import { type ChartSeries, lineChart } from '../line-chart.ts';
import { gateKind, type GateStatistics, saturation } from './gates.ts';

/** The plot of Karpathy, Johnson and Fei-Fei (2015): a point for each unit, how often its gate was left-saturated against how often right-saturated. */
export function gateScatter(gates: readonly GateStatistics[], title = 'Gates'): string {
  requireKinds('gateScatter', { gates, title }, { gates: [gateKind], title: 'text' });
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

const longest = 1e5; // larger time constants count as infinite

/** Time constants of the units in steps, sorted; one line for each layer. */
export function timeConstantChart(gates: readonly GateStatistics[], title = 'How long units remember'): string {
  requireKinds('timeConstantChart', { gates, title }, { gates: [gateKind], title: 'text' });
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
