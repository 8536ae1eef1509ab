// Questions about images, word by word: what would be answered if only the words up to one had been read. A model of form `map` reads from the last word
// back to the first, and its units are the places of its maps; the others have the units of their recurrent layers.

import { noGrad, scope, type Tensor, type VisualQA } from 'unrolled';
import { type Annotation, annotation, changeMaps, preservingState, type Trace, TraceRecorder } from 'unrolled/analysis';
import type { RawImage } from 'unrolled/data';
import type { ImageContract, VisualQuestionAnsweringPipeline } from 'unrolled/pipelines';
import { withUnit } from './edits.ts';
import { column, indexOfMost } from './examples-reading.ts';
import { byPixel, normOf } from './input-gradients.ts';
import { planes } from './planes.ts';
import type { Ablated, Edit, Gradient, Held, NextSymbol, Passage, Scores, UnitKey } from './protocol.ts';
import { type Described, isAt, TraceReading } from './trace-reading.ts';

const mostExamples = 40;
const mapsLayer = 'reader';

interface Asked {
  readonly image: RawImage | null;
  readonly ids: Int32Array;
  readonly question: string;
  /** The number of the answer; −1 where it is not known, or none of the model's. */
  readonly answer: number;
  readonly wanted: string | null;
  readonly from: number;
}

export class QuestionReading extends TraceReading {
  protected readonly model: VisualQA;
  protected readonly symbols: readonly string[];
  protected readonly passages: readonly Passage[];
  protected readonly annotations: readonly Annotation[];
  readonly #asked: Asked[] = [];
  readonly #answers: readonly string[];
  readonly #contract: ImageContract | null;
  /** Whether words are read from the last one. */
  readonly #backward: boolean;
  /** Probabilities of the answers after each word, [N, K]. */
  readonly #p: Float32Array;

  /** `rows` are images, questions and their answers; null for not known. */
  constructor(
    { model, tokenizer, answers, input }: VisualQuestionAnsweringPipeline,
    rows: readonly (readonly [image: RawImage | null, question: string, answer: string | null])[],
  ) {
    super();
    [this.model, this.#answers, this.#contract] = [model.eval(), answers, input.image];
    this.#backward = model.reader?.reading === 'backward';
    let at = 0;
    for (const [image, question, wanted] of rows.slice(0, mostExamples)) {
      const encoded = tokenizer.encode(question).slice(0, input.maxTokens);
      const ids = encoded.length > 0 ? encoded : Int32Array.of(tokenizer.unknown);
      const answer = wanted === null ? -1 : answers.indexOf(wanted);
      this.#asked.push({ image, ids, question, answer, wanted, from: at });
      at += ids.length;
    }
    this.symbols = this.#asked.flatMap(({ ids }) => Array.from(ids, (id) => `${tokenizer.token(id)} `));
    const K = answers.length;
    this.#p = new Float32Array(at * K);
    for (const one of this.#asked) this.#p.set(this.#probabilities(one, []), one.from * K);
    this.passages = this.#asked.map((one) => ({
      from: one.from,
      to: one.from + one.ids.length,
      ...(one.image ? { image: one.image } : {}),
      target: one.wanted,
      output: answers[indexOfMost(this.#rowOf(this.#end(one)))],
    }));
    const often = new Map<string, number>();
    for (const symbol of this.symbols) often.set(symbol, (often.get(symbol) ?? 0) + 1);
    this.annotations = [...often]
      .filter(([, n]) => n >= 4 && n < at / 3)
      .sort((a, b) => b[1] - a[1])
      .slice(0, 12)
      .map(([word]) =>
        annotation(
          `“${word.trim()}”`,
          Float64Array.from(this.symbols, (symbol) => Number(symbol === word)),
          this.symbols,
        ),
      );
  }

  /** Stepped through when a unit is first asked for: the answers are there earlier. */
  protected get trace(): Trace {
    const N = this.symbols.length;
    this.#trace ??= this.model.reader ? this.#maps(N) : this.#states(N);
    return this.#trace;
  }
  #trace: Trace | null = null;

  /** The place where all of a question has been read. */
  readonly #end = ({ from, ids }: Asked): number => (this.#backward ? from : from + ids.length - 1);

  #rowOf(n: number): Float32Array {
    const K = this.#answers.length;
    return this.#p.subarray(n * K, (n + 1) * K);
  }

