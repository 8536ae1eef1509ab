// A network of another system that stays a graph, and what it has read. What is a step is what its recurrent layers step through: they have states and gates
// there, wherever in the graph they sit. What comes out after a step, and of what the graph reads, its kinds say (`tensors-reading.ts`, `graph-text-reading.ts`).

import { noGrad, scope, type Tensor } from 'unrolled';
import { namedCells, observeSteps, type Trace, TraceRecorder } from 'unrolled/analysis';
import type { GraphModel } from 'unrolled/graph';
import { inputGradients } from './input-gradients.ts';
import type { Edit, Gradient, Held, Lack, NextSymbol, Passage, Scores } from './protocol.ts';
import { type PlaceOf, TraceReading } from './trace-reading.ts';
import { turnedCells } from './turned-cells.ts';

/** One way through the graph. */
export interface GraphRun {
  /** Steps of padding that the recurrent layers take before the first one that is shown, and behind the last. */
  readonly skipped: number;
  readonly behind: number;
  /** How much is read: runs of one size take the same steps. */
  readonly size: string;
  /** Numbers [C] that come out: made anew each time, so that they have a gradient. */
  readonly output: () => Tensor;
}

/** A stretch that the graph reads by itself. */
export interface GraphPassage {
  /** What is shown of its steps; null for their numbers. */
  readonly symbols: readonly string[] | null;
  /** All of it. */
  readonly whole: GraphRun;
}

/** How the steps of a layer come: so many in all, in calls of so many each. */
interface Taken {
  readonly perCall: number;
  readonly count: number;
}

const [mostShown, mostLines] = [8, 4];

export abstract class GraphReading extends TraceReading {
  protected readonly model: GraphModel;
  protected readonly parts: readonly GraphPassage[];
  protected readonly symbols: readonly string[];
  protected readonly passages: readonly Passage[];
  protected readonly trace: Trace;
  protected readonly lacks: readonly Lack[];
  readonly #names: ReadonlyMap<unknown, string>;
  /** Layers that the graph gives a sequence from its end to its start. */
  readonly #turned: ReadonlySet<string>;
  /** The layer that reads first, in both directions. */
  readonly #lowest: string;
  /** Layers whose steps are those of the passages. */
  readonly #layers: ReadonlySet<string>;

