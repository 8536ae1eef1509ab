// A translator and what it has translated: the source, an arrow, and the output, as one text. The encoder's units are there at the tokens of the source,
// the decoder's from the arrow on, where each step reads one token of the output and gives the probabilities of the next.

import { indices, noGrad, scope, type Seq2Seq, type Tensor } from 'unrolled';
import { type Annotation, annotation, type Trace, TraceRecorder } from 'unrolled/analysis';
import type { TranslationPipeline } from 'unrolled/pipelines';
import { inputGradients } from './input-gradients.ts';
import type { Ablated, Edit, Gradient, Held, Passage, UnitKey } from './protocol.ts';
import type { Described } from './trace-reading.ts';
import { type Written, WritingReading } from './writing-reading.ts';

const [mostSymbols, mostExamples] = [1000, 16];

interface Pair extends Written {
  readonly source: Int32Array;
  /** What it should write; null where it is not known. */
  readonly target: Int32Array | null;
}

export class TranslationReading extends WritingReading<Pair> {
  protected readonly model: Seq2Seq;
  protected readonly symbols: readonly string[];
  protected readonly passages: readonly Passage[];
  protected readonly trace: Trace;
  protected readonly annotations: readonly Annotation[];
  protected readonly tokenizer: TranslationPipeline['tokenizers']['target'];
  /** Tokens that it writes at most: one that has learned little does not find the end. */
  readonly #longest: number;

  /** `rows` are sources and what they should become; null for not known. */
  constructor(
    { model, tokenizers, input }: TranslationPipeline,
    rows: readonly (readonly [source: string, target: string | null])[],
  ) {
    super();
    this.model = model.eval();
    this.tokenizer = tokenizers.target;
    this.#longest = input.longestTrained.target + 5;
    const { source, target } = tokenizers;
    const end = model.config.end;
    let at = 0;
    const examples = rows
      .slice(0, mostExamples)
      .map(([text, wanted]) => ({ ids: source.encode(text), wanted }))
      .filter(({ ids }) => ids.length > 0);
    const written = this.#translated(
      examples.map(({ ids }) => ids),
      [],
    );
    for (const [k, { ids, wanted }] of examples.entries()) {
      const output = Int32Array.from([...written[k], ...(end === null ? [] : [end])]);
      const length = ids.length + output.length;
      if (at > 0 && at + length > mostSymbols) break;
      const first = at + ids.length;
      this.all.push({ source: ids, output, target: wanted === null ? null : target.encode(wanted), from: at, first });
      at += length;
    }
    // The end is predicted and never read: a pair has its source, the arrow, and the output without the end.
    this.symbols = this.all.flatMap((pair) => [
      ...Array.from(pair.source, (id) => source.decode([id]) || source.token(id)),
      ' → ',
      ...Array.from(pair.output.subarray(0, -1), (id) => this.shownToken(id)),
    ]);
    this.passages = this.all.map((pair) => ({
      from: pair.from,
      to: pair.from + pair.source.length + pair.output.length,
      target: pair.target && target.decode(pair.target),
      output: target.decode(pair.output.subarray(0, -1)),
    }));
    this.reserve(at, model.config.targetVocabulary);
    const recorder = new TraceRecorder(model, at);
    for (const pair of this.all) scope(() => this.#record(pair, recorder));
    this.trace = recorder.trace();
    this.annotations = this.#properties();
  }

  #record(pair: Pair, recorder: TraceRecorder): void {
    const encoded = recorder.watch(pair.from, () => this.#encode(pair));
    this.keep(
      pair,
      recorder.watch(pair.first, () => this.#decode(pair, encoded)),
    );
  }

  #encode({ source }: Pair) {
    return this.model.encode(indices(source, [source.length, 1]), indices([source.length], [1]));
  }

