// Measurements of the whole network, made on request: each has its figure and a sentence.

import type { GradientFlow, LayerSpectrum, MemoryLength, TruncationReport } from 'unrolled/analysis';
import { Plane } from '../../charts/plane.tsx';
import { Plot } from '../../charts/plot.tsx';
import type { Measured } from '../../reading/protocol.ts';
import { busy, measure, measured, type OpenReading } from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { language } from '../../words/catalogue.ts';
import { brief, grouped, steps } from '../../words/numbers.ts';
import { layerText } from '../train/layer-text.ts';
import { words as trainWords } from '../train/words.ts';
import { words } from './words.ts';

/** What can be measured. */
export function MeasureCard({ open: { measures } }: { readonly open: OpenReading }) {
  const w = words.value;
  if (measures.length === 0) return null;
  const newest = measured.value.at(-1);
  return (
    <section class="card span-12">
      <h2>{w.measures}</h2>
      <p class="say">{w.measuresSay}</p>
      <p class="chips">
        {measures.map((name) => (
          <button
            type="button"
            key={name}
            disabled={busy.value !== null}
            aria-busy={busy.value === name}
            onClick={() => void measure(name)}
          >
            {w.measureNames[name]}
          </button>
        ))}
      </p>
      <p class="visually-hidden" role="status">
        {newest && w.measuredBelow(w.measureNames[newest.what])}
      </p>
    </section>
  );
}

/** What was measured, in the order of the buttons. */
export function MeasuredCards({ open: { measures } }: { readonly open: OpenReading }) {
  const there = measures.flatMap((name) => measured.value.filter(({ what }) => what === name));
  if (there.length === 0) return null;
  return (
    <div class="grid measured span-12">
      {there.map((one) => (
        <Shown key={one.what} measured={one} />
      ))}
    </div>
  );
}

function Shown({ measured: one }: { readonly measured: Measured }) {
  switch (one.what) {
    case 'spectrum':
      return (
        <>
          {one.layers.map((layer) => (
            <SpectrumCard key={layer.layer} of={layer} />
          ))}
        </>
      );
    case 'memory':
      return <MemoryCard length={one.length} />;
    case 'truncation':
      return <TruncationCard report={one.report} />;
    case 'flow':
      return <FlowCard flow={one.flow} />;
    case 'checks':
      return <ChecksCard sentences={one.sentences[language.value]} />;
    default:
      return one satisfies never;
  }
}

/** Eigenvalues in the complex plane, and the norm of the product of Jacobians. */
function SpectrumCard({ of: { layer, weights, jacobian, product, bound, growth } }: { readonly of: LayerSpectrum }) {
  const w = words.value;
  const name = layerText(layer);
  const curve = (norms: readonly number[]) => [1, ...norms].map((norm, k) => [k, norm] as const);
  const matrices = [
    ...weights.map(({ gate, ...matrix }) => ({ ...matrix, name: gate === '' ? 'W_{hh}' : `W_{hh} (${gate})` })),
    { ...jacobian, name: w.jacobian },
  ];
  const drawn = matrices.filter(({ eigen }) => eigen.length > 0);
  const say = `${w.growthSay(growthOf(growth.factor), brief(growth.factor), steps(growth.halfLife))} ${w.jacobianSay(brief(jacobian.norm))}`;
  return (
    <Figure
      title={`${w.measureNames.spectrum}, ${name}`}
      say={say}
      span={12}
      explain={w.spectrumExplain}
      image="svg"
      table={() => ({
        head: [w.matrix, w.sigmaMax, w.largestEigenvalue],
        rows: matrices.map(({ name: matrix, norm, eigen: [first] }) => [
          matrix.replace(/[_{}]/g, ''),
          norm,
          first ? Math.hypot(first.re, first.im) : '–',
        ]),
      })}
    >
      <div class={drawn.length > 0 ? 'two-charts' : ''}>
        {drawn.length > 0 && (
          <div>
            <Plane
              label={w.planeLabel(name)}
              series={drawn.map(({ name: matrix, eigen }) => ({ name: matrix, points: eigen }))}
            />
          </div>
        )}
        <div>
          <Plot
            label={say}
            xLabel={w.stepsBack}
            yScale="log"
            marks={[{ axis: 'y', at: 1, label: '' }]}
            series={[
              { name: w.product, points: curve(product), color: 0 },
              ...(bound ? [{ name: w.bound, points: curve(bound), color: 1, kind: 'dashes' as const }] : []),
            ]}
            height={300}
          />
        </div>
      </div>
    </Figure>
  );
}

