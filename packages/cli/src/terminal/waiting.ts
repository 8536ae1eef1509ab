// Shows what a long wait is for: a line on a terminal that is redrawn in place, and nothing anywhere else.

import { rewrite } from './progress.ts';
import type { Output } from './style.ts';

const quiet = 1000; // ms: what is done by then needs no line
const redraw = 100; // ms

export class WaitingLine {
  readonly #output: Output | null;
  readonly #begun = performance.now();
  #drawn = -Infinity;

  constructor(output: Output | null) {
    this.#output = output?.isTTY ? output : null;
  }

  show(text: string): void {
    const now = performance.now();
    if (!this.#output || now - this.#begun < quiet || now - this.#drawn < redraw) return;
    this.#drawn = now;
    rewrite(this.#output, text);
  }

  clear(): void {
    if (this.#drawn > 0 && this.#output) rewrite(this.#output, '');
  }
}
