// What is the same for every network that has read something: every unit at every step, and what is looked up or compared of it.

import type { Module, Tensor } from 'unrolled';
import {
  type Annotation,
  annotation,
  changeGates,
  changeSteps,
  gradientFlow,
  type NamedCell,
  namedCells,
  searchUnits,
  spectrum,
  type Trace,
  type UnitTrack,
} from 'unrolled/analysis';
import { withUnit } from './edits.ts';
import type {
  Ablated,
  Brushed,
  Edit,
  Found,
  Gradient,
  Held,
  Measured,
  MeasureName,
  NextSymbol,
  Opened,
  Passage,
  Scores,
  Step,
  UnitAt,
  UnitKey,
  WeightStatistics,
} from './protocol.ts';
import { weightsOf } from './weights.ts';

/** What a reading describes itself by; what it leaves out is not there. */
export type Described = Pick<Opened, 'kind' | 'losses' | 'loss' | 'accuracy'> & Partial<Opened>;

export abstract class TraceReading {
  protected abstract readonly model: Module;
  protected abstract readonly symbols: readonly string[];
  protected abstract readonly passages: readonly Passage[];
  protected abstract readonly trace: Trace;
  protected abstract readonly annotations: readonly Annotation[];

  protected abstract described(): Described;
  /** The most probable outputs at a place, and the one that should come. */
  abstract next(n: number): NextSymbol[];
  /** ‖∂ log p of the output at a place / ∂x‖ for the inputs around it. */
  abstract gradient(n: number): Gradient;
  abstract ablate(key: UnitKey, name: string | null): Ablated;
  abstract hold(edit: Edit): Held;
  /** A loss on what was read, and the number of steps whose Jacobians are measured. */
  protected abstract measured(): { readonly loss: () => Tensor; readonly steps: number };

  /** Probabilities along the passage of a place; none for a running text. */
  scores(_n: number): Scores | null {
    return null;
  }

  /** The Jacobians of a step, or the gradient through time. */
  measure(what: MeasureName): Measured {
    const { loss, steps } = this.measured();
    if (what === 'spectrum') return { what, ...spectrum(this.model, loss, { steps }) };
    return { what: 'flow', flow: gradientFlow(this.model, loss, { from: 'last' }) };
  }

  /** Every tensor of weights in numbers. */
  weights(): readonly WeightStatistics[] {
    return weightsOf(this.model);
  }

  opened(): Opened {
    return {
      symbols: this.symbols,
      passages: this.passages,
      frames: null,
      series: null,
      scored: false,
      backward: false,
      lacks: [],
      tracks: this.trace.tracks.map(({ layer, what, kind, size }) => ({ layer, what, kind, size })),
      measures: ['spectrum', 'flow'],
      ...this.described(),
    };
  }

  protected passageOf(n: number): Passage {
    return this.passages.find(({ from, to }) => n >= from && n < to) ?? this.passages[0];
  }

  protected trackOf({ layer, what, unit }: UnitKey): UnitTrack {
    const track = this.trace.tracks.find((one) => one.layer === layer && one.what === what);
    if (!track || !(unit >= 0 && unit < track.size)) throw new Error(`there is no unit ${layer} ${what}[${unit}]`);
    return track;
  }

  /** A unit after every symbol. */
  unit(key: UnitKey): Float32Array {
    const { values, size } = this.trackOf(key);
    return Float32Array.from({ length: this.trace.steps }, (_, n) => values[n * size + key.unit]);
  }

  /** The places of a passage that have states: all, but for what comes out without a step of its own. */
  protected stepsOf({ from, to }: Passage): readonly [from: number, to: number] {
    return [from, to];
  }

