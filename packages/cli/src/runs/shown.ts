// What a model shows of itself while it is trained and when it is done: data, for whoever listens to the events, and how they are laid out on a
// screen. Nothing here knows a terminal; view.ts says how wide it is and how it is colored.

import type { Screen } from '../terminal/screen.ts';

export type { Screen } from '../terminal/screen.ts';

export interface Shown {
  /** Plain data. */
  readonly data: object;
  /** The data as lines for a screen. */
  lines(screen: Screen): readonly string[];
}

/** A showcase of several parts, one below the other. */
export function shownTogether(parts: Readonly<Record<string, Shown | string>>): Shown {
  const data = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, typeof part === 'string' ? part : part.data]),
  );
  return {
    data,
    lines: (screen) => Object.values(parts).flatMap((part) => (typeof part === 'string' ? [part] : part.lines(screen))),
  };
}