  /** Throws where no recurrent layer of the graph takes a step. */
  constructor(model: GraphModel, parts: readonly GraphPassage[]) {
    super();
    [this.model, this.parts] = [model.eval(), parts];
    this.#names = new Map(namedCells(model).map(({ cell, name }) => [cell, name]));
    const turned = turnedCells(model);
    this.#turned = new Set(Array.from(this.#names).flatMap(([cell, name]) => (turned.has(cell) ? [name] : [])));
    const taken = parts.map(({ whole }) => this.#taken(whole));
    const layers = [...new Set(taken.flatMap((of) => [...of.keys()]))];
    if (layers.length === 0) throw new Error('no layer of this graph is a recurrent one that can be stepped through');
    this.#lowest = directionless(layers[0]);
    const steps = taken.map((of, k) => {
      const { symbols } = parts[k];
      return symbols?.length ?? Math.max(...Array.from(of.values(), ({ count }) => count));
    });
    const fits = (layer: string) =>
      parts.every(({ whole: { skipped, behind } }, k) => taken[k].get(layer)?.count === skipped + steps[k] + behind);
    this.#layers = new Set(layers.filter(fits));
    let at = 0;
    this.passages = steps.map((T) => ({ from: at, to: (at += T), target: null, output: null }));
    this.symbols = steps.flatMap((T, k) => parts[k].symbols ?? Array.from({ length: T }, (_, t) => String(t + 1)));
    const recorder = new TraceRecorder(model, at);
    for (const [k, { whole }] of parts.entries()) {
      const placeOf = this.#counting(whole);
      const { from, to } = this.passages[k];
      const inside = (t: number) => (t >= 0 && from + t < to ? from + t : -1);
      scope(() => recorder.watch(({ cell, t }) => inside(placeOf(this.#nameOf(cell), t)), whole.output));
    }
    this.trace = recorder.trace();
    const others = layers.filter((layer) => !this.#layers.has(layer));
    this.lacks = [
      ...(others.length > 0 ? [{ what: 'steps' as const, names: others }] : []),
      ...lackOfNodes(model),
      ...(this.#hasGradient() ? [] : [{ what: 'gradient' as const, names: [] }]),
    ];
  }

  /** The run whose output is what comes after step t of a passage. */
  protected abstract runTo(k: number, t: number): GraphRun;
  /** The number that a gradient at a place is of. */
  protected labelOf(n: number): number {
    return this.strongest(this.outputAt(n))[0];
  }
  /** Names of the numbers that come out. */
  protected abstract readonly labels: readonly string[];
  /** The output as it is shown. */
  protected shown(output: Tensor): ArrayLike<number> {
    return output.dataSync();
  }

  #nameOf(cell: unknown): string {
    return this.#names.get(cell) ?? '';
  }

  readonly #known = new Map<string, ReadonlyMap<string, Taken>>();

  #taken(run: GraphRun): ReadonlyMap<string, Taken> {
    const known = this.#known.get(run.size);
    if (known) return known;
    const found = new Map<string, Taken>();
    const count = ({ cell, t }: { readonly cell: unknown; readonly t: number }) => {
      const name = this.#nameOf(cell);
      const { perCall, count } = found.get(name) ?? { perCall: 0, count: 0 };
      found.set(name, { perCall: Math.max(perCall, t + 1), count: count + 1 });
    };
    scope(() => noGrad(() => observeSteps(count, run.output)));
    this.#known.set(run.size, found);
    return found;
  }

  /** Where a step of a layer stands in a run, by its time in its call and the steps that the layer has taken before; −1 for other layers. */
  #placeOf(run: GraphRun): PlaceOf {
    const of = this.#taken(run);
    return (t, layer, taken) => {
      if (!this.#layers.has(layer)) return -1;
      const { perCall } = of.get(layer) ?? { perCall: 1 };
      const at = this.#turned.has(layer) ? perCall - 1 - t : t;
      return Math.floor(taken / perCall) * perCall + at - run.skipped;
    };
  }

  /** The same where every step is told once. */
  #counting(run: GraphRun): (layer: string, t: number) => number {
    const [placeOf, taken] = [this.#placeOf(run), new Map<string, number>()];
    return (layer, t) => {
      const count = taken.get(layer) ?? 0;
      taken.set(layer, count + 1);
      return placeOf(t, layer, count);
    };
  }

  protected indexOf(n: number): { readonly k: number; readonly t: number } {
    const k = Math.max(
      0,
      this.passages.findLastIndex(({ from }) => from <= n),
    );
    return { k, t: n - this.passages[k].from };
  }

  /** What is read with units or gates held. */
  protected holding<R>(run: GraphRun, edits: readonly Edit[], read: () => R): R {
    const placeOf = edits.length > 0 ? this.#placeOf(run) : null;
    return scope(() => noGrad(() => (placeOf ? this.editing(edits, placeOf, read) : read())));
  }

  /** What comes out of a run with units or gates held. */
  protected outputOf(run: GraphRun, edits: readonly Edit[] = []): Float32Array {
    return this.holding(run, edits, () => Float32Array.from(this.shown(run.output())));
  }

  readonly #outputs = new Map<number, Float32Array>();

  /** What comes out after a place. */
  protected outputAt(n: number): Float32Array {
    const { k, t } = this.indexOf(n);
    const known = this.#outputs.get(n) ?? this.outputOf(this.runTo(k, t));
    this.#outputs.set(n, known);
    return known;
  }

  protected strongest(values: Float32Array): number[] {
    return Array.from(values.keys()).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
  }

  next(n: number): NextSymbol[] {
    const values = this.outputAt(n);
    const shown = this.strongest(values).slice(0, mostShown);
    return shown.map((c) => ({ symbol: this.labels[c], probability: values[c], came: false }));
  }

  override scores(n: number): Scores {
    const { from, to } = this.passageOf(n);
    const columns = Array.from({ length: to - from }, (_, t) => this.outputAt(from + t));
    const order = this.strongest(columns[columns.length - 1]).slice(0, mostLines);
    return {
      from,
      lines: order.map((c) => ({ label: this.labels[c], values: columns.map((values) => values[c]) })),
    };
  }

  /** Of the strongest number that comes out after a place, by what the lowest recurrent layer reads at every step. */
  gradient(n: number): Gradient {
    const { k, t } = this.indexOf(n);
    const { from, to } = this.passages[k];
    const none = this.lacks.some(({ what }) => what === 'gradient');
    const norms = none ? [] : this.#gradientOf(this.runTo(k, t), to - from, this.labelOf(n));
    return { from, norms, images: [] };
  }

  #gradientOf(run: GraphRun, steps: number, label: number): number[] {
    const placeOf = this.#counting(run);
    return inputGradients(
      this.model,
      steps,
      ({ cell, t, x }) => {
        const name = this.#nameOf(cell);
        const place = placeOf(name, t);
        return directionless(name) === this.#lowest ? { place, width: x.shape[1] } : null;
      },
      () =>
        run
          .output()
          .slice(0, label, label + 1)
          .sum(),
    );
  }

  /** Whether what comes out at the end has a gradient by what is read: some operators have none. */
  #hasGradient(): boolean {
    const [{ whole }] = this.parts;
    try {
      return this.#gradientOf(whole, this.passages[0].to, 0).some((norm) => norm > 0);
    } catch {
      return false; // nothing that comes out was computed from weights
    }
  }

  hold(edit: Edit): Held {
    this.trackOf(edit);
    const { k, t } = this.indexOf(edit.n);
    const free = this.outputAt(edit.n);
    const held = this.outputOf(this.runTo(k, t), [{ ...edit, n: t }]);
    const rows = this.strongest(free).slice(0, mostShown);
    return { texts: null, rows: rows.map((c) => ({ label: this.labels[c], free: free[c], held: held[c] })) };
  }

  protected measured() {
    return { loss: () => this.parts[0].whole.output().sum(), steps: Math.min(16, this.passages[0].to) };
  }
}

const directionless = (layer: string): string => layer.replace(/_reverse$/, '');

/** Loops that are no layer of this library: what they carry from step to step is theirs alone. */
function lackOfNodes({ graph }: GraphModel): Lack[] {
  const names = graph.nodes.filter(({ op }) => op === 'Scan' || op === 'Loop').map(({ name, op }) => name || op);
  return names.length > 0 ? [{ what: 'nodes', names }] : [];
}
