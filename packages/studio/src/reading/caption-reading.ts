// A captioner and the captions that it has written: ▸ and the words, one after the other; each step reads one of them and gives the probabilities of the
// next. The gradient of a word goes back to the words before it, to the regions that are attended to, and to the pixels.

import { type Captioner, indices, noGrad, scope, type Tensor } from 'unrolled';
import { type Annotation, annotation, preservingState, type Trace, TraceRecorder } from 'unrolled/analysis';
import type { RawImage } from 'unrolled/data';
import type { ImageContract, ImageToTextPipeline } from 'unrolled/pipelines';
import { byPixel, normOf } from './input-gradients.ts';
import { planes } from './planes.ts';
import type { Ablated, Edit, Gradient, Held, Passage, UnitKey } from './protocol.ts';
import type { Described } from './trace-reading.ts';
import { type Written, WritingReading } from './writing-reading.ts';

const [mostExamples, longest] = [24, 50];

interface Captioned extends Written {
  readonly image: RawImage;
  /** Captions that it may have; none where they are not known. */
  readonly wanted: readonly string[];
}

export class CaptionReading extends WritingReading<Captioned> {
  protected readonly model: Captioner;
  protected readonly tokenizer: ImageToTextPipeline['tokenizer'];
  protected readonly symbols: readonly string[];
  protected readonly passages: readonly Passage[];
  protected readonly trace: Trace;
  protected readonly annotations: readonly Annotation[];
  readonly #contract: ImageContract;

