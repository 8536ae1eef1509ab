// A classifier or a tagger and examples that it has read, one after the other: every unit at every step, the scores of the labels there, and the
// gradient of the one that it gives. A step is a token of a text, a frame of a clip, or a row of numbers.

import {
  indices,
  type Module,
  noGrad,
  scope,
  type SequenceClassifier,
  type SequenceTagger,
  type Tensor,
} from 'unrolled';
import { type Annotation, annotation, type Trace, TraceRecorder } from 'unrolled/analysis';
import { byPixel, inputGradients, leafGradient, normOf } from './input-gradients.ts';
import type { Edit, Gradient, NextSymbol, Opened, Passage, Scores, UnitKey } from './protocol.ts';
import { TraceReading } from './trace-reading.ts';

const [mostSymbols, mostExamples] = [2000, 60];

/** One example as the model reads it. */
export interface Example {
  /** What is shown of every step. */
  readonly tokens: readonly string[];
  /** What stands between two tokens when they are shown. */
  readonly between: string;
  /** Ids int32 [T, 1], or numbers [T, 1, I]: made anew, so that a gradient ends there. */
  readonly source: () => Tensor;
}

/** A model of sequences, by itself or behind something that makes sequences of what is given. */
export interface Reader<S extends SequenceClassifier | SequenceTagger = SequenceClassifier | SequenceTagger> {
  /** All of it. */
  readonly model: Module;
  readonly sequence: S;
  /** What the sequence model reads of a source. */
  readonly read: (source: Tensor) => Tensor;
}

export const alone = <S extends SequenceClassifier | SequenceTagger>(sequence: S): Reader<S> => ({
  model: sequence,
  sequence,
  read: (source) => source,
});

/** What examples are, and what is shown of them besides their tokens. */
export type Shown = Pick<Opened, 'kind'> & Partial<Pick<Opened, 'frames' | 'series'>>;

/** The first examples that fit. */
export function fitting<E extends Example>(all: readonly E[]): E[] {
  const found: E[] = [];
  let symbols = 0;
  for (const one of all) {
    if (found.length === mostExamples || (found.length > 0 && symbols + one.tokens.length > mostSymbols)) break;
    if (one.tokens.length === 0) continue;
    found.push(one);
    symbols += one.tokens.length;
  }
  return found;
}

export abstract class ExamplesReading<
  E extends Example,
  S extends SequenceClassifier | SequenceTagger,
