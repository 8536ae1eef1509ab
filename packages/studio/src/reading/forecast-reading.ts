// A forecaster and the windows of a series that it has read: the steps of the past, one after the other, and behind them those that it forecasts. A place
// of the past has states and gates; a place that is forecast has a value with a gradient by every value of the past, and by what is known in advance of
// the steps to come.

import { type Forecaster, noGrad, scope, type Tensor, tensor } from 'unrolled';
import { type Annotation, annotation, type Trace, TraceRecorder } from 'unrolled/analysis';
import type { TimeSeriesForecastingPipeline } from 'unrolled/pipelines';
import { leafGradients, normOf } from './input-gradients.ts';
import type { Ablated, Edit, Gradient, Held, NextSymbol, Passage, UnitKey } from './protocol.ts';
import { type Described, TraceReading } from './trace-reading.ts';

const mostWindows = 5;

interface Window {
  /** Rows [length, C], in the data's units. */
  readonly past: Float64Array;
  /** Rows [length + horizon, K] that are known in advance; null for a forecaster that reads none. */
  readonly known: Float64Array | null;
  /** Rows [horizon, C] that came; NaN for those that are not known. */
  readonly actual: Float64Array;
  readonly from: number;
}

interface Forecasted {
  /** [horizon, C], and [horizon, C, Q] of the quantiles. */
  readonly values: Float64Array;
  readonly quantiles: Float64Array;
}

export class ForecastReading extends TraceReading {
  protected readonly model: Forecaster;
  protected readonly symbols: readonly string[];
  protected readonly passages: readonly Passage[];
  protected readonly trace: Trace;
  protected readonly annotations: readonly Annotation[];
  /** Columns of the series, and those that are known in advance. */
  readonly #names: readonly string[];
  readonly #known: readonly string[];
  readonly #windows: Window[] = [];
  readonly #forecasts: readonly Forecasted[];

  /**
   * `rows` are those of a series in order, with what is known in advance behind its own columns: windows are taken from all over them, or from the last rows
   * where nothing came after them. Where something is known in advance, the last rows of a window are those to come; NaN for what they will bring.
   */
  constructor({ model, input }: TimeSeriesForecastingPipeline, rows: readonly (readonly number[])[]) {
    super();
    const { length, horizon, known: K, channels: C } = model.config;
    if (K > 0 && rows.length < length + horizon)
      throw new Error(
        `this forecaster reads ${length} rows and what is known in advance of the ${horizon} after them, and there are ${rows.length}`,
      );
    if (rows.length < length) throw new Error(`this forecaster reads ${length} rows, and there are ${rows.length}`);
    [this.model, this.#names, this.#known] = [model.eval(), input.columns, input.known];
    const last = Math.max(0, rows.length - length - horizon);
    const count = Math.min(mostWindows, last + 1);
    for (let k = 0; k < count; k++) {
      const start = count > 1 ? Math.round((k * last) / (count - 1)) : last;
      const part = (from: number, steps: number, first = 0, width = C) =>
        Float64Array.from(
          { length: steps * width },
          (_, v) => rows[from + Math.floor(v / width)]?.[first + (v % width)] ?? Number.NaN,
        );
      const past = filled(part(start, length), C);
      const known = K > 0 ? part(start, length + horizon, C, K) : null;
      this.#windows.push({ past, known, actual: part(start + length, horizon), from: k * (length + horizon) });
    }
    const T = length + horizon;
    const N = count * T;
    this.symbols = this.#windows.flatMap(() =>
      Array.from({ length: T }, (_, t) =>
        t < length ? String(t - length + 1).replace('-', '−') : `+${t - length + 1}`,
      ),
    );
    const recorder = new TraceRecorder(model, N);
    this.#forecasts = this.#windows.map((window) =>
      scope(() => {
        const taken = new Map<unknown, number>();
        // A network that forecasts step by step begins anew with each of its own values: its steps are counted.
        const placeOf = ({ cell }: { readonly cell: unknown }) => {
          const n = taken.get(cell) ?? 0;
          taken.set(cell, n + 1);
          return window.from + n;
        };
        return recorder.watch(placeOf, () => this.#forecast(window));
      }),
    );
    this.trace = recorder.trace();
    this.passages = this.#windows.map(({ from }) => ({ from, to: from + T, target: null, output: null }));
    this.annotations = this.#properties();
  }

