// Plots of gate activations.

import { requireKinds } from '../../checks.ts';
import { type ReportLanguage, requireLanguage } from '../language.ts';
import { type ChartSeries, lineChart } from '../line-chart.ts';
import { gateKind, type GateStatistics, saturation } from './gates.ts';

const texts = {
  en: {
    gates: 'Gates',
    between: 'never in between',
    below: `part of the time below ${saturation.left}`,
    above: `part of the time above ${saturation.right}`,
    memory: 'How long units remember',
    units: '% of the units',
    steps: 'steps until 1/e is left',
  },
  ko: {
    gates: '게이트',
    between: '중간인 때가 없음',
    below: `${saturation.left}보다 작은 시간의 비율`,
    above: `${saturation.right}보다 큰 시간의 비율`,
    memory: '유닛이 기억하는 시간',
    units: '유닛의 %',
    steps: '1/e이 남을 때까지의 단계',
  },
} as const;

/** The plot of Karpathy, Johnson and Fei-Fei (2015): a point for each unit, how often its gate was left-saturated against how often right-saturated. */
export function gateScatter(gates: readonly GateStatistics[], title?: string, language: ReportLanguage = 'en'): string {
  requireKinds('gateScatter', { gates, title }, { gates: [gateKind], title: 'text?' });
  requireLanguage('gateScatter', language);
  const text = texts[language];
  const series: ChartSeries[] = gates.map(({ gate, left, right }) => ({
    name: gate,
    points: Array.from(left, (shut, u) => [shut, right[u]] as const),
    kind: 'dots',
  }));
  return lineChart({
    title: title ?? text.gates,
    series: [
      ...series,
      {
        name: text.between,
        points: [
          [0, 1],
          [1, 0],
        ],
        kind: 'dashes',
        color: 5,
      },
    ],
    xLabel: text.below,
    yLabel: text.above,
    height: 400,
    square: true,
  });
}

const longest = 1e5; // larger time constants count as infinite

/** Time constants of the units in steps, sorted; one line for each layer. */
export function timeConstantChart(
  gates: readonly GateStatistics[],
  title?: string,
  language: ReportLanguage = 'en',
): string {
  requireKinds('timeConstantChart', { gates, title }, { gates: [gateKind], title: 'text?' });
  requireLanguage('timeConstantChart', language);
  const text = texts[language];
  return lineChart({
    title: title ?? text.memory,
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
    xLabel: text.units,
    yLabel: text.steps,
    yScale: 'log',
  });
}
