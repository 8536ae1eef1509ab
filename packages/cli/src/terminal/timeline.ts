// Frame labels in a terminal: a segment of one label is a run of its letter; names and times are listed below.
//
//   predicted  aaaaabbbbbbbcccc        a  still       0 –  5   .98
//   target     aaaabbbbbbbbcccc        b  clockwise   5 – 12   .91

import { segmentsOf } from 'unrolled/analysis';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { t } from '../language/index.ts';

export interface TerminalTimeline {
  readonly predicted: readonly string[];
  readonly confidence?: ArrayLike<number> | null;
  readonly target?: readonly (string | null)[] | null;
  /** Frames a second: times are then in seconds. */
  readonly rate?: number | null;
  /** What is labeled, where it is no frame. */
  readonly unit?: string;
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Lines of text, at most `width` columns wide: each column is a frame, or the middle one of a few. */
export function timelineText(
  { predicted, confidence = null, target = null, rate = null, unit = 'frames' }: TerminalTimeline,
  style: Style,
  width = 80,
): string[] {
  const names = [...new Set([...predicted, ...(target ?? [])])].filter((name): name is string => name !== null);
  const paints = [style.cyan, style.yellow, style.green, style.magenta, style.blue, style.red];
  const letterOf = (name: string | null) => {
    if (name === null) return ' ';
    const k = names.indexOf(name);
    return paints[k % paints.length](letters[k % letters.length]);
  };
  const columns = Math.min(predicted.length, Math.max(10, width - 11));
  const row = (labels: readonly (string | null)[]) =>
    Array.from({ length: columns }, (_, c) =>
      letterOf(labels[Math.floor(((c + 0.5) * predicted.length) / columns)]),
    ).join('');
  const time = (t: number) => (rate ? `${(t / rate).toFixed(1)} s` : `${t}`);
  const listed = segmentsOf(predicted).map(({ label, start, end }) => {
    let sum = 0;
    for (let t = start; t < end; t++) sum += confidence?.[t] ?? 0;
    const sure = confidence ? [(sum / (end - start)).toFixed(2)] : [];
    return [letters[names.indexOf(label) % letters.length], label, `${time(start)} – ${time(end)}`, ...sure];
  });
  return [
    t`predicted  ${row(predicted)}`,
    ...(target ? [t`target     ${row(target)}`] : []),
    '',
    ...table(listed, { header: ['', t('label'), rate ? t('time') : t(unit), ...(confidence ? [t('sure')] : [])] }),
  ];
}