  /** `rows` are images and captions that they may have. */
  constructor(
    { model, tokenizer, input }: ImageToTextPipeline,
    rows: readonly (readonly [image: RawImage, wanted: readonly string[]])[],
  ) {
    super();
    if (!input.image || !model.encoder)
      throw new Error('this captioner reads what another network made of images, and no images');
    [this.model, this.tokenizer, this.#contract] = [model.eval(), tokenizer, input.image];
    const { start, end, vocabularySize } = model.config;
    let at = 0;
    for (const [image, wanted] of rows.slice(0, mostExamples)) {
      const output = Int32Array.from([...this.#caption(image), ...(end === null ? [] : [end])]);
      this.all.push({ image, wanted: wanted.map((text) => tokenizer.normalize(text)), output, from: at, first: at });
      at += output.length;
    }
    // The end is predicted and never read.
    this.symbols = this.all.flatMap(({ output }) => ['▸ ', ...this.#words(output).map((word) => `${word} `)]);
    this.passages = this.all.map(({ from, output, image, wanted }) => {
      const text = this.#text(output);
      return {
        from,
        to: from + output.length,
        image,
        output: text,
        target: wanted.includes(text) ? text : (wanted[0] ?? null),
      };
    });
    this.reserve(at, vocabularySize);
    const recorder = new TraceRecorder(model, at);
    for (const one of this.all)
      scope(() =>
        this.keep(
          one,
          recorder.watch(one.from, () => this.#decode(one, [start, ...one.output.subarray(0, -1)])),
        ),
      );
    this.trace = recorder.trace();
    this.annotations = this.#properties();
  }

  #words(output: Int32Array): string[] {
    return Array.from(output.subarray(0, -1), (id) => this.shownToken(id));
  }

  readonly #text = (output: Int32Array): string => this.tokenizer.decode(output.subarray(0, -1));

  #caption(image: RawImage): readonly number[] {
    const { pad, unknown } = this.tokenizer;
    const search = { suppressTokens: [pad, unknown], maxLength: longest };
    return scope(() => Array.from(this.model.caption(planes(image, this.#contract), search)[0][0].ids));
  }

  /** The logits [1, V] of every step that reads these ids; `eye` is told what is read of the image, and of each word. */
  #decode({ image }: Captioned, ids: ArrayLike<number>, eye: Eye = asItIs): Tensor[] {
    const { model } = this;
    const { whole, regions } = model.see(eye.pixels(planes(image, this.#contract)));
    const features = { whole, regions: eye.regions(regions) };
    const memory = model.decoder.remember(features, { whole: false });
    let state = model.decoder.start(features);
    return Array.from(ids, (id) => {
      const result = model.decoder.step(eye.word(model.embed(indices([id], [1]))), state, memory, 'argmax');
      state = result.state;
      return model.scores(result.output);
    });
  }

  #properties(): Annotation[] {
    const lengths = this.all.map(({ output }) => output.length);
    const position = lengths.flatMap((length) => Array.from({ length }, (_, k) => k));
    const counts = new Map<string, number>();
    for (const symbol of this.symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    const often = [...counts].filter(([symbol, n]) => n >= 4 && symbol.trim() !== '▸').sort((a, b) => b[1] - a[1]);
    return [
      annotation('position in the output', Float64Array.from(position), this.symbols),
      ...often.slice(0, 10).map(([word]) =>
        annotation(
          `“${word.trim()}”`,
          Float64Array.from(this.symbols, (symbol) => Number(symbol === word)),
          this.symbols,
        ),
      ),
    ];
  }

  protected described(): Described {
    const right = ({ wanted, output }: Captioned) => (wanted.length > 0 ? wanted.includes(this.#text(output)) : null);
    return { kind: 'caption', ...this.judged(right) };
  }

  gradient(n: number): Gradient {
    const one = this.writtenAt(n);
    const k = n - one.first;
    const ids = [this.model.config.start, ...one.output.subarray(0, k)];
    const { learnsToSee } = this.model;
    this.model.learnsToSee = true;
    try {
      return preservingState(this.model, () => {
        this.model.eval();
        const words: Tensor[] = [];
        let [pixels, regions]: (Tensor | null)[] = [null, null];
        const leaf = (x: Tensor) => {
          x.requiresGrad = true;
          return x;
        };
        const logits = this.#decode(one, ids, {
          pixels: (x) => (pixels = leaf(x)),
          regions: (x) => (regions = x.retainGrad()),
          word: (x) => {
            const word = leaf(x.detach());
            words.push(word);
            return word;
          },
        });
        this.logitAt(logits[k], one.output[k]).backward();
        const norms = new Array<number>(one.output.length).fill(0);
        for (const [t, word] of words.entries()) norms[t] = normOf(word.grad?.dataSync() ?? []);
        return { from: one.from, norms, images: this.#onImage(regions, pixels) };
      });
    } finally {
      this.model.learnsToSee = learnsToSee;
    }
  }

  #onImage(regions: Tensor | null, pixels: Tensor | null): Gradient['images'] {
    const [rows, columns] = this.model.encoder?.mapSize ?? [0, 0];
    const found: Gradient['images'][number][] = [];
    const { form } = this.model.config;
    const byRegion = regions?.grad?.dataSync();
    if (byRegion && (form === 'soft' || form === 'hard')) {
      const D = byRegion.length / (rows * columns);
      const norm = (k: number) => normOf(byRegion.subarray(k * D, (k + 1) * D));
      const row = (r: number) => Array.from({ length: columns }, (_, c) => norm(r * columns + c));
      found.push({ of: 'regions', map: Array.from({ length: rows }, (_, r) => row(r)) });
    }
    const byValue = pixels?.grad?.dataSync();
    if (byValue) found.push({ of: 'pixels', map: byPixel(byValue, this.#contract, true) });
    return found;
  }

  hold(edit: Edit): Held {
    this.trackOf(edit);
    const { image, from } = this.writtenAt(edit.n);
    const text = (ids: readonly number[]) => this.tokenizer.decode(ids);
    const held = this.editing(
      [{ ...edit, n: edit.n - from }],
      (t) => t,
      () => this.#caption(image),
    );
    return { texts: { free: text(this.#caption(image)), held: text(held) }, rows: [] };
  }

  /** The loss of a caption that it should have, or of what is written where that is not known, as it is and with the unit at its mean. */
  ablate(key: UnitKey): Ablated {
    const value = this.meanOver(key, ({ from, output }) => [from, from + output.length]);
    const edit: Edit = { ...key, value, when: 'always', n: 0 };
    const lossOf = (edits: readonly Edit[]) =>
      scope(() =>
        noGrad(() => {
          let [sum, count] = [0, 0];
          for (const one of this.all) {
            const caption = one.wanted.length > 0 ? this.tokenizer.encode(one.wanted[0]) : one.output.subarray(0, -1);
            const run = () => this.#loss(one, caption, 'sum').itemSync();
            sum += edits.length > 0 ? this.editing(edits, (t) => t, run) : run();
            count += caption.length + 1;
          }
          return { sum, count };
        }),
      );
    const [whole, held] = [lossOf([]), lossOf([edit])];
    return {
      all: { count: whole.count, whole: whole.sum / whole.count, held: held.sum / held.count },
      focus: null,
      elsewhere: null,
    };
  }

  #loss({ image }: Captioned, caption: ArrayLike<number>, reduction: 'mean' | 'sum'): Tensor {
    const batch = this.model.batch(planes(image, this.#contract), [caption]);
    return this.model.loss(batch, { reduction, terms: false });
  }

  protected measured() {
    const one = this.all.reduce((best, other) => (other.output.length > best.output.length ? other : best));
    return { loss: () => this.#loss(one, one.output.subarray(0, -1), 'mean'), steps: Math.min(8, one.output.length) };
  }
}

/** What is read of an image and of each word, on its way into the decoder. */
interface Eye {
  readonly pixels: (x: Tensor) => Tensor;
  readonly regions: (x: Tensor) => Tensor;
  readonly word: (x: Tensor) => Tensor;
}

const asItIs: Eye = { pixels: (x) => x, regions: (x) => x, word: (x) => x };