  /** The logits [1, V] of every step that reads the arrow and the output. */
  #decode({ output }: Pair, encoded: ReturnType<Seq2Seq['encode']>, steps = output.length): Tensor[] {
    let { state } = encoded;
    const read = [this.model.config.start, ...output.subarray(0, -1)].slice(0, steps);
    return read.map((id) => {
      const result = this.model.decoder.step(this.model.embed(indices([id], [1])), state, encoded.memory);
      state = result.state;
      return this.model.scores(result.output);
    });
  }

  /** Letters of the source that are at the same time somewhere in the output are what alignment is made of: whether a place is in the output, and where. */
  #properties(): Annotation[] {
    const values = (of: (pair: Pair, k: number) => number) =>
      Float64Array.from(
        this.all.flatMap((pair) =>
          Array.from({ length: pair.source.length + pair.output.length }, (_, k) => of(pair, k)),
        ),
      );
    return [
      annotation(
        'position in the source',
        values(({ source }, k) => (k < source.length ? k : 0)),
        this.symbols,
      ),
      annotation(
        'position in the output',
        values(({ source }, k) => Math.max(0, k - source.length)),
        this.symbols,
      ),
      annotation(
        'the output',
        values(({ source }, k) => Number(k >= source.length)),
        this.symbols,
      ),
      annotation(
        'a digit',
        Float64Array.from(this.symbols, (symbol) => Number(/\d/.test(symbol))),
        this.symbols,
      ),
      annotation(
        'a space',
        Float64Array.from(this.symbols, (symbol) => Number(symbol === ' ')),
        this.symbols,
      ),
    ].filter(({ values: v }) => new Set(v).size > 1);
  }

  protected described(): Described {
    const right = ({ target, output }: Pair) => target && target.join() === output.subarray(0, -1).join();
    return { kind: 'translation', ...this.judged(right) };
  }

  /** Of the token that comes after a place of the output, by every token before it, in the source and in the output. */
  gradient(n: number): Gradient {
    const pair = this.writtenAt(n);
    const k = Math.max(0, n - pair.first);
    const decoder = this.model.decoder.layers[0].cells[0] as unknown;
    const embedding = this.model.config.embeddingDim || this.model.config.targetVocabulary;
    const inEncoder = new Set<unknown>(
      this.model.encoder.recurrent.cells.slice(0, this.model.config.bidirectional ? 2 : 1),
    );
    const norms = inputGradients(
      this.model,
      pair.source.length + pair.output.length,
      ({ cell, t, x }) => {
        if (inEncoder.has(cell)) return { place: t, width: x.shape[1] };
        return cell === decoder ? { place: pair.source.length + t, width: embedding } : null;
      },
      () => this.logitAt(this.#decode(pair, this.#encode(pair), k + 1)[k], pair.output[k]),
    );
    return { from: pair.from, norms, images: [] };
  }

  #translated(sources: readonly Int32Array[], edits: readonly Edit[]): readonly Int32Array[] {
    const { pad, unknown } = this.tokenizer;
    const options = { suppressTokens: [pad, unknown], maxLength: this.#longest };
    const run = () => this.model.translate(sources, options).map(([{ ids }]) => ids);
    return edits.length > 0 ? this.#editing(edits, sources[0].length, run) : run();
  }

  /** The encoder's steps stand at the source, the decoder's from the arrow on. */
  #editing<R>(edits: readonly Edit[], arrow: number, body: () => R): R {
    return this.editing(edits, (t, layer) => (layer.startsWith('decoder') ? arrow + t : t), body);
  }

  hold(edit: Edit): Held {
    this.trackOf(edit);
    const pair = this.writtenAt(edit.n);
    const text = (edits: readonly Edit[]) => this.tokenizer.decode(this.#translated([pair.source], edits)[0]);
    return { texts: { free: text([]), held: text([{ ...edit, n: edit.n - pair.from }]) }, rows: [] };
  }

  /** The loss of what should be written, or of what is written where that is not known, as it is and with the unit at its mean. */
  ablate(key: UnitKey): Ablated {
    const decoder = key.layer.startsWith('decoder');
    const value = this.meanOver(key, ({ from, first, output }) =>
      decoder ? [first, first + output.length] : [from, first],
    );
    const lossOf = (edits: readonly Edit[]): { sum: number; count: number } =>
      scope(() =>
        noGrad(() => {
          let [sum, count] = [0, 0];
          for (const { source, target, output } of this.all) {
            const wanted = target ?? output.subarray(0, -1);
            const batch = this.model.batch([source], [wanted]);
            const run = () => this.model.loss(batch, { reduction: 'sum' }).itemSync();
            sum += edits.length > 0 ? this.#editing(edits, source.length, run) : run();
            count += wanted.length + 1;
          }
          return { sum, count };
        }),
      );
    const [whole, held] = [lossOf([]), lossOf([{ ...key, value, when: 'always', n: 0 }])];
    return {
      all: { count: whole.count, whole: whole.sum / whole.count, held: held.sum / held.count },
      focus: null,
      elsewhere: null,
    };
  }

  protected measured() {
    const [pair] = this.all;
    const loss = () => this.model.loss(this.model.batch([pair.source], [pair.output.subarray(0, -1)]));
    return { loss, steps: Math.min(8, pair.output.length) };
  }
}
