// A graph of another system that predicts the next symbol of a text, or labels a text, and what it has read. One with states reads symbol by symbol. Another
// reads a window of the last symbols at every step, as it was trained: its states are those of the window at the end of the text, and what it gives after a
// symbol is what it gives for the window that ends there.

import { cat, Random, Tensor, tensor } from 'unrolled';
import { type Annotation, annotate } from 'unrolled/analysis';
import { type GraphModel, type GraphValue, HostArray } from 'unrolled/graph';
import type { GraphReading as Contract } from 'unrolled/pipelines';
import { GraphReading, type GraphRun } from './graph-reading.ts';
import { sampleOf } from './language-reading.ts';
import type { Ablated, Edit, Held, NextSymbol, Passage, UnitKey } from './protocol.ts';
import type { Described } from './trace-reading.ts';

const [mostSymbols, mostPlaces, written] = [400, 64, 60];
const leastProbability = 1e-38;

/** A text as the graph has it: what is shown of each symbol, and its id. */
export interface GraphText {
  readonly symbols: readonly string[];
  readonly ids: readonly number[];
}

/** How a graph reads symbols, and what it gives for them. */
export class TextOfGraph {
  readonly model: GraphModel;
  readonly contract: Contract;
  /** Whether padding counts for no step: then the steps that count come first. */
  readonly #masked: boolean;

  constructor(model: GraphModel, contract: Contract) {
    [this.model, this.contract] = [model, contract];
    this.#masked = model.graph.nodes.some(({ op, inputs }) => recurrentOfKeras.has(op) && (inputs[1] ?? null) !== null);
  }

  /** As much of a text as is read: all that is known of it, or the last window. */
  fitting(text: GraphText): GraphText {
    const { symbols: known, length } = this.contract;
    const there = Array.from(text.ids.keys()).filter((n) => text.ids[n] < known);
    const most = this.isStepped ? mostSymbols : Math.min(length ?? mostSymbols, mostSymbols);
    const last = there.slice(-most);
    return { symbols: last.map((n) => text.symbols[n]), ids: last.map((n) => text.ids[n]) };
  }

  /** Whether it reads symbol by symbol. */
  get isStepped(): boolean {
    return (this.model.graph.states ?? []).length > 0;
  }

  /** How the last of these symbols are read, and the logarithms of the probabilities [C] that come out. */
  run(ids: readonly number[]): GraphRun {
    if (this.isStepped) {
      const last = () => ids.map(this.stepper())[ids.length - 1];
      return { skipped: 0, behind: 0, size: `${ids.length}`, output: last };
    }
    const { length, padding } = this.contract;
    const last = length === null ? ids : ids.slice(-length);
    const lacking = length === null || padding === null ? 0 : length - last.length;
    const window = [...new Array<number | null>(lacking).fill(null), ...last];
    return {
      skipped: this.#masked ? 0 : lacking,
      behind: this.#masked ? lacking : 0,
      size: `${window.length}`,
      output: () => this.#scores(this.model.forward({ [this.contract.input]: this.#value(window) })),
    };
  }

  /** Reads one symbol after the other, with the state of those before; gives what comes out after each. */
  stepper(): (id: number) => Tensor {
    const { states = [] } = this.model.graph;
    let before: Readonly<Record<string, GraphValue>> = {};
    return (id) => {
      const found = this.model.forward({ ...before, [this.contract.input]: this.#value([id]) });
      before = Object.fromEntries(states.map(({ input, output }) => [input, found[output]]));
      return this.#scores(found);
    };
  }

  /** Ids, or one-hot rows; null for padding. */
  #value(ids: readonly (number | null)[]): GraphValue {
    const { form, symbols: V, timeFirst, padding } = this.contract;
    const shape = timeFirst ? [ids.length, 1] : [1, ids.length];
    if (form === 'ids')
      return new HostArray(
        'int',
        shape,
        ids.map((id) => id ?? padding ?? 0),
      );
    const values = new Float32Array(ids.length * V);
    for (const [t, id] of ids.entries()) if (id !== null) values[t * V + id] = 1;
    const x = tensor(values, [...shape, V]);
    x.requiresGrad = true;
    return x;
  }

  #scores(outputs: Readonly<Record<string, GraphValue>>): Tensor {
    const { output, gives, timeFirst } = this.contract;
    const y = outputs[output];
    if (!(y instanceof Tensor)) throw new Error(`output ${output}: expected scores`);
    const last = y.rank === 3 ? y.select(timeFirst ? 0 : 1, y.shape[timeFirst ? 0 : 1] - 1) : y;
    const row = last.select(0, 0);
    const logarithm = (p: Tensor) => p.maximum(leastProbability).log();
    if (gives === 'probability') return logarithm(cat([row.neg().add(1), row], 0));
    return gives === 'probabilities' ? logarithm(row) : row.logSoftmax();
  }
}

const recurrentOfKeras = new Set(['KerasLSTM', 'KerasGRU', 'KerasSimpleRNN']);

export class GraphTextReading extends GraphReading {
  readonly #graph: TextOfGraph;
  readonly #text: GraphText;
  readonly #kind: 'text' | 'labels';
  protected readonly labels: readonly string[];
  protected readonly annotations: readonly Annotation[];

