// Where lines are laid out: how wide it is, and how it is colored.

import { hasColors, type Output, type Style, styleFor } from './style.ts';

export interface Screen {
  /** Columns that a line may have. */
  readonly width: number;
  readonly style: Style;
  /** Whether there are colors at all; without them `style` returns texts unchanged. */
  readonly colors: boolean;
}

/** The screen that `output` is, 80 columns where it is none. */
export function screenOf(output: Output): Screen {
  return { width: output.columns || 80, style: styleFor(output), colors: hasColors(output) };
}
