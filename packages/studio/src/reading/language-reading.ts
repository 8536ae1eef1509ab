// A trained language model and a text that it has read: every state and gate of every unit, and the probabilities of every next character. Read once when
// it is opened; what is asked afterwards is looked up, but for gradients, ablations and held units, which are computed.

import {
  indices,
  type LanguageModel,
  languageTask,
  logSoftmax,
  noGrad,
  Random,
  scope,
  type Tensor,
  tensor,
} from 'unrolled';
import {
  ablateUnits,
  annotate,
  type Annotation,
  checkNetwork,
  describeChecks,
  languageWindows,
  memoryLength,
  preservingState,
  type Trace,
  traceText,
  truncationReport,
} from 'unrolled/analysis';
import { StreamBatcher } from 'unrolled/data';
import type { TextGenerationPipeline } from 'unrolled/pipelines';
import type { Ablated, Edit, Gradient, Held, Measured, MeasureName, NextSymbol, Passage, UnitKey } from './protocol.ts';
import { indexOfMost } from './examples-reading.ts';
import { normOf } from './input-gradients.ts';
import { type Described, TraceReading } from './trace-reading.ts';

/** Symbols that are read at most. */
export const mostSymbols = 2000;
const [windowLength, written] = [64, 120];

export class LanguageReading extends TraceReading {
  protected readonly model: LanguageModel;
  protected readonly symbols: string[];
  protected readonly passages: readonly Passage[];
  readonly #vocabulary: TextGenerationPipeline['vocabulary'];
  readonly #ids: Int32Array;
  /** Log-probabilities of the next symbol after each, [N, V]. */
  readonly #scores: Float32Array;
  /** The states before windows, by their numbers: of some of them at first, of others when they are asked for. */
  readonly #states = new Map<number, unknown>([[0, null]]);

