// A trained language model and a text that it has read: every state and gate of every unit, and the probabilities of every next character. Read once when
// it is opened; what is asked afterwards is looked up, but for gradients, ablations and held units, which are computed.

import {
  indices,
  LanguageModel,
  languageTask,
  type Linear,
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
  annotation,
  changeSteps,
  checkNetwork,
  describeChecks,
  describeMemoryLength,
  describeSpectrum,
  memoryLength,
  preservingState,
  searchUnits,
  spectrum,
  type StepChange,
  type Trace,
  traceText,
  type UnitTrack,
} from 'unrolled/analysis';
import { StreamBatcher, Vocabulary } from 'unrolled/data';
import { readSafetensors, stateDictOf } from 'unrolled/io';
import type { MeasureName, Snapshot } from '../workers/protocol.ts';
import type { Ablated, Brushed, Found, HeldText, NextSymbol, Opened, Step, UnitAt, UnitKey } from './protocol.ts';

const [most, windowLength] = [2000, 64];

export class Reading {
  readonly #model: LanguageModel;
  readonly #vocabulary: Vocabulary;
  readonly #ids: Int32Array;
  readonly #symbols: string[];
  readonly #trace: Trace;
  /** Log-probabilities of the next symbol after each, [N, V]. */
  readonly #scores: Float32Array;
  /** The state before every window. */
  readonly #states: unknown[] = [];
  readonly #annotations: readonly Annotation[];

  constructor({ spec, weights, vocabulary, text }: Snapshot) {
    this.#vocabulary = Vocabulary.fromJSON(vocabulary as never);
    const { cell, hiddenSize, numLayers, embeddingDim } = spec.settings;
    this.#model = new LanguageModel(this.#vocabulary.size, { cell, hiddenSize, numLayers, embeddingDim }).eval();
    this.#model.loadStateDict(stateDictOf(readSafetensors(weights)));
    // The end of the text is what validates: the model has not been trained on it, where there is enough of it.
    const all = this.#vocabulary.encode(text);
    const start = Math.max(0, Math.min(all.length - most, Math.ceil(all.length * (1 - spec.settings.validation))));
    this.#ids = all.slice(start, start + most);
    this.#symbols = Array.from(this.#ids, (id) => this.#vocabulary.decode([id]));
    this.#trace = traceText(this.#model, this.#ids);
    this.#scores = this.#read();
    this.#annotations = annotate(this.#symbols);
  }