  /** States and gates of one unit in all tracks of its layer, around symbol n. */
  around({ layer, unit }: UnitKey, n: number, reach: number): Step {
    const [first, end] = this.stepsOf(this.passageOf(n));
    const at = Math.min(n, end - 1);
    const [from, to] = [Math.max(first, at - reach), Math.min(end, at + reach + 1)];
    const tracks = this.trace.tracks
      .filter((track) => track.layer === layer && unit < track.size)
      .map(({ what, kind, values, size }): UnitAt => {
        const column = Array.from({ length: to - from }, (_, k) => values[(from + k) * size + unit]);
        return { what, kind, values: column };
      });
    return { from, tracks };
  }

  /** Units that follow properties of the text, with controls. */
  find(): Found[] {
    return searchUnits(this.trace, this.annotations, { top: 1 })
      .filter(({ found }) => found)
      .map(({ annotation: name, best: [{ layer, what, unit, correlation }], control, p }) => ({
        name,
        layer,
        what,
        unit,
        correlation,
        control: control.limit,
        p,
      }));
  }

  /** Units that are on in a stretch and off elsewhere, and where else the best three of them are on together. */
  brush(from: number, to: number): Brushed {
    const values = Float64Array.from(this.symbols, (_, n) => Number(n >= from && n < to));
    const [found] = searchUnits(this.trace, [annotation('brush', values, this.symbols)], { top: 8 });
    const columns = found.best.slice(0, 3).map((match) => {
      const column = this.unit(match);
      const inside = column.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from);
      const mean = column.reduce((a, b) => a + b, 0) / column.length;
      return column.map((v) => (v - mean) * Math.sign(inside - mean) - Math.abs(inside - mean) / 2);
    });
    const elsewhere: { from: number; to: number }[] = [];
    for (let n = 0; n < values.length; n++) {
      if (values[n] === 1 || !columns.every((column) => column[n] > 0)) continue;
      const last = elsewhere.at(-1);
      if (last?.to === n) elsewhere[elsewhere.length - 1] = { from: last.from, to: n + 1 };
      else elsewhere.push({ from: n, to: n + 1 });
    }
    return {
      from,
      to,
      units: found.best.map(({ layer, what, unit, correlation }) => ({ layer, what, unit, correlation })),
      control: found.control.limit,
      p: found.p,
      elsewhere: elsewhere.sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, 8),
    };
  }

  /** The mean of a unit over all that was read. */
  protected meanOf(key: UnitKey): number {
    const column = this.unit(key);
    return column.reduce((a, b) => a + b, 0) / column.length;
  }

  #cells: readonly NamedCell[] | null = null;

  /** Runs `body` with units or gates held; `placeOf` says where a step stands in what is read. */
  protected editing<R>(edits: readonly Edit[], placeOf: PlaceOf, body: () => R): R {
    this.#cells ??= namedCells(this.model);
    const names = new Map(this.#cells.map(({ cell, name }) => [cell as unknown, name]));
    const counts = new Map<unknown, number>();
    const applying = (cell: unknown, t: number, what: string | null) => {
      const layer = names.get(cell) ?? '';
      const place = placeOf(t, layer, counts.get(cell) ?? 0);
      return edits.filter((edit) => edit.layer === layer && (what === null || edit.what === what) && isAt(edit, place));
    };
    const held = () =>
      changeSteps(({ cell, t, after }) => {
        const next = applying(cell, t, null).reduce(
          (state, edit) => withUnit(state, edit.what, edit.unit, edit.value),
          after,
        );
        counts.set(cell, (counts.get(cell) ?? 0) + 1);
        return next;
      }, body);
    return changeGates(
      ({ cell, t, gate, value }) =>
        applying(cell, t, gate).reduce((of, edit) => withUnit(of, 'h', edit.unit, edit.value) as typeof of, value),
      held,
    );
  }
}

/** Where a step stands in what is read: of its time in its call, its layer, and how many steps the layer has taken. */
export type PlaceOf = (t: number, layer: string, taken: number) => number;

/** Whether something is held at a place. */
export const isAt = ({ when, n }: Edit, place: number): boolean =>
  when === 'always' || (when === 'here' ? place === n : place >= n);
