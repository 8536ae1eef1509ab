// Predictions about pictures, and forecasts.

import { useEffect, useRef } from 'preact/hooks';
import type { RawImage } from 'unrolled/data';
import { type Line, Lines } from '../../charts/lines.tsx';
import type { SampleChart } from '../../training/history.ts';
import { grouped } from '../../words/numbers.ts';
import { words } from './words.ts';

interface AnswersProps {
  readonly lines: readonly string[];
  readonly pictures: readonly RawImage[];
  readonly step: number;
}

/** Each picture, and what the network says of it. */
export function Answers({ lines, pictures, step }: AnswersProps) {
  return (
    <>
      <p class="at-step">{words.value.atStep(grouped(step))}</p>
      <ul class="answers">
        {pictures.map((picture, k) => (
          <li key={k}>
            <Picture picture={picture} label={lines[k] ?? ''} />
            <span>{lines[k]}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Pixels, enlarged without smoothing: they are what the network reads. */
export function Picture({ picture, label }: { readonly picture: RawImage; readonly label: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { width, height, data } = picture;
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const pixels = context.createImageData(width, height);
    for (let k = 0; k < width * height; k++) {
      pixels.data.set(data.subarray(3 * k, 3 * k + 3), 4 * k);
      pixels.data[4 * k + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
  }, [picture]);
  return (
    <canvas
      class="picture"
      ref={ref}
      width={width}
      height={height}
      style={{ aspectRatio: `${width} / ${height}` }}
      role="img"
      aria-label={label}
    />
  );
}

/** What was read, what came, and what was forecast between its quantiles. */
export function ForecastChart({ chart, say }: { readonly chart: SampleChart; readonly say: string }) {
  const w = words.value;
  const { history, actual, values, low, high } = chart;
  const from = (list: readonly number[], start: number) => list.map((y, k) => [start + k, y] as const);
  const last = history.at(-1) ?? 0;
  const ahead = (list: readonly number[]) => from([last, ...list], 0);
  const lines: Line[] = [
    { name: w.seriesActual, points: [...from(history, 1 - history.length), ...from(actual, 1)], tone: 'muted' },
    { name: w.seriesLow, points: ahead(low), tone: 'neg', dashed: true },
    { name: w.seriesHigh, points: ahead(high), tone: 'neg', dashed: true },
    { name: w.seriesForecast, points: ahead(values), tone: 'pos' },
  ];
  return (
    <>
      <Lines lines={lines} label={`${chart.name}. ${say}`} xLabel={w.stepsAhead} markX={0} height={240} />
      <div class="legend">
        <span class="key">{w.seriesActual}</span>
        <span class="key pos">{w.seriesForecast}</span>
        <span class="key neg dash">{w.seriesBand}</span>
      </div>
    </>
  );
}