  /** Log-probabilities after every symbol; keeps the states between windows. */
  #read(): Float32Array {
    const V = this.#vocabulary.size;
    const scores = new Float32Array(this.#ids.length * V);
    let state: unknown = null;
    for (let from = 0; from < this.#ids.length; from += windowLength) {
      this.#states.push(state);
      const ids = this.#ids.subarray(from, from + windowLength);
      const [logits, next] = noGrad(() => this.#model.forward(indices(ids, [ids.length, 1]), state));
      scores.set(logSoftmax(logits).dataSync() as Float32Array, from * V);
      state = next;
    }
    return scores;
  }

  opened(): Opened {
    const V = this.#vocabulary.size;
    const losses = new Float32Array(this.#ids.length).fill(Number.NaN);
    let right = 0;
    for (let n = 1; n < this.#ids.length; n++) {
      const row = this.#scores.subarray((n - 1) * V, n * V);
      losses[n] = -row[this.#ids[n]];
      if (row.every((score) => score <= row[this.#ids[n]])) right++;
    }
    const P = Math.max(1, this.#ids.length - 1);
    return {
      symbols: this.#symbols,
      losses,
      loss: losses.reduce((sum, l) => sum + (l || 0), 0) / P,
      accuracy: right / P,
      tracks: this.#trace.tracks.map(({ layer, what, kind, size }) => ({ layer, what, kind, size })),
    };
  }

  #track({ layer, what, unit }: UnitKey): UnitTrack {
    const track = this.#trace.tracks.find((one) => one.layer === layer && one.what === what);
    if (!track || !(unit >= 0 && unit < track.size)) throw new Error(`there is no unit ${layer} ${what}[${unit}]`);
    return track;
  }

  /** A unit after every symbol. */
  unit(key: UnitKey): Float32Array {
    const { values, size } = this.#track(key);
    return Float32Array.from({ length: this.#trace.steps }, (_, n) => values[n * size + key.unit]);
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

  /** States and gates of one unit in all tracks of its layer, around symbol n. */
  around({ layer, unit }: UnitKey, n: number, reach: number): Step {
    const [from, to] = [Math.max(0, n - reach), Math.min(this.#trace.steps, n + reach + 1)];
    const tracks = this.#trace.tracks
      .filter((track) => track.layer === layer && unit < track.size)
      .map(({ what, kind, values, size }): UnitAt => {
        const column = Array.from({ length: to - from }, (_, k) => values[(from + k) * size + unit]);
        return { what, kind, values: column };
      });
    return { from, tracks };
  }

  /**
   * ‖∂ log p(symbol n+1) / ∂x_t‖ for the inputs of the two windows before it: how much each character changes the prediction. The state before them
   * is taken as it is.
   */
  gradient(n: number): { readonly from: number; readonly norms: number[] } {
    const first = Math.max(0, Math.floor(n / windowLength) - 1);
    const from = first * windowLength;
    const ids = this.#ids.subarray(from, n + 1);
    const V = this.#vocabulary.size;
    const target = n + 1 < this.#ids.length ? this.#ids[n + 1] : this.#scores.subarray(n * V).indexOf(0);
    const norms = preservingState(this.#model, () => {
      const x = this.#inputs(ids);
      x.requiresGrad = true;
      const [h] = this.#model.recurrent.forward(x, this.#states[first]);
      const last = h.slice(0, ids.length - 1, ids.length);
      logSoftmax((this.#model.decoder as Linear).forward(last))
        .reshape(V)
        .slice(0, target, target + 1)
        .sum()
        .backward();
      const grad = x.grad?.dataSync() ?? new Float32Array();
      const E = x.shape[2];
      return Array.from({ length: ids.length }, (_, t) => Math.hypot(...grad.subarray(t * E, (t + 1) * E)));
    });
    return { from, norms };
  }

  /** The inputs of the recurrent layers as leaves: embeddings, or one-hot rows. */
  #inputs(ids: Int32Array): Tensor {
    const { embedding } = this.#model;
    const V = this.#vocabulary.size;
    if (embedding) return noGrad(() => embedding.forward(indices(ids, [ids.length, 1]))).detach();
    return oneHot(ids, V);
  }

  /** Sentences on the Jacobians of a step, on the context that is used, or on how the network is wired. */
  measure(what: MeasureName, language: 'en' | 'ko'): readonly string[] {
    const ids = this.#ids.subarray(0, Math.min(windowLength, this.#ids.length));
    if (what === 'spectrum') {
      const run = () => this.#model.forward(indices(ids, [ids.length, 1]));
      return describeSpectrum(spectrum(this.#model, run, { steps: 16 }), language);
    }
    if (what === 'memory')
      return describeMemoryLength(memoryLength(this.#model, this.#ids, { positions: 128 }), language);
    const streams = Math.min(4, Math.floor((this.#ids.length - 1) / 16));
    const train = new StreamBatcher(this.#ids, { streams, windowLength: 16 });
    const task = languageTask(this.#model, { train });
    const checks = checkNetwork(task.model, task.probe());
    return describeChecks(checks.filter(({ name }) => name !== 'start')); // a trained network is past its start
  }

  /** Units that follow properties of the text, with controls. */
  find(): Found[] {
    return searchUnits(this.#trace, this.#annotations, { top: 1 })
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
    const values = Float64Array.from(this.#symbols, (_, n) => Number(n >= from && n < to));
    const [found] = searchUnits(this.#trace, [annotation('brush', values, this.#symbols)], { top: 8 });
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
      units: found.best.map(({ layer, what, unit, correlation }) => ({ layer, what, unit, correlation })),
      control: found.control.limit,
      p: found.p,
      elsewhere: elsewhere.sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, 8),
    };
  }

  /** What changes when a unit is held at its mean, everywhere and where a property says it should matter. */
  ablate({ layer, unit }: UnitKey, name: string | null): Ablated {
    const about = this.#annotations.find((one) => one.name === name) ?? null;
    const [{ all, focus, elsewhere }] = ablateUnits(this.#model, this.#ids, this.#trace, [
      { layer, unit, annotation: about },
    ]);
    return { all, focus, elsewhere };
  }

  /** A text from symbol n on, as it is and with a unit held at a value, of the same random numbers. */
  hold({ layer, what, unit }: UnitKey, value: number, n: number, length: number): HeldText {
    this.#track({ layer, what, unit });
    const change: StepChange = ({ name, after }) => (name === layer ? withUnit(after, what, unit, value) : after);
    const first = Math.floor(n / windowLength);
    const write = (run: <R>(body: () => R) => R) => this.#write(first, n, length, run);
    return { free: write((body) => body()), held: write((body) => changeSteps(change, body)) };
  }

  #write(first: number, n: number, length: number, run: <R>(body: () => R) => R): string {
    const random = new Random(1);
    const V = this.#vocabulary.size;
    const ids: number[] = [];
    return scope(() => {
      let state = this.#states[first];
      let read = this.#ids.subarray(first * windowLength, n + 1);
      for (let k = 0; k < length; k++) {
        const [logits, next] = run(() => noGrad(() => this.#model.forward(indices(read, [read.length, 1]), state)));
        const scores = logits.dataSync().subarray((read.length - 1) * V);
        const id = sample(scores, random);
        ids.push(id);
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
function sample(scores: ArrayLike<number>, random: Random): number {
  let highest = -Infinity;
  for (let v = 0; v < scores.length; v++) highest = Math.max(highest, scores[v]);
  const weights = Array.from(scores, (score) => Math.exp((score - highest) / 0.5));
  let left = random.uniform() * weights.reduce((a, b) => a + b, 0);
  for (const [v, weight] of weights.entries()) if ((left -= weight) <= 0) return v;
  return weights.length - 1;
}

/** A state with one unit of one of its parts replaced: h of a GRU is the state itself, c of an LSTM a part of it. */
function withUnit(state: unknown, what: string, unit: number, value: number): unknown {
  const replaced = (of: Tensor): Tensor => {
    const values = Float32Array.from(of.dataSync());
    values[unit] = value;
    return tensor(values, of.shape);
  };
  if (typeof state !== 'object' || state === null) return state;
  const parts = state as Readonly<Record<string, Tensor>>;
  return what in parts && parts[what]?.shape ? { ...parts, [what]: replaced(parts[what]) } : replaced(state as Tensor);
}
