// Training and validation loss by step, on a canvas: the one chart that gets new points ten times a second. Other runs lie behind it, thin.

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { color, isDark } from '../ui/scheme.ts';
import { movedBy } from '../ui/keys.ts';
import { useSeen } from '../ui/use-seen.ts';
import { useSize } from '../ui/use-size.ts';
import { brief } from '../words/numbers.ts';
import { logTicks, ticksOf } from './scales.ts';

export interface LossSeries {
  readonly name: string;
  readonly step: readonly number[];
  readonly loss: readonly number[];
  readonly kind: 'training' | 'validation' | 'other';
  /** The id of the run, where it is another one. */
  readonly run?: string;
}

interface LossChartProps {
  readonly series: readonly LossSeries[];
  readonly logX: boolean;
  readonly logY: boolean;
  readonly label: string;
  readonly stepLabel: string;
  /** Is told which step is hovered, and the values there; null for none. */
  readonly onHover: (at: { readonly step: number; readonly values: readonly (number | null)[] } | null) => void;
}

const away = { left: -10, top: -10 };

const looks = {
  training: { color: 'neg', width: 2, dash: [] },
  validation: { color: 'pos', width: 2, dash: [] },
  other: { color: 'muted', width: 1.2, dash: [4, 3] },
} as const;

/** See the top of this file. */
export function LossChart({ series, logX, logY, label, stepLabel, onHover }: LossChartProps) {
  const [ref, width, height] = useSize<HTMLDivElement>();
  const seen = useSeen(ref);
  const plot = useRef<uPlot | null>(null);
  const names = series.map(({ name, kind }) => `${kind} ${name}`).join('\n');
  const dark = isDark.value;
  const measured = width > 0 && height > 0;

  useEffect(() => {
    if (!ref.current || !measured) return undefined;
    const form = { width, height, logX, logY, stepLabel, onHover };
    const made = new uPlot(optionsOf(series, form), dataOf(series), ref.current);
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [measured, logX, logY, names, dark, stepLabel]);

  useEffect(() => {
    if (measured) plot.current?.setSize({ width, height });
  }, [width, height]);

  useEffect(() => {
    if (seen) plot.current?.setData(dataOf(series));
  }, [series, seen]);

  const press = (event: KeyboardEvent) => {
    const now = plot.current;
    if (!now) return;
    const to = movedBy(event.key, now.cursor.idx ?? null, now.data[0].length);
    if (to === null && event.key !== 'Escape') return;
    event.preventDefault();
    now.setCursor(to === null ? away : { left: now.valToPos(now.data[0][to], 'x'), top: 0 });
  };
  const leave = () => plot.current?.setCursor(away);
  return (
    <div class="loss-chart" ref={ref} role="img" aria-label={label} tabIndex={0} onKeyDown={press} onBlur={leave} />
  );
}

function dataOf(series: readonly LossSeries[]): uPlot.AlignedData {
  const tables = series
    .filter(({ step }) => step.length > 0)
    .map(({ step, loss }): uPlot.AlignedData => [step as number[], loss as number[]]);
  if (tables.length < series.length) {
    const empty = series.map(({ step, loss }) => (step.length > 0 ? [step, loss] : [[1], [null]]));
    return uPlot.join(empty as uPlot.AlignedData[]);
  }
  return uPlot.join(tables);
}

interface Form {
  readonly width: number;
  readonly height: number;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly stepLabel: string;
  readonly onHover: LossChartProps['onHover'];
}

function optionsOf(
  series: readonly LossSeries[],
  { width, height, logX, logY, stepLabel, onHover }: Form,
): uPlot.Options {
  const axis = {
    stroke: color('muted'),
    font: '11px system-ui, sans-serif',
    labelFont: '11px system-ui, sans-serif',
    grid: { stroke: color('line'), width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  return {
    width,
    height,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: {
      x: { time: false, distr: logX ? 3 : 1 },
      y: { distr: logY ? 3 : 1, range: logY ? rangeOfLog : undefined },
    },
    axes: [
      {
        ...axis,
        size: 34,
        label: stepLabel,
        labelSize: 14,
        labelGap: 0,
        space: 70,
        incrs: whole,
        values: shortNumbers,
      },
      {
        ...axis,
        size: 48,
        splits: (_, __, low, high) => (logY ? logTicks(Math.log10(low), Math.log10(high)) : ticksOf(low, high)),
        filter: (_, splits) => splits, // otherwise a logarithmic axis names its powers of ten alone
        values: (_, ticks) => ticks.map((tick) => brief(tick)),
      },
    ],
    series: [{}, ...series.map(({ kind, name }) => seriesOf(kind, name))],
    hooks: {
      setCursor: [
        ({ cursor: { idx }, data }: uPlot) => {
          if (idx == null) return onHover(null);
          return onHover({ step: data[0][idx], values: data.slice(1).map((column) => column[idx] ?? null) });
        },
      ],
    },
  };
}

/** From one step to the next mark: no mark stands between two steps. */
const whole = Array.from({ length: 7 }, (_, power) => [1, 2, 5].map((m) => m * 10 ** power)).flat();

const seriesOf = (kind: LossSeries['kind'], label: string): uPlot.Series => ({
  label,
  stroke: color(looks[kind].color),
  width: looks[kind].width,
  dash: [...looks[kind].dash],
  spanGaps: true,
  points: { show: false },
});

/** Whole ticks around the data: a logarithmic scale of three losses would otherwise have one. */
function rangeOfLog(_: uPlot, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || min <= 0) return [0.1, 10];
  return [min * 0.94, max * 1.06];
}

const shortNumbers = (_: uPlot, ticks: (number | null)[]) =>
  ticks.map((tick) => {
    if (tick === null) return null;
    return tick >= 10_000 ? `${Number((tick / 1000).toPrecision(3))}k` : tick.toLocaleString();
  });