  /** `labels` are the symbols that may follow, or the labels that a text may have. */
  constructor(graph: TextOfGraph, given: GraphText, labels: readonly string[], kind: 'text' | 'labels') {
    const text = graph.fitting(given);
    if (text.ids.length === 0) throw new Error('of this text the network knows nothing');
    super(graph.model, [{ symbols: text.symbols, whole: graph.run(text.ids) }]);
    [this.#graph, this.#text, this.#kind, this.labels] = [graph, text, kind, labels];
    this.annotations = annotate(this.symbols);
  }

  protected runTo(_k: number, t: number): GraphRun {
    return this.#graph.run(this.#text.ids.slice(0, t + 1));
  }

  protected override shown(output: Tensor): ArrayLike<number> {
    return output.dataSync().map(Math.exp);
  }

  #whole: readonly Float32Array[] | null = null;

  protected override outputAt(n: number): Float32Array {
    if (!this.#graph.isStepped) return super.outputAt(n);
    this.#whole ??= this.#stepped([]);
    return this.#whole[n];
  }

  /** What comes out after every symbol, from one way through the text: of a graph with states. */
  #stepped(edits: readonly Edit[]): Float32Array[] {
    const step = this.#graph.stepper();
    const { ids } = this.#text;
    return this.holding(this.parts[0].whole, edits, () => ids.map((id) => Float32Array.from(this.shown(step(id)))));
  }

  /** The symbol that follows, or what the graph finds most probable. */
  #given(n: number): number {
    const next = this.#kind === 'text' ? this.#text.ids[n + 1] : undefined;
    return next ?? this.strongest(this.outputAt(n))[0];
  }

  protected override labelOf(n: number): number {
    return this.#given(n);
  }

  override next(n: number): NextSymbol[] {
    const p = this.outputAt(n);
    const came = this.#kind === 'text' ? (this.#text.ids[n + 1] ?? -1) : -1;
    const shown = this.strongest(p).slice(0, 8);
    if (came >= 0 && !shown.includes(came)) shown.push(came);
    return shown.map((c) => ({ symbol: this.labels[c], probability: p[c], came: c === came }));
  }

  protected described(): Described {
    const N = this.symbols.length;
    const losses = new Float32Array(N).fill(Number.NaN);
    let [sum, right] = [0, 0];
    for (let n = 0; n < N; n++) {
      const p = this.outputAt(n);
      if (this.#kind === 'labels') losses[n] = -Math.log(p[this.#given(n)]);
      else if (n + 1 < N) {
        losses[n + 1] = -Math.log(Math.max(leastProbability, p[this.#given(n)]));
        sum += losses[n + 1];
        right += Number(this.strongest(p)[0] === this.#text.ids[n + 1]);
      }
    }
    const known = this.#kind === 'text' && N > 1;
    return {
      kind: this.#kind,
      losses,
      loss: known ? sum / (N - 1) : Number.NaN,
      accuracy: known ? right / (N - 1) : Number.NaN,
      scored: this.#kind === 'labels',
      lacks: this.lacks,
      passages: [this.#passage()],
    };
  }

  #passage(): Passage {
    const [best] = this.strongest(this.outputAt(this.symbols.length - 1));
    return { ...this.passages[0], output: this.#kind === 'labels' ? this.labels[best] : null };
  }

  /** A text is continued from the place; of labels the scores there. */
  override hold(edit: Edit): Held {
    if (this.#kind === 'labels') return super.hold(edit);
    this.trackOf(edit);
    return { texts: { free: this.#write(edit.n, []), held: this.#write(edit.n, [edit]) }, rows: [] };
  }

  /** What is written after a place. The window moves on: its first step is then another place. */
  #write(n: number, edits: readonly Edit[]): string {
    const random = new Random(1);
    const { length } = this.#graph.contract;
    const ids = this.#text.ids.slice(0, n + 1);
    const textOf = (all: readonly number[]) =>
      all
        .slice(n + 1)
        .map((id) => this.labels[id])
        .join('');
    if (this.#graph.isStepped) {
      const step = this.#graph.stepper();
      return this.holding(this.#graph.run(ids), edits, () => {
        let p = ids.map(step)[n];
        for (let k = 0; k < written; k++) {
          ids.push(sampleOf(p.dataSync(), random));
          p = step(ids[ids.length - 1]);
        }
        return textOf(ids);
      });
    }
    for (let k = 0; k < written; k++) {
      const gone = length === null ? 0 : Math.max(0, ids.length - length);
      const moved = edits.map((edit) => ({ ...edit, n: edit.n - gone }));
      const p = this.outputOf(this.#graph.run(ids), moved);
      ids.push(sampleOf(p.map(Math.log), random));
    }
    return textOf(ids);
  }

  /** The loss of the symbols that follow, or of the label that the graph gives, as it is and with the unit at its mean. */
  ablate(key: UnitKey): Ablated {
    const edit: Edit = { ...key, value: this.meanOf(key), when: 'always', n: 0 };
    const N = this.symbols.length;
    const all = this.#kind === 'labels' ? [N - 1] : Array.from({ length: Math.max(1, N - 1) }, (_, n) => n);
    const every = Math.ceil(all.length / mostPlaces);
    const places = all.filter((_, i) => i % every === 0);
    const loss = (p: ArrayLike<number>, n: number) => -Math.log(Math.max(leastProbability, p[this.#given(n)]));
    const stepped = this.#graph.isStepped ? this.#stepped([edit]) : null;
    let [whole, held] = [0, 0];
    for (const n of places) {
      whole += loss(this.outputAt(n), n) / places.length;
      held += loss(stepped?.[n] ?? this.outputOf(this.runTo(0, n), [edit]), n) / places.length;
    }
    return { all: { count: places.length, whole, held }, focus: null, elsewhere: null };
  }
}
