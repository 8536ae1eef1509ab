// The progress line of a training run. On a terminal it is redrawn in place, and the run's other lines scroll above it; in a file or
// a pipe it is a plain line every now and then.

import { t } from '../language/index.ts';
import { compact, duration } from './numbers.ts';
import { sparkline } from './sparkline.ts';
import { type Output, type Style, styleFor } from './style.ts';
import { visible } from './visible.ts';
import { stringWidth, truncate } from './width.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly loss: number;
  /** Another form of the loss: `2.52 bits/char`. */
  readonly more?: readonly string[];
  /** Throughput, units per second. */
  readonly rate: number;
  /** Unit of the throughput: 'characters'. */
  readonly counts: string;
  readonly secondsLeft: number;
  /** Losses so far, for the sparkline. */
  readonly losses?: readonly number[];
}

export interface ProgressLineOptions {
  readonly style?: Style;
  /** Seconds between lines where there is no terminal. Default 10. */
  readonly plainSeconds?: number;
  /** Milliseconds on any monotonic clock. */
  readonly now?: () => number;
}

const redrawMs = 100;
const clear = '\r\x1b[K';

/** Writes `line` in place of the one the cursor is in. */
export function rewrite(output: Output, line: string): void {
  if (output.rewrite) output.rewrite(line);
  else output.write(clear + visible(line, { colors: true }));
}

export class ProgressLine {
  readonly #output: Output;
  readonly #style: Style;
  readonly #now: () => number;
  readonly #every: number;
  #drawn = '';
  #last = -Infinity;
  #latest: Progress | null = null;

  constructor(output: Output, options: ProgressLineOptions = {}) {
    this.#output = output;
    this.#style = options.style ?? styleFor(output);
    this.#now = options.now ?? (() => performance.now());
    this.#every = output.isTTY ? redrawMs : (options.plainSeconds ?? 10) * 1000;
  }

  /** Shows the progress, at most ten times a second. The last step is always shown. */
  update(progress: Progress): void {
    this.#latest = progress;
    const now = this.#now();
    if (now - this.#last < this.#every && progress.done < progress.total) return;
    this.#last = now;
    this.#draw(progress);
  }

  /** Writes lines that stay, above the progress. */
  print(text: string): void {
    this.#erase();
    this.#output.write(`${text}\n`);
    if (this.#output.isTTY && this.#latest) this.#draw(this.#latest);
  }

  /** Ends the run: the line stays, and the next text starts below. */
  end(): void {
    if (this.#drawn) this.#output.write('\n');
    this.#drawn = '';
    this.#latest = null;
  }

  /** Ends the run and clears the line. */
  clear(): void {
    this.#erase();
    this.#latest = null;
  }

  #draw(progress: Progress): void {
    if (!this.#output.isTTY) {
      this.#output.write(`${plainProgress(progress)}\n`);
      return;
    }
    const line = renderProgress(progress, (this.#output.columns || 80) - 1, this.#style);
    if (line !== this.#drawn) rewrite(this.#output, line);
    this.#drawn = line;
  }

  #erase(): void {
    if (this.#drawn) rewrite(this.#output, '');
    this.#drawn = '';
  }
}

/** `step 1200/5000  loss 1.834  2.65 bits/char  145k chars/s  1 min 12 s left` */
export function plainProgress(p: Progress): string {
  return [t`step ${p.done}/${p.total}`, ...numbers(p)].join('  ');
}

/**
 * A bar, the numbers and a sparkline in at most `width` columns. A narrow terminal loses the sparkline first, then the bar,
 * then the numbers from the right.
 */
export function renderProgress(p: Progress, width: number, style: Style): string {
  const part = p.total > 0 ? Math.min(1, p.done / p.total) : 1;
  const percent = `${String(Math.floor(part * 100)).padStart(3)}%`;
  const fields = numbers(p);
  const text = [percent, ...fields].join('  ');
  const free = width - stringWidth(text);
  if (free < 0) return truncate(text, width);
  const barWidth = Math.min(24, free - 1);
  if (barWidth < 4) return text;
  const sparkWidth = Math.min(24, free - 1 - barWidth - 2);
  const spark = sparkWidth >= 6 && p.losses ? sparkline(p.losses, sparkWidth) : '';
  const shown = [percent, style.bold(fields[0]), ...(p.more ?? []), ...fields.slice(-2).map(style.dim)].join('  ');
  return `${bar(part, barWidth, style)} ${shown}${spark && `  ${style.cyan(spark)}`}`;
}

function numbers({ loss, more = [], rate, counts, secondsLeft }: Progress): string[] {
  const short = counts === 'characters' ? 'chars' : counts;
  return [t`loss ${loss.toFixed(3)}`, ...more, `${compact(rate)} ${t(short)}/s`, t`${duration(secondsLeft)} left`];
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A progress bar: `██████▌·····` in `width` columns. */
export function bar(part: number, width: number, style: Style): string {
  const filled = Math.round(part * width * 8);
  const text = '█'.repeat(filled >> 3) + eighths[filled & 7];
  return style.green(text) + style.dim('·'.repeat(width - text.length));
}
