// A classifier of texts, clips or sequences of numbers and what it has read: what it would answer after every step, as if the sequence ended there.

import { indices, SequenceClassifier, type Tensor } from 'unrolled';
import type { Annotation } from 'unrolled/analysis';
import type { TextClassificationPipeline } from 'unrolled/pipelines';
import {
  alone,
  column,
  type Example,
  ExamplesReading,
  fitting,
  indexOfMost,
  type Reader,
  type Shown,
} from './examples-reading.ts';
import type { Edit, Held, Passage } from './protocol.ts';
import type { Described } from './trace-reading.ts';

export interface Labeled extends Example {
  /** −1 for none. */
  readonly label: number;
}

export class LabelsReading extends ExamplesReading<Labeled, SequenceClassifier> {
  protected readonly annotations: readonly Annotation[];

  /** `rows` are texts and the labels that they have; null for none. */
  static of(
    {
      model,
      tokenizer,
      labels,
      input,
    }: Pick<TextClassificationPipeline, 'tokenizer' | 'labels' | 'input'> & { readonly model: SequenceClassifier },
    rows: readonly (readonly [text: string, label: string | null])[],
  ): LabelsReading {
    const examples = rows.map(([text, label]): Labeled => {
      const ids = tokenizer.encode(text).slice(0, input.maxTokens);
      const tokens = Array.from(ids, (id) => tokenizer.decode([id]) || tokenizer.token(id));
      const words = tokens.some((token) => Array.from(token.trim()).length > 1);
      return {
        tokens,
        between: words ? ' ' : '',
        source: () => column(ids),
        label: label === null ? -1 : labels.indexOf(label),
      };
    });
    return new LabelsReading(alone(model), fitting(examples), labels, { kind: 'labels' });
  }

  constructor(
    reader: Reader<SequenceClassifier>,
    examples: readonly Labeled[],
    labels: readonly string[],
    shown: Shown,
  ) {
    super(reader, examples, labels, shown);
    const known = labels.filter(
      (_, k) => examples.some(({ label }) => label === k) && examples.some(({ label }) => label !== k),
    );
    this.annotations = [
      ...known.slice(0, 12).map((name) => this.marked(name, ({ label }) => labels[label] === name)),
      ...this.#frequent().map((token) => this.marked(`“${token.trim()}”`, ({ tokens }, t) => tokens[t] === token)),
    ];
  }

  /** Tokens that come often enough to be compared with. */
  #frequent(): string[] {
    const counts = new Map<string, number>();
    for (const { tokens } of this.examples) for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
    const often = [...counts].filter(([token, n]) => n >= 5 && token.trim() !== '' && n < this.symbols.length / 3);
    return often
      .sort((a, b) => b[1] - a[1])
      .slice(0, 8)
      .map(([token]) => token);
  }

  protected logits(source: Tensor): Tensor {
    return this.reader.sequence.forward(this.reader.read(source))[0];
  }

  /** Every prefix is a row of the batch. */
  protected probabilities({ source, tokens: { length: T } }: Labeled, edits: readonly Edit[]): Float32Array {
    const lengths = Int32Array.from({ length: T }, (_, k) => k + 1);
    return this.infer(edits, () => {
      const rows = repeated(this.reader.read(source()), T);
      return Float32Array.from(this.reader.sequence.predict(rows, { lengths }).dataSync());
    });
  }

  protected logitsAt(source: Tensor, t: number): Tensor {
    return this.logits(source.slice(0, 0, t + 1)).reshape(this.labels.length);
  }

  protected targetAt({ label }: Labeled): number {
    return label;
  }

  protected predictedAt({ tokens }: Labeled): readonly number[] {
    return [tokens.length - 1];
  }

  protected ablated({ source }: Labeled, edit: Edit): (t: number, label: number) => number {
    const p = this.infer([edit], () => this.logits(source()).softmax().dataSync());
    return (_, label) => p[label];
  }

  protected verdict({ label }: Labeled, p: Float32Array): Pick<Passage, 'target' | 'output'> {
    const last = p.subarray(p.length - this.labels.length);
    return { target: this.labels[label] ?? null, output: this.labels[indexOfMost(last)] };
  }

  protected described(): Described {
    const { passages, labels } = this;
    const losses = new Float32Array(this.symbols.length).fill(Number.NaN);
    let [sum, right, known] = [0, 0, 0];
    for (const { from, to, target, output } of passages) {
      const C = labels.length;
      for (let n = from; n < to; n++) {
        const { p } = this.scoresAt(n);
        losses[n] = -Math.log(Math.max(1e-30, p[target === null ? indexOfMost(p) : labels.indexOf(target)]));
      }
      if (target === null || C === 0) continue;
      known++;
      sum += losses[to - 1];
      right += Number(target === output);
    }
    return {
      ...this.shown,
      scored: true,
      losses,
      loss: known > 0 ? sum / known : Number.NaN,
      accuracy: known > 0 ? right / known : Number.NaN,
    };
  }

  /** Scores at the end of the passage. */
  hold(edit: Edit): Held {
    const { free, held } = this.heldScores(edit);
    const C = this.labels.length;
    const last = free.length - C;
    const order = this.labels.map((_, k) => k).sort((a, b) => free[last + b] - free[last + a]);
    return {
      texts: null,
      rows: order.slice(0, 8).map((k) => ({ label: this.labels[k], free: free[last + k], held: held[last + k] })),
    };
  }
}

/** A sequence [T, 1] or [T, 1, I] as T rows of a batch. */
function repeated(x: Tensor, T: number): Tensor {
  if (x.dtype !== 'int32') return x.expand(T, T, x.shape[2]);
  const ids = x.dataSync();
  return indices(
    Int32Array.from({ length: T * T }, (_, k) => ids[Math.floor(k / T)]),
    [T, T],
  );
}