  #askedAt(n: number): Asked {
    return this.#asked.findLast(({ from }) => from <= n) ?? this.#asked[0];
  }

  #look({ image }: Asked): Tensor | null {
    return image && this.#contract ? planes(image, this.#contract) : null;
  }

  /** A question as far as it is read at word t. */
  #part({ ids }: Asked, t: number): Int32Array {
    return this.#backward ? ids.subarray(t) : ids.subarray(0, t + 1);
  }

  /** The logits [K] of a question, or of a part of it: ids [T, 1] or vectors [T, 1, E]. */
  #logits(question: Tensor, images: Tensor | null): Tensor {
    return this.model.forward({ question, images }).reshape(this.#answers.length);
  }

  /** Probabilities of the answers after each word [T, K]: each part of the question is one of its own. */
  #probabilities(one: Asked, edits: readonly Edit[]): Float32Array {
    const K = this.#answers.length;
    const p = new Float32Array(one.ids.length * K);
    scope(() =>
      noGrad(() => {
        const images = this.#look(one);
        const seen = images && this.model.look(images);
        for (const t of one.ids.keys()) {
          const ids = this.#part(one, t);
          const question = column(ids);
          const run = () => this.model.forward({ question, images: seen, seen: true }).softmax().dataSync();
          // A part of a question that is read from its end begins at its word t.
          p.set(edits.length > 0 ? this.#holding(edits, this.#backward ? t : 0, run) : run(), t * K);
        }
      }),
    );
    return p;
  }

  /** Steps that read the image, before the words. */
  get #before(): number {
    const { form, imageAt } = this.model.config;
    return form === 'recurrent' && imageAt === 'first' ? 1 : 0;
  }

  #holding<R>(edits: readonly Edit[], first: number, body: () => R): R {
    if (!this.model.reader) return this.editing(edits, (t) => t - this.#before, body);
    return changeMaps(({ t, maps }) => {
      const flat = maps.flatten(1);
      const held = edits.filter((edit) => this.#isHeld(edit, first + t));
      const next = held.reduce((of, { unit, value }) => withUnit(of, 'h', unit, value) as Tensor, flat);
      return next === flat ? maps : next.reshape(...maps.shape);
    }, body);
  }

  /** From a place on is towards the first word, where the last is read first. */
  #isHeld(edit: Edit, place: number): boolean {
    return this.#backward ? isAt({ ...edit, n: -edit.n }, -place) : isAt(edit, place);
  }

  #states(N: number): Trace {
    const recorder = new TraceRecorder(this.model, N);
    for (const one of this.#asked)
      scope(() => {
        const placeOf = ({ t }: { readonly t: number }) => (t < this.#before ? -1 : one.from + t - this.#before);
        recorder.watch(placeOf, () => this.#logits(column(one.ids), this.#look(one)));
      });
    return recorder.trace();
  }

  /** Every place of every map after every word. */
  #maps(N: number): Trace {
    const { convNet, config } = this.model;
    const size = config.maps * (convNet?.mapSize ?? [1, 1]).reduce((a, b) => a * b, 1);
    const values = new Float32Array(N * size);
    for (const one of this.#asked)
      scope(() =>
        noGrad(() =>
          changeMaps(
            ({ t, maps }) => {
              values.set(maps.dataSync(), (one.from + t) * size);
              return maps;
            },
            () => this.#logits(column(one.ids), this.#look(one)),
          ),
        ),
      );
    return { steps: N, tracks: [{ layer: mapsLayer, what: 's', kind: 'state', keeps: null, size, values }] };
  }

  protected described(): Described {
    const losses = new Float32Array(this.symbols.length).fill(Number.NaN);
    let [sum, right, known] = [0, 0, 0];
    for (const one of this.#asked) {
      const end = this.#end(one);
      const answer = one.answer >= 0 ? one.answer : indexOfMost(this.#rowOf(end));
      for (const t of one.ids.keys())
        losses[one.from + t] = -Math.log(Math.max(1e-30, this.#rowOf(one.from + t)[answer]));
      if (one.wanted === null) continue;
      known++;
      right += Number(one.answer === indexOfMost(this.#rowOf(end)));
      if (one.answer >= 0) sum += losses[end];
    }
    const part = (value: number) => (known > 0 ? value / known : Number.NaN);
    return {
      kind: 'question',
      losses,
      loss: part(sum),
      accuracy: part(right),
      scored: true,
      backward: this.#backward,
      measures: this.model.reader ? [] : ['spectrum', 'flow'],
    };
  }

  next(n: number): NextSymbol[] {
    const { answer } = this.#askedAt(n);
    const p = this.#rowOf(n);
    const shown = Array.from(p.keys())
      .sort((a, b) => p[b] - p[a])
      .slice(0, 8);
    if (answer >= 0 && !shown.includes(answer)) shown.push(answer);
    return shown.map((k) => ({ symbol: this.#answers[k], probability: p[k], came: k === answer }));
  }

  override scores(n: number): Scores {
    const { from, ids, answer } = this.#askedAt(n);
    const end = this.#rowOf(this.#end(this.#askedAt(n)));
    const order = Array.from(end.keys()).sort((a, b) => end[b] - end[a]);
    const shown = order.slice(0, 4);
    if (answer >= 0 && !shown.includes(answer)) shown[3] = answer;
    return {
      from,
      lines: shown.map((k) => ({
        label: this.#answers[k],
        values: Array.from(ids, (_, t) => this.#rowOf(from + t)[k]),
      })),
    };
  }

  /** Of the answer after a word, by the words that were read and by the pixels. */
  gradient(n: number): Gradient {
    const one = this.#askedAt(n);
    const t = n - one.from;
    const ids = this.#part(one, t);
    const first = this.#backward ? t : 0;
    const best = indexOfMost(this.#rowOf(n));
    return preservingState(this.model, () => {
      this.model.eval();
      const images = this.#look(one);
      if (images && this.model.convNet) images.requiresGrad = true;
      const words = noGrad(() => this.model.embedding.forward(column(ids))).detach();
      words.requiresGrad = true;
      this.#logits(words, images)
        .logSoftmax()
        .slice(0, best, best + 1)
        .sum()
        .backward();
      const byValue = words.grad?.dataSync() ?? new Float32Array();
      const E = byValue.length / ids.length;
      const norms = new Array<number>(one.ids.length).fill(0);
      for (const k of ids.keys()) norms[first + k] = normOf(byValue.subarray(k * E, (k + 1) * E));
      const pixels = images?.grad?.dataSync();
      const map = pixels && this.#contract ? byPixel(pixels, this.#contract, true) : null;
      return { from: one.from, norms, images: map ? [{ of: 'pixels', map }] : [] };
    });
  }

  /** Scores of the answers when all has been read. */
  hold(edit: Edit): Held {
    this.trackOf(edit);
    const one = this.#askedAt(edit.n);
    const K = this.#answers.length;
    const t = this.#end(one) - one.from;
    const free = this.#rowOf(one.from + t);
    const held = this.#probabilities(one, [{ ...edit, n: edit.n - one.from }]).subarray(t * K, (t + 1) * K);
    const order = Array.from(free.keys()).sort((a, b) => free[b] - free[a]);
    return {
      texts: null,
      rows: order.slice(0, 8).map((k) => ({ label: this.#answers[k], free: free[k], held: held[k] })),
    };
  }

  ablate(key: UnitKey): Ablated {
    const edit: Edit = { ...key, value: this.meanOf(key), when: 'always', n: 0 };
    let [count, whole, held] = [0, 0, 0];
    for (const one of this.#asked) {
      const free = this.#rowOf(this.#end(one));
      const answer = one.answer >= 0 ? one.answer : indexOfMost(free);
      const other = scope(() =>
        noGrad(() =>
          this.#holding([edit], 0, () => this.#logits(column(one.ids), this.#look(one)).softmax().dataSync()),
        ),
      );
      count++;
      whole -= Math.log(Math.max(1e-30, free[answer]));
      held -= Math.log(Math.max(1e-30, other[answer]));
    }
    return { all: { count, whole: whole / count, held: held / count }, focus: null, elsewhere: null };
  }

  protected measured() {
    const one = this.#asked.reduce((best, other) => (other.ids.length > best.ids.length ? other : best));
    const loss = () => this.#logits(column(one.ids), this.#look(one)).logSoftmax().neg().mean();
    return { loss, steps: Math.min(16, one.ids.length) };
  }
}