/** Within a hundredth for a step, a norm is kept. */
const growthOf = (factor: number): 'none' | 'kept' | 'vanishes' | 'explodes' => {
  if (!Number.isFinite(factor)) return 'none';
  if (Math.abs(Math.log(factor)) < 0.01) return 'kept';
  return factor < 1 ? 'vanishes' : 'explodes';
};

/** The loss by the number of symbols that are read. */
function MemoryCard({ length: { contexts, uses, tolerance } }: { readonly length: MemoryLength }) {
  const w = words.value;
  const say = w.memorySay(grouped(uses), brief(tolerance));
  return (
    <Figure
      title={w.measureNames.memory}
      say={say}
      span={6}
      explain={w.memoryExplain}
      image="svg"
      table={() => ({
        head: [w.context, w.nats, w.excess, w.standardError],
        rows: contexts.map(({ context, loss, excess, error }) => [context, loss, excess, error]),
      })}
    >
      <Plot
        label={say}
        xLabel={w.context}
        xScale="log"
        marks={[{ axis: 'x', at: uses, label: grouped(uses) }]}
        series={[{ name: w.nats, points: contexts.map(({ context, loss }) => [context, loss]) }]}
      />
    </Figure>
  );
}

/** The gradient of truncated windows against the whole one. */
function TruncationCard({
  report: { windows, recommended, steps: whole, cosine },
}: {
  readonly report: TruncationReport;
}) {
  const w = words.value;
  const chosen = windows.find(({ window }) => window === recommended);
  const say = w.truncationSay(grouped(recommended), brief(chosen?.cosine ?? NaN), grouped(whole));
  return (
    <Figure
      title={w.measureNames.truncation}
      say={say}
      span={6}
      explain={w.truncationExplain(brief(cosine))}
      image="svg"
      table={() => ({
        head: [w.window, w.cosine, w.normRatio, w.furthest, w.cosine1],
        rows: windows.map(({ window, cosine: c, normRatio, parameters }) => {
          const [furthest] = [...parameters].sort((a, b) => a.cosine - b.cosine);
          return [window, c, normRatio, furthest?.name ?? '–', furthest?.cosine ?? '–'];
        }),
      })}
    >
      <Plot
        label={say}
        xLabel={w.window}
        xScale="log"
        include={[[recommended, 1]]}
        marks={[{ axis: 'y', at: cosine, label: brief(cosine) }]}
        series={[
          { name: w.cosine, points: windows.map(({ window, cosine: c }) => [window, c]) },
          { name: w.normRatio, kind: 'dashes', points: windows.map(({ window, normRatio }) => [window, normRatio]) },
        ]}
      />
    </Figure>
  );
}

/** The norm of the last step's gradient at every step before it. */
function FlowCard({ flow: { rows } }: { readonly flow: GradientFlow }) {
  const w = words.value;
  const t = trainWords.value;
  const states = rows.filter(({ kind }) => kind === 'state');
  const [{ layer, of, growth }] = states.slice(-1);
  const half = Number.isFinite(growth.halfLife) && growth.factor < 1 ? t.steps(steps(growth.halfLife)) : null;
  const say = t.ridgeSay(brief(growth.factor), half, t.stateName(layerText(layer), of));
  const named = states.map(({ layer: own, of: state, norms }) => ({
    name: t.stateName(layerText(own), state),
    back: own.endsWith('_reverse') ? norms : norms.toReversed(), // from the step that is read last
  }));
  const longest = Math.max(...named.map(({ back }) => back.length));
  return (
    <Figure
      title={w.measureNames.flow}
      say={say}
      span={12}
      explain={w.flowExplain}
      image="svg"
      table={() => ({
        head: [w.stepsBack, ...named.map(({ name }) => name)],
        rows: Array.from({ length: longest }, (_, k) => [k, ...named.map(({ back }) => back[k] ?? '–')]),
      })}
    >
      <Plot
        label={say}
        xLabel={w.stepsBack}
        yScale="log"
        series={named.map(({ name, back }) => ({ name, points: back.map((norm, k) => [k, norm] as const) }))}
      />
    </Figure>
  );
}

function ChecksCard({ sentences }: { readonly sentences: readonly string[] }) {
  const [first, ...others] = sentences;
  return (
    <Figure title={words.value.measureNames.checks} say={first} span={12}>
      {others.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Figure>
  );
}
