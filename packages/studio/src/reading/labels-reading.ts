// A classifier of texts and what it has read: what it would answer after every token, as if the text ended there.

import { indices, SequenceClassifier, type Tensor } from 'unrolled';
import type { Annotation } from 'unrolled/analysis';
import type { TextClassificationPipeline } from 'unrolled/pipelines';
import { column, type Example, ExamplesReading, fitting, indexOfMost } from './examples-reading.ts';
import type { Edit, Held, Opened, Passage } from './protocol.ts';

interface Labeled extends Example {
  readonly label: number;
}

export class LabelsReading extends ExamplesReading<Labeled> {
  declare protected readonly model: SequenceClassifier;
  protected readonly annotations: readonly Annotation[];

  /** `rows` are texts and the labels that they have; null for none. */
  static of(
    { model, tokenizer, labels, input }: TextClassificationPipeline,
    rows: readonly (readonly [text: string, label: string | null])[],
  ): LabelsReading {
    if (!(model instanceof SequenceClassifier)) throw new Error('a model of another system cannot be looked into');
    const examples = rows.map(([text, label]): Labeled => {
      const ids = tokenizer.encode(text).slice(0, input.maxTokens);
      const tokens = Array.from(ids, (id) => tokenizer.decode([id]) || tokenizer.token(id));
      const words = tokens.some((token) => Array.from(token.trim()).length > 1);
      return { ids, tokens, between: words ? ' ' : '', label: label === null ? -1 : labels.indexOf(label) };
    });
    return new LabelsReading(model, fitting(examples), labels);
  }

  private constructor(model: SequenceClassifier, examples: readonly Labeled[], labels: readonly string[]) {
    super(model, examples, labels);
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

  protected logits(ids: Int32Array): Tensor {
    return this.model.forward(column(ids))[0];
  }

  /** Every prefix is a row of the batch. */
  protected probabilities({ ids }: Labeled, edits: readonly Edit[]): Float32Array {
    const T = ids.length;
    const batch = Int32Array.from({ length: T * T }, (_, k) => ids[Math.floor(k / T)]);
    const lengths = Int32Array.from({ length: T }, (_, k) => k + 1);
    return this.infer(edits, () =>
      Float32Array.from(this.model.predict(indices(batch, [T, T]), { lengths }).dataSync()),
    );
  }

  protected logitsAt({ ids }: Labeled, t: number): Tensor {
    return this.logits(ids.subarray(0, t + 1)).reshape(this.labels.length);
  }

  protected targetAt({ label }: Labeled): number {
    return label;
  }

  protected predictedAt({ ids }: Labeled): readonly number[] {
    return [ids.length - 1];
  }

  protected ablated({ ids }: Labeled, edit: Edit): (t: number, label: number) => number {
    const p = this.infer([edit], () => this.model.predict(column(ids)).dataSync());
    return (_, label) => p[label];
  }

  protected verdict({ label }: Labeled, p: Float32Array): Pick<Passage, 'target' | 'output'> {
    const last = p.subarray(p.length - this.labels.length);
    return { target: this.labels[label] ?? null, output: this.labels[indexOfMost(last)] };
  }

  opened(): Opened {
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
      kind: 'labels',
      symbols: this.symbols,
      passages,
      losses,
      loss: known > 0 ? sum / known : Number.NaN,
      accuracy: known > 0 ? right / known : Number.NaN,
      tracks: this.infoOfTracks(),
      measures: ['spectrum', 'flow'],
      readsOwn: true,
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
