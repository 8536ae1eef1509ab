// Values as bars, one below the other, each with its name and its number.

import type { ComponentChildren } from 'preact';

interface BarsProps {
  readonly rows: readonly {
    readonly label: string;
    /** The label as it is set, where it is more than text. */
    readonly heading?: ComponentChildren;
    readonly value: number;
    readonly text: string;
    /** Whether this is the row to look at. */
    readonly marked?: boolean;
    readonly note?: string;
  }[];
  /** The longest bar. Default: the largest value. */
  readonly most?: number;
}

/** See the top of this file. */
export function Bars({ rows, most }: BarsProps) {
  const longest = most ?? Math.max(1e-12, ...rows.map(({ value }) => Math.abs(value)));
  return (
    <ol class="bars">
      {rows.map(({ label, heading, value, text, marked, note }) => (
        <li key={label} class={marked ? 'marked' : ''}>
          <code>{heading ?? label}</code>
          <span
            class={`bar${value < 0 ? ' below' : ''}`}
            style={{ '--part': `${Math.min(100, (100 * Math.abs(value)) / longest)}%` }}
          />
          <span>{text}</span>
          {note && <small>{note}</small>}
        </li>
      ))}
    </ol>
  );
}