> extends TraceReading {
  protected readonly model: Module;
  protected readonly reader: Reader<S>;
  protected readonly examples: readonly E[];
  protected readonly labels: readonly string[];
  protected readonly shown: Shown;
  protected readonly symbols: readonly string[];
  readonly #starts: readonly number[];

  protected constructor(reader: Reader<S>, examples: readonly E[], labels: readonly string[], shown: Shown) {
    super();
    const { model } = reader;
    [this.reader, this.model, this.examples, this.labels, this.shown] = [reader, model, examples, labels, shown];
    let at = 0;
    this.#starts = examples.map(({ tokens }) => (at += tokens.length) - tokens.length);
    this.symbols = examples.flatMap(({ tokens, between }) => tokens.map((token) => token + between));
    model.eval();
  }

  /** Stepped through when a unit is first asked for: the scores are there earlier. */
  protected get trace(): Trace {
    if (this.#trace) return this.#trace;
    const recorder = new TraceRecorder(this.model, this.symbols.length);
    for (const [k, one] of this.examples.entries())
      scope(() => recorder.watch(this.#starts[k], () => this.logits(one.source())));
    this.#trace = recorder.trace();
    return this.#trace;
  }
  #trace: Trace | null = null;

  /** The model's logits of a source: [1, C], or [T, 1, C] of a tagger. */
  protected abstract logits(source: Tensor): Tensor;
  /** Probabilities of the labels at every token, [T, C]. */
  protected abstract probabilities(example: E, edits: readonly Edit[]): Float32Array;
  /** The logits [C] that say what the model gives after token t of a source. */
  protected abstract logitsAt(source: Tensor, t: number): Tensor;
  /** The label that the example has at token t; −1 for none. */
  protected abstract targetAt(example: E, t: number): number;

  protected get passages(): readonly Passage[] {
    this.#passages ??= this.examples.map((one, k) => ({
      from: this.#starts[k],
      to: this.#starts[k] + one.tokens.length,
      ...this.verdict(one, this.#scoresOf(k)),
    }));
    return this.#passages;
  }
  #passages: readonly Passage[] | null = null;

  /** What the example should be and what the model made of it, as they are shown. */
  protected abstract verdict(example: E, p: Float32Array): Pick<Passage, 'target' | 'output'>;

  protected indexOf(n: number): number {
    return this.#starts.findLastIndex((start) => start <= n);
  }

  readonly #known = new Map<number, Float32Array>();

  #scoresOf(k: number): Float32Array {
    const known = this.#known.get(k) ?? this.probabilities(this.examples[k], []);
    this.#known.set(k, known);
    return known;
  }

  protected scoresAt(n: number): { readonly p: Float32Array; readonly k: number; readonly t: number } {
    const k = this.indexOf(n);
    const t = n - this.#starts[k];
    const C = this.labels.length;
    return { p: this.#scoresOf(k).subarray(t * C, (t + 1) * C), k, t };
  }

  next(n: number): NextSymbol[] {
    const { p, k, t } = this.scoresAt(n);
    const target = this.targetAt(this.examples[k], t);
    const order = Array.from(p.keys()).sort((a, b) => p[b] - p[a]);
    const shown = order.slice(0, 8);
    if (target >= 0 && !shown.includes(target)) shown.push(target);
    return shown.map((label) => ({ symbol: this.labels[label], probability: p[label], came: label === target }));
  }

  override scores(n: number): Scores {
    const k = this.indexOf(n);
    const p = this.#scoresOf(k);
    const C = this.labels.length;
    const T = p.length / C;
    const last = p.subarray((T - 1) * C);
    const valuesOf = (label: number) => Array.from({ length: T }, (_, t) => p[t * C + label]);
    const most = (label: number) => valuesOf(label).reduce((a, b) => Math.max(a, b), 0);
    const order = Array.from({ length: C }, (_, c) => c).sort((a, b) => last[b] - last[a] || most(b) - most(a));
    return {
      from: this.#starts[k],
      lines: order.slice(0, 4).map((label) => ({
        label: this.labels[label],
        values: valuesOf(label),
      })),
    };
  }

  /** Of the most probable label's log-probability after a token, by every step that was read; by each pixel of the frame, where frames are read. */
  gradient(n: number): Gradient {
    const { p, k, t } = this.scoresAt(n);
    const label = indexOfMost(p);
    const T = this.examples[k].tokens.length;
    const from = this.#starts[k];
    const source = this.examples[k].source();
    const output = () =>
      this.logitsAt(source, t)
        .logSoftmax()
        .slice(0, label, label + 1)
        .sum();
    if (source.dtype !== 'int32') {
      const steps = leafGradient(this.model, source, output);
      const frame = this.shown.frames?.[n];
      const norms = Array.from({ length: T }, (_, at) => normOf(rowOf(steps, at, T)));
      return { from, norms, images: frame ? [{ of: 'pixels', map: byPixel(rowOf(steps, t, T), frame) }] : [] };
    }
    const lowest = new Set<unknown>(
      this.reader.sequence.recurrent.cells.slice(0, this.reader.sequence.recurrent.numDirections),
    );
    const norms = inputGradients(
      this.model,
      T,
      ({ cell, t: place, x }) => (lowest.has(cell) ? { place, width: x.shape[1] } : null),
      output,
    );
    return { from, norms, images: [] };
  }

  /** The scores at a place, as they are and with a unit or gate held. */
  protected heldScores(edit: Edit): { readonly free: Float32Array; readonly held: Float32Array; readonly t: number } {
    this.trackOf(edit);
    const k = this.indexOf(edit.n);
    const own = { ...edit, n: edit.n - this.#starts[k] };
    return { free: this.#scoresOf(k), held: this.probabilities(this.examples[k], [own]), t: own.n };
  }

  /** Mean −ln p of the labels over all examples, as they are and with a unit held at its mean. */
  protected heldLosses(key: UnitKey): { readonly count: number; readonly whole: number; readonly held: number } {
    const edit: Edit = { ...key, value: this.meanOf(key), when: 'always', n: 0 };
    let [count, whole, held] = [0, 0, 0];
    const C = this.labels.length;
    for (const [k, example] of this.examples.entries()) {
      const [free, other] = [this.#scoresOf(k), this.ablated(example, edit)];
      for (const t of this.predictedAt(example)) {
        const target = this.targetAt(example, t);
        const label = target >= 0 ? target : indexOfMost(free.subarray(t * C, (t + 1) * C));
        count++;
        whole -= Math.log(Math.max(1e-30, free[t * C + label]));
        held -= Math.log(Math.max(1e-30, other(t, label)));
      }
    }
    return { count, whole: whole / Math.max(1, count), held: held / Math.max(1, count) };
  }

  /** The probability of a label at a token with the unit held. */
  protected abstract ablated(example: E, edit: Edit): (t: number, label: number) => number;
  /** The tokens whose label counts. */
  protected abstract predictedAt(example: E): readonly number[];

  ablate(key: UnitKey) {
    return { all: this.heldLosses(key), focus: null, elsewhere: null };
  }

  protected measured() {
    const longest = this.examples.reduce((best, one) => (one.tokens.length > best.tokens.length ? one : best));
    const loss = () => this.logits(longest.source()).logSoftmax().neg().mean();
    return { loss, steps: Math.min(16, longest.tokens.length) };
  }

  /** Where a property of the examples holds, token by token. */
  protected marked(name: string, holds: (example: E, t: number) => boolean): Annotation {
    const values = this.examples.flatMap((one) => one.tokens.map((_, t) => Number(holds(one, t))));
    return annotation(name, Float64Array.from(values), this.symbols);
  }

  protected infer<R>(edits: readonly Edit[], body: () => R): R {
    return scope(() => noGrad(() => (edits.length > 0 ? this.editing(edits, (t) => t, body) : body())));
  }
}

export const indexOfMost = (p: Float32Array): number => p.reduce((best, v, k) => (v > p[best] ? k : best), 0);

/** Ids as a batch of one, int32 [T, 1]. */
export const column = (ids: Int32Array): Tensor => indices(ids, [ids.length, 1]);

const rowOf = (values: Float32Array, t: number, T: number): Float32Array =>
  values.subarray((t * values.length) / T, ((t + 1) * values.length) / T);
