// A trained run as a page of its own: it answers, and says what it is, how it was trained, and how it came to what it does.

import { render } from 'preact';
import { useBackend } from 'unrolled';
import { AskCard } from '../asking/ask-card.tsx';
import '../asking/ask.css';
import { Asker } from '../asking/asker.ts';
import { ForecastChart } from '../charts/forecast-chart.tsx';
import { Plot, type PlotSeries } from '../charts/plot.tsx';
import { unpacked } from '../data/packed.ts';
import '../style/charts.css';
import '../style/frame.css';
import '../style/tokens.css';
import { language } from '../words/catalogue.ts';
import { metricName, metricValue } from '../words/metric-words.ts';
import { brief, grouped, loss } from '../words/numbers.ts';
import type { Carried } from './carried.ts';
import './page.css';
import { pageWords } from './words.ts';

async function bytesIn(id: string): Promise<Uint8Array> {
  const text = document.getElementById(id)?.textContent ?? '';
  const packedBytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([packedBytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function Page({
  run,
  asker,
  problem,
}: {
  readonly run: Carried;
  readonly asker: Asker | null;
  readonly problem: string | null;
}) {
  const w = pageWords.value;
  const { spec, step, history } = run;
  const { cell, numLayers, hiddenSize, optimizer, lr, seed, batch } = spec.settings;
  const last = history.validations.at(-1);
  const name = w.is(cell.toUpperCase(), numLayers, hiddenSize, grouped(spec.parameters), grouped(step));
  const metrics = Object.entries(last?.metrics ?? {}).map(
    ([metric, value]) => [metricName(metric), metricValue(metric, value)] as const,
  );
  const rows: readonly (readonly [string, string])[] = [
    [w.optimizer, optimizer],
    [w.rate, brief(lr)],
    [w.batch, grouped(batch)],
    [w.seed, String(seed)],
    ...(last ? ([[w.validation, loss(last.loss)]] as const) : []),
    ...metrics,
  ];
  return (
    <main class="page">
      <div class="top">
        <h1>{spec.name}</h1>
        <span class="sub">{name}</span>
        <button
          class="quiet language"
          type="button"
          lang={language.value === 'ko' ? 'en' : 'ko'}
          onClick={() => {
            language.value = language.value === 'ko' ? 'en' : 'ko';
            document.documentElement.lang = language.value;
          }}
        >
          {w.language}
        </button>
      </div>
      <div class="grid">
        {problem && (
          <div class="problem span-12">
            <p>{w.broken}</p>
            <p lang="en">{problem}</p>
          </div>
        )}
        {asker && <AskCard about={asker.about} ask={(question) => asker.ask(question)} examples={run.examples} />}
        {history.step.length > 1 && <Trained history={history} />}
        <section class="card span-5">
          <h2>{w.settings}</h2>
          <p class="say">{w.settingsSay}</p>
          <table>
            <tbody>
              {rows.map(([what, value]) => (
                <tr key={what}>
                  <th scope="row">{what}</th>
                  <td>{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <Grown samples={history.samples} />
      </div>
      <p class="say foot">{w.foot}</p>
    </main>
  );
}

function Trained({ history }: { readonly history: Carried['history'] }) {
  const w = pageWords.value;
  const { validations } = history;
  const [first, end] = [history.loss[0], validations.at(-1)?.loss ?? history.loss.at(-1)];
  const say = w.lossSay(loss(first), loss(end));
  const series: PlotSeries[] = [
    { name: w.training, points: history.step.map((at, k) => [at, history.loss[k]] as const) },
    { name: w.validation, points: validations.map((one) => [one.step, one.loss] as const) },
  ];
  return (
    <section class="card span-7">
      <h2>{w.loss}</h2>
      <p class="say">{say}</p>
      <Plot series={series.filter(({ points }) => points.length > 0)} label={say} xLabel={w.steps} height={220} />
    </section>
  );
}

/** What it wrote or answered while it was trained. */
function Grown({ samples }: { readonly samples: Carried['history']['samples'] }) {
  const w = pageWords.value;
  if (samples.length < 2) return null;
  const shown = [
    samples[0],
    ...samples.slice(1, -1).filter((_, k, all) => k % Math.ceil(all.length / 3) === 0),
    samples[samples.length - 1],
  ];
  return (
    <section class="card span-12">
      <h2>{w.grown}</h2>
      <p class="say">{w.grownSay}</p>
      <ol class={shown[0].chart ? 'samples charts' : 'samples'}>
        {shown.map(({ step, text, chart }) => (
          <li class="sample" key={step}>
            <small>{w.atStep(grouped(step))}</small>
            {chart ? <ForecastChart chart={chart} say={w.atStep(grouped(step))} /> : <span>{text.slice(0, 300)}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

const root = document.getElementById('app');

async function start(): Promise<void> {
  const run = unpacked(await bytesIn('run')) as Carried;
  language.value = run.language;
  let [asker, problem]: [Asker | null, string | null] = [null, null];
  try {
    await useBackend('wasm', { simd: 'simd128', shared: false, bytes: () => bytesIn('kernels') });
    if (Object(run.files['config.json']).model?.input) asker = await Asker.open(run.files);
  } catch (error) {
    problem = (error as Error).message;
  }
  if (root) render(<Page run={run} asker={asker} problem={problem} />, root);
}

void start();
