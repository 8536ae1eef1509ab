// The colors of the page for what is drawn on a canvas, and the moment they change.

import { signal } from '@preact/signals';

const dark = matchMedia('(prefers-color-scheme: dark)');
/** Whether the page is dark. */
export const isDark = signal(dark.matches);
dark.addEventListener('change', ({ matches }) => {
  isDark.value = matches;
});

/** The value of a color variable: `color('neg')`. */
export const color = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
