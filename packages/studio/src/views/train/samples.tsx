// What the network writes, from its first steps to now.

import type { Current } from '../../state/trainer.ts';
import type { History } from '../../training/history.ts';
import { Figure } from '../../ui/figure.tsx';
import { isText } from '../../settings/presets.ts';
import { grouped } from '../../words/numbers.ts';
import { ForecastChart } from '../../charts/forecast-chart.tsx';
import { Answers } from './answers.tsx';
import { metricName, metricValue } from '../../words/metric-words.ts';
import { words } from './words.ts';

interface SamplesProps extends Pick<History, 'samples' | 'validations'>, Pick<Current, 'spec' | 'pictures'> {}

/** See the top of this file. */
export function Samples({ spec, samples, validations, pictures }: SamplesProps) {
  const w = words.value;
  const text = isText(spec.data.preset);
  const newest = samples.at(-1);
  const shown = samples.slice(text ? -4 : -1);
  const title = text ? w.samples : w.answers;
  const memory = spec.data.kind === 'memory';
  const answersSay = w.answersSay(metricsText(validations.at(-1)?.metrics ?? {}));
  const say = text ? w.samplesSay : memory ? `${answersSay} ${w.answersTarget}` : answersSay;
  return (
    <Figure
      title={title}
      say={samples.length > 0 ? say : w.samplesNone}
      span={5}
      image={newest?.chart ? 'svg' : null}
      table={() => ({ head: [w.step1, title], rows: samples.map((one) => [one.step, one.text]) })}
    >
      {newest?.chart && <ForecastChart chart={newest.chart} say={w.forecastSay} />}
      {newest && pictures.length > 0 && (
        <Answers lines={newest.text.split('\n')} pictures={pictures} step={newest.step} />
      )}
      {!newest?.chart && pictures.length === 0 && (
        <ol class={text ? 'samples texts' : 'samples'}>
          {shown.map(({ step, text: written }, k) => (
            <li key={step} class={k === shown.length - 1 ? 'sample newest' : 'sample'}>
              <small>{w.atStep(grouped(step))}</small>
              <span>{k === shown.length - 1 ? written : written.slice(0, 80).replaceAll('\n', '↵')}</span>
            </li>
          ))}
        </ol>
      )}
    </Figure>
  );
}

/** `accuracy 93.1 %, macro F1 0.924`. Errors in the units of the data stand for those of the scaled data. */
function metricsText(metrics: Readonly<Record<string, number>>): string {
  const inUnits = 'maeInUnits' in metrics;
  return Object.entries(metrics)
    .filter(([name]) => !inUnits || name === 'maeInUnits' || name === 'coverage')
    .map(([name, value]) => words.value.metric(metricName(name), metricValue(name, value)))
    .join(', ');
}
