// Rolling forecasts as a table: from every moment of the measured rows, each step of each column next to what came.

import type { Forecaster } from 'unrolled';
import { csvCell } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import type { CutWindows } from './windows.ts';

const together = 256; // windows

/** Writes a CSV: a row for each step and column of every `every`-th window. Returns how many windows. */
export function writeRolling(file: string, model: Forecaster, { windows, tables }: CutWindows, every: number): number {
  const { names } = windows.series;
  const { quantiles, horizon } = model.config;
  const [C, Q] = [names.length, quantiles.length];
  const several = tables[0].name !== null;
  const header = [...(several ? ['series'] : []), 'origin', 'step', 'time', 'column', 'forecast', ...quantiles.map((q) => `q${q}`), 'actual']; // biome-ignore format: one line
  const chosen = Int32Array.from({ length: Math.ceil(windows.count / every) }, (_, k) => k * every);
  const pieces: Buffer[] = [Buffer.from(`${header.join(',')}\n`)];
  const written = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(7))) : '');
  for (let from = 0; from < chosen.length; from += together) {
    const rows = chosen.subarray(from, from + together);
    const batch = windows.batch(rows);
    const { values, quantiles: spread } = model.forecastWindows(batch);
    const lines = Array.from(rows).flatMap((n, b) => {
      const { name, time } = tables[windows.part(n)];
      const origin = windows.origin(n);
      const label = (t: number) => time?.label(t) ?? String(t + 1);
      return Array.from({ length: horizon * C }, (_, i) => {
        const [k, c] = [Math.floor(i / C), i % C];
        const at = (k * rows.length + b) * C + c;
        const bands = Array.from({ length: Q }, (_, q) => written(spread[at * Q + q]));
        const cells = [label(origin - 1), String(k + 1), label(origin + k), names[c], written(values[at]), ...bands, written(batch.target[at])]; // biome-ignore format: one line
        return [...(several ? [name ?? ''] : []), ...cells].map(csvCell).join(',');
      });
    });
    pieces.push(Buffer.from(`${lines.join('\n')}\n`));
  }
  writeFile(file, Buffer.concat(pieces));
  return chosen.length;
}