  #forecast({ past, known }: Window): Forecasted {
    return this.model.forecastWindows({ input: past, known, rows: 1 });
  }

  /** What is known in advance of a window as the model reads it. */
  #knownOf({ known }: Window): Tensor | null {
    const { length, horizon, known: K } = this.model.config;
    return known && tensor(Float32Array.from(known), [length + horizon, 1, K]);
  }

  #windowAt(n: number): { readonly window: Window; readonly k: number; readonly t: number } {
    const k = Math.max(
      0,
      this.#windows.findLastIndex(({ from }) => from <= n),
    );
    return { window: this.#windows[k], k, t: n - this.#windows[k].from };
  }

  /** What comes after a place: the value of the column at a step, of what was read, of what came, or of what was forecast. */
  #column(of: 'read' | 'forecast', c = 0): number[] {
    const { length, horizon, channels: C } = this.model.config;
    return this.#windows.flatMap(({ past, actual }, k) => [
      ...Array.from({ length }, (_, t) => (of === 'read' ? past[t * C + c] : Number.NaN)),
      ...Array.from({ length: horizon }, (_, t) =>
        of === 'read' ? actual[t * C + c] : this.#forecasts[k].values[t * C + c],
      ),
    ]);
  }

  /** A column that is known in advance, at every step. */
  #knownColumn(k: number): number[] {
    const { known: K } = this.model.config;
    return this.#windows.flatMap(({ known }) => Array.from(known ?? []).filter((_, v) => v % K === k));
  }

  #quantile(q: number): number[] {
    const { length, horizon, channels: C, quantiles } = this.model.config;
    const Q = quantiles.length;
    return this.#forecasts.flatMap(({ values, quantiles: all }) => [
      ...new Array<number>(length).fill(Number.NaN),
      ...Array.from({ length: horizon }, (_, t) => (Q > 0 ? all[t * C * Q + q] : values[t * C])),
    ]);
  }

  #properties(): Annotation[] {
    const { deviation } = this.model;
    const { length, horizon, channels: C } = this.model.config;
    const values = (of: (past: Float64Array, t: number) => number) =>
      Float64Array.from(
        this.#windows.flatMap(({ past }) =>
          Array.from({ length: length + horizon }, (_, t) => of(past, Math.min(t, length - 1))),
        ),
      );
    const place = Float64Array.from(this.#windows.flatMap(() => Array.from({ length: length + horizon }, (_, t) => t)));
    return [
      ...this.#names.slice(0, 8).flatMap((name, c) => [
        annotation(
          name,
          values((past, t) => past[t * C + c] / deviation[c]),
          this.symbols,
        ),
        annotation(
          `Δ ${name}`,
          values((past, t) => (past[t * C + c] - past[Math.max(0, t - 1) * C + c]) / deviation[c]),
          this.symbols,
        ),
      ]),
      ...this.#known.slice(0, 8).map((name, k) => annotation(name, this.#knownColumn(k), this.symbols)),
      annotation('position in the window', place, this.symbols),
    ].filter(({ values: v }) => new Set(v).size > 1);
  }

  protected described(): Described {
    const { quantiles } = this.model.config;
    const [actual, forecast] = [this.#column('read'), this.#column('forecast')];
    const [low, high] = [this.#quantile(0), this.#quantile(Math.max(0, quantiles.length - 1))];
    const losses = new Float32Array(this.symbols.length).fill(Number.NaN);
    let [sum, count, inside] = [0, 0, 0];
    for (let n = 0; n < losses.length; n++) {
      const error = Math.abs(actual[n] - forecast[n]) / this.model.deviation[0];
      if (!Number.isFinite(error)) continue;
      losses[n] = error;
      sum += error;
      count++;
      inside += Number(actual[n] >= low[n] && actual[n] <= high[n]);
    }
    return {
      kind: 'forecast',
      losses,
      loss: count > 0 ? sum / count : Number.NaN,
      accuracy: count > 0 && quantiles.length > 1 ? inside / count : Number.NaN,
      series: {
        names: [...this.#names, ...this.#known],
        columns: [
          ...this.#names.map((_, c) => this.#column('read', c)),
          ...this.#known.map((_, k) => this.#knownColumn(k)),
        ],
        known: this.#known.length,
        forecast: { values: forecast, low, high },
      },
    };
  }

  /** A network that forecasts all at once has no states at what it forecasts; one that goes step by step has none at the last. */
  protected override stepsOf({ from }: Passage): readonly [from: number, to: number] {
    const { length, horizon, method } = this.model.config;
    return [from, from + length + (method === 'recursive' ? horizon - 1 : 0)];
  }

  next(): NextSymbol[] {
    return [];
  }

  /**
   * Of the forecast of the first column at a place, or of the next step where the place is in the past, by every row that was read, and by what was known of
   * the rows to come.
   */
  gradient(n: number): Gradient {
    const { window, t } = this.#windowAt(n);
    const { length, horizon, channels: C, known: K } = this.model.config;
    const step = Math.max(0, t - length);
    const x = tensor(Float32Array.from(window.past), [length, 1, C]);
    const known = this.#knownOf(window);
    const middle = this.#middle();
    const [byRow, byKnown = new Float32Array(0)] = leafGradients(this.model, known ? [x, known] : [x], () =>
      this.model
        .forward(x, { known })
        .select(3, middle)
        .reshape(horizon, C)
        .slice(0, step, step + 1)
        .slice(1, 0, 1)
        .sum(),
    );
    // The forecast is of standardized numbers: back in units it is as much more. A row to come has only what is known of it.
    const norms = Array.from(
      { length: length + horizon },
      (_, at) =>
        Math.hypot(normOf(byRow.subarray(at * C, (at + 1) * C)), normOf(byKnown.subarray(at * K, (at + 1) * K))) *
        this.model.deviation[0],
    );
    return { from: window.from, norms, images: [] };
  }

  /** The number of the quantile that is nearest to the median. */
  #middle(): number {
    const { quantiles } = this.model.config;
    return quantiles.reduce((best, q, k) => (Math.abs(q - 0.5) < Math.abs(quantiles[best] - 0.5) ? k : best), 0);
  }

  #held(window: Window, edits: readonly Edit[]): Forecasted {
    return scope(() =>
      noGrad(() =>
        this.editing(
          edits,
          (_t, _layer, taken) => taken,
          () => this.#forecast(window),
        ),
      ),
    );
  }

  /** The forecast of the first column as it is and with a unit or gate held. */
  hold(edit: Edit): Held {
    this.trackOf(edit);
    const { window, k, t } = this.#windowAt(edit.n);
    const { length, horizon, channels: C } = this.model.config;
    const held = this.#held(window, [{ ...edit, n: t }]);
    const first = (rows: Float64Array) => Array.from({ length: rows.length / C }, (_, at) => rows[at * C]);
    const [free, other] = [first(this.#forecasts[k].values), first(held.values)];
    return {
      texts: null,
      rows: Array.from({ length: Math.min(8, horizon) }, (_, at) => {
        const step = Math.round((at * (horizon - 1)) / Math.max(1, Math.min(8, horizon) - 1));
        return { label: `+${step + 1}`, free: free[step], held: other[step] };
      }),
      series: {
        history: first(window.past).slice(-Math.min(length, 3 * horizon)),
        actual: first(window.actual),
        free,
        held: other,
      },
    };
  }

  /** The mean error of the first column in standard deviations, as it is and with the unit at its mean over the past. */
  ablate(key: UnitKey): Ablated {
    const { channels: C, length } = this.model.config;
    const column = this.unit(key);
    const own = this.#windows.flatMap(({ from }) => Array.from(column.subarray(from, from + length)));
    const edit: Edit = { ...key, value: own.reduce((a, b) => a + b, 0) / own.length, when: 'always', n: 0 };
    let [count, whole, held] = [0, 0, 0];
    for (const [k, window] of this.#windows.entries()) {
      const other = this.#held(window, [edit]);
      for (let at = 0; at < window.actual.length; at += C) {
        const actual = Number.isFinite(window.actual[at]) ? window.actual[at] : this.#forecasts[k].values[at];
        count++;
        whole += Math.abs(actual - this.#forecasts[k].values[at]) / this.model.deviation[0];
        held += Math.abs(actual - other.values[at]) / this.model.deviation[0];
      }
    }
    return { all: { count, whole: whole / count, held: held / count }, focus: null, elsewhere: null };
  }

  protected measured() {
    const { length, channels: C } = this.model.config;
    const [window] = this.#windows;
    const input = (): Tensor => tensor(Float32Array.from(window.past), [length, 1, C]);
    const loss = () => this.model.forward(input(), { known: this.#knownOf(window) }).sum();
    return { loss, steps: Math.min(16, length) };
  }
}

/** Rows [T, C] whose missing values are the ones before them, or the first that there is. */
function filled(values: Float64Array, C: number): Float64Array {
  for (let c = 0; c < C; c++) {
    let last = values.find((v, k) => k % C === c && Number.isFinite(v)) ?? 0;
    for (let k = c; k < values.length; k += C) {
      if (Number.isFinite(values[k])) last = values[k];
      else values[k] = last;
    }
  }
  return values;
}
