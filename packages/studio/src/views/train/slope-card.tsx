// The bound of one step against what many steps do.

import { Plot } from '../../charts/plot.tsx';
import type { Slope } from '../../training/history.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief, grouped } from '../../words/numbers.ts';
import { words } from './words.ts';

/** See the top of this file. */
export function SlopeCard({ slopes }: { readonly slopes: readonly Slope[] }) {
  const w = words.value;
  const first = slopes.filter(({ layer }) => layer === slopes[0]?.layer);
  const last = first.at(-1);
  const say = last ? w.slopesSay(grouped(last.step), brief(last.sigma), brief(last.growth)) : w.slopesNone;
  return (
    <Figure
      title={w.slopes}
      say={say}
      span={7}
      explain={w.slopesExplain}
      image="svg"
      table={() => ({
        head: [w.step1, w.sigma, w.growth],
        rows: first.map(({ step, sigma, growth }) => [step, sigma, growth]),
      })}
    >
      {last ? (
        <Plot
          label={say}
          xLabel={w.step1}
          marks={[{ axis: 'y', at: 1, label: '' }]}
          include={[[0, 1]]}
          series={[
            { name: w.sigma, kind: 'dashes', color: 1, points: first.map(({ step, sigma }) => [step, sigma]) },
            { name: w.growth, color: 0, points: first.map(({ step, growth }) => [step, growth]) },
          ]}
          height={200}
        />
      ) : (
        <div class="chart-box empty" />
      )}
    </Figure>
  );
}
