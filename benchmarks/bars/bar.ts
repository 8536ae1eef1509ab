// What a bar is: something measured, and what it has to be.

export interface BarResult {
  /** What was measured. */
  readonly bar: string;
  /** How, so that anyone can do it again. */
  readonly settings: string;
  readonly measured: string;
  readonly required: string;
  /** Null when it could not be measured here; `measured` says why. */
  readonly met: boolean | null;
  readonly seconds: number;
}

/** One file of bars: says what it does on standard error as it goes. */
export type Bars = (options: { readonly backend: string }) => Promise<BarResult[]>;

export function progress(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
}

export async function timed<R>(body: () => Promise<R> | R): Promise<{ value: R; seconds: number }> {
  const start = performance.now();
  const value = await body();
  return { value, seconds: (performance.now() - start) / 1000 };
}