  /** `ids` of a text that it was not trained on; two thousand of them are read. */
  constructor(model: LanguageModel, vocabulary: TextGenerationPipeline['vocabulary'], ids: Int32Array) {
    super();
    this.#vocabulary = vocabulary;
    this.model = model.eval();
    this.#ids = ids.slice(0, mostSymbols);
    this.symbols = Array.from(this.#ids, (id) => this.#vocabulary.decode([id]));
    this.passages = [{ from: 0, to: this.#ids.length, target: null, output: null }];
    this.#scores = this.#read();
  }

  /** Stepped through when a unit is first asked for: the probabilities are there earlier. */
  protected get trace(): Trace {
    this.#trace ??= traceText(this.model, this.#ids);
    return this.#trace;
  }
  #trace: Trace | null = null;

  protected get annotations(): readonly Annotation[] {
    this.#annotations ??= annotate(this.symbols);
    return this.#annotations;
  }
  #annotations: readonly Annotation[] | null = null;

  /** Log-probabilities after every symbol, of eight windows at a time: weights are packed once for each. */
  #read(): Float32Array {
    const V = this.#vocabulary.size;
    const scores = new Float32Array(this.#ids.length * V);
    for (let from = 0; from < this.#ids.length; from += 8 * windowLength)
      this.#through(from, from + 8 * windowLength, (logits) => scores.set(logSoftmax(logits).dataSync(), from * V));
    return scores;
  }

  /** Reads a stretch that begins with a window, from the state before it, and keeps the state behind it. */
  #through(from: number, to: number, take: (logits: Tensor) => void = () => {}): void {
    const ids = this.#ids.subarray(from, to);
    const state = scope(() => {
      const [logits, next] = noGrad(() =>
        this.model.forward(indices(ids, [ids.length, 1]), this.#states.get(from / windowLength)),
      );
      take(logits);
      return next;
    });
    this.#states.set(to / windowLength, state);
  }

  /** The state before a window. Not to be asked for within a scope, which would free it. */
  #stateBefore(window: number): unknown {
    let before = window;
    while (!this.#states.has(before)) before--;
    for (; before < window; before++) this.#through(before * windowLength, (before + 1) * windowLength);
    return this.#states.get(window);
  }

  /** Nats of each symbol given those before it; NaN for the first. */
  #losses(): Float32Array {
    const V = this.#vocabulary.size;
    return Float32Array.from(this.#ids, (id, n) => (n === 0 ? Number.NaN : -this.#scores[(n - 1) * V + id]));
  }

  protected described(): Described {
    const V = this.#vocabulary.size;
    const losses = this.#losses();
    let right = 0;
    for (let n = 1; n < this.#ids.length; n++) {
      const row = this.#scores.subarray((n - 1) * V, n * V);
      if (row.every((score) => score <= row[this.#ids[n]])) right++;
    }
    const P = Math.max(1, this.#ids.length - 1);
    return {
      kind: 'text',
      losses,
      loss: losses.subarray(1).reduce((sum, l) => sum + l, 0) / P, // NaN where the network gives none
      accuracy: right / P,
      measures: this.#ids.length > 64 ? ['spectrum', 'memory', 'truncation', 'checks'] : ['spectrum'],
    };
  }

  /** The most probable symbols after symbol n, and the one that came. */
  next(n: number): NextSymbol[] {
    const V = this.#vocabulary.size;
    const row = this.#scores.subarray(n * V, (n + 1) * V);
    const order = Array.from(row.keys()).sort((a, b) => row[b] - row[a]);
    const came = n + 1 < this.#ids.length ? this.#ids[n + 1] : -1;
    const shown = order.slice(0, 8);
    if (came >= 0 && !shown.includes(came)) shown.push(came);
    return shown.map((id) => ({
      symbol: this.#vocabulary.decode([id]),
      probability: Math.exp(row[id]),
      came: id === came,
    }));
  }

  /**
   * ‖∂ log p(symbol n+1) / ∂x_t‖ for the inputs of the two windows before it: how much each character changes the prediction. The state before them
   * is taken as it is.
   */
  gradient(n: number): Gradient {
    const first = Math.max(0, Math.floor(n / windowLength) - 1);
    const from = first * windowLength;
    const ids = this.#ids.subarray(from, n + 1);
    const V = this.#vocabulary.size;
    const target = n + 1 < this.#ids.length ? this.#ids[n + 1] : indexOfMost(this.#scores.subarray(n * V, (n + 1) * V));
    const before = this.#stateBefore(first);
    const norms = preservingState(this.model, () => {
      const x = this.#inputs(ids);
      x.requiresGrad = true;
      const [h] = this.model.recurrent.forward(x, before);
      const last = h.slice(0, ids.length - 1, ids.length);
      logSoftmax(this.model.scores(last))
        .reshape(V)
        .slice(0, target, target + 1)
        .sum()
        .backward();
      const grad = x.grad?.dataSync() ?? new Float32Array();
      const E = x.shape[2];
      return Array.from({ length: ids.length }, (_, t) => normOf(grad.subarray(t * E, (t + 1) * E)));
    });
    return { from, norms, images: [] };
  }

  /** The inputs of the recurrent layers as leaves: embeddings, or one-hot rows. */
  #inputs(ids: Int32Array): Tensor {
    const { embedding } = this.model;
    const V = this.#vocabulary.size;
    if (embedding) return noGrad(() => embedding.forward(indices(ids, [ids.length, 1]))).detach();
    return oneHot(ids, V);
  }

  protected measured() {
    const ids = this.#ids.subarray(0, Math.min(windowLength, this.#ids.length));
    const loss = () => {
      const [logits] = this.model.forward(indices(ids, [ids.length, 1]));
      return logits.logSoftmax().neg().mean();
    };
    return { loss, steps: 16 };
  }

  /** The same, and the context that is used, what truncation loses, and how the network is wired. */
  override measure(what: MeasureName): Measured {
    if (what === 'memory') return { what, length: memoryLength(this.model, this.#ids, { positions: 128 }) };
    if (what === 'truncation') {
      const steps = Math.min(256, Math.floor((this.#ids.length - 1) / 4));
      const read = languageWindows(this.model, this.#ids, { streams: 4, steps });
      return { what, report: truncationReport(this.model, read, { steps }) };
    }
    if (what !== 'checks') return super.measure(what);
    const streams = Math.min(4, Math.floor((this.#ids.length - 1) / 16));
    const train = new StreamBatcher(this.#ids, { streams, windowLength: 16 });
    const task = languageTask(this.model, { train });
    const checks = checkNetwork(task.model, task.probe()).filter(({ name }) => name !== 'start'); // a trained one is past it
    return { what, sentences: { en: describeChecks(checks, 'en'), ko: describeChecks(checks, 'ko') } };
  }

  /** What changes when a unit is held at its mean, everywhere and where a property says it should matter. */
  ablate({ layer, unit }: UnitKey, name: string | null): Ablated {
    const about = this.annotations.find((one) => one.name === name) ?? null;
    const [{ all, focus, elsewhere }] = ablateUnits(
      this.model,
      this.#ids,
      this.trace,
      [{ layer, unit, annotation: about }],
      { intact: this.#losses().subarray(1) },
    );
    return { all, focus, elsewhere };
  }

  /** A text from the place on, as it is and with a unit or gate held, of the same random numbers. */
  hold(edit: Edit): Held {
    this.trackOf(edit);
    return { texts: { free: this.#write(edit.n, []), held: this.#write(edit.n, [edit]) }, rows: [] };
  }

  #write(n: number, edits: readonly Edit[]): string {
    const random = new Random(1);
    const V = this.#vocabulary.size;
    const first = Math.floor(n / windowLength);
    const ids: number[] = [];
    let state = this.#stateBefore(first);
    return scope(() => {
      let at = first * windowLength;
      let read = this.#ids.subarray(at, n + 1);
      for (let k = 0; k < written; k++) {
        const run = () => noGrad(() => this.model.forward(indices(read, [read.length, 1]), state));
        const [logits, next] = edits.length > 0 ? this.editing(edits, (t) => at + t, run) : run();
        const id = sampleOf(logits.dataSync().subarray((read.length - 1) * V), random);
        ids.push(id);
        at += read.length;
        [state, read] = [next, Int32Array.of(id)];
      }
      return this.#vocabulary.decode(ids);
    });
  }
}

function oneHot(ids: Int32Array, V: number): Tensor {
  const rows = new Float32Array(ids.length * V);
  for (const [t, id] of ids.entries()) rows[t * V + id] = 1;
  return tensor(rows, [ids.length, 1, V]);
}

/** A symbol at temperature 0.5: probable enough to be read, and still of random numbers. */
export function sampleOf(scores: ArrayLike<number>, random: Random): number {
  let highest = -Infinity;
  for (let v = 0; v < scores.length; v++) highest = Math.max(highest, scores[v]);
  const weights = Array.from(scores, (score) => Math.exp((score - highest) / 0.5));
  let left = random.uniform() * weights.reduce((a, b) => a + b, 0);
  for (const [v, weight] of weights.entries()) if ((left -= weight) <= 0) return v;
  return weights.length - 1;
}
